/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A walk along pointers in a dead kernel's memory: lists with a head
 * (include/linux/list.h) and chains that end in NULL. Trusts nothing: a walk has a
 * limit, and one that runs in a circle which its start is not part of is noticed.
 * Called by kernel-modules.c and erase/.
 */
#pragma once

#include "makedumpfile/vmcore/xlat.h"

/** The most nodes a walk visits. */
#define KD_LIST_MAX (1U << 20)

/**
 * @next_offset: where in a node the pointer to the next one is, bytes; it points to the
 *               start of that node
 * @stop:        the walk ends here; 0 for NULL alone
 * @at:          the node that comes next
 * @visited, @mark, @mark_at: how far, and Brent's search for circles
 */
struct kd_list {
	const struct kd_xlat *x;
	uint64_t next_offset;
	kd_vaddr_t stop;
	kd_vaddr_t at;
	uint32_t visited;
	uint32_t mark;
	kd_vaddr_t mark_at;
};

/** All entries of the list whose struct list_head is at @head. @next_offset: 0 to go
 *  forward, sizeof(pointer) for backward. Those of kd_xlat_read(). */
int kd_list_head(struct kd_list *ret, const struct kd_xlat *x, kd_vaddr_t head,
		 uint64_t next_offset);

/** From node @first on until NULL, or until @first comes again. */
void kd_list_chain(struct kd_list *ret, const struct kd_xlat *x, kd_vaddr_t first,
		   uint64_t next_offset);

/**
 * The next node. 1 and *ret, 0 at the end; -ELOOP for a circle that the start is not part
 * of, after each of its nodes was given once or more; -EBADMSG after KD_LIST_MAX nodes;
 * those of kd_xlat_read().
 */
int kd_list_next(struct kd_list *l, kd_vaddr_t *ret);
