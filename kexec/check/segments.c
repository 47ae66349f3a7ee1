/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on segments alone: each for itself, and against each other. The arithmetic is
 * that of sanity_check_segment_list() in kernel/kexec_core.c. Called by validate.c.
 */
#include <inttypes.h>
#include <string.h>

#include "kexec/check/rules.h"

void kd_rule_wrap(struct kd_check *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];

		if (kd_segment_wraps(s))
			kd_complain(c, kd_check_address_code(c), (int)i, KD_NO_SEGMENT,
				    "0x%" PRIx64 " bytes at 0x%" PRIx64
				    " end beyond all addresses",
				    s->memsz, s->mem);
	}
}

void kd_rule_align(struct kd_check *c)
{
	uint64_t mask = c->host->page_size - 1;

	for (size_t i = 0; i < c->n; i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];

		if ((s->mem | s->memsz) & mask)
			kd_complain(c, kd_check_address_code(c), (int)i, KD_NO_SEGMENT,
				    "0x%" PRIx64 " bytes at 0x%" PRIx64
				    " are not whole pages",
				    s->memsz, s->mem);
	}
}

static bool overlap(const struct kd_kexec_segment *a, const struct kd_kexec_segment *b)
{
	return kd_segment_end(a) > b->mem && a->mem < kd_segment_end(b) &&
	       !kd_segment_wraps(a) && !kd_segment_wraps(b);
}

void kd_rule_overlap(struct kd_check *c)
{
	const struct kd_kexec_segment *s = c->call->segments;

	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < i; j++)
			if (overlap(&s[i], &s[j]))
				kd_complain(c, -EINVAL, (int)i, (int)j,
					    "segments %zu, 0x%" PRIx64 " on, and %zu, "
					    "0x%" PRIx64 " on, lie on each other",
					    j, s[j].mem, i, s[i].mem);
}

void kd_rule_buffer_size(struct kd_check *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];

		if (s->bufsz > s->memsz)
			kd_complain(c, -EINVAL, (int)i, KD_NO_SEGMENT,
				    "0x%" PRIx64 " bytes for 0x%" PRIx64 " of memory",
				    s->bufsz, s->memsz);
	}
}

/* Linux keeps such a segment and does nothing with it; FreeBSD's loops end at it, and the
 * segments behind it are never copied. */
void kd_rule_zero_length(struct kd_check *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->call->segments[i].memsz == 0)
			kd_complain(c, 0, (int)i, KD_NO_SEGMENT, "no bytes");
}

void kd_rule_buffer(struct kd_check *c)
{
	bool zbi = c->call->system == KD_KEXEC_ZIRCON;

	for (size_t i = 0; i < c->n; i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];

		if (!s->buf && (s->bufsz > 0 || zbi))
			kd_complain(c, zbi ? -EBADF : -EFAULT, (int)i, KD_NO_SEGMENT,
				    "0x%" PRIx64 " bytes of nowhere", s->bufsz);
	}
}

static bool begins_elf(const struct kd_kexec_segment *s)
{
	return s->buf && s->bufsz >= 4 && memcmp(s->buf, "\177ELF", 4) == 0;
}

/* The kernel takes the last segment that begins so for the header it is to rewrite
 * (arch_crash_handle_hotplug_event() and its callees). */
void kd_rule_elf_magic(struct kd_check *c)
{
	uint64_t hotplug = KD_KEXEC_UPDATE_ELFCOREHDR | KD_KEXEC_CRASH_HOTPLUG_SUPPORT;
	int first = KD_NO_SEGMENT;

	if (!c->crash || !(c->call->flags & hotplug) || c->n == 0)
		return;
	for (size_t i = 0; i < c->n; i++) {
		if (!begins_elf(&c->call->segments[i]))
			continue;
		if (first != KD_NO_SEGMENT)
			kd_complain(c, 0, (int)i, first,
				    "segments %d and %zu: which is the header?", first,
				    i);
		first = (int)i;
	}
	if (first == KD_NO_SEGMENT)
		kd_complain(c, 0, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "no segment is the header that is to be kept up to date");
}
