/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks along pointers: see kernel-list.h. Trusts nothing in memory; each step is one
 * bounded read. Pointers are 64 bits wide, as on every machine xlat.h knows.
 */
#include "makedumpfile/layout/kernel-list.h"

static int read_pointer(const struct kd_xlat *x, kd_vaddr_t at, kd_vaddr_t *ret)
{
	uint64_t v;
	int r = kd_xlat_read(x, at, &v, sizeof(v));

	if (r == 0)
		*ret = v;
	return r;
}

int kd_list_head(struct kd_list *ret, const struct kd_xlat *x, kd_vaddr_t head,
		 uint64_t next_offset)
{
	struct kd_list l = { .x = x, .next_offset = next_offset, .stop = head };
	int r = read_pointer(x, head + next_offset, &l.at);

	if (r == 0)
		*ret = l;
	return r;
}

void kd_list_chain(struct kd_list *ret, const struct kd_xlat *x, kd_vaddr_t first,
		   uint64_t next_offset)
{
	*ret = (struct kd_list) { .x = x, .next_offset = next_offset, .at = first };
}

int kd_list_next(struct kd_list *l, kd_vaddr_t *ret)
{
	kd_vaddr_t node = l->at, next = 0;
	int r;

	if (!node || node == l->stop)
		return 0;
	if (node == l->mark_at)
		return -ELOOP;
	if (l->visited == KD_LIST_MAX)
		return -EBADMSG;
	/* a mark that moves away in ever longer steps is in the circle one day */
	if (l->visited == l->mark) {
		l->mark_at = node;
		l->mark = l->mark * 2 + 1;
	}
	r = read_pointer(l->x, node + l->next_offset, &next);
	if (r < 0)
		return r;
	/* a chain without a head may close upon its first node */
	if (!l->visited++ && !l->stop)
		l->stop = node;
	l->at = next;
	*ret = node;
	return 1;
}
