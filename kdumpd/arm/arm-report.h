/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An arming's result as log lines, the same from the daemon and from kdumpctl. Called by
 * those two, once each, at their edge.
 */
#pragma once

#include "base/log.h"
#include "kdumpd/arm/arm.h"

/**
 * Log the warnings of @result and, when @r is negative, why arming failed: every
 * complaint about the configuration where there are several, then @err.
 */
void kd_arm_report(const struct kd_log *log, const struct kd_arm_result *result, int r,
		   const struct kd_error *err);
