/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person adds to a dump's own words: -x VMLINUX and -i VMCOREINFO. Whose they are
 * is checked first. What the dump says itself comes first where the two differ: it was
 * written by the kernel that crashed. Called by the modes of makedumpfile.
 */
#pragma once

#include "makedumpfile/layout/resolve.h"

/** Paths relative to @dir_fd; NULL for what was not named. */
struct kd_extra_files {
	int dir_fd;
	const char *vmlinux;	/* -x */
	const char *vmcoreinfo; /* -i */
};

/**
 * @layout: what the files know; goes into struct kd_dump_request
 * @info:   the text of -i, owned; to be taken for the dump's own where it has none.
 *          NULL without -i
 */
struct kd_extra {
	struct kd_layout layout;
	struct kd_vmcoreinfo *info;
};

void kd_extra_done(struct kd_extra *extra);

/** Read the text of a file as -g writes it, or as a kernel has it.
 *  -EINVAL when it has no OSRELEASE; -ENOMEM, those of open and read. */
int kd_extra_text(int dir_fd, const char *path, struct kd_vmcoreinfo **ret,
		  struct kd_error *err);

/**
 * Read what was named; where both have a value that of -i is believed.
 *
 * @info:    the dump's own, or NULL when it has none
 * @ret:     set only on success; kd_extra_done()
 * @remarks: added to: no DWARF so BTF was read, and the like; may be NULL
 * Errors: -ESTALE when a file is of another kernel than the dump (makedumpfile ends with
 * status 2 then), -ENODATA when a vmlinux has neither DWARF nor BTF, -EINVAL, -ENOEXEC,
 * -EBADMSG, -ENOMEM, those of open and read.
 */
int kd_extra_load(const struct kd_extra_files *files, const struct kd_vmcoreinfo *info,
		  struct kd_extra *ret, struct kd_remarks *remarks, struct kd_error *err);
