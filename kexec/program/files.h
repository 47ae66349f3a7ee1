/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inputs as kexec_file_load(2) takes them, and where they go. Called by run-load.c
 * and run-check.c.
 */
#pragma once

#include "kexec/program/inputs.h"

/** @place, @load: to load it, or to check it */
struct kd_kexec_filed {
	struct kd_kexec_files files;
	struct kd_linux_backend linux_backend;
	struct kd_load_place place;
	struct kd_kexec_load load;
};

/** @ret: must stay where it is; borrows from @in, nothing to free. */
void kd_kexec_filed_make(struct kd_kexec_program *p, const struct kd_kexec_inputs *in,
			 struct kd_kexec_filed *ret);
