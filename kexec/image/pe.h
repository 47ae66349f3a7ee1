/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections of a PE file, which is what EFI programs are: Microsoft's "PE Format",
 * as much of it as finds bytes by a section's name. Trusts nothing in the file. Called by
 * uki.c, arm64.c.
 */
#pragma once

#include "kexec/image/kernel.h"

/** @table: section headers, @n_sections of them, inside of @file */
struct kd_pe {
	struct kd_bytes file;
	struct kd_bytes table;
	unsigned int n_sections;
};

/** Find the section headers. 0; -ENOEXEC when it is no PE file or cut short, in words. */
int kd_pe_open(struct kd_bytes file, struct kd_pe *ret, struct kd_error *err);

/**
 * The bytes of the first section called @name, at most 8 characters.
 *
 * @ret: borrowed from the file; zeros that only memory would have behind them are not part
 * Returns 0, -ENODATA when there is none, or -ENOEXEC when it lies behind the file's end.
 */
int kd_pe_section(const struct kd_pe *pe, const char *name, struct kd_bytes *ret,
		  struct kd_error *err);

/** Where the last byte of any section is in the file, plus one, as the headers say. */
uint64_t kd_pe_end(const struct kd_pe *pe);
