/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types out of BTF by libbpf: see types.h. Trusts BTF no further than libbpf checked it
 * when it was loaded, which is that it does not leave its sections: type numbers and
 * names are looked up with care. Called by kernel-view.c; healthy side only.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <string.h>
#include <sys/mman.h>

#include "base/io.h"
#include "makedumpfile/layout/types.h"

#define MAX_TYPEDEFS 32

/** @first: number of the first type that is not the base's */
struct btf_types {
	struct kd_types types;
	struct btf *btf;
	uint32_t first;
};

static const struct btf *btf_of(const struct kd_types *t)
{
	return ((const struct btf_types *)t)->btf;
}

static bool kind_matches(const struct btf_type *t, enum kd_type_kind kind)
{
	switch (kind) {
	case KD_TYPE_INT:
		return btf_is_int(t);
	case KD_TYPE_ENUM:
		return btf_is_any_enum(t);
	case KD_TYPE_STRUCT:
		return btf_is_struct(t);
	case KD_TYPE_UNION:
		return btf_is_union(t);
	case KD_TYPE_TYPEDEF:
		return btf_is_typedef(t);
	default:
		return false;
	}
}

static bool find_in(const struct btf *btf, uint32_t from, uint32_t to,
		    enum kd_type_kind kind, const char *name, kd_type_id *ret)
{
	for (uint32_t i = from; i < to; i++) {
		const struct btf_type *t = btf__type_by_id(btf, i);
		const char *s;

		if (!t || !kind_matches(t, kind))
			continue;
		s = btf__name_by_offset(btf, t->name_off);
		if (!s || strcmp(s, name) != 0)
			continue;
		*ret = i;
		return true;
	}
	return false;
}

/* A module's own structure comes before one of that name in the kernel image. */
static int btf_find(const struct kd_types *t, enum kd_type_kind kind, const char *name,
		    kd_type_id *ret)
{
	const struct btf_types *b = (const struct btf_types *)t;

	if (find_in(b->btf, b->first, btf__type_cnt(b->btf), kind, name, ret) ||
	    find_in(b->btf, 1, b->first, kind, name, ret))
		return 0;
	return -ENODATA;
}

static int btf_variable(const struct kd_types *t, const char *name, kd_type_id *ret)
{
	const struct btf *btf = btf_of(t);

	for (uint32_t i = btf__type_cnt(btf) - 1; i > 0; i--) {
		const struct btf_type *v = btf__type_by_id(btf, i);
		const char *s;

		if (!v || !btf_is_var(v))
			continue;
		s = btf__name_by_offset(btf, v->name_off);
		if (!s || strcmp(s, name) != 0)
			continue;
		*ret = v->type;
		return 0;
	}
	return -ENODATA;
}

static int describe_array(const struct btf *btf, const struct btf_type *t, uint32_t id,
			  struct kd_type *ret)
{
	int64_t size = btf__resolve_size(btf, id);

	if (size < 0)
		return -EBADMSG;
	ret->kind = KD_TYPE_ARRAY;
	ret->size = (uint64_t)size;
	ret->count = btf_array(t)->nelems;
	ret->target = btf_array(t)->type;
	return 0;
}

static void describe_number(const struct btf *btf, const struct btf_type *t,
			    struct kd_type *ret)
{
	const char *name = btf__name_by_offset(btf, t->name_off);

	ret->size = t->size;
	if (btf_is_any_enum(t)) {
		ret->kind = KD_TYPE_ENUM;
		ret->is_signed = btf_kflag(t);
	} else if (btf_is_float(t)) {
		ret->kind = KD_TYPE_FLOAT;
	} else {
		ret->kind = KD_TYPE_INT;
		ret->is_signed = btf_int_encoding(t) & BTF_INT_SIGNED;
		ret->is_char = name && strcmp(name, "char") == 0;
	}
}

static int describe_type(const struct btf *btf, const struct btf_type *t, uint32_t id,
			 struct kd_type *ret)
{
	struct kd_type type = { .id = id, .name = btf__name_by_offset(btf, t->name_off) };
	int r = 0;

	if (btf_is_void(t)) {
		type.kind = KD_TYPE_VOID;
	} else if (btf_is_int(t) || btf_is_any_enum(t) || btf_is_float(t)) {
		describe_number(btf, t, &type);
	} else if (btf_is_composite(t)) {
		type.kind = btf_is_struct(t) ? KD_TYPE_STRUCT : KD_TYPE_UNION;
		type.size = t->size;
		type.count = btf_vlen(t);
	} else if (btf_is_fwd(t)) {
		type.kind = btf_kflag(t) ? KD_TYPE_UNION : KD_TYPE_STRUCT;
	} else if (btf_is_ptr(t)) {
		type.kind = KD_TYPE_POINTER;
		type.size = btf__pointer_size(btf);
		type.target = t->type;
	} else if (btf_is_array(t)) {
		r = describe_array(btf, t, id, &type);
	} else if (btf_is_func(t) || btf_is_func_proto(t)) {
		type.kind = KD_TYPE_FUNCTION;
	} else {
		return -EBADMSG;
	}
	if (r == 0)
		*ret = type;
	return r;
}

