/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every load the conformance table knows, tried as a guarded crash load on an armed
 * machine: whatever becomes of it, the machine is armed afterwards. Against the model by
 * a unit test, against real kernels by the prober.
 */
#pragma once

#include "kexec/load.h"
#include "tests/kexec/perform.h"

/**
 * @place:  where to; its backend must be one for @performer's kernel
 * @blind:  leave out the check before the call: every refusal is the kernel's
 * @symbols: the performer's, with M moved into the crash kernel's memory
 * @tried, @refused, @again: counted; @again: refused by the kernel after it had freed the
 *          armed image, and armed again
 */
struct guarded {
	struct performer *performer;
	struct kd_load_place place;
	bool blind;
	struct table_symbol symbols[16];
	unsigned int tried;
	unsigned int refused;
	unsigned int again;
};

/** Fill @ret->symbols. @ret->performer must be set. */
void guarded_init(struct guarded *ret);

/** One row: 1 when it is no load of that kind, 0 when the machine is armed afterwards;
 *  -1 when it is not, with what happened in @words. */
int guarded_row(struct guarded *g, const struct table_step *step, char *words,
		size_t size);
