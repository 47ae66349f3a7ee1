/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics for Prometheus as a text file, which node_exporter's textfile collector serves:
 * nothing here listens. Building the text is pure. Written by the daemon whenever
 * something has changed, and by kdumpctl gc.
 */
#pragma once

#include "base/strbuf.h"
#include "kdumpd/archive/places.h"
#include "kdumpd/report/judge.h"

#define KD_METRICS_MAX	65536
#define KD_METRICS_NAME "kdumpd.prom"

/** Of all dumps that can be seen: how many of each state, and their bytes. */
struct kd_dump_totals {
	uint64_t count[KD_OUTCOME_STATES];
	uint64_t bytes;
	int64_t last_crash;	  /* seconds since the epoch; 0 for none */
	uint64_t last_capture_ms; /* of that one; 0 when not known */
};

/** Add them up. Pure. */
void kd_dump_totals(const struct kd_places *places, struct kd_dump_totals *ret);

/** Append the text. Pure. */
int kd_metrics_text(const struct kd_status_facts *facts, const struct kd_status *status,
		    const struct kd_dump_totals *totals, struct kd_strbuf *out,
		    struct kd_error *err);

/**
 * Write the text where it is looked for, atomically, readable by all: @file, absolute,
 * or, when that is "", KD_METRICS_NAME in each folder of node_exporter's that is there.
 *
 * Returns how many files were written; -EROFS, -EACCES, -ENOSPC … for the first that
 * could not be.
 */
int kd_metrics_write(int root_fd, const char *file, const struct kd_strbuf *text,
		     struct kd_error *err);

/** Everything together: read, judge, write where the configuration says. Returns as
 *  kd_metrics_write(), 0 for a machine without node_exporter. */
int kd_metrics_update(int root_fd, struct kd_error *err);
