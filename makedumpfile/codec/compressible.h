/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What compressing a page is going to be worth, guessed from a sample of it for a few
 * percent of what compressing costs. Pure. Used by the codecs of this folder that gain
 * from knowing; which do, and how much, was measured on kernel memory.
 */
#pragma once

#include "base/types.h"

/** Whether next to nothing of a page would be saved: what is in it is compressed already,
 *  encrypted, or random. @size: a multiple of 4096, as sizes of pages are; others are not
 *  judged, which costs time alone. */
bool kd_page_is_noise(const uint8_t *page, size_t size);
