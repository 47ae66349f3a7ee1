/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A layout from BTF by libbpf: see source.h. The only user of libbpf. Trusts BTF no
 * further than libbpf checked it: nesting and visits are bounded. Called on the
 * healthy side only; the capture image carries its result.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <string.h>

#include "makedumpfile/layout/numbers.h"
#include "makedumpfile/layout/source.h"

/* struct page nests anonymous unions three deep */
#define MAX_DEPTH    8
#define MAX_VISITS   100000
#define MAX_TYPEDEFS 32

/* A member search: where it stands, and how many members it may still look at. */
struct search {
	const struct btf *btf;
	unsigned int visits;
};

/** @bits: where the member begins in the outermost structure. */
struct found {
	uint64_t bits;
	uint32_t type;
};

static void btf_freep(struct btf **btf)
{
	btf__free(*btf);
}

/* Past typedefs and qualifiers; NULL when they lead nowhere. */
static const struct btf_type *resolve(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	for (int i = 0; t && (btf_is_typedef(t) || btf_is_mod(t)); i++) {
		if (i == MAX_TYPEDEFS)
			return NULL;
		t = btf__type_by_id(btf, t->type);
	}
	return t;
}

static const struct btf_type *find_type(const struct btf *btf, const char *name,
					uint32_t kind)
{
	int id = btf__find_by_name_kind(btf, name, kind);

	return id < 0 ? NULL : btf__type_by_id(btf, (uint32_t)id);
}

static bool find_member(struct search *s, const struct btf_type *t, const char *name,
			unsigned int depth, struct found *ret)
{
	const struct btf_member *m;

	if (!t || !btf_is_composite(t) || depth > MAX_DEPTH)
		return false;
	m = btf_members(t);
	for (uint32_t i = 0; i < btf_vlen(t); i++, m++) {
		const char *member = btf__name_by_offset(s->btf, m->name_off);
		struct found inner = { .type = m->type };

		if (!member || !s->visits)
			return false;
		s->visits--;
		if (strcmp(member, name) != 0 &&
		    (*member ||
		     !find_member(s, resolve(s->btf, m->type), name, depth + 1, &inner)))
			continue;
		ret->bits = btf_member_bit_offset(t, i) + inner.bits;
		ret->type = inner.type;
		return true;
	}
	return false;
}

/* "page.flags": the structure before the dot, the member behind it. */
static bool find_path(const struct btf *btf, const char *key, struct found *ret)
{
	struct search s = { .btf = btf, .visits = MAX_VISITS };
	const char *dot = strchr(key, '.');
	char structure[64];

	if (!dot || (size_t)(dot - key) >= sizeof(structure))
		return false;
	memcpy(structure, key, (size_t)(dot - key));
	structure[dot - key] = '\0';
	return find_member(&s, find_type(btf, structure, BTF_KIND_STRUCT), dot + 1,
			   /* depth= */ 0, ret);
}

static const struct btf_type *find_enum(const struct btf *btf, const char *name)
{
	const struct btf_type *t = find_type(btf, name, BTF_KIND_ENUM);

	/* an enum with a value of more than 32 bits is another kind */
	return t ? t : find_type(btf, name, BTF_KIND_ENUM64);
}

static bool find_enumerator(const struct btf *btf, const char *type, const char *name,
			    int64_t *ret)
{
	const struct btf_type *t = find_enum(btf, type);

	for (uint32_t i = 0; t && i < btf_vlen(t); i++) {
		bool wide = btf_is_enum64(t);
		const char *s = btf__name_by_offset(btf, wide ? btf_enum64(t)[i].name_off
							      : btf_enum(t)[i].name_off);

		if (!s || strcmp(s, name) != 0)
			continue;
		*ret = wide ? (int64_t)btf_enum64_value(btf_enum64(t) + i)
			    : btf_enum(t)[i].val;
		return true;
	}
	return false;
}

static bool find_number(const struct btf *btf, enum kd_field f, int64_t *ret)
{
	struct kd_number_source source;
	int64_t v;

	for (unsigned int i = 0; kd_number_source(f, i, &source); i++)
		if (find_enumerator(btf, source.enumeration, source.enumerator, &v) &&
		    kd_number_compute(source.how, v, ret))
			return true;
	return false;
}

static bool array_length(const struct btf *btf, const char *key, int64_t *ret)
{
	const struct btf_type *t;
	struct found m;

	if (!find_path(btf, key, &m))
		return false;
	t = resolve(btf, m.type);
	if (!t || !btf_is_array(t))
		return false;
	*ret = btf_array(t)->nelems;
	return true;
}

static bool look_up(const struct btf *btf, enum kd_field f, int64_t *ret)
{
	const char *key = kd_field_key(f);
	const struct btf_type *t;
	struct found m;

	switch (kd_field_kind(f)) {
	case KD_KIND_SIZE:
		t = find_type(btf, key, BTF_KIND_STRUCT);
		if (t)
			*ret = t->size;
		return t;
	case KD_KIND_OFFSET:
		if (!find_path(btf, key, &m) || m.bits % 8)
			return false;
		*ret = (int64_t)(m.bits / 8);
		return true;
	case KD_KIND_LENGTH:
		return array_length(btf, key, ret);
	case KD_KIND_NUMBER:
		return find_number(btf, f, ret);
	case KD_KIND_SYMBOL:
		break;
	}
	return false;
}

int kd_layout_from_btf(const void *data, size_t size, struct kd_layout *ret,
		       struct kd_error *err)
{
	_cleanup_(btf_freep) struct btf *btf = NULL;
	struct kd_layout l = { 0 };

	if (size > UINT32_MAX)
		return kd_fail(err, -EBADMSG, "BTF of %zu bytes", size);
	/* libbpf would write to stderr: what went wrong is ours to tell */
	(void)libbpf_set_print(NULL);
	btf = btf__new(data, (uint32_t)size);
	if (!btf)
		return kd_fail(err, errno == ENOMEM ? -ENOMEM : -EBADMSG, "BTF");
	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		int64_t value;

		if (look_up(btf, (enum kd_field)i, &value))
			l.values[i] = (struct kd_layout_value) {
				.value = value, .source = KD_SOURCE_BTF
			};
	}
	(void)kd_layout_drop_nonsense(&l);
	if (!kd_layout_has(&l, KD_F_PAGE_SIZEOF))
		return kd_fail_msg(err, -EBADMSG, "BTF without struct page");
	*ret = l;
	return 0;
}
