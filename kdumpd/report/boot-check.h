/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking, once a boot, into how the last one ended: the marker, dumps that are new,
 * pstore. The verdict is kept (boot-report.h), told as an event and recorded as a proof.
 * Called by the daemon after arming, and by kdumpctl gc --boot once all targets may be
 * mounted.
 */
#pragma once

#include "kdumpd/report/boot-report.h"
#include "kdumpd/report/events.h"

/**
 * Look, unless this boot's report is there already and final. Where a target could not be
 * looked at before, only what is new is told again.
 *
 * @ret: the report, new or old
 * Returns 1 when a verdict was reached now, 0 when there was one; an error of reading the
 * configuration or of writing the report.
 */
int kd_boot_check(int root_fd, const struct kd_events *events, struct kd_boot_report *ret,
		  struct kd_error *err);
