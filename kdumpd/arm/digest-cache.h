/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Digests of files that did not change since they were last read, so that finding out
 * that there is nothing to do costs a stat(2) a file. A file is the same while device,
 * inode, size and ctime are: unlike mtime, ctime cannot be set. Called by key.c.
 */
#pragma once

#include "kdumpd/digest.h"

#define KD_DIGEST_CACHE_PATH	"run/kdumpd/digests"
#define KD_DIGEST_CACHE_ENTRIES 512

/** One file seen. Times in nanoseconds since the epoch. */
struct kd_digest_entry {
	uint64_t device, inode, size, ctime;
	char hex[KD_DIGEST_HEX];
};

/** @dirty: holds entries that are not on disk yet */
struct kd_digest_cache {
	size_t n;
	bool dirty;
	struct kd_digest_entry entries[KD_DIGEST_CACHE_ENTRIES];
};

/** Read what was kept; anything wrong with it gives an empty cache. Owned by the
 *  caller, free(); NULL when memory is out. */
struct kd_digest_cache *kd_digest_cache_load(int root_fd);

/** Keep it for the next time, when there is something new. Losing it costs only time,
 *  so callers may ignore the result. */
int kd_digest_cache_save(int root_fd, struct kd_digest_cache *cache);

/**
 * Digest of an open regular file, from the cache where it is unchanged.
 *
 * @now: nanoseconds since the epoch; a file changed within the last 2 s is not kept,
 *       as a second change could carry the same ctime
 */
int kd_digest_cached(struct kd_digest_cache *cache, int fd, uint64_t now,
		     char ret[KD_DIGEST_HEX]);
