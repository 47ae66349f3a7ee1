/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What compressing a page is going to be worth, guessed from a sample of it for a few
 * percent of what compressing costs. Pure. Used by the codecs of this folder that gain
 * from knowing; which do, and how much, was measured on kernel memory.
 */
#pragma once

#include "base/types.h"

/**
 * @KD_PAGE_REPEATS: parts of it come again: what match finders are for
 * @KD_PAGE_SKEWED:  few do, but some bytes are more frequent than others: entropy coding
 *                   gets most of what there is to get. Machine code, mostly
 * @KD_PAGE_NOISE:   neither: already compressed, encrypted, or random
 */
enum kd_page_kind {
	KD_PAGE_REPEATS,
	KD_PAGE_SKEWED,
	KD_PAGE_NOISE,
};

/** Guess the kind of a page. @size: a multiple of 4096, as sizes of pages are; others
 *  are not judged and give KD_PAGE_REPEATS, which costs time alone. */
enum kd_page_kind kd_page_kind(const uint8_t *page, size_t size);
