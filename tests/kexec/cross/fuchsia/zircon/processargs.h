/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for Fuchsia's <zircon/processargs.h>.
 */
#pragma once

#define PA_HND(type, arg) (((type)&0xffu) | (((arg)&0xffffu) << 16))

#define PA_RESOURCE	   0x3fu
#define PA_SYSTEM_RESOURCE 0x54u
