/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shim: code at the head of a blob that a kernel puts at one place, followed by all
 * segments of a plan, which it moves to their own places before it enters the plan. Shared
 * by both sides: blob.c fills the parameters in, the code runs with nothing but memory
 * mapped to itself. Trusts blob.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define KD_SHIM_MAGIC	 0x314d494853444bull /* "KDSHIM1", little-endian */
#define KD_SHIM_SEGMENTS 16
#define KD_SHIM_PLACES	 2

#define KD_SHIM_PAGE	   4096ull
#define KD_SHIM_STACK	   (2 * KD_SHIM_PAGE)
#define KD_SHIM_CODE	   (2 * KD_SHIM_PAGE)
#define KD_SHIM_TOP_TABLES 3 /* of levels 5, 4 and 3 */

/** What one level-3 table can map: the most of @gib. */
#define KD_SHIM_GIB_MAX 512

/** Bytes the shim works in: stack, a copy of itself, page tables for @gib GiB. */
#define KD_SHIM_ROOM(gib) \
	(KD_SHIM_STACK + KD_SHIM_CODE + (KD_SHIM_TOP_TABLES + (gib)) * KD_SHIM_PAGE)

/** @from: bytes from the shim's first one to the segment's; @mem: where it belongs; what
 *  of @memsz is above @bufsz becomes zeros. */
struct kd_shim_segment {
	uint64_t from;
	uint64_t mem;
	uint64_t bufsz;
	uint64_t memsz;
};

/**
 * @size:     the shim and all segments behind it; KD_SHIM_PAGE + KD_SHIM_ROOM bytes that
 *            are the blob's follow
 * @entry:    physical address to jump to in the end
 * @gib:      how much memory to map to itself, GiB: all of what is named here
 * @places:   where KD_SHIM_ROOM bytes are free of segments, should they not be so where
 *            the shim works first, from the next page behind @size on; so far apart that
 *            the blob lies on one at most. 0 for none
 * @segments: ascending in @mem and in @from alike, apart in both
 */
struct kd_shim_params {
	uint64_t magic;
	uint64_t size;
	uint64_t entry;
	uint64_t gib;
	uint64_t places[KD_SHIM_PLACES];
	uint64_t n;
	struct kd_shim_segment segments[KD_SHIM_SEGMENTS];
};

/** The code as built, see struct kd_purgatory. @size 0: not for this machine. */
struct kd_shim {
	const uint8_t *code;
	size_t size;
	size_t params;
};

struct kd_shim kd_shim_x86_64(void);

/* The code's own steps, in the order they are taken; tests call them as well. */

#define KD_SHIM_NOWHERE UINT64_MAX

/** Fill @tables with page tables that map the first @gib GiB to themselves, by pages of
 *  2 MiB, and return the highest one: level 5's when @la57. */
uint64_t kd_shim_map(uint64_t *tables, uint64_t gib, int la57);

/** Whether the shim may stay at @place while it moves the segments of the blob at @base:
 *  0 for yes, the place to go to, or KD_SHIM_NOWHERE. */
uint64_t kd_shim_next(uint64_t base, uint64_t place, const struct kd_shim_params *params);

/** Move every segment of the blob at @base to its place, whatever lies over what. */
void kd_shim_move(uint64_t base, const struct kd_shim_params *params);
