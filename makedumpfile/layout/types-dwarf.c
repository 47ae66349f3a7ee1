/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types out of a vmlinux's debug information: see types.h and types-dwarf.h. What BTF does
 * not have is here: the types of global variables. A reference may point anywhere:
 * nesting and members are bounded. Called through struct kd_types.
 */
#include "makedumpfile/layout/types-dwarf.h"

#include <string.h>

#include "makedumpfile/layout/dwarf-index.h"

/* DWARF has one entry for int[2][3], where types.h wants an array of arrays: the number
 * of dimensions taken off goes above an offset's bits. */
#define DIMENSION_SHIFT 56
#define OFFSET_MASK	((UINT64_C(1) << DIMENSION_SHIFT) - 1)
#define DIMENSIONS_MAX	8
#define DEPTH_MAX	8
/* struct task_struct has some 250 */
#define MEMBERS_MAX	65536

/** @members: those of @owner, the last structure asked about */
struct types_dwarf {
	struct kd_types types;
	struct kd_dwarf *dwarf;
	struct kd_index index;
	uint64_t owner;
	struct kd_type_member *members;
	size_t n_members, room;
	int status;
};

/* The caches are nobody's business but ours. */
static struct types_dwarf *own(const struct kd_types *t)
{
	return (struct types_dwarf *)t;
}

static void types_free(struct kd_types *t)
{
	struct types_dwarf *d = own(t);

	free(d->members);
	kd_index_done(&d->index);
	kd_dwarf_free(d->dwarf);
	free(d);
}

static int find(const struct kd_types *t, enum kd_type_kind kind, const char *name,
		kd_type_id *ret)
{
	struct kd_die entry;
	enum kd_die_kind entry_kind;
	int r;

	switch (kind) {
	case KD_TYPE_INT:
	case KD_TYPE_FLOAT:
		entry_kind = KD_DIE_BASE;
		break;
	case KD_TYPE_ENUM:
		entry_kind = KD_DIE_ENUM;
		break;
	case KD_TYPE_STRUCT:
		entry_kind = KD_DIE_STRUCT;
		break;
	case KD_TYPE_UNION:
		entry_kind = KD_DIE_UNION;
		break;
	case KD_TYPE_TYPEDEF:
		entry_kind = KD_DIE_TYPEDEF;
		break;
	default:
		return -ENODATA;
	}
	r = kd_index_find(&own(t)->index, entry_kind, name, &entry);
	if (r < 0)
		return r;
	*ret = entry.offset;
	return 0;
}

static int variable(const struct kd_types *t, const char *name, kd_type_id *ret)
{
	struct types_dwarf *d = own(t);
	struct kd_die entry;
	int r;

	r = kd_index_find(&d->index, KD_DIE_VARIABLE, name, &entry);
	if (r == 0 && !entry.type && entry.origin)
		r = kd_dwarf_die(d->dwarf, entry.origin, &entry);
	if (r < 0)
		return r;
	if (!entry.type)
		return -ENODATA;
	*ret = entry.type;
	return 0;
}

static bool add_member(void *context, const struct kd_die *entry)
{
	struct types_dwarf *d = context;

	if (entry->kind != KD_DIE_MEMBER)
		return true;
	if (d->n_members == d->room) {
		size_t room = d->room ? d->room * 2 : 64;
		struct kd_type_member *more;

		d->status = room > MEMBERS_MAX ? -EBADMSG : -ENOMEM;
		more = room > MEMBERS_MAX ? NULL
					  : realloc(d->members, room * sizeof(*more));
		if (!more)
			return false;
		d->status = 0;
		d->members = more;
		d->room = room;
	}
	d->members[d->n_members++] = (struct kd_type_member) {
		.name = entry->name,
		.type = entry->type,
		.bit_offset = entry->at,
		.bit_size = (unsigned int)MIN(entry->bits, (uint64_t)UINT32_MAX),
	};
	return true;
}

static int load_members(struct types_dwarf *d, uint64_t owner)
{
	int r;

	if (d->owner == owner)
		return 0;
	d->owner = 0;
	d->n_members = 0;
	d->status = 0;
	r = kd_dwarf_children(d->dwarf, owner, add_member, d);
	r = r < 0 ? r : d->status;
	if (r == 0)
		d->owner = owner;
	return r;
}

static int member(const struct kd_types *t, kd_type_id id, uint64_t i,
		  struct kd_type_member *ret)
{
	struct types_dwarf *d = own(t);
	int r;

	r = load_members(d, id);
	if (r < 0)
		return r;
	if (i >= d->n_members)
		return -ENODATA;
	*ret = d->members[i];
	return 0;
}

struct dimensions {
	size_t n;
	uint64_t lengths[DIMENSIONS_MAX];
};

static bool add_dimension(void *context, const struct kd_die *entry)
{
	struct dimensions *all = context;

	if (entry->kind == KD_DIE_RANGE)
		all->lengths[all->n++] = entry->length;
	return all->n < DIMENSIONS_MAX;
}

static int describe_at(struct types_dwarf *d, kd_type_id id, unsigned int depth,
		       struct kd_type *ret);

