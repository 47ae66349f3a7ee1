/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be told is decided by the fields a layout has. Trusts no pointer: a file that
 * cannot be read is no guest's, and its pages stay. See exclude.h.
 */
#include "makedumpfile/pages/exclude.h"

#define KERNEL_HALF (UINT64_C(1) << 63)

const char *kd_exclude_refusal(const struct kd_layout *layout, enum kd_dump_exclude bit)
{
	struct kd_guest_rule rule;

	switch (bit) {
	case KD_EXCLUDE_ZRAM:
		/* a page type since 6.11 (mm/zsmalloc.c); before, the address of an
		 * object in a module told */
		if (kd_layout_has(layout, KD_F_TYPE_ZSMALLOC))
			return NULL;
		return "compressed swap cannot be told from other pages: no page type "
		       "of zsmalloc is known of this kernel (BTF of 6.11 or later has it)";
	case KD_EXCLUDE_GUEST:
		kd_guest_rule_init(&rule, layout);
		if (rule.flag)
			return NULL;
		return "guest memory cannot be told from other pages: no AS_INACCESSIBLE "
		       "is known of this kernel (BTF of 6.11 or later has it)";
	case KD_EXCLUDE_GPU:
		/* drivers/gpu/drm/ttm/ttm_pool.c takes plain pages and marks none */
		return "graphics buffers cannot be told from other pages: no kernel "
		       "marks them";
	}
	return "no such class of pages";
}

void kd_guest_rule_init(struct kd_guest_rule *ret, const struct kd_layout *layout)
{
	int64_t at = kd_layout_get(layout, KD_F_ADDRESS_SPACE_FLAGS);
	int64_t bit = kd_layout_get(layout, KD_F_AS_INACCESSIBLE);

	*ret = (struct kd_guest_rule) { 0 };
	if (!kd_layout_has(layout, KD_F_ADDRESS_SPACE_FLAGS) ||
	    !kd_layout_has(layout, KD_F_AS_INACCESSIBLE) || at < 0 || bit < 0 || bit > 63)
		return;
	ret->flags_at = (uint64_t)at;
	ret->flag = UINT64_C(1) << bit;
}

bool kd_guest_page(const struct kd_guest_rule *rule, const struct kd_xlat *xlat,
		   struct kd_guest_cache *cache, uint64_t mapping)
{
	uint64_t flags;

	if (!rule->flag || mapping < KERNEL_HALF)
		return false;
	if (mapping != cache->mapping) {
		cache->mapping = mapping;
		cache->is_guest = kd_xlat_read(xlat, mapping + rule->flags_at, &flags,
					       sizeof(flags)) == 0 &&
				  (flags & rule->flag);
	}
	return cache->is_guest;
}
