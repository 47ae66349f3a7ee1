/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about types, whoever answers: see types.h. Trusts implementations to answer
 * within bounds, but not that their types are sensible: nesting and visits are limited.
 * Called by erase/ and kernel-view.c.
 */
#include "makedumpfile/layout/types.h"

#include <string.h>

/* struct page nests anonymous unions three deep */
#define MAX_DEPTH  8
#define MAX_VISITS 100000
#define NAME_SIZE  128

int kd_types_describe(const struct kd_types *t, kd_type_id id, struct kd_type *ret)
{
	return t->ops->describe(t, id, ret);
}

static int find(const struct kd_types *t, enum kd_type_kind kind, const char *name,
		struct kd_type *ret)
{
	kd_type_id id;
	int r = t->ops->find(t, kind, name, &id);

	return r < 0 ? r : t->ops->describe(t, id, ret);
}

int kd_types_named(const struct kd_types *t, const char *spelling, struct kd_type *ret)
{
	static const struct {
		const char *word;
		enum kd_type_kind kind;
	} words[] = {
		{ "struct ", KD_TYPE_STRUCT },
		{ "union ", KD_TYPE_UNION },
		{ "enum ", KD_TYPE_ENUM },
	};
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = strlen(words[i].word);

		if (strncmp(spelling, words[i].word, n) == 0)
			return find(t, words[i].kind, spelling + n, ret);
	}
	r = find(t, KD_TYPE_TYPEDEF, spelling, ret);
	return r == -ENODATA ? find(t, KD_TYPE_INT, spelling, ret) : r;
}

/* A member search: how many members it may still look at. */
struct search {
	const struct kd_types *types;
	const char *name;
	unsigned int visits;
};

static int search_member(struct search *s, const struct kd_type *in, unsigned int depth,
			 struct kd_type_member *ret)
{
	if (in->kind != KD_TYPE_STRUCT && in->kind != KD_TYPE_UNION)
		return -ENODATA;
	if (depth > MAX_DEPTH)
		return -EBADMSG;
	for (uint64_t i = 0; i < in->count; i++) {
		struct kd_type_member m, inner;
		struct kd_type type;
		int r;

		if (!s->visits--)
			return -EBADMSG;
		r = s->types->ops->member(s->types, in->id, i, &m);
		if (r < 0)
			return r;
		if (strcmp(m.name, s->name) == 0) {
			*ret = m;
			return 0;
		}
		if (*m.name || kd_types_describe(s->types, m.type, &type) < 0)
			continue;
		r = search_member(s, &type, depth + 1, &inner);
		if (r == -ENODATA)
			continue;
		if (r < 0)
			return r;
		inner.bit_offset += m.bit_offset;
		*ret = inner;
		return 0;
	}
	return -ENODATA;
}

int kd_types_member(const struct kd_types *t, const struct kd_type *in, const char *name,
		    struct kd_type_member *ret)
{
	struct search s = { .types = t, .name = name, .visits = MAX_VISITS };

	return *name ? search_member(&s, in, /* depth= */ 0, ret) : -ENODATA;
}

int kd_types_path(const struct kd_types *t, const struct kd_type *in, const char *path,
		  uint64_t *ret_offset, struct kd_type *ret)
{
	struct kd_type at = *in;
	uint64_t offset = 0;

	while (*path) {
		size_t n = strcspn(path, ".");
		struct kd_type_member m;
		char name[NAME_SIZE];
		int r;

		if (n >= sizeof(name))
			return -ENODATA;
		memcpy(name, path, n);
		name[n] = '\0';
		r = kd_types_member(t, &at, name, &m);
		if (r == 0)
			r = kd_types_describe(t, m.type, &at);
		if (r < 0)
			return r;
		if (m.bit_size || m.bit_offset % 8)
			return -ENOTSUP;
		offset += m.bit_offset / 8;
		path += n + (path[n] == '.');
	}
	*ret_offset = offset;
	*ret = at;
	return 0;
}

int kd_types_enumerator(const struct kd_types *t, const char *type, const char *name,
			int64_t *ret)
{
	return t->ops->enumerator(t, type, name, ret);
}

int kd_types_variable(const struct kd_types *t, const char *name, struct kd_type *ret)
{
	kd_type_id id;
	int r = t->ops->variable(t, name, &id);

	return r < 0 ? r : t->ops->describe(t, id, ret);
}
