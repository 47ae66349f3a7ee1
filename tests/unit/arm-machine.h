/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine that can be armed: a folder with a disk, a kernel, a module, and a model of
 * the running kernel that outlives whoever arms it. Used by the tests of kdumpd/arm.
 */
#pragma once

#include "kdumpd/arm/arm.h"
#include "tests/unit/fake-root.h"

#define ARM_RELEASE "1.2.3-test"
#define ARM_MODULES "lib/modules/" ARM_RELEASE "/"

/**
 * What the running kernel knows; shared with child processes.
 *
 * @refuse:  its answer to the next load, after it freed the old image
 * @loads:   how often it was asked
 * @cmdline, @image: what it was last armed with; @image as a digest
 */
struct arm_kernel {
	int refuse;
	unsigned int loads;
	bool armed;
	char cmdline[4096];
	char image[KD_DIGEST_HEX];
};

struct arm_machine {
	struct fake_root root;
	struct kd_arm_request request;
	struct kd_arm_result result;
	struct kd_error err;
	struct arm_kernel *kernel;
};

/** A machine whose dumps go to an ext4 file system, nothing armed. */
void arm_machine_init(struct arm_machine *m);
void arm_machine_done(struct arm_machine *m);

/** kd_arm(), its result and error fresh. */
int arm_machine_arm(struct arm_machine *m);

/** Let the machine's files say what its kernel knows: after a process was killed. */
void arm_machine_show(const struct arm_machine *m);
