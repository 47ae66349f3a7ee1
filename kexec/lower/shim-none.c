/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No shim: chosen by meson on machines other than x86_64, whose compiler cannot build it.
 * Called by blob.c.
 */
#include "kexec/lower/shim.h"

struct kd_shim kd_shim_x86_64(void)
{
	return (struct kd_shim) { 0 };
}
