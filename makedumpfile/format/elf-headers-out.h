/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All of an ELF dump that comes before its pages: header, program headers, notes.
 * Included by elf-writer.c alone.
 */
#pragma once

#include "makedumpfile/format/elf-plan.h"
#include "makedumpfile/format/elf-writer.h"

/** -EINVAL for a page size or a piece of information no dump can have, -EFBIG. */
int kd_elf_info_check(const struct kd_elf_info *info, struct kd_error *err);

/**
 * Write the headers of the dump @plan describes, INCOMPLETE set, up to its first page.
 *
 * @ret_data: offset of that page, a multiple of the page size
 * Returns 0; -EFBIG when the dump is larger than a file can be; -ENOMEM; the sink's
 * errors.
 */
int kd_elf_headers_write(const struct kd_elf_info *info, const struct kd_elf_plan *plan,
			 struct kd_sink *sink, uint64_t *ret_data, struct kd_error *err);

/** Zeros over [from, to). 0 or the sink's errors. */
int kd_elf_put_zeros(struct kd_sink *s, uint64_t from, uint64_t to);
