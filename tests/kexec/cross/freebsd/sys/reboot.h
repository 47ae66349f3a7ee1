/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for FreeBSD 16's <sys/reboot.h>: the one bit that kexec_load(2) names.
 */
#pragma once

#define RB_KEXEC 0x1000000

int reboot(int howto);
