/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPUs that the capture kernel left alone when it started (maxcpus=1): a machine that
 * has crashed may hang when one of them is woken, so they come when the log and the mini
 * dump are on the target, and the whole dump is what they are for. Called by the cpus
 * phase.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** Whether there is one to start: Documentation/admin-guide/kernel-parameters.txt,
 *  nr_cpus= and maxcpus=. Reads sysfs below @root_fd; wakes nothing, and waits for nobody
 *  who does. */
bool kd_cpus_wait(int root_fd);

/**
 * Start them, one after the other, to the first that does not come.
 *
 * @ret_started: how many came, whatever is returned
 * Errors: those of writing sysfs, -EIO for a CPU that did not answer within the kernel's
 * own limit of ten seconds. The work goes on without it.
 */
int kd_cpus_start(int root_fd, unsigned int *ret_started, struct kd_error *err);
