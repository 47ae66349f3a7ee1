/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One struct page out of raw bytes: decoding only, no judgement. The place of each
 * member is checked once against the structure's size, so that decoding itself cannot
 * read beyond it. The bytes are hostile. Used by scan.c; tests feed it by hand.
 */
#pragma once

#include "makedumpfile/layout/layout.h"

#define KD_PAGE_NO_MEMBER UINT16_MAX

/**
 * Where the members are, in bytes from the start of a struct page (include/linux/
 * mm_types.h). @order and @dtor are those of a compound page's second struct page;
 * KD_PAGE_NO_MEMBER where the kernel has none.
 */
struct kd_page_format {
	uint16_t size;
	uint16_t flags;
	uint16_t mapping;
	uint16_t private;
	uint16_t mapcount;
	uint16_t compound;
	uint16_t order;
	uint16_t dtor;
};

/**
 * A decoded struct page.
 *
 * @compound: compound_head, since 7.1 compound_info: bit 0 set in a tail page
 * @mapcount: _mapcount, shared with page_type
 * @order, @dtor: what these bytes say if this is the second page of a compound one
 */
struct kd_page {
	uint64_t flags;
	uint64_t mapping;
	uint64_t private;
	uint64_t compound;
	uint32_t mapcount;
	uint8_t order;
	uint8_t dtor;
};

/**
 * Find the members in @layout.
 *
 * Returns 0; -ENODATA when one is unknown (named in @err), -EBADMSG when one lies
 * outside the structure or the size makes no sense.
 */
int kd_page_format_init(struct kd_page_format *ret, const struct kd_layout *layout,
			struct kd_error *err);

/** Decode @raw, format->size bytes at any alignment. */
void kd_page_decode(const struct kd_page_format *format, const uint8_t *raw,
		    struct kd_page *ret);
