/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF notes in memory, one at a time: Elf64_Nhdr, name and descriptor, each padded to
 * 4 bytes, as the kernel writes them (fs/proc/vmcore.c, append_elf_note()). Trusts
 * nothing: a note that reaches past the end stops the walk. Used by elf-core.c and
 * the layout of the running kernel.
 */
#pragma once

#include "base/types.h"

/**
 * Start with `struct kd_notes it = { .data = notes, .size = size };`.
 *
 * @at:     where the next header is looked for
 * @name:   current note's owner, not NUL-terminated; @name_size without its NUL
 * @desc:   current note's content, @desc_size bytes
 * @broken: the walk stopped at a note that makes no sense
 */
struct kd_notes {
	const void *data;
	size_t size;
	size_t at;
	uint32_t type;
	const char *name;
	size_t name_size;
	const void *desc;
	size_t desc_size;
	bool broken;
};

/** Step to the next note. False at the end. Zero words between notes are skipped:
 *  note segments are padded to a page and then joined. */
bool kd_notes_next(struct kd_notes *it);

/** Whether the current note is of @owner ("CORE") and @type. */
bool kd_notes_is(const struct kd_notes *it, const char *owner, uint32_t type);

/**
 * The content of the VMCOREINFO note. A walk that breaks on an earlier, damaged note
 * is followed by a search for the name itself, since everything hangs on this one.
 *
 * @ret_offset: of the text inside @data
 * Returns 0, or -ENODATA.
 */
int kd_notes_find_vmcoreinfo(const void *data, size_t size, size_t *ret_offset,
			     size_t *ret_size);

/** Where the text begins in a VMCOREINFO note: behind the header and the padded name. */
#define KD_NOTES_INFO_HEAD 24

/** Bytes of a note with @size bytes of text, padding included. */
size_t kd_notes_info_bytes(size_t size);

/** Write that note to @to, which holds zeros. */
void kd_notes_put_info(char *to, const char *text, size_t size);
