/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One struct page out of raw bytes: decoding only, no judgement. The place of each
 * member is checked once against the structure's size, so that decoding itself cannot
 * read beyond it. The bytes are hostile. Used by scan.c; tests feed it by hand.
 */
#pragma once

#include <string.h>

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

static inline uint64_t kd_page_load(const uint8_t *raw, uint16_t at)
{
	uint64_t v;

	memcpy(&v, raw + at, sizeof(v));
	return v;
}

static inline uint64_t kd_page_flags(const struct kd_page_format *format,
				     const uint8_t *raw)
{
	return kd_page_load(raw, format->flags);
}

/** Bit 0 of compound_head and of compound_info. */
static inline bool kd_page_is_tail(const struct kd_page_format *format,
				   const uint8_t *raw)
{
	return kd_page_load(raw, format->compound) & 1;
}

/** Decode @raw, format->size bytes at any alignment. Here because it runs once for each
 *  page of the machine. */
static inline void kd_page_decode(const struct kd_page_format *format, const uint8_t *raw,
				  struct kd_page *ret)
{
	ret->flags = kd_page_load(raw, format->flags);
	ret->mapping = kd_page_load(raw, format->mapping);
	ret->private = kd_page_load(raw, format->private);
	ret->compound = kd_page_load(raw, format->compound);
	memcpy(&ret->mapcount, raw + format->mapcount, sizeof(ret->mapcount));
	ret->order = format->order == KD_PAGE_NO_MEMBER ? 0 : raw[format->order];
	ret->dtor = format->dtor == KD_PAGE_NO_MEMBER ? 0 : raw[format->dtor];
}
