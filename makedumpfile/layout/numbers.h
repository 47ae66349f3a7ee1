/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where type information has the numbers that vmcoreinfo exports: which enumerator of
 * which enum, and how the one is computed from the other. Pure tables, shared by the
 * sources that read BTF and DWARF.
 */
#pragma once

#include "makedumpfile/layout/layout.h"

/** How a number is computed from its enumerator. */
enum kd_number_how {
	KD_NUMBER_SAME,
	KD_NUMBER_MASK,	    /* 1 << v */
	KD_NUMBER_TOP_BYTE, /* v << 24, as an int */
	KD_NUMBER_NOT,	    /* ~v */
};

struct kd_number_source {
	const char *enumeration;
	const char *enumerator;
	enum kd_number_how how;
};

/** The @i-th place to look for NUMBER field @f, best first; false behind the last. */
bool kd_number_source(enum kd_field f, unsigned int i, struct kd_number_source *ret);

/** Compute it. False when @v cannot be that enumerator. */
bool kd_number_compute(enum kd_number_how how, int64_t v, int64_t *ret);
