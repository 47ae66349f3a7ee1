/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dead kernel's struct new_utsname (include/uapi/linux/utsname.h): six fields of 65
 * bytes. Trusts no byte of it. Used for a dump's header, and to tell whether addresses are
 * of the kernel that crashed.
 */
#pragma once

#include "makedumpfile/vmcore/xlat.h"

#define KD_UTS_FIELD	65 /* __NEW_UTS_LEN + 1 */
#define KD_UTS_SYSNAME	0
#define KD_UTS_RELEASE	2
#define KD_UTS_MACHINE	4
#define KD_UTSNAME_SIZE (6 * KD_UTS_FIELD)

/** Whether @utsname is one: fields end, are printable, and name Linux and @release; ""
 *  matches any. */
bool kd_utsname_plausible(const char utsname[static KD_UTSNAME_SIZE],
			  const char *release);

/** Read it from memory. False when it cannot be read, or is not plausible as one of
 *  @release. */
bool kd_utsname_read(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
		     const char *release, char ret[static KD_UTSNAME_SIZE]);
