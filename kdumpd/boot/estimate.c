/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The estimate: see estimate.h. Memory is short twice: when the kernel unpacks the image
 * beside its packed bytes, and when the dump is written with modules loaded; the larger
 * counts. Trusts its numbers no further than that sums of them do not wrap.
 */
#include "kdumpd/boot/estimate.h"

#include "base/guard.h"

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)

/* No part of a capture is a TiB; what is larger is wrong, and sums stay far from 2^64. */
#define MOST (UINT64_C(1) << 40)

/* SECTION_SIZE_BITS of arch/x86 and arch/arm64 (sparsemem.h), 4 KiB pages; 64 KiB pages
 * on arm64 have sections of 512 MiB. */
#define SECTION(page) ((page) > 4 * KIB ? 512 * MIB : 128 * MIB)
#define STRUCT_PAGE   64
#define LOW_MEMORY    MIB	/* below 1 MiB: the kernel keeps off it (setup_arch()) */
#define SECTION_ROOTS MIB	/* mem_section[] with five-level tables possible */
#define PER_CPU	      (2 * MIB) /* the area, stacks, per-CPU slabs and page lists */

/* Slab, sysfs, security modules, ACPI, PCI, the system's reserve of free pages: Debian's
 * kernels from 6.1 on take this before pid 1 starts ... */
#define UNTIL_INIT (14 * MIB)

/* ... and those that have them this for some 10000 inodes and dentries of tracefs. */
#define EVENT_INODES (9 * MIB)

/* The zstd window of capture-kernel/image/compress-zstd.c, and the decoder's tables. */
#define UNPACKER (2 * MIB + 512 * KIB)

/* pid 1, its children and the heap around the buffers; page cache on its way to disk */
#define AROUND_DUMP (6 * MIB)

static uint64_t sane(uint64_t bytes)
{
	return MIN(bytes, MOST);
}

/* A reservation seldom begins where a section does: one more than its size takes, and
 * one for the little below 1 MiB. */
static uint64_t struct_pages(uint64_t reservation, uint64_t page)
{
	uint64_t section = SECTION(page), each = section / page * STRUCT_PAGE;

	return (kd_align_up(reservation, section) / section + 1) * each;
}

void kd_estimate(const struct kd_estimate_input *in, struct kd_estimate *ret)
{
	uint64_t page = in->page ? in->page : 4 * KIB, cpus = MIN(in->cpus, 8192u);
	uint64_t archive = sane(in->archive), image = sane(in->image), sum;
	struct kd_estimate e = {
		.kernel = sane(in->kernel),
		.tables = LOW_MEMORY + SECTION_ROOTS + cpus * PER_CPU,
		.runtime = UNTIL_INIT + (in->event_inodes ? EVENT_INODES : 0),
		.initramfs = archive,
		.modules = sane(in->modules),
		.dump = sane(in->dump) + sane(in->network) + AROUND_DUMP,
	};

	/* While it unpacks nothing of modules and dump is there yet. */
	if (image + UNPACKER > e.modules + e.dump)
		e.initramfs += image + UNPACKER - e.modules - e.dump;
	sum = e.kernel + e.tables + e.runtime + e.initramfs + e.modules + e.dump;
	e.tables += struct_pages(sum, page);
	sum += struct_pages(sum, page);
	/* Before all that the kernel unpacks itself beside the image. */
	if (sum < sane(in->loading) + image) {
		e.kernel += sane(in->loading) + image - sum;
		sum = sane(in->loading) + image;
	}
	e.recommended = kd_align_up(sum, MIB);
	*ret = e;
}
