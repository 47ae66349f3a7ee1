/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a call of Linux's would be, or was, refused: sentences for the operator, made from
 * the machine's facts and an errno. Pure. The order of the checks is the kernel's:
 * kernel/kexec.c, kernel/kexec_file.c, kernel/kexec_core.c. Called by load.c, the Linux
 * backend, the kexec program and kdumpctl status.
 */
#pragma once

#include "kexec/host/facts.h"
#include "kexec/plan/plan.h"

/** What is tried. */
enum kd_kexec_action {
	KD_KEXEC_LOAD_SEGMENTS, /* kexec_load(2) */
	KD_KEXEC_LOAD_FILES,	/* kexec_file_load(2) */
	KD_KEXEC_UNLOAD,  /* kexec_file_load(2), kexec_load(2) where it is not there */
	KD_KEXEC_EXECUTE, /* reboot(2) */
	KD_KEXEC_ACTIONS,
};

struct kd_kexec_attempt {
	enum kd_kexec_action action;
	enum kd_kexec_purpose purpose;
};

/**
 * What would refuse any such attempt on this machine, known before trying.
 * Returns a static sentence, NULL when nothing is known to stand in the way; @ret_code
 * is the errno that goes with it, negative.
 */
const char *kd_kexec_obstacle_to(const struct kd_kexec_facts *facts,
				 const struct kd_kexec_attempt *what, int *ret_code);

/** The same for loading files for a crash. */
const char *kd_kexec_obstacle(const struct kd_kexec_facts *facts, int *ret_code);

/**
 * What an errno of an attempt means on this machine.
 *
 * @error: negative errno
 * Returns a static sentence; NULL for one that says nothing more than its own text.
 */
const char *kd_kexec_explain(const struct kd_kexec_facts *facts,
			     const struct kd_kexec_attempt *what, int error);
