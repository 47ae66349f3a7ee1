/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The new kernel's command line out of what was asked for: the running one's, what is
 * appended, or what the image carries. Pure. Called by inputs.c.
 */
#pragma once

#include "kexec/image/kernel.h"
#include "kexec/program/options.h"

/**
 * Make it; owned by the caller.
 *
 * @running: /proc/cmdline, looked at with --reuse-cmdline
 * @own:     what a UKI brought, used when nothing was asked for
 * -ENOMEM.
 */
int kd_kexec_cmdline(const struct kd_kexec_command *command, const char *running,
		     const struct kd_bytes *own, char **ret);
