/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for a target's block device: see target-device.h. Called by target-fs.c and
 * target-raw.c.
 */
#include "capture-kernel/target-device.h"

#include <time.h>

#include "capture-kernel/deadline.h"
#include "capture-kernel/devices.h"
#include "capture-kernel/stack.h"

#define POLL_MS 100

static int look(const struct kd_target *t, const struct kd_device_spec *spec,
		bool patient, struct kd_shared *shared, struct kd_error *err)
{
	const struct kd_stack stack = {
		.root_fd = t->root_fd,
		.entries = t->stack,
		.n = t->n_stack,
		.ops = &kd_stack_kernel,
		.patient = patient,
	};

	if (spec->tag == KD_DEVICE_STACK)
		return kd_stack_find(&stack, spec->value, shared->device,
				     sizeof(shared->device), err);
	return kd_device_find_at(t->root_fd, spec, shared->device, sizeof(shared->device),
				 err);
}

int kd_target_reach_device(const struct kd_target *t, struct kd_shared *shared,
			   struct kd_error *err)
{
	const struct timespec nap = { .tv_nsec = POLL_MS * 1000000L };
	const uint64_t start = kd_now_ms();
	const char *device = t->plan->device;
	struct kd_device_spec spec;
	char what[KD_PLAN_STRING + 16];
	bool patient;
	int r;

	if (kd_device_spec_parse(device, &spec) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" names no device", device);
	(void)snprintf(what, sizeof(what), "waiting for %s", device);
	kd_shared_progress(shared, what, 0, 0);
	/* drivers probe on their own time; the phase's limit ends a vain wait */
	for (;;) {
		kd_error_reset(err);
		patient = kd_now_ms() - start < KD_STACK_PATIENCE_MS;
		r = look(t, &spec, patient, shared, err);
		if (r >= 0)
			return 0;
		if (spec.tag == KD_DEVICE_STACK && r != -ENODEV && r != -EBUSY)
			return r;
		(void)nanosleep(&nap, NULL);
	}
}
