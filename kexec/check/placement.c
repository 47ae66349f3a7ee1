/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on where segments lie in the machine's memory. Linux looks at little of it: a
 * device's registers are as good to it as memory. Called by validate.c.
 */
#include <inttypes.h>

#include "kexec/check/rules.h"

/* MAX_PHYSMEM_BITS of arch/x86/include/asm/sparsemem.h; others have no limit here:
 * KEXEC_DESTINATION_MEMORY_LIMIT is -1. */
static uint64_t address_limit(const struct kd_kexec_host *host)
{
	if (host->arch != KD_ARCH_X86_64)
		return UINT64_MAX;
	return host->la57 ? 1ull << 52 : 1ull << 46;
}

void kd_rule_address_limit(struct kd_check *c)
{
	uint64_t limit = address_limit(c->host);

	for (size_t i = 0; i < c->n; i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];

		/* the limit's own last byte is refused, too: MAXMEM - 1 */
		if (!kd_segment_wraps(s) && kd_segment_end(s) >= limit - 1)
			kd_complain(c, -EADDRNOTAVAIL, (int)i, KD_NO_SEGMENT,
				    "ends at 0x%" PRIx64 ", addresses at "
				    "0x%" PRIx64,
				    kd_segment_end(s), limit);
	}
}

static uint64_t pages(const struct kd_check *c, uint64_t bytes)
{
	return bytes / c->host->page_size + (bytes % c->host->page_size != 0);
}

void kd_rule_half_ram(struct kd_check *c)
{
	uint64_t most = c->host->ram_total / c->host->page_size / 2, sum = 0;

	if (most == 0)
		return;
	for (size_t i = 0; i < c->n; i++) {
		uint64_t own = pages(c, c->call->segments[i].memsz);

		if (own > most)
			kd_complain(c, -EINVAL, (int)i, KD_NO_SEGMENT,
				    "%" PRIu64 " MiB are more than half of "
				    "memory",
				    c->call->segments[i].memsz >> 20);
		/* of a wrapped size nothing can be added up */
		if (__builtin_add_overflow(sum, own, &sum))
			return;
	}
	if (sum > most && c->n > 1)
		kd_complain(c, -EINVAL, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "all segments: %" PRIu64 " MiB are more than half of memory",
			    sum * c->host->page_size >> 20);
}

/* A crash kernel's memory has rules of its own: crash.c. */
void kd_rule_not_ram(struct kd_check *c)
{
	int code = c->call->system == KD_KEXEC_FREEBSD ? -EINVAL : 0;

	if (c->crash)
		return;
	for (size_t i = 0; i < c->n; i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];

		if (!kd_segment_wraps(s) &&
		    !kd_ranges_cover(&c->host->ram, s->mem, kd_segment_end(s),
				     KD_RANGE_RAM))
			kd_complain(c, code, (int)i, KD_NO_SEGMENT,
				    "0x%" PRIx64 " to 0x%" PRIx64 " is not all memory",
				    s->mem, kd_segment_end(s));
	}
}

void kd_rule_entry(struct kd_check *c)
{
	uint64_t entry = c->call->entry;

	for (size_t i = 0; i < c->n; i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];

		/* by the distance, so that a wrapped one has its first part */
		if (entry >= s->mem && entry - s->mem < s->memsz)
			return;
	}
	if (c->n > 0)
		kd_complain(c, 0, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "entry 0x%" PRIx64 " is in no segment", entry);
}
