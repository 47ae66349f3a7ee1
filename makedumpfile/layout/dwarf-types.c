/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following types through debug information: typedefs, arrays, members of unnamed
 * unions; see dwarf-reader.h. Pure walks over dwarf-reader.c with bounded steps, for a reference may
 * point back at itself. Called by source-dwarf.c and types-dwarf.c.
 */
#include <string.h>

#include "makedumpfile/layout/dwarf-reader.h"

/* Typedefs and qualifiers in a row */
#define MAX_CHAIN  32
/* struct page nests unnamed unions three deep */
#define MAX_DEPTH  8
#define MAX_VISITS 100000

int kd_dwarf_resolve(struct kd_dwarf *d, uint64_t offset, struct kd_die *ret)
{
	struct kd_die entry;
	int r;

	for (int i = 0; i < MAX_CHAIN; i++) {
		r = kd_dwarf_die(d, offset, &entry);
		if (r < 0)
			return r;
		if (entry.kind != KD_DIE_TYPEDEF && entry.kind != KD_DIE_QUALIFIER) {
			*ret = entry;
			return 0;
		}
		offset = entry.type;
	}
	return -EBADMSG;
}

static bool first_range(void *context, const struct kd_die *entry)
{
	uint64_t *length = context;

	if (entry->kind != KD_DIE_RANGE)
		return true;
	*length = entry->length;
	return false;
}

int kd_dwarf_array(struct kd_dwarf *d, uint64_t offset, uint64_t *ret_length,
		   uint64_t *ret_type)
{
	struct kd_die array;
	uint64_t length = 0;
	int r;

	r = kd_dwarf_resolve(d, offset, &array);
	if (r < 0)
		return r;
	if (array.kind != KD_DIE_ARRAY)
		return -ENODATA;
	r = kd_dwarf_children(d, array.offset, first_range, &length);
	if (r < 0)
		return r;
	if (!length)
		return -ENODATA;
	*ret_length = length;
	*ret_type = array.type;
	return 0;
}

/** @base: bits from the outermost structure to the one being searched */
struct search {
	struct kd_dwarf *d;
	const char *name;
	unsigned int visits, depth;
	uint64_t base;
	bool found;
	struct kd_die member;
};

static void search_in(struct search *s, uint64_t type, uint64_t base);

static bool look_at(void *context, const struct kd_die *entry)
{
	struct search *s = context;
	uint64_t at;

	if (!s->visits)
		return false;
	s->visits--;
	if (entry->kind != KD_DIE_MEMBER ||
	    __builtin_add_overflow(s->base, entry->at, &at))
		return true;
	if (strcmp(entry->name, s->name) == 0) {
		s->found = true;
		s->member = *entry;
		s->member.at = at;
	} else if (!*entry->name) {
		search_in(s, entry->type, at);
	}
	return !s->found;
}

static void search_in(struct search *s, uint64_t type, uint64_t base)
{
	uint64_t outer = s->base;
	struct kd_die entry;

	if (s->depth == MAX_DEPTH || kd_dwarf_resolve(s->d, type, &entry) < 0 ||
	    (entry.kind != KD_DIE_STRUCT && entry.kind != KD_DIE_UNION))
		return;
	s->depth++;
	s->base = base;
	(void)kd_dwarf_children(s->d, entry.offset, look_at, s);
	s->base = outer;
	s->depth--;
}

int kd_dwarf_member(struct kd_dwarf *d, uint64_t offset, const char *name,
		    struct kd_die *ret)
{
	struct search s = { .d = d, .name = name, .visits = MAX_VISITS };

	search_in(&s, offset, /* base= */ 0);
	if (!s.found)
		return -ENODATA;
	*ret = s.member;
	return 0;
}
