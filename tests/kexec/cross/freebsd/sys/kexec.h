/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for FreeBSD 16's <sys/kexec.h>, from kexec_load(2).
 */
#pragma once

#include <sys/types.h>

#define KEXEC_ON_CRASH	  0x1
#define KEXEC_SEGMENT_MAX 16

struct kexec_segment {
	void *buf;
	size_t bufsz;
	vm_paddr_t mem;
	vm_size_t memsz;
};

int kexec_load(uint64_t entry, unsigned long count, struct kexec_segment *segments,
	       unsigned long flags);
