/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FreeBSD 16's kexec_load(2) in numbers, in our own words: made from the committed manual
 * page (lib/libsys/kexec_load.2, October 29, 2025) and the headers it names. Needs no
 * FreeBSD header, so that backend, model and tests compile anywhere; freebsd-calls.c
 * compares it with the system's headers where they are.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** KEXEC_SEGMENT_MAX of sys/sys/kexec.h; the page: "currently limited to 16". */
#define KD_FREEBSD_SEGMENT_MAX 16

/** RB_KEXEC of sys/sys/reboot.h: a bit of reboot(2)'s argument, no magic word as Linux's. */
#define KD_FREEBSD_RB_KEXEC 0x1000000

/** The page: @flags "must be 0". sys/sys/kexec.h has KEXEC_ON_CRASH 0x1 beside it, which
 *  no code reads: there is no crash kexec. */
#define KD_FREEBSD_FLAGS 0ul

/** PAGE_SIZE of both machines, amd64 and arm64. */
#define KD_FREEBSD_PAGE 4096ull

/** round_2mpage(): targets are mapped in such pieces at the hand-off (amd64). */
#define KD_FREEBSD_PIECE (2ull << 20)

/** VM_PHYSSEG_MAX is 63 on amd64 and 64 on arm64 (vmparam.h). */
#define KD_FREEBSD_PHYS_SEGS 64

/** struct kexec_segment of the page. @mem: vm_paddr_t, @memsz: vm_size_t. */
struct kd_freebsd_segment {
	void *buf;
	size_t bufsz;
	uint64_t mem;
	uint64_t memsz;
};

/* the machines that have it are LP64: amd64, arm64 */
_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "LP64");
_Static_assert(sizeof(unsigned long) == 8, "count and flags are unsigned long");
_Static_assert(sizeof(struct kd_freebsd_segment) == 32, "struct kexec_segment");
_Static_assert(_Alignof(struct kd_freebsd_segment) == 8, "struct kexec_segment");
_Static_assert(offsetof(struct kd_freebsd_segment, buf) == 0, "buf");
_Static_assert(offsetof(struct kd_freebsd_segment, bufsz) == 8, "bufsz");
_Static_assert(offsetof(struct kd_freebsd_segment, mem) == 16, "mem");
_Static_assert(offsetof(struct kd_freebsd_segment, memsz) == 24, "memsz");
_Static_assert(KD_FREEBSD_RB_KEXEC == 1 << 24, "RB_KEXEC");