static int btf_describe(const struct kd_types *t, kd_type_id id, struct kd_type *ret)
{
	const struct btf *btf = btf_of(t);

	for (int i = 0; i <= MAX_TYPEDEFS && id <= UINT32_MAX; i++) {
		const struct btf_type *type = btf__type_by_id(btf, (uint32_t)id);

		if (!type)
			return -EBADMSG;
		if (!btf_is_typedef(type) && !btf_is_mod(type))
			return describe_type(btf, type, (uint32_t)id, ret);
		id = type->type;
	}
	return -EBADMSG;
}

static int btf_member_at(const struct kd_types *t, kd_type_id id, uint64_t i,
			 struct kd_type_member *ret)
{
	const struct btf *btf = btf_of(t);
	const struct btf_type *type = id <= UINT32_MAX
					      ? btf__type_by_id(btf, (uint32_t)id)
					      : NULL;
	const char *name;

	if (!type || !btf_is_composite(type) || i >= btf_vlen(type))
		return -EBADMSG;
	name = btf__name_by_offset(btf, btf_members(type)[i].name_off);
	if (!name)
		return -EBADMSG;
	*ret = (struct kd_type_member) {
		.name = name,
		.type = btf_members(type)[i].type,
		.bit_offset = btf_member_bit_offset(type, (uint32_t)i),
		.bit_size = btf_member_bitfield_size(type, (uint32_t)i),
	};
	return 0;
}

static bool enumerator_of(const struct btf *btf, const struct btf_type *t,
			  const char *name, int64_t *ret)
{
	bool wide = btf_is_enum64(t);

	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		const char *s = btf__name_by_offset(btf, wide ? btf_enum64(t)[i].name_off
							      : btf_enum(t)[i].name_off);

		if (!s || strcmp(s, name) != 0)
			continue;
		if (wide)
			*ret = (int64_t)btf_enum64_value(btf_enum64(t) + i);
		else if (btf_kflag(t))
			*ret = btf_enum(t)[i].val;
		else
			*ret = (uint32_t)btf_enum(t)[i].val;
		return true;
	}
	return false;
}

static int btf_enumerator(const struct kd_types *t, const char *type, const char *name,
			  int64_t *ret)
{
	const struct btf *btf = btf_of(t);

	for (uint32_t i = 1; i < btf__type_cnt(btf); i++) {
		const struct btf_type *e = btf__type_by_id(btf, i);
		const char *s = e ? btf__name_by_offset(btf, e->name_off) : NULL;

		if (s && btf_is_any_enum(e) && (!type || strcmp(s, type) == 0) &&
		    enumerator_of(btf, e, name, ret))
			return 0;
	}
	return -ENODATA;
}

static void btf_types_free(struct kd_types *t)
{
	btf__free(((struct btf_types *)t)->btf);
	free(t);
}

static const struct kd_types_ops btf_ops = {
	.find = btf_find,
	.variable = btf_variable,
	.describe = btf_describe,
	.member = btf_member_at,
	.enumerator = btf_enumerator,
	.free = btf_types_free,
};

/*
 * libbpf declares btf__new_split() but does not export it (as of 1.7), so that split BTF
 * out of memory has to look like a file.
 */
static struct btf *new_split(const void *data, size_t size, struct btf *base)
{
	_cleanup_(kd_closep) int fd = memfd_create("btf", MFD_CLOEXEC);
	char path[32];
	int r;

	r = fd < 0 ? -errno : kd_write_full(fd, data, size);
	if (r < 0) {
		errno = -r;
		return NULL;
	}
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return btf__parse_raw_split(path, base);
}

int kd_types_from_btf(const void *data, size_t size, const struct kd_types *base,
		      struct kd_types **ret, struct kd_error *err)
{
	struct btf_types *b;

	if (base && base->ops != &btf_ops)
		return kd_fail(err, -EINVAL, "BTF of a module over %s", base->source);
	if (!size || size > KD_TYPES_BTF_MAX)
		return kd_fail(err, -EBADMSG, "BTF of %zu bytes", size);
	b = calloc(1, sizeof(*b));
	if (!b)
		return kd_fail(err, -ENOMEM, "BTF");
	b->types = (struct kd_types) { &btf_ops, "BTF" };
	b->first = base ? btf__type_cnt(btf_of(base)) : 1;
	/* libbpf would write to stderr: what went wrong is ours to tell */
	(void)libbpf_set_print(NULL);
	if (base)
		b->btf = new_split(data, size, ((const struct btf_types *)base)->btf);
	else
		b->btf = btf__new(data, (uint32_t)size);
	if (!b->btf) {
		int r = errno == ENOMEM ? -ENOMEM : -EBADMSG;

		free(b);
		return kd_fail(err, r, "BTF");
	}
	*ret = &b->types;
	return 0;
}
