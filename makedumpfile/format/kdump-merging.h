/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between kdump-merge.c and kdump-merge-headers.c: what a dump made of parts has before
 * its pages. Included by these alone.
 */
#pragma once

#include "base/strbuf.h"
#include "makedumpfile/format/kdump-merge.h"

/** Bytes of one of its bitmaps, a multiple of the page size. */
uint64_t kd_kdump_merge_half(const struct kd_kdump_merge *m);

/**
 * All bytes before its first bitmap, by the first part: the INCOMPLETE mark set, no split,
 * notes and erase information behind the second header.
 *
 * @ret: empty; its length is where the bitmap begins
 * Returns 0; -EFBIG for erase information past reason, naming the part; -EBADMSG when it
 * is not in the part; -ENOMEM; a read error.
 */
int kd_kdump_merge_headers(const struct kd_kdump_merge *m, struct kd_strbuf *ret,
			   struct kd_error *err);
