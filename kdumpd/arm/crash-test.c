/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The test crash: see crash-test.h. Nothing is triggered before the image that knows of
 * it is loaded and everything written so far is on disk.
 */
#include "kdumpd/arm/crash-test.h"

#include <sys/random.h>

#include "base/io.h"

#define SYSRQ	      "proc/sys/kernel/sysrq"
#define SYSRQ_TRIGGER "proc/sysrq-trigger"

static int trigger(int root_fd, struct kd_error *err)
{
	int r;

	/* Without it some kernels take no letter from the file either. */
	r = kd_write_string_at(root_fd, SYSRQ, "1", err);
	if (r < 0)
		return r;
	sync();
	r = kd_write_string_at(root_fd, SYSRQ_TRIGGER, "c", err);
	return r < 0 ? r
		     : kd_fail_msg(err, -EIO,
				   "the kernel did not crash when it was told to by "
				   "/" SYSRQ_TRIGGER);
}

int kd_crash_test(const struct kd_arm_request *request, struct kd_arm_result *result,
		  struct kd_error *err)
{
	struct kd_arm_request again = *request;
	char id[2 * sizeof(uint64_t) + 1];
	uint64_t number;
	int r;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return kd_fail(err, -EIO, "random numbers");
	(void)snprintf(id, sizeof(id), "%016llx", (unsigned long long)number);
	again.test_id = id;
	r = kd_arm(&again, result, err);
	if (r < 0)
		return r;
	r = trigger(request->root_fd, err);
	again.test_id = NULL;
	(void)kd_arm(&again, result, NULL);
	return r;
}
