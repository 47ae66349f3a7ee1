/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of a kdump-compressed file, as docs/format-kdump.md specifies them: 64-bit
 * little-endian machines. Read from hostile files, so sizes and counts are unsigned
 * where the format's first authors had int. Included by format/ and its tests alone.
 */
#pragma once

#include <assert.h>

#include "base/types.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	      "the structures below are mapped as they lie in the file");

#define KD_KDUMP_SIGNATURE "KDUMP   " /* without its NUL */
#define KD_KDUMP_VERSION   6

/* docs/format-kdump.md 1: blocks are pages, 4 KiB to 256 KiB */
#define KD_KDUMP_BLOCK_MIN 4096U
#define KD_KDUMP_BLOCK_MAX 262144U

/* docs/format-kdump.md 2.2: the status word also names the codec, informatively */
#define KD_KDUMP_STATUS_INCOMPLETE 0x8U
#define KD_KDUMP_STATUS_NO_VMEMMAP 0x10U /* struct pages were left out, -e */

/** docs/format-kdump.md 2: block 0. */
struct kd_kdump_header {
	char signature[8];
	uint32_t version;
	char utsname[6][65];
	uint8_t padding[6];
	uint64_t seconds;
	uint64_t microseconds;
	uint32_t status;
	uint32_t block_size;
	uint32_t sub_blocks;
	uint32_t bitmap_blocks;
	uint32_t max_mapnr;
	uint32_t unused[4];
	uint32_t n_cpus;
};
static_assert(offsetof(struct kd_kdump_header, seconds) == 408, "2");
static_assert(offsetof(struct kd_kdump_header, status) == 424, "2");
static_assert(offsetof(struct kd_kdump_header, n_cpus) == 460, "2");
static_assert(sizeof(struct kd_kdump_header) == 464, "2");

/** docs/format-kdump.md 3: start of block 1, notes right behind. The version that
 *  brought a member is in the comment; older files have zeros or notes there. */
struct kd_kdump_sub_header {
	uint64_t phys_base;
	uint32_t dump_level;	/* 1 */
	uint32_t split;		/* 2 */
	uint64_t start_pfn_old; /* 2 */
	uint64_t end_pfn_old;	/* 2 */
	uint64_t info_offset;	/* 3 */
	uint64_t info_size;	/* 3 */
	uint64_t notes_offset;	/* 4 */
	uint64_t notes_size;	/* 4 */
	uint64_t erase_offset;	/* 5 */
	uint64_t erase_size;	/* 5 */
	uint64_t start_pfn;	/* 6 */
	uint64_t end_pfn;	/* 6 */
	uint64_t max_mapnr;	/* 6 */
};
static_assert(offsetof(struct kd_kdump_sub_header, info_offset) == 32, "3");
static_assert(offsetof(struct kd_kdump_sub_header, notes_offset) == 48, "3");
static_assert(sizeof(struct kd_kdump_sub_header) == 104, "3");

/** docs/format-kdump.md 5: one for each bit set in the second bitmap. */
struct kd_kdump_desc {
	uint64_t offset;
	uint32_t size;
	uint32_t flags;
	uint64_t page_flags;
};
static_assert(sizeof(struct kd_kdump_desc) == 24, "5");

/** docs/format-kdump.md 5.2: the descriptor of a page that could not be read. */
static inline struct kd_kdump_desc kd_kdump_desc_unreadable(void)
{
	return (struct kd_kdump_desc) { .flags = 0x1 };
}

/** Whether @d is one of those: no payload, yet written. */
static inline bool kd_kdump_desc_is_unreadable(const struct kd_kdump_desc *d)
{
	return d->offset == 0 && d->size == 0 && d->flags != 0;
}

/** Whether @d was never written: the file was cut before it. */
static inline bool kd_kdump_desc_is_absent(const struct kd_kdump_desc *d)
{
	return d->offset == 0 && d->size == 0 && d->flags == 0;
}
