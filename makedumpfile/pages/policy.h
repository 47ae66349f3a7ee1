/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which classes of pages a dump level leaves out: a table and nothing else. Called by
 * scan.c; the level's bits are also those of makedumpfile's -d.
 */
#pragma once

#include "makedumpfile/pages/classify.h"

/** Dump level bits, as makedumpfile(8) -d. Zero pages are found while copying. */
enum kd_dump_level {
	KD_EXCLUDE_ZERO = 1,
	KD_EXCLUDE_CACHE = 2,
	KD_EXCLUDE_PRIVATE_CACHE = 4,
	KD_EXCLUDE_USER = 8,
	KD_EXCLUDE_FREE = 16,
	KD_EXCLUDE_ALL = 31,
};

/** Whether pages of @class are kept at @level. */
bool kd_policy_keep(enum kd_page_class class, unsigned int level);
