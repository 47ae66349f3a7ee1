/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writer of ELF dumps (docs/format-elf.md): makedumpfile -E. Pages left out have no
 * PT_LOAD, so that no reader takes them for zeros. Marked INCOMPLETE until durable.
 * Called by the façade.
 */
#pragma once

#include "makedumpfile/format/writer.h"
#include "makedumpfile/sink/sink.h"

/* PT_LOADs at most, unless asked: below what e_phnum can count, and a table that fits
 * any reader's memory; ours takes 16 bytes each, 1 MB. */
#define KD_ELF_LOADS_DEFAULT 60000U

/**
 * What the headers say. All borrowed until kd_elf_writer_new() returns.
 *
 * @machine:     e_machine
 * @page_size:   a power of two, 4 KiB to 256 KiB
 * @notes:       all PT_NOTE bytes, stored verbatim
 * @erase:       text of erased data, one line each, for an ERASEINFO note; NULL without
 * @has_direct_map, @page_offset: virtual address of physical address 0 in the kernel's
 *               direct map, where it is known; p_vaddr is 0 without
 * @max_loads:   0 for the default
 */
struct kd_elf_info {
	uint16_t machine;
	uint32_t page_size;
	const void *notes;
	size_t notes_size;
	const char *erase;
	size_t erase_size;
	bool has_direct_map;
	kd_vaddr_t page_offset;
	size_t max_loads;
};

/**
 * Check @info, walk @runs, write all headers with INCOMPLETE set.
 *
 * @runs: borrowed until this returns
 * @sink: borrowed for the writer's life
 * The writer's pages are found by their frame number: kd_lane_ops.start() may be given
 * any number. A page that could not be read is zeros, and counted.
 * Returns 0; -EINVAL for values no dump can have; -EFBIG for more than a file can hold;
 * -ESPIPE for a sink that cannot rewrite; -ENOMEM; the sink's and the runs' errors.
 */
int kd_elf_writer_new(const struct kd_elf_info *info, const struct kd_runs *runs,
		      struct kd_sink *sink, struct kd_writer **ret, struct kd_error *err);
