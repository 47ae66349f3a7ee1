/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a dump is made from, whatever its format: an ELF core, or a dump that is filtered
 * already, flattened or in parts. Opened by the programs and by pid 1; read by the façade and the modes that
 * look at a dump without writing one. Trusts nothing in the files.
 */
#pragma once

#include "makedumpfile/vmcore/elf-core.h"

struct kd_kdump;

/**
 * All members are read-only and live as long as the input.
 *
 * @memory:   its pages
 * @info:     VMCOREINFO parsed, NULL when there is none that is usable
 * @notes:    all ELF notes, verbatim; @info_offset, @info_size: the text inside of them
 * @machine:  e_machine of the dumped kernel
 * @n_cpus:   NT_PRSTATUS notes
 * @utsname:  six fields of 65 bytes as its header has them, each ending in a NUL; NULL for
 *            ELF cores, which have none
 * @phys_base: as its header has it, for dumps without VMCOREINFO; 0 for ELF cores
 * @crash_time: seconds since the epoch, from its header; 0 when unknown
 * @level:    what was left out of it already, enum kd_dump_level bits; 0 for ELF cores
 * @incomplete: it says itself that it is not whole, or parts or its end are missing
 * @flattened, @cut: it is a flattened stream, and one without its end record
 * @file_size: bytes of the dump, of all its parts; rearranged when it is a stream
 * @core, @kdump: the reader behind @memory; both NULL for a split dump's parts
 * @oddities: what about the file made no sense, in words; "" when nothing did
 */
struct kd_input {
	const struct kd_memory *memory;
	const struct kd_vmcoreinfo *info;
	const void *notes;
	size_t notes_size;
	size_t info_offset;
	size_t info_size;
	uint16_t machine;
	unsigned int n_cpus;
	const char *utsname;
	uint64_t phys_base;
	uint64_t crash_time;
	unsigned int level;
	bool incomplete;
	bool flattened, cut;
	uint64_t file_size;
	const struct kd_vmcore *core;
	const struct kd_kdump *kdump;
	const char *oddities;
};

/**
 * Open an ELF core or a kdump-compressed file, flattened or not; the signature tells
 * which.
 *
 * @ret: set only on success; owned by the caller, kd_input_free()
 * Errors: -ENOEXEC when it is neither, else those of kd_vmcore_open_at() and
 * kd_kdump_open_at().
 */
int kd_input_open_at(int dir_fd, const char *path, struct kd_input **ret,
		     struct kd_error *err);

/** The same of a file that is open already, of whose descriptor it takes a copy. @name:
 *  for messages */
int kd_input_open_fd(int fd, const char *name, struct kd_input **ret,
		     struct kd_error *err);

/** An input over an ELF core that is open already. @core: taken over on success.
 *  -ENOMEM. */
int kd_input_from_core(struct kd_vmcore *core, struct kd_input **ret,
		       struct kd_error *err);

/**
 * Open the @n parts of a split dump, in any order, as one; a single file is opened as
 * above. Errors: those of kd_input_open_at(), naming the part; -EBADMSG when they do not
 * belong together.
 */
int kd_input_open_set_at(int dir_fd, const char *const paths[], size_t n,
			 struct kd_input **ret, struct kd_error *err);

void kd_input_free(struct kd_input *s);
KD_DEFINE_GUARD(struct kd_input, kd_input_free)
