/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which LUKS volumes lie below a block device, by their UUIDs: device-mapper's names in
 * sysfs tell. Read through a root_fd; trusts /sys. Called by kdumpctl
 * setup-crypttab and host-stack.c.
 */
#pragma once

#include "base/error.h"
#include "base/strlist.h"

/** In front of a volume's UUID: the name of its key, as kdump-utils has it. */
#define KD_VOLUME_KEY "kdump-cryptsetup:vk-"

#define KD_LUKS_UUID 37 /* bytes of a UUID's text, with its NUL */

/** The UUID of a volume's header, out of its mapping's, "CRYPT-LUKS2-<32 digits>-<name>".
 *  -ENOENT for what is another mapping. Pure. */
int kd_luks_uuid(const char *mapping, char ret[static KD_LUKS_UUID]);

/**
 * Add the UUIDs of all LUKS volumes that @name is, or is made of.
 *
 * @name: as sysfs knows it, "dm-0"
 * Returns 0, also for none; -ELOOP for a stack deeper than any; -ENOMEM.
 */
int kd_luks_find(int root_fd, const char *name, struct kd_strlist *ret,
		 struct kd_error *err);
