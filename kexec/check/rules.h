/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the families of rules share: a look at one call, and how a rule complains.
 * Private to check/: validate.c holds the table that names every function here, in the
 * order in which Linux checks.
 */
#pragma once

#include "kexec/check/linux-abi.h"
#include "kexec/check/validate.h"

/** Bits for the systems a rule is of. */
#define KD_RULE_LINUX	 (1u << KD_KEXEC_LINUX)
#define KD_RULE_FREEBSD	 (1u << KD_KEXEC_FREEBSD)
#define KD_RULE_ZIRCON	 (1u << KD_KEXEC_ZIRCON)
#define KD_RULE_PHYSICAL (KD_RULE_LINUX | KD_RULE_FREEBSD)

struct kd_check;

/** @look: complains of each violation it finds; @systems: KD_RULE_* */
struct kd_rule {
	const char *name;
	unsigned int systems;
	void (*look)(struct kd_check *c);
	const char *remedy;
};

/**
 * @n:     segments that may be looked at: 0 when there is no array of that many
 * @crash: the call says that it is for a crash, and the system knows of that
 * @rule:  being looked at
 */
struct kd_check {
	const struct kd_kexec_call *call;
	const struct kd_kexec_host *host;
	const struct kd_kexec_facts *facts; /* NULL: not known */
	const struct kd_rule *rule;
	struct kd_violations *ret;
	size_t n;
	bool crash;
};

/** One violation. @code: what the kernel gives, 0 when it lets it pass; @segment, @other:
 *  KD_NO_SEGMENT for none. */
void kd_complain(struct kd_check *c, int code, int segment, int other, const char *fmt,
		 ...) _printf_(5, 6);

/** The errno of a system whose code for it is Linux's own EADDRNOTAVAIL, or EINVAL. */
int kd_check_address_code(const struct kd_check *c);

/** Its end, wrapped past 2^64 or not: kd_segment_wraps() tells. */
static inline uint64_t kd_segment_end(const struct kd_kexec_segment *s)
{
	return s->mem + s->memsz;
}

/** As sanity_check_segment_list() has it: an end of 2^64 is one that wraps. */
static inline bool kd_segment_wraps(const struct kd_kexec_segment *s)
{
	return kd_segment_end(s) < s->mem;
}

/* permit.c: who may, and whether anybody may */
void kd_rule_capability(struct kd_check *c);
void kd_rule_disabled(struct kd_check *c);
void kd_rule_load_limit(struct kd_check *c);
void kd_rule_lockdown(struct kd_check *c);

/* flags.c: the word of flags, and the count */
void kd_rule_flags(struct kd_check *c);
void kd_rule_flags_high(struct kd_check *c);
void kd_rule_preserve_context(struct kd_check *c);
void kd_rule_hotplug_unknown(struct kd_check *c);
void kd_rule_hotplug_without_crash(struct kd_check *c);
void kd_rule_count(struct kd_check *c);
void kd_rule_arch(struct kd_check *c);
void kd_rule_segments(struct kd_check *c);
void kd_rule_unload(struct kd_check *c);
void kd_rule_la57(struct kd_check *c);

/* segments.c: each for itself, and against each other */
void kd_rule_wrap(struct kd_check *c);
void kd_rule_align(struct kd_check *c);
void kd_rule_overlap(struct kd_check *c);
void kd_rule_buffer_size(struct kd_check *c);
void kd_rule_zero_length(struct kd_check *c);
void kd_rule_buffer(struct kd_check *c);
void kd_rule_elf_magic(struct kd_check *c);

/* placement.c: against the machine's memory */
void kd_rule_address_limit(struct kd_check *c);
void kd_rule_half_ram(struct kd_check *c);
void kd_rule_not_ram(struct kd_check *c);
void kd_rule_entry(struct kd_check *c);

/* crash.c: against the memory that is reserved */
void kd_rule_no_reservation(struct kd_check *c);
void kd_rule_entry_outside_crash(struct kd_check *c);
void kd_rule_outside_crash(struct kd_check *c);
void kd_rule_room(struct kd_check *c);

/* zbi.c: what Zircon asks of a boot image */
void kd_rule_zbi_container(struct kd_check *c);
void kd_rule_zbi_items(struct kd_check *c);
void kd_rule_zbi_kernel(struct kd_check *c);
void kd_rule_zbi_checksum(struct kd_check *c);
