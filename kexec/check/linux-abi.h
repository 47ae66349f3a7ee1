/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers of kexec_load(2) and kexec_file_load(2), include/uapi/linux/kexec.h, and of
 * reboot(2). Own ones, since a C library has them late or never, and the validator is
 * built for other systems too. Used by check/ and backend/linux*.
 */
#pragma once

/* kexec_load(2) */
#define KD_KEXEC_ON_CRASH	       0x00000001ull
#define KD_KEXEC_PRESERVE_CONTEXT      0x00000002ull /* with CONFIG_KEXEC_JUMP */
#define KD_KEXEC_UPDATE_ELFCOREHDR     0x00000004ull /* since 6.6 */
#define KD_KEXEC_CRASH_HOTPLUG_SUPPORT 0x00000008ull /* since 6.10 */
#define KD_KEXEC_FLAGS		       0x0000000full /* all of the above */
#define KD_KEXEC_ARCH_MASK	       0xffff0000ull
#define KD_KEXEC_ARCH_SHIFT	       16

/* kexec_file_load(2) */
#define KD_KEXEC_FILE_UNLOAD	   0x01ul
#define KD_KEXEC_FILE_ON_CRASH	   0x02ul
#define KD_KEXEC_FILE_NO_INITRAMFS 0x04ul
#define KD_KEXEC_FILE_DEBUG	   0x08ul /* since 6.8 */
#define KD_KEXEC_FILE_NO_CMA	   0x10ul /* since 6.17 */
#define KD_KEXEC_FILE_FORCE_DTB	   0x20ul /* since 6.18 */
