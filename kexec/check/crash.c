/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on a crash kernel's memory: what crashkernel= reserved, of two parts the high one
 * (crashk_res). Every one of them costs the armed image when the kernel finds it. Called
 * by validate.c.
 */
#include <inttypes.h>

#include "kexec/check/rules.h"

/* Seen on 6.1, 6.12 and 7.3: a control page, page tables, the copy of vmcoreinfo. */
#define LEAST_PAGES 16

/* Against pieces too small for a control page of several pages. */
#define SPARE (1ull << 20)

static bool reserved(const struct kd_check *c)
{
	return c->host->crash.end > c->host->crash.start;
}

void kd_rule_no_reservation(struct kd_check *c)
{
	if (c->crash && !reserved(c))
		kd_complain(c, -EADDRNOTAVAIL, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "no memory is reserved for a crash kernel");
}

void kd_rule_entry_outside_crash(struct kd_check *c)
{
	const struct kd_range *r = &c->host->crash;

	if (c->crash && reserved(c) &&
	    (c->call->entry < r->start || c->call->entry >= r->end))
		kd_complain(c, -EADDRNOTAVAIL, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "entry 0x%" PRIx64 " is outside of 0x%" PRIx64
			    " to 0x%" PRIx64,
			    c->call->entry, r->start, r->end);
}

void kd_rule_outside_crash(struct kd_check *c)
{
	const struct kd_range *r = &c->host->crash;

	if (!c->crash || !reserved(c))
		return;
	for (size_t i = 0; i < c->n; i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];

		if (!kd_segment_wraps(s) &&
		    (s->mem < r->start || kd_segment_end(s) > r->end))
			kd_complain(c, -EADDRNOTAVAIL, (int)i, KD_NO_SEGMENT,
				    "0x%" PRIx64 " to 0x%" PRIx64
				    " is outside of 0x%" PRIx64 " to 0x%" PRIx64,
				    s->mem, kd_segment_end(s), r->start, r->end);
	}
}

/* The kernel's own pages lie in the reserved memory, where the segments leave holes. Its
 * page tables map all memory, at worst by 2 MiB: a page of them for each GiB. */
void kd_rule_room(struct kd_check *c)
{
	uint64_t page = c->host->page_size, left, need;

	if (!c->crash || !reserved(c) || c->n == 0)
		return;
	left = c->host->crash.end - c->host->crash.start;
	for (size_t i = 0; i < c->n; i++)
		left -= MIN(left, c->call->segments[i].memsz);
	need = SPARE + (c->host->ram_total >> 30) * page;
	if (left < need)
		kd_complain(c, left < LEAST_PAGES * page ? -ENOMEM : 0, KD_NO_SEGMENT,
			    KD_NO_SEGMENT,
			    "%" PRIu64 " KiB of the crash kernel's memory are left for "
			    "the kernel's own pages, not %" PRIu64,
			    left >> 10, need >> 10);
}
