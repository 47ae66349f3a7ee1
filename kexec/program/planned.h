/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan made of this machine and the inputs, with all that it borrows from. Called by
 * run-load.c, run-plan.c and run-check.c.
 */
#pragma once

#include "kexec/program/inputs.h"

/** @linux_backend, @place: to load it, or to hold it against the rules */
struct kd_kexec_planned {
	struct kd_kexec_host host;
	struct kd_kexec_plan plan;
	struct kd_linux_backend linux_backend;
	struct kd_load_place place;
	struct kd_kexec_load load;
};

/**
 * @ret: must stay where it is; kd_kexec_planned_done(), on failure too
 * Errors: those of kd_kexec_host_read() and kd_kexec_plan_build(); -ENODATA for --hotplug
 * on a kernel that does not update headers.
 */
int kd_kexec_planned_make(struct kd_kexec_program *p, struct kd_kexec_inputs *in,
			  struct kd_kexec_planned *ret, struct kd_error *err);
void kd_kexec_planned_done(struct kd_kexec_planned *planned);
