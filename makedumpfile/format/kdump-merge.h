/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a split dump joined into one kdump-compressed file, payloads as they are
 * (docs/format-kdump.md 9). Trusts the parts' reader and nothing else about them; memory
 * is bounded whatever their size. Called by run-reassemble.c.
 */
#pragma once

#include "makedumpfile/format/kdump-reader.h"
#include "makedumpfile/sink/sink.h"

/**
 * One part; both members are borrowed.
 *
 * @name: what messages call it
 */
struct kd_kdump_part {
	const struct kd_kdump *kdump;
	const char *name;
};

/**
 * What to join.
 *
 * @parts:    @n of them, in any order
 * @progress: NULL, or told how many of all payload bytes are copied
 */
struct kd_kdump_merge {
	struct kd_kdump_part *parts;
	size_t n;
	void (*progress)(void *context, uint64_t done, uint64_t all);
	void *context;
};

/**
 * Whether the parts are all the parts of one dump, and bring them in order. The same dump
 * is: page size, number of frames, names, time, dump level, bytes of the notes (the
 * registers of every CPU are in them), and the bitmap of what memory there is. Bitmaps of
 * kept pages are not compared: each part's own frames are taken from its own, by which
 * its descriptors are numbered, so that a part that was salvaged fits, too.
 *
 * Returns 0; -EBADMSG naming the file that does not fit, or the one next to the part that
 * is missing; -EINVAL for no part; -ENOMEM; a read error.
 */
int kd_kdump_merge_check(struct kd_kdump_merge *m, struct kd_error *err);

/**
 * What was written.
 *
 * @pages:      descriptors
 * @unreadable, @absent: of those, carried as such: see docs/format-kdump.md 5.2 and 5.3
 * @lost:       of those, had a descriptor that leaves its part, and became unreadable
 * @payload_bytes: of all parts
 * @whole:      no part is incomplete, no page was lost: the INCOMPLETE mark is off
 */
struct kd_kdump_merged {
	uint64_t pages, unreadable, absent, lost, payload_bytes;
	bool whole;
};

/**
 * Write the parts as one, after kd_kdump_merge_check() found nothing wrong.
 *
 * @sink: nothing was written to it; one that can rewrite. It is synced, and left to the
 *        caller to finish
 * Returns 0; -EBADMSG when payloads of a part are spread wider than its pages can be;
 * -EFBIG for erase information past reason; -ESPIPE; -ENOMEM; errors of reading, naming
 * the part, and of the sink. After an error what was written has the INCOMPLETE mark.
 */
int kd_kdump_merge_write(const struct kd_kdump_merge *m, struct kd_sink *sink,
			 struct kd_kdump_merged *ret, struct kd_error *err);
