/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture rehearsed: the exact kernel, image and command line started by QEMU with the
 * reservation as memory, a stand-in where the dump's disk would be. There is no dead
 * kernel, so that what reads one is not rehearsed. Nothing of this machine is changed but
 * a folder of its own, removed again. Called by kdumpctl rehearse.
 */
#pragma once

#include "kdumpd/arm/inputs.h"
#include "kdumpd/rehearse/story.h"

#define KD_REHEARSAL_DIR "var/lib/kdumpd/rehearsal"

/**
 * @root_fd:  "/" of the system
 * @init:     host path of the capture side's pid 1
 * @now:      nanoseconds since the epoch
 * @accel:    "kvm" or "tcg"; NULL to try the one, then the other
 * @limit_s:  seconds the machine may run
 */
struct kd_rehearse_request {
	int root_fd;
	const char *init;
	uint64_t now;
	const char *accel;
	unsigned int limit_s;
};

/**
 * @passed:    all that could be rehearsed came to a good end
 * @why:       why not; "" otherwise
 * @memory:    bytes the machine had; @reserved: false when that was only the estimate
 * @needed:    bytes the smallest dump's buffers take
 * @driver:    of the stand-in; "" when there was none, and @no_disk says why
 * @firmware_missing: files that drivers in the image ask for and that are not there
 * @accel:     what it ran on
 * @total_ms:  from the machine's start to its end
 */
struct kd_rehearsal {
	bool passed;
	char why[KD_ERROR_SIZE];
	char key[KD_DIGEST_HEX];
	char release[KD_RELEASE_SIZE];
	uint64_t memory;
	bool reserved;
	uint64_t needed;
	char target[3 * KD_PLAN_STRING];
	char driver[32];
	char no_disk[160];
	unsigned int firmware_missing;
	char accel[8];
	uint64_t total_ms;
	struct kd_story story;
};

/**
 * Rehearse.
 *
 * @in: initialised by this, even on failure, for its settings' reports: kd_inputs_done()
 * Returns 0 when the machine ran, whatever came of it; -ENOENT without QEMU or mkfs; those
 * of gathering and of building.
 */
int kd_rehearse(const struct kd_rehearse_request *request, struct kd_inputs *in,
		struct kd_rehearsal *ret, struct kd_error *err);

/** Whether the story is one of success, @why the first thing that is not. Pure. */
bool kd_rehearsal_judge(const struct kd_rehearsal *r, char why[KD_ERROR_SIZE]);
