/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a frame is in the middle of: the compound page or free block that begins before
 * the range a thread judges. This is what lets ranges be judged in any order. A bounded
 * number of struct pages is read; trusts none of them. Called by scan.c.
 */
#pragma once

#include "makedumpfile/pages/scan.h"

/**
 * Look for a span that begins before @first and holds @pfn.
 *
 * @pfn:      >= @first
 * @ret_head: its first frame
 * @ret:      its class and order
 * Returns whether there is one.
 */
bool kd_look_back(const struct kd_scan *scan, struct kd_memmap_view *view, kd_pfn_t first,
		  kd_pfn_t pfn, kd_pfn_t *ret_head, struct kd_verdict *ret);
