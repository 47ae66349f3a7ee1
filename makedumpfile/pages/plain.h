/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fast way for most pages of a machine: single, of no page type, not broken. What
 * kd_classify() says of them depends on five bits, so it is asked once for each of the 32
 * cases, and a table answers from then on. Called by scan.c; anything else it leaves to
 * the slow way.
 */
#pragma once

#include "makedumpfile/pages/classify.h"
#include "makedumpfile/pages/keepmap.h"

#define KD_PLAIN_KEYS 32

/**
 * @usable:  false where page types cannot be told from mapcounts so simply
 * @special: flags that make a page none of these: of heads, of broken memory
 * @class, @drop: by key
 */
struct kd_plain {
	struct kd_page_format format;
	uint64_t special, lru, cache_swap, private, slab;
	bool usable, has_swap;
	uint8_t class[KD_PLAIN_KEYS];
	uint8_t drop[KD_PLAIN_KEYS];
};

/** @keeps: by class */
void kd_plain_init(struct kd_plain *ret, const struct kd_page_format *format,
		   const struct kd_class_rules *rules, const bool *keeps);

/**
 * Judge frames from @pfn on, as long as they are plain and before @end.
 *
 * @raw:   their struct pages
 * @keep:  bits set; cleared for what goes
 * @found: KD_PLAIN_KEYS counts, added to: of which class, @class tells
 * Returns how many were judged, also 0.
 */
uint64_t kd_plain_run(const struct kd_plain *p, kd_pfn_t pfn, kd_pfn_t end,
		      const uint8_t *raw, struct kd_keepmap *keep, uint64_t *found);
