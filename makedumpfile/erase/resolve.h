/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Erase rules (config.h) held against a dead kernel's memory: symbols, types and lists
 * become physical ranges (erase.h). Trusts nothing in the dump: every walk is bounded
 * and a list that does not end is an error, for what lies behind it would stay in the
 * dump. Host side only; called by the makedumpfile program before the first page.
 */
#pragma once

#include "makedumpfile/erase/erase.h"
#include "makedumpfile/layout/types.h"
#include "makedumpfile/vmcore/memory.h"
#include "makedumpfile/vmcore/vmcoreinfo.h"

/**
 * @memory, @machine, @info: as in struct kd_input
 * @dwarf:   types of the vmlinux given with -x, or NULL: BTF out of the dump alone.
 *           Preferred to BTF for the kernel image, for it knows the types of variables
 * @note:    may be NULL; told in a line each: rules that matched nothing, sections
 *           whose module is not loaded
 * All is borrowed.
 */
struct kd_erase_request {
	const struct kd_memory *memory;
	const struct kd_vmcoreinfo *info;
	const struct kd_types *dwarf;
	void (*note)(void *context, const char *text);
	void *context;
	uint16_t machine;
};

/**
 * Read the rules in @path and find what they mean in this dump.
 *
 * @ret: set only on success, sealed; owned by the caller
 * A rule that cannot be followed fails all of it, so that no secret is left in a dump
 * that was to be without; what is not loaded (a module, or a symbol only a module that is
 * not loaded has) is a note. Errors: -EINVAL for the file's grammar, all of its errors
 * in notes and the first in @err; -ENODATA for symbols, types and members that are not
 * known; -EBADMSG, -EIO, -EFAULT for what cannot be followed; -E2BIG, -ENOMEM.
 */
int kd_erase_resolve_at(int dir_fd, const char *path, const struct kd_erase_request *req,
			struct kd_erase **ret, struct kd_error *err);
