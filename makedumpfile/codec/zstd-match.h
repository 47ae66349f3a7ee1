/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a page came before in it: the page as literals, bytes to be taken as they are,
 * and sequences, each some literals and then a repeat of earlier bytes (RFC 8878, 3.1.1.3).
 * Used by zstd-quick.c.
 */
#pragma once

#include "makedumpfile/codec/zstd-bits.h"

/* Positions in a page are 16 bits wide. */
#define KD_MATCH_SIZE_MAX 65536U

#define KD_MATCH_MIN  4U
#define KD_MATCH_BITS 11U

/* Literals are copied in blocks, past their end. */
#define KD_MATCH_BLOCK 32U

/**
 * @literals: how many come before the repeat
 * @length:   of the repeat, less 3, the least that the format has
 * @distance: back to where the repeat was before, plus 3; 1 to 3 is a recent one, as the
 *            format numbers them
 */
struct kd_sequence {
	uint16_t literals, length;
	uint32_t distance;
};

/**
 * @sequences:    room for a page's size / KD_MATCH_MIN
 * @literals:     room for a page and KD_MATCH_BLOCK
 * @literals_or,
 * @lengths_or:   of all sequences, each bit that one of them has
 * @places:       by hash of the bytes there: where they were last
 */
struct kd_match {
	struct kd_sequence *sequences;
	size_t n_sequences;
	uint8_t *literals;
	size_t n_literals;
	unsigned int literals_or, lengths_or;
	uint16_t places[1U << KD_MATCH_BITS];
};

/** Take @page apart, whose @size is at least 256 and what @m has room for. */
void kd_match_page(struct kd_match *m, const uint8_t *page, size_t size);
