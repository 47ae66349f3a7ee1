/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names at the top of debug information and where they are: types, variables,
 * enumerators. Filled unit by unit, as far as questions need, so that a common type is
 * found in the first unit and nothing is walked twice. Used by types-dwarf.c.
 */
#pragma once

#include "makedumpfile/layout/dwarf-reader.h"

/** More names than this are not indexed: a kernel has some 300000. */
#define KD_INDEX_MAX (1U << 22)

struct kd_index_slot {
	uint64_t hash;
	uint64_t offset; /* 0: free */
};

/**
 * @slots: a hash table of a power of two, at most half full
 * @status: 1 while there are units left, 0 behind the last, or a negative errno
 */
struct kd_index {
	struct kd_dwarf *dwarf;
	struct kd_index_slot *slots;
	size_t capacity, used;
	int status;
};

/** @dwarf: borrowed, and walked by the index alone. -ENOMEM. */
int kd_index_init(struct kd_index *ret, struct kd_dwarf *dwarf);
void kd_index_done(struct kd_index *index);

/**
 * The definition of @name; of several, the first. A variable that is nowhere defined with
 * a type of its own is answered by its declaration.
 * Returns 0; -ENODATA when no unit has it, -EBADMSG, -ENOMEM.
 */
int kd_index_find(struct kd_index *index, enum kd_die_kind kind, const char *name,
		  struct kd_die *ret);
