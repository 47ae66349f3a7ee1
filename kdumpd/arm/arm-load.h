/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loading step of an arming: the new image made ready, the last good one found again,
 * both handed to the guarded load. Called by arm.c alone.
 */
#pragma once

#include "kdumpd/arm/arm.h"
#include "kdumpd/arm/crash-load.h"
#include "kdumpd/arm/inputs.h"

/**
 * @image: the new one, ready; @front_fd: it with what goes in front of it (front.h)
 * @host:  snapshot of the machine, valid with @has_host; @why_not: why there is none;
 *          @machine: both as crash-load.h takes them
 */
struct kd_arm_load {
	const struct kd_arm_request *request;
	const struct kd_inputs *in;
	struct kd_kexec_host host;
	bool has_host;
	char why_not[KD_ERROR_SIZE];
	struct kd_crash_machine machine;
	int front_fd;
	struct kd_crash_load image;
};

/**
 * Make the new image ready: nothing is loaded yet.
 *
 * @initrd_fd: the capture image; borrowed, as @request and @in, while @ret lives
 * @remarks:   lines added
 * @ret:       kd_arm_load_done(), whatever comes back; not to be moved
 */
int kd_arm_load_init(struct kd_arm_load *ret, const struct kd_arm_request *request,
		     const struct kd_inputs *in, int initrd_fd, struct kd_strbuf *remarks,
		     struct kd_error *err);
void kd_arm_load_done(struct kd_arm_load *load);

/** Load it; @old tells what is armed now, to be loaded again after a refusal.
 *  @ret_left: always set. */
int kd_arm_load(struct kd_arm_load *load, const struct kd_state *old,
		enum kd_load_left *ret_left, struct kd_error *err);
