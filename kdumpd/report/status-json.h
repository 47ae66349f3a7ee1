/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The status as one JSON object, all that is known of it; docs/status-json.md is the
 * specification. Pure. Called by kdumpctl status --json.
 */
#pragma once

#include "base/strbuf.h"
#include "kdumpd/report/judge.h"

#define KD_STATUS_JSON_MAX 131072

/** Append it. Returns 0 or the buffer's error. */
int kd_status_json(const struct kd_status_facts *facts, const struct kd_status *status,
		   struct kd_strbuf *out, struct kd_error *err);
