/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF header and program headers of a file, read piecewise: what /proc/vmcore, core
 * files and /proc/kcore have in common. Trusts nothing: the table's place and count
 * are bounded by the file before it is read. Used by elf-core.c and layout/running.c.
 */
#pragma once

#include "base/file-view.h"

/* A core with more program headers is refused. One RAM range each: the largest seen
 * in practice, ELF dumps with excluded runs, have some ten thousands. */
#define KD_ELF_MAX_SEGMENTS 262144

/* More note bytes than this are not loaded: 4096 CPUs' registers take 1.5 MB. */
#define KD_ELF_MAX_NOTES (16U << 20)

/** @view: borrowed; NULL for @lent, over a descriptor that is. @size: of the file, bytes.
 *  @flags: e_flags. @phoff, @phnum: the table, inside it. */
struct kd_elf {
	const struct kd_file_view *view;
	struct kd_file_view lent;
	uint64_t size;
	uint16_t machine;
	uint32_t flags;
	uint64_t phoff;
	uint32_t phnum;
};

/** One program header; the fields of Elf64_Phdr in the host's byte order. */
struct kd_elf_segment {
	uint32_t type;
	uint64_t offset;
	uint64_t vaddr;
	kd_paddr_t paddr;
	uint64_t filesz;
	uint64_t memsz;
};

/**
 * Read and check the ELF header of @fd.
 * Errors: -ENOEXEC when it is no ELF core, -ENOTSUP for 32-bit or big-endian ones,
 * -EBADMSG when its table lies outside the file or is too large, those of reading.
 */
int kd_elf_init(struct kd_elf *ret, int fd, struct kd_error *err);
/** The same of a view. */
int kd_elf_init_view(struct kd_elf *ret, const struct kd_file_view *view,
		     struct kd_error *err);

/** Program header @i < phnum. Errors: those of reading, -EBADMSG. */
int kd_elf_segment(const struct kd_elf *elf, uint32_t i, struct kd_elf_segment *ret,
		   struct kd_error *err);

/**
 * All PT_NOTE bytes one after the other, each segment padded to 4 bytes.
 *
 * @ret: owned by the caller, NULL when there are none
 * Returns 0, or 1 when some were left out because the file ends or they exceed
 * KD_ELF_MAX_NOTES (leading device dumps go first); -ENOMEM, those of reading.
 */
int kd_elf_load_notes(const struct kd_elf *elf, void **ret, size_t *ret_size,
		      struct kd_error *err);
