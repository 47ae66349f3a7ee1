/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No purgatory for x86_64: chosen by meson on other machines, whose compiler cannot build
 * it and which never load such a kernel. Called by plan/.
 */
#include "kexec/purgatory/purgatory.h"

struct kd_purgatory kd_purgatory_x86_64(void)
{
	return (struct kd_purgatory) { 0 };
}
