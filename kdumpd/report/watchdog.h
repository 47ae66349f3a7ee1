/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the machine has a hardware watchdog that is driven and, where none is, which
 * driver one that is there would have. Read through a root_fd; trusts /sys and what depmod
 * left. Called by facts.c.
 */
#pragma once

#include "capture-kernel/image/module-list.h"

/** A device of sysfs' class, softdog not counted. 1, 0, or an error when that cannot be
 *  read. */
int kd_watchdog_find(int root_fd);

/**
 * The driver of a watchdog that nobody drives: of the devices without a driver one whose
 * modalias names a module of kernel/drivers/watchdog. Nothing is loaded.
 *
 * Returns 1, 0 when there is none, or an error of looking.
 */
int kd_watchdog_driver(int root_fd, const char *release, struct kd_module_driver *ret);
