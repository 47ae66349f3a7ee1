/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A crash that is asked for: armed once more with a name for it, so that the outcome and
 * the next boot know it from others, then the kernel's own trigger. Called by kdumpctl
 * test.
 */
#pragma once

#include "kdumpd/arm/arm.h"

/**
 * Arm for a test and crash. On a machine this does not return.
 *
 * @request: its test_id is not looked at
 * @result:  as kd_arm()'s
 * Errors: those of arming, which leave what was armed armed; -EIO when the kernel did not
 * crash, after which the machine is armed as it was.
 */
int kd_crash_test(const struct kd_arm_request *request, struct kd_arm_result *result,
		  struct kd_error *err);
