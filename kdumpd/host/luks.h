/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which LUKS volumes lie below a block device, by their UUIDs: device-mapper's names in
 * sysfs tell. Read through a root_fd; trusts /sys. Called by kdumpctl setup-crypttab.
 */
#pragma once

#include "base/error.h"
#include "base/strlist.h"

/** In front of a volume's UUID: the name of its key, as kdump-utils has it. */
#define KD_VOLUME_KEY "kdump-cryptsetup:vk-"

/**
 * Add the UUIDs of all LUKS volumes that @name is, or is made of.
 *
 * @name: as sysfs knows it, "dm-0"
 * Returns 0, also for none; -ELOOP for a stack deeper than any; -ENOMEM.
 */
int kd_luks_find(int root_fd, const char *name, struct kd_strlist *ret,
		 struct kd_error *err);
