/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Layouts of real kernels (Debian's cloud kernels 6.1.0-50, 6.12.95 and 7.3.4), as
 * their vmcoreinfo states them, without what belongs to a boot. Private to mkvmcore.
 */
#pragma once

#include <stddef.h>

/**
 * @release:   OSRELEASE
 * @lines:     vmcoreinfo lines beyond mk_preset_common
 * @hwpoison:  bit of PG_hwpoison, also where vmcoreinfo does not export it
 * @slab_flag: slab pages carry a flag, not a page type (before 6.10)
 * @order_in_flags: page[1].flags holds a folio's order (since 6.6)
 * @info_mask: compound_info of a tail is a mask, not an address (7.1)
 */
struct mk_preset {
	const char *name;
	const char *release;
	const char *lines;
	unsigned int hwpoison;
	_Bool slab_flag;
	_Bool order_in_flags;
	_Bool info_mask;
};

extern const char mk_preset_common[];

/** The preset of that name, NULL when there is none. */
const struct mk_preset *mk_preset_find(const char *name);
