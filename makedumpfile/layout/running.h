/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout of the kernel that runs right now, asked of the system while it is
 * healthy. Reaches everything through a root_fd, so that tests give it a fake root.
 * Called by the daemon when it prepares an image; not part of the capture image.
 */
#pragma once

#include "makedumpfile/layout/resolve.h"

/**
 * The running kernel's vmcoreinfo, out of the PT_NOTE of /proc/kcore (since 4.19, commit
 * 23c85094fe18, "proc/kcore: add vmcoreinfo note to /proc/kcore"); /sys/kernel/vmcoreinfo
 * only names its physical address, which nothing may read under lockdown.
 *
 * @ret: owned by the caller, kd_vmcoreinfo_free()
 * Errors: -ENODATA when there is no such note, -EBADMSG, -ENOTSUP, those of open
 * (-EPERM under lockdown=confidentiality) and read.
 */
int kd_running_vmcoreinfo(int root_fd, struct kd_vmcoreinfo **ret, struct kd_error *err);

/** The same as text. @ret: owned by the caller, free(); @ret_size: its bytes, without NULs
 *  at the end */
int kd_running_vmcoreinfo_text(int root_fd, char **ret, size_t *ret_size,
			       struct kd_error *err);

/**
 * The running kernel's build ID in hex, from /sys/kernel/notes.
 *
 * @ret: at least KD_BUILD_ID_HEX bytes
 * Errors: -ENODATA when there is none, those of open and read.
 */
int kd_running_build_id(int root_fd, char *ret, size_t size, struct kd_error *err);

/**
 * Resolve the running kernel's layout from its vmcoreinfo and its BTF.
 *
 * @remarks: added to: sources that were not there or that disagree; may be NULL
 * Returns 0; -ENODATA when no source could be read: there is nothing to carry then.
 */
int kd_running_layout(int root_fd, struct kd_layout *ret, struct kd_remarks *remarks,
		      struct kd_error *err);
