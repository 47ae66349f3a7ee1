/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which modules the capture kernel needs to reach a target and to keep its watchdog fed:
 * read off the running system's /sys, as the capture kernel is the same release on the
 * same machine. Trusts the kernel's /sys; names only, no libkmod. Used by kdumpd, which
 * hands the result to kd_image_build().
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/strlist.h"

/**
 * @required: drivers bound to the devices on the way: without one the target is out of
 *            reach. For kd_image_request.modules.
 * @optional: modaliases of devices whose driver is no module or has none, and what only
 *            some configurations need. For kd_image_request.optional_modules.
 */
struct kd_drivers {
	struct kd_strlist required;
	struct kd_strlist optional;
};

/** Free what it holds; empty and usable afterwards. */
void kd_drivers_done(struct kd_drivers *drivers);

/**
 * Add what the block device @dev needs: the drivers of its disk and of every device
 * above it up to the root, the topmost first.
 *
 * @root_fd: the host's root; /sys is looked up there
 * Errors: -ENODEV when the kernel has no such block device, -EOPNOTSUPP for one that is
 * put together from others (device mapper, RAID) or has no device below it (loop, zram),
 * -ENOMEM, -E2BIG.
 */
int kd_drivers_add_block(struct kd_drivers *drivers, int root_fd, dev_t dev,
			 struct kd_error *err);

/** Add what the network interface @name needs: the drivers of its device and of every one
 *  above it. -ENODEV when there is no such interface, -EOPNOTSUPP for one without a
 *  device below it, -ENOMEM, -E2BIG. */
int kd_drivers_add_net(struct kd_drivers *drivers, int root_fd, const char *name,
		       struct kd_error *err);

/** Add the NFS client: its versions are modules of their own, as far as a kernel has
 *  them. -ENOMEM, -E2BIG. */
int kd_drivers_add_nfs(struct kd_drivers *drivers, struct kd_error *err);

/** Add what mounting @fstype needs ("ext4"). -EINVAL for what is no type's name. */
int kd_drivers_add_filesystem(struct kd_drivers *drivers, const char *fstype,
			      struct kd_error *err);

/** Add what a folder needs that the hypervisor shares, @fstype "virtiofs" or "9p". -ENODEV
 *  when this machine has no device of that kind, -EINVAL for another type. */
int kd_drivers_add_share(struct kd_drivers *drivers, int root_fd, const char *fstype,
			 struct kd_error *err);

/**
 * Add what devices made of others need besides the drivers of those.
 *
 * @kind: "dm:<target type>", "md:<level>" ("md:raid5"), "cipher:<as dm-crypt names it>",
 *        "selector:<multipath's path selector>", "handler:<its hardware handler>"
 * Errors: -EINVAL for another kind, -ENOMEM, -E2BIG.
 */
int kd_drivers_add_stack(struct kd_drivers *drivers, const char *kind,
			 struct kd_error *err);

/**
 * Add the drivers of the machine's watchdogs, all optional: a running one would reset
 * the machine in the middle of a capture if nothing fed it. "softdog" comes last, for when
 * none of them answers. Not found is a driver that is a module, gives its watchdog no
 * parent, and uses a watchdog core that is built in.
 */
int kd_drivers_add_watchdogs(struct kd_drivers *drivers, int root_fd,
			     struct kd_error *err);

/** Add the one that the machine's pstore is kept by (efi_pstore, ramoops), optional: built in
 *  it needs none, and there may be no pstore. */
int kd_drivers_add_pstore(struct kd_drivers *drivers, int root_fd, struct kd_error *err);
