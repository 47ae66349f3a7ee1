/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where layouts come from. Each source fills the fields it knows and leaves the rest
 * absent; resolve.h merges them. A new source is a file source-<name>.c, declared here
 * and listed in the sources table of running.c; sources that need a foreign library
 * are not part of the capture image.
 */
#pragma once

#include "base/error.h"
#include "makedumpfile/layout/layout.h"
#include "makedumpfile/vmcore/vmcoreinfo.h"

/**
 * What vmcoreinfo says, release and build ID included. Values that are no numbers or
 * make no sense are left absent.
 *
 * @ret: overwritten; symbols are of the boot that wrote @info
 * Returns the number of values that were left out for being nonsense, 0 or more.
 */
size_t kd_layout_from_vmcoreinfo(const struct kd_vmcoreinfo *info, struct kd_layout *ret);

/**
 * What a kernel's BTF says (/sys/kernel/btf/vmlinux or the .BTF section): sizes,
 * offsets, array lengths and enum values. It knows no macros, no symbols, no build ID.
 *
 * @ret: overwritten on success
 * Errors: -EBADMSG when @data is no BTF or lacks struct page, -ENOMEM.
 */
int kd_layout_from_btf(const void *data, size_t size, struct kd_layout *ret,
		       struct kd_error *err);

/**
 * What a vmlinux's DWARF says: sizes, offsets, array lengths and enum values.
 *
 * @fd:  the ELF file, borrowed
 * @ret: overwritten on success
 * Errors: -ENODATA when there is no debug information or it lacks struct page, -EBADMSG,
 * -ENOMEM.
 */
int kd_layout_from_dwarf(int fd, struct kd_layout *ret, struct kd_error *err);
