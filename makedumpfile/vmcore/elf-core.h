/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/vmcore and ELF core files: PT_LOADs as memory, PT_NOTEs as notes. The only
 * user of libelf on the capture side (elf-headers.c). Trusts nothing in the file:
 * counts, offsets and sizes are bounded before use, overlapping segments are cut.
 */
#pragma once

#include "base/file-view.h"
#include "makedumpfile/vmcore/memory.h"
#include "makedumpfile/vmcore/vmcoreinfo.h"

/** Opaque; embeds a struct kd_memory, see kd_vmcore_memory(). */
struct kd_vmcore;

/**
 * Open an ELF vmcore and index its segments and notes.
 *
 * @dir_fd: directory @path is relative to, so that tests can supply a fake root
 * @ret:    set only on success; owned by the caller, kd_vmcore_free()
 * Errors: -ENOEXEC when it is no ELF core, -EBADMSG when its headers make no sense,
 * -ENOTSUP for a class or machine we cannot read, those of open and read.
 */
int kd_vmcore_open_at(int dir_fd, const char *path, struct kd_vmcore **ret,
		      struct kd_error *err);
/** The same of a file that is open already. @file: taken over on success. */
int kd_vmcore_open_view(struct kd_file_view *file, struct kd_vmcore **ret,
			struct kd_error *err);
void kd_vmcore_free(struct kd_vmcore *core);
KD_DEFINE_GUARD(struct kd_vmcore, kd_vmcore_free)

/** Its memory; borrowed, lives as long as @core. Where a filter left pages out (p_memsz
 *  beyond p_filesz) it tells which there are, and reads the others as -ENODATA. */
const struct kd_memory *kd_vmcore_memory(const struct kd_vmcore *core);

/** e_machine of the dumped kernel (EM_X86_64, EM_AARCH64 …). */
uint16_t kd_vmcore_machine(const struct kd_vmcore *core);

/** All PT_NOTE bytes, one after the other, as they go into a dump verbatim.
 *  Borrowed. *ret_size is 0 when there are none. */
const void *kd_vmcore_notes(const struct kd_vmcore *core, size_t *ret_size);

/** The VMCOREINFO note's text, parsed; borrowed. NULL when the core has none or it
 *  is not usable. *ret_offset is its text's place inside kd_vmcore_notes(); either
 *  output may be NULL. */
const struct kd_vmcoreinfo *kd_vmcore_info(const struct kd_vmcore *core,
					   size_t *ret_offset, size_t *ret_size);

/**
 * Have kd_vmcore_info() say @text instead, and a note with it among the notes, where the
 * one that was there is no longer VMCOREINFO's. For a core whose own is damaged.
 * Errors: -ENOMEM; -EBADMSG without one usable line.
 */
int kd_vmcore_replace_info(struct kd_vmcore *core, const char *text, size_t size,
			   struct kd_error *err);

/** Whether it was replaced. */
bool kd_vmcore_info_replaced(const struct kd_vmcore *core);

/** Number of NT_PRSTATUS notes: the CPUs whose registers were saved. */
unsigned int kd_vmcore_n_cpus(const struct kd_vmcore *core);

/** The p_vaddr - p_paddr of the direct map's PT_LOADs (x86_64 page_offset), when the
 *  headers carry virtual addresses. Returns 0 or -ENODATA. */
int kd_vmcore_page_offset(const struct kd_vmcore *core, uint64_t *ret);

/** Whether it says so itself, or its end is missing. */
bool kd_vmcore_incomplete(const struct kd_vmcore *core);

/** Bytes that its headers promise behind the end of the file. */
uint64_t kd_vmcore_missing(const struct kd_vmcore *core);

/** What about the file made no sense and was left out, in words: segments, bytes behind
 *  its end, notes. "" when it is as it should be. Borrowed. */
const char *kd_vmcore_oddities(const struct kd_vmcore *core);
