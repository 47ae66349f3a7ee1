/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernel modules a set of names needs, in an order they can be loaded in, and the
 * firmware they ask for; what modprobe.d keeps from being loaded. Trusts the host's
 * /lib/modules, as depmod left it. Used by image and by the status.
 */
#pragma once

#include "base/error.h"
#include "base/strlist.h"

#define KD_MODULE_LIST_MAX 512

/**
 * @root_fd:  the host's root
 * @release:  kernel whose modules are taken
 * @required: names or aliases that must be found; NULL-terminated, may be NULL
 * @optional: names or aliases that are left out when nothing matches, as the modaliases
 *            of devices without a driver are, or when they are heavy (heavy.h);
 *            NULL-terminated, may be NULL
 * @omit:     names of modules, between spaces, that are left out unless they are required
 *            or needed by one that is in the list; may be NULL
 */
struct kd_module_query {
	int root_fd;
	const char *release;
	const char *const *required;
	const char *const *optional;
	const char *omit;
};

/**
 * @folder:   real path of the release's folder below the root
 * @files:    below @folder ("kernel/fs/xfs/xfs.ko.xz"), each after all that it needs
 * @firmware: names as request_firmware() takes them ("qed/fw.bin")
 */
struct kd_module_list {
	char *folder;
	struct kd_strlist files;
	struct kd_strlist firmware;
};

/** Free what it holds. */
void kd_module_list_done(struct kd_module_list *modules);

/**
 * Find the modules of @query and everything they depend on, soft dependencies too.
 *
 * What is built into that kernel takes no place in the list and is no error. "fs-ext4"
 * stands for the module "ext4" where no alias says so. An alias several modules claim
 * brings all of them.
 *
 * @ret: set only on success; kd_module_list_done()
 * Errors: -ENOENT naming the module, or the folder when depmod never ran; -EINVAL for
 * a module libkmod cannot read; -E2BIG past KD_MODULE_LIST_MAX.
 */
int kd_module_list_resolve(const struct kd_module_query *query,
			   struct kd_module_list *ret, struct kd_error *err);

/** Whether modprobe.d(5) keeps a module from being loaded for a device's sake. 1 or 0;
 *  -ENOENT when depmod never ran, -EINVAL for no release, -ENOMEM. */
int kd_module_is_blacklisted(int root_fd, const char *release, const char *name,
			     struct kd_error *err);
