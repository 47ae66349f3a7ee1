/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the machine has a hardware watchdog that is driven and, where none is, which
 * driver one that is there would have. Read through a root_fd; trusts /sys and what depmod
 * left. Called by facts.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define KD_MODULE_NAME 64

/** @blacklisted: modprobe.d(5) keeps it from being loaded for its device's sake */
struct kd_module_driver {
	char name[KD_MODULE_NAME];
	bool blacklisted;
};

/** A device of sysfs' class, softdog not counted. 1, 0, or an error when that cannot be
 *  read. */
int kd_watchdog_find(int root_fd);

/**
 * The driver of a watchdog that nobody drives: a module of kernel/drivers/watchdog that is
 * not loaded, and that depmod has an alias of for a device without a driver; one that is
 * blacklisted only where there is no other. Nothing is loaded.
 *
 * @ret: set only when there is one
 * Returns 1, 0 when there is none, or an error of looking: -ENOENT when depmod never ran,
 * -EINVAL for no release.
 */
int kd_watchdog_driver(int root_fd, const char *release, struct kd_module_driver *ret);
