/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arming, from configuration to loaded image: gather, compare, prepare, load guarded,
 * commit. One at a time, by a lock; a failure at any step leaves what was armed armed.
 * Called by the daemon's worker and, without a service manager, by kdumpctl.
 */
#pragma once

#include "kdumpd/arm/hardware.h"
#include "kexec/backend/linux-calls.h"

/**
 * @root_fd: "/" of the system
 * @iomem_fd: /proc/iomem opened by somebody who may see its addresses; -EBADF to open it
 * @backend: the kernel, or a test's recorder
 * @init:    host path of the capture side's pid 1
 * @force:   build and load even when nothing has changed
 * @test_id: for a crash that is asked for: its name, on the capture kernel's command line;
 *           NULL for none
 */
struct kd_arm_request {
	int root_fd;
	int iomem_fd;
	struct kd_linux backend;
	const char *init;
	bool force;
	const char *test_id;
};

/**
 * @report:   complaints about the configuration, one "file:line: text" a line
 * @warnings: what could be better, one a line
 * @began:    when, nanoseconds of CLOCK_MONOTONIC
 * @already:  nothing had to be done
 * @state:    what is armed now, valid on success
 */
struct kd_arm_result {
	struct kd_strbuf report;
	struct kd_strbuf warnings;
	uint64_t began;
	bool already;
	struct kd_state state;
};

void kd_arm_result_init(struct kd_arm_result *result);
void kd_arm_result_done(struct kd_arm_result *result);

/**
 * Arm.
 *
 * @result: initialised by the caller; its texts are filled on failure too
 * Errors: one sentence. The failure is kept in the state file for status to tell.
 */
int kd_arm(const struct kd_arm_request *request, struct kd_arm_result *result,
	   struct kd_error *err);

/** Disarm and forget. 0 when nothing was armed either. */
int kd_disarm(const struct kd_arm_request *request, struct kd_error *err);
