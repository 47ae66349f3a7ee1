/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text ring by itself: what is left of a log whose descriptors are lost. A block is
 * the ID of its record, 8 bytes, and text up to the next block; both begin at multiples
 * of 8. Text has neither NULs nor bytes of ones, so that an ID tells itself from it.
 * Private to dmesg*.c.
 */
#pragma once

#include "makedumpfile/dmesg-ring.h"

/**
 * The block of record @id, which is the next one of the ring or has none.
 *
 * @ret: text and length are set; up to 7 bytes behind the text belong to no record
 * The walk goes on behind it. Returns 0; -ENODATA when the next block is a later record's.
 */
int kd_text_find(struct kd_ring *ring, uint64_t id, struct kd_ring_record *ret);

/** Go back to the oldest text. */
void kd_text_rewind(struct kd_ring *ring);

#define KD_TEXT_NO_ID UINT64_MAX

/**
 * The next piece of text, whosever it is: for rings that do not say which records they
 * have.
 *
 * @last: ID of the piece before, KD_TEXT_NO_ID at first; IDs come in order
 * Returns 1 with text and length set, 0 at the end.
 */
int kd_text_next(struct kd_ring *ring, uint64_t *last, struct kd_ring_record *ret);
