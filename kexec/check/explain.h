/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a crash load would be, or was, refused: sentences for the operator, made from
 * the machine's facts and an errno. Pure. The order of the checks is the kernel's:
 * kernel/kexec_file.c, kernel/kexec_core.c. Called by load.c and kdumpctl status.
 */
#pragma once

#include "kexec/host/facts.h"

/**
 * What would refuse any crash load on this machine, known before trying.
 * Returns a static sentence, NULL when nothing is known to stand in the way; @ret_code
 * is the errno that goes with it, negative.
 */
const char *kd_kexec_obstacle(const struct kd_kexec_facts *facts, int *ret_code);

/**
 * What an errno of kexec_file_load(2) means on this machine.
 *
 * @error: negative errno
 * Returns a static sentence; NULL for one that says nothing more than its own text.
 */
const char *kd_kexec_explain(const struct kd_kexec_facts *facts, int error);
