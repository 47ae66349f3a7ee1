/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rebuild key: one digest over everything the armed image was made of. Equal key,
 * nothing to do; content decides, never a time stamp. Called by arm.c.
 */
#pragma once

#include "base/plan.h"
#include "kdumpd/digest.h"

/** A file that went in, by its path and its digest. */
struct kd_key_file {
	const char *path;
	char hex[KD_DIGEST_HEX];
};

/**
 * @plan:    its arm_id is left out of the key, being made from it
 * @cmdline: of the capture kernel
 * @kernel_release: whose modules are in the image
 * @version: of the programs that build the image
 * @files:   kernel image, pid 1, modules, in an order that does not depend on chance
 */
struct kd_key_input {
	const struct kd_plan *plan;
	const char *cmdline;
	const char *kernel_release;
	const char *version;
	const struct kd_key_file *files;
	size_t n_files;
};

/** Compute the key. 0, -ENOMEM, or what kd_plan_encode() refuses. */
int kd_key_compute(const struct kd_key_input *in, char ret[KD_DIGEST_HEX],
		   struct kd_error *err);
