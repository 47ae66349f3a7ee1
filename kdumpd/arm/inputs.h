/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything an arming is made of, gathered and checked before anything is built or
 * loaded, and the key that tells whether it differs from what is armed. Read through a
 * root_fd. Called by arm.c.
 */
#pragma once

#include "capture-kernel/image/drivers.h"
#include "kdumpd/arm/digest-cache.h"
#include "kdumpd/arm/plan-build.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/host/host-fence.h"
#include "kdumpd/host/host-ssh.h"
#include "kdumpd/host/host-stack.h"

#define KD_INPUT_PATH 256

/**
 * @kernel_release: of the capture kernel; @kernel_path, @kernel_fd: its image
 * @kernel_memory: bytes it needs until it is up, itself included (init_size)
 * @init:    host path of the capture side's pid 1, borrowed
 * @cmdline: of the capture kernel, owned
 * @targets: one for each of the settings', with an error where it cannot be used
 * @stack:   devices that targets are put together from
 * @net:     interfaces that lead to targets and to @fence's nodes; @ssh: what logging in
 *           to targets takes
 * @plan:    complete, arm_id too
 * @drivers: modules for the image; @programs: programs for it
 */
struct kd_inputs {
	struct kd_settings settings;
	struct kd_host host;
	struct kd_target_facts targets[KD_PLAN_TARGETS];
	struct kd_stack_facts stack;
	struct kd_net_facts net;
	struct kd_fence_facts fence;
	struct kd_ssh_facts ssh;
	struct kd_plan plan;
	char kernel_release[KD_RELEASE_SIZE];
	char kernel_path[KD_INPUT_PATH];
	int kernel_fd;
	uint64_t kernel_memory;
	const char *init;
	char *cmdline;
	struct kd_drivers drivers;
	struct kd_strlist programs;
	char key[KD_DIGEST_HEX];
};

/**
 * @init:    host path of pid 1; must live as long as what was gathered
 * @now:     nanoseconds since the epoch, for the digest cache; 0: leave it as it is
 * @no_load: nothing is to be loaded: what would refuse that is no error
 * @test_id: as in struct kd_arm_request
 */
struct kd_inputs_request {
	int root_fd;
	const char *init;
	uint64_t now;
	bool no_load;
	const char *test_id;
};

/**
 * Gather. Fails before anything was changed, with one sentence.
 *
 * @ret:   initialised even on failure, for its settings' report: kd_inputs_done()
 */
int kd_inputs_gather(const struct kd_inputs_request *request, struct kd_inputs *ret,
		     struct kd_error *err);
void kd_inputs_done(struct kd_inputs *in);
