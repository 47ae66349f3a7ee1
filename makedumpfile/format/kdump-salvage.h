/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kdump-compressed file made of what another one still holds: pages that inflate keep
 * their payloads as they are, all others become left out, for which readers have a kind
 * answer. Trusts nothing in the source; memory is bounded. Used by salvage.c.
 */
#pragma once

#include "makedumpfile/format/kdump-reader.h"

/** @kept: promised by the source; @saved: of those, found good. @whole: nothing was lost
 *  and the source is marked as complete. */
struct kd_salvage_counts {
	uint64_t kept, saved, payload_bytes;
	bool whole;
};

/**
 * Write @from, best opened with KD_KDUMP_DAMAGED, again.
 *
 * @fd:      empty, open for reading and writing
 * @cut:     the source ends early: what is written says that it is incomplete
 * @how:     threads and progress for the check that comes first; @block stays NULL
 * The result keeps the INCOMPLETE mark unless nothing was lost. It is synced.
 * Returns 0; what kd_kdump_verify_with() returns but -EBADMSG; an error of writing.
 */
int kd_kdump_salvage(const struct kd_kdump *from, int fd, bool cut,
		     const struct kd_kdump_verify *how, struct kd_salvage_counts *ret,
		     struct kd_error *err);
