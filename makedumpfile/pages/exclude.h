/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Classes left out by name (--exclude): whether a kernel lets us tell them at all, and
 * guest memory, which only the file a page belongs to tells. Called by the façade and by
 * scan.c.
 */
#pragma once

#include "makedumpfile/pages/policy.h"
#include "makedumpfile/vmcore/xlat.h"

/**
 * Why a class cannot be left out by name on the kernel that @layout describes: a
 * sentence to refuse the option with, or NULL when it can.
 *
 * @bit: one of enum kd_dump_exclude
 */
const char *kd_exclude_refusal(const struct kd_layout *layout, enum kd_dump_exclude bit);

/**
 * How to know pages of guest_memfd: its files are marked AS_INACCESSIBLE (virt/kvm/
 * guest_memfd.c; include/linux/pagemap.h). @flag is 0 where they cannot be known.
 */
struct kd_guest_rule {
	uint64_t flags_at;
	uint64_t flag;
};

void kd_guest_rule_init(struct kd_guest_rule *ret, const struct kd_layout *layout);

/** The file asked last, and the answer: pages of a file are often neighbours. */
struct kd_guest_cache {
	uint64_t mapping;
	bool is_guest;
};

/** Whether page cache whose page.mapping is @mapping is guest memory; false where that
 *  cannot be read. */
bool kd_guest_page(const struct kd_guest_rule *rule, const struct kd_xlat *xlat,
		   struct kd_guest_cache *cache, uint64_t mapping);