static int describe_array(struct types_dwarf *d, const struct kd_die *entry,
			  unsigned int taken, unsigned int depth, struct kd_type *ret)
{
	struct dimensions all = { 0 };
	struct kd_type element;
	int r;

	r = kd_dwarf_children(d->dwarf, entry->offset, add_dimension, &all);
	if (r < 0)
		return r;
	if (taken >= MAX(all.n, (size_t)1))
		return -EBADMSG;
	ret->id = entry->offset | (uint64_t)taken << DIMENSION_SHIFT;
	ret->kind = KD_TYPE_ARRAY;
	ret->count = all.lengths[taken];
	ret->target = taken + 1 < all.n
			      ? entry->offset | (uint64_t)(taken + 1) << DIMENSION_SHIFT
			      : entry->type;
	r = describe_at(d, ret->target, depth + 1, &element);
	if (r < 0)
		return r;
	if (__builtin_mul_overflow(element.size, ret->count, &ret->size))
		return -EBADMSG;
	return 0;
}

static int describe_entry(struct types_dwarf *d, const struct kd_die *entry,
			  struct kd_type *ret)
{
	struct kd_die base;

	switch (entry->kind) {
	case KD_DIE_STRUCT:
	case KD_DIE_UNION:
		ret->kind = entry->kind == KD_DIE_STRUCT ? KD_TYPE_STRUCT : KD_TYPE_UNION;
		if (entry->declared)
			return 0;
		ret->count = 0;
		if (load_members(d, entry->offset) < 0)
			return -EBADMSG;
		ret->count = d->n_members;
		return 0;
	case KD_DIE_ENUM:
		ret->kind = KD_TYPE_ENUM;
		ret->is_signed = entry->type &&
				 kd_dwarf_resolve(d->dwarf, entry->type, &base) == 0 &&
				 base.encoding == KD_DIE_SIGNED;
		return 0;
	case KD_DIE_POINTER:
		ret->kind = KD_TYPE_POINTER;
		ret->target = entry->type;
		return 0;
	case KD_DIE_FUNCTION:
		ret->kind = KD_TYPE_FUNCTION;
		return 0;
	case KD_DIE_BASE:
		ret->kind = entry->encoding == KD_DIE_FLOAT ? KD_TYPE_FLOAT : KD_TYPE_INT;
		ret->is_signed = entry->encoding == KD_DIE_SIGNED;
		ret->is_char = strcmp(entry->name, "char") == 0;
		return 0;
	default:
		return -EBADMSG;
	}
}

static int describe_at(struct types_dwarf *d, kd_type_id id, unsigned int depth,
		       struct kd_type *ret)
{
	unsigned int taken = (unsigned int)(id >> DIMENSION_SHIFT);
	struct kd_die entry = { 0 };
	uint64_t at = id & OFFSET_MASK;
	struct kd_type type;
	int r;

	if (depth > DEPTH_MAX)
		return -EBADMSG;
	/* const void has no type behind it: kd_dwarf_resolve() would call it damaged */
	for (unsigned int i = 0; at; i++) {
		r = i < 32 ? kd_dwarf_die(d->dwarf, at, &entry) : -EBADMSG;
		if (r < 0)
			return r;
		if (entry.kind != KD_DIE_TYPEDEF && entry.kind != KD_DIE_QUALIFIER)
			break;
		at = entry.type;
	}
	type = (struct kd_type) { .id = at, .size = entry.size };
	r = 0;
	if (!at)
		type = (struct kd_type) { .kind = KD_TYPE_VOID };
	else if (entry.kind == KD_DIE_ARRAY)
		r = describe_array(d, &entry, taken, depth, &type);
	else
		r = describe_entry(d, &entry, &type);
	if (r == 0)
		*ret = type;
	return r;
}

static int describe(const struct kd_types *t, kd_type_id id, struct kd_type *ret)
{
	return describe_at(own(t), id, /* depth= */ 0, ret);
}

struct enumerator {
	const char *name;
	bool found;
	int64_t value;
};

static bool on_enumerator(void *context, const struct kd_die *entry)
{
	struct enumerator *e = context;

	if (entry->kind != KD_DIE_ENUMERATOR || strcmp(entry->name, e->name) != 0)
		return true;
	e->found = true;
	e->value = entry->value;
	return false;
}

static int enumerator(const struct kd_types *t, const char *type, const char *name,
		      int64_t *ret)
{
	struct types_dwarf *d = own(t);
	struct enumerator e = { .name = name };
	struct kd_die entry;
	int r;

	r = kd_index_find(&d->index, type ? KD_DIE_ENUM : KD_DIE_ENUMERATOR,
			  type ? type : name, &entry);
	if (r == 0 && type) {
		r = kd_dwarf_children(d->dwarf, entry.offset, on_enumerator, &e);
		entry.value = e.value;
		if (r == 0 && !e.found)
			r = -ENODATA;
	}
	if (r < 0)
		return r;
	*ret = entry.value;
	return 0;
}

static const struct kd_types_ops dwarf_ops = {
	.find = find,
	.variable = variable,
	.describe = describe,
	.member = member,
	.enumerator = enumerator,
	.free = types_free,
};

int kd_types_from_dwarf(int fd, struct kd_types **ret, struct kd_error *err)
{
	struct types_dwarf *d = calloc(1, sizeof(*d));
	int r;

	if (!d)
		return kd_fail(err, -ENOMEM, "DWARF");
	d->types = (struct kd_types) { .ops = &dwarf_ops, .source = "DWARF" };
	r = kd_dwarf_new(fd, &d->dwarf, err);
	if (r == 0)
		r = kd_index_init(&d->index, d->dwarf);
	if (r < 0) {
		types_free(&d->types);
		return kd_fail(err, r, "types");
	}
	*ret = &d->types;
	return 0;
}
