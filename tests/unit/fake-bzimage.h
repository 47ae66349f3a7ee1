/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A minimal good bzImage for tests: setup sectors, header, zeros. Each test then breaks
 * one byte of it. Offsets as in Documentation/arch/x86/boot.rst.
 */
#pragma once

#include <stdint.h>
#include <string.h>

#define FAKE_BZIMAGE_SIZE (2 * 512 + 64 * 16)

static inline void fake_bzimage(uint8_t image[static FAKE_BZIMAGE_SIZE])
{
	memset(image, 0, FAKE_BZIMAGE_SIZE);
	image[0x1f1] = 1;    /* setup_sects: protected part at 1024 */
	image[0x1f4] = 64;   /* syssize, units of 16 bytes */
	image[0x1fe] = 0x55; /* boot_flag */
	image[0x1ff] = 0xaa;
	image[0x200] = 0xeb; /* jump over the header, to 0x26c */
	image[0x201] = 0x6a;
	memcpy(image + 0x202, "HdrS", 4); /* header */
	image[0x206] = 0x0f;		  /* version 2.15 */
	image[0x207] = 0x02;
	image[0x211] = 0x01; /* loadflags: LOADED_HIGH */
	image[0x232] = 0x20; /* kernel_alignment 2 MiB */
	image[0x234] = 1;    /* relocatable_kernel */
	image[0x236] = 0x03; /* xloadflags: KERNEL_64, CAN_BE_LOADED_ABOVE_4G */
	image[0x238] = 0xff; /* cmdline_size 2047 */
	image[0x239] = 0x07;
	image[0x25b] = 1;    /* pref_address 16 MiB */
	image[0x262] = 0x10; /* init_size 1 MiB */
}
