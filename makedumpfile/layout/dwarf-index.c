/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index over debug information: see dwarf-index.h. Trusts no entry; a name that
 * hashes like another costs that name, no wrong answer. Called by types-dwarf.c.
 */
#include "makedumpfile/layout/dwarf-index.h"

#include <string.h>

#define FIRST_CAPACITY 65536

#define KINDS                                                           \
	(1U << KD_DIE_STRUCT | 1U << KD_DIE_UNION | 1U << KD_DIE_ENUM | \
	 1U << KD_DIE_TYPEDEF | 1U << KD_DIE_BASE | 1U << KD_DIE_VARIABLE)

/* FNV-1a over the name, seeded with the kind: "struct key" is not the variable. */
static uint64_t hash_of(enum kd_die_kind kind, const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)kind;

	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
	return h;
}

int kd_index_init(struct kd_index *ret, struct kd_dwarf *dwarf)
{
	struct kd_index_slot *slots = calloc(FIRST_CAPACITY, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	*ret = (struct kd_index) {
		.dwarf = dwarf, .slots = slots, .capacity = FIRST_CAPACITY, .status = 1
	};
	return 0;
}

void kd_index_done(struct kd_index *index)
{
	free(index->slots);
	*index = (struct kd_index) { 0 };
}

/* The slot that has @hash, or the free one where it belongs. */
static struct kd_index_slot *slot_of(struct kd_index_slot *slots, size_t capacity,
				     uint64_t hash)
{
	size_t i = hash & (capacity - 1);

	while (slots[i].offset && slots[i].hash != hash)
		i = (i + 1) & (capacity - 1);
	return &slots[i];
}

static int grow(struct kd_index *index)
{
	size_t capacity = index->capacity * 2;
	struct kd_index_slot *slots;

	if (capacity > KD_INDEX_MAX)
		return -ENOMEM;
	slots = calloc(capacity, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < index->capacity; i++)
		if (index->slots[i].offset)
			*slot_of(slots, capacity, index->slots[i].hash) = index->slots[i];
	free(index->slots);
	index->slots = slots;
	index->capacity = capacity;
	return 0;
}

/* @again: put it in the stead of what is there */
static bool insert(struct kd_index *index, enum kd_die_kind kind, const char *name,
		   uint64_t offset, bool again)
{
	uint64_t hash = hash_of(kind, name);
	struct kd_index_slot *slot;

	if (index->used >= index->capacity / 2) {
		index->status = grow(index);
		if (index->status < 0)
			return false;
		index->status = 1;
	}
	slot = slot_of(index->slots, index->capacity, hash);
	if (slot->offset && !again)
		return true;
	index->used += !slot->offset;
	*slot = (struct kd_index_slot) { .hash = hash, .offset = offset };
	return true;
}

static bool is_known(const struct kd_index *index, enum kd_die_kind kind,
		     const char *name)
{
	return slot_of(index->slots, index->capacity, hash_of(kind, name))->offset;
}

static bool on_enumerator(void *context, const struct kd_die *entry)
{
	if (entry->kind != KD_DIE_ENUMERATOR || !*entry->name)
		return true;
	return insert(context, KD_DIE_ENUMERATOR, entry->name, entry->offset,
		      /* again= */ false);
}

/* A definition has its name at the declaration it completes; its own type, where it has
 * one, knows how long an array is. */
static bool complete_variable(struct kd_index *index, const struct kd_die *entry)
{
	struct kd_die declaration;

	if (!entry->type || !entry->origin ||
	    kd_dwarf_die(index->dwarf, entry->origin, &declaration) < 0 ||
	    !*declaration.name)
		return true;
	return insert(index, KD_DIE_VARIABLE, declaration.name, entry->offset,
		      /* again= */ true);
}

static bool on_entry(void *context, const struct kd_die *brief)
{
	struct kd_index *index = context;
	struct kd_die entry;

	if (*brief->name && is_known(index, brief->kind, brief->name))
		return true;
	if (!*brief->name && brief->kind != KD_DIE_ENUM && brief->kind != KD_DIE_VARIABLE)
		return true;
	if (kd_dwarf_die(index->dwarf, brief->offset, &entry) < 0)
		return true;
	if (!*entry.name && entry.kind == KD_DIE_VARIABLE)
		return complete_variable(index, &entry);
	if (entry.declared && entry.kind != KD_DIE_VARIABLE)
		return true;
	if (*entry.name && !insert(index, entry.kind, entry.name, entry.offset, false))
		return false;
	if (entry.kind == KD_DIE_ENUM)
		(void)kd_dwarf_children(index->dwarf, entry.offset, on_enumerator, index);
	return index->status > 0;
}

/* dwarf_diename() of a definition is empty: it is at its declaration. */
static bool is_named(struct kd_index *index, const struct kd_die *entry, const char *name)
{
	struct kd_die declaration;

	if (*entry->name || !entry->origin)
		return strcmp(entry->name, name) == 0;
	return kd_dwarf_die(index->dwarf, entry->origin, &declaration) == 0 &&
	       strcmp(declaration.name, name) == 0;
}

/* Whether a better entry may come: an array declared without a length. */
static bool is_open(struct kd_index *index, const struct kd_die *entry)
{
	struct kd_die type;
	uint64_t length, element;

	return entry->kind == KD_DIE_VARIABLE && entry->declared &&
	       kd_dwarf_resolve(index->dwarf, entry->type, &type) == 0 &&
	       type.kind == KD_DIE_ARRAY &&
	       kd_dwarf_array(index->dwarf, type.offset, &length, &element) < 0;
}

int kd_index_find(struct kd_index *index, enum kd_die_kind kind, const char *name,
		  struct kd_die *ret)
{
	uint64_t hash = hash_of(kind, name);
	struct kd_die entry;

	for (;;) {
		struct kd_index_slot *slot = slot_of(index->slots, index->capacity, hash);

		if (slot->offset) {
			if (kd_dwarf_die(index->dwarf, slot->offset, &entry) < 0 ||
			    entry.kind != kind || !is_named(index, &entry, name))
				return -ENODATA;
			if (index->status <= 0 || !is_open(index, &entry)) {
				*ret = entry;
				return 0;
			}
		}
		if (index->status <= 0)
			return index->status < 0 ? index->status : -ENODATA;
		index->status = kd_dwarf_next_unit(index->dwarf, KINDS, on_entry, index);
	}
}
