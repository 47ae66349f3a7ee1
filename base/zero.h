/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether memory holds nothing but zeros, asked of every page that is dumped. Trusts the
 * caller's size. Used by format/ and by whoever compares pages.
 */
#pragma once

#include "base/types.h"

/** Whether all @size bytes at @page are zero; any alignment, any size. Most pages that are
 *  not say so within their first bytes and cost no more than those. */
bool kd_page_is_zero(const uint8_t *page, size_t size);
