/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the entry code calls in shim.c. Freestanding, in ring 0, with interrupts off; never
 * linked into a program.
 */
#pragma once

#include "kexec/lower/shim.h"
#include "kexec/purgatory/purgatory-private.h"

/** Make a working place at @place: page tables, switched to, and a copy of the shim, whose
 *  first byte's address is returned. Its stack is used already. */
uint64_t kd_shim_settle(uint64_t place);

/** With the blob at @base and the shim at @place: the place to settle at next, or 0 when
 *  all segments are where they belong. */
uint64_t kd_shim_step(uint64_t base, uint64_t place);
