/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CONTRACT capture side -> daemon: what a capture saved, how long each phase took and
 * how it had to degrade. JSON, written as outcome.json beside the dump; docs/outcome.md
 * is the specification. Fixed size, so that filling it in never fails.
 * Written by capture-kernel, read by kdumpd (outcome-read.c).
 */
#pragma once

#include "base/plan.h"
#include "base/strbuf.h"

#define KD_OUTCOME_VERSION  1
#define KD_OUTCOME_MAX_SIZE 65536 /* bytes of JSON */
#define KD_OUTCOME_PHASES   16
#define KD_OUTCOME_NOTES    16
#define KD_OUTCOME_CLASSES  24

enum kd_outcome_state {
	KD_OUTCOME_FAILED,     /* nothing was saved */
	KD_OUTCOME_DMESG_ONLY, /* the kernel log, but no dump */
	KD_OUTCOME_INCOMPLETE, /* vmcore-incomplete: opens, but is not whole */
	KD_OUTCOME_COMPLETE,   /* vmcore: whole, synced and checked */
	KD_OUTCOME_STATES,
};

/** One phase of the capture. Times in milliseconds since the capture kernel's boot. */
struct kd_outcome_phase {
	char name[32];
	uint64_t start_ms;
	uint64_t end_ms;
	int error; /* negative errno, 0 when it went well */
	char message[KD_ERROR_SIZE];
};

/** Pages of one class: how many were seen, how many of them were kept. */
struct kd_outcome_class {
	char name[32];
	uint64_t seen;
	uint64_t kept;
};

/**
 * @release, @build_id: of the crashed kernel, from its vmcoreinfo; "" when unknown
 * @crash_time:  seconds since the epoch, from vmcoreinfo CRASHTIME; 0 when unknown
 * @layout:      where structure layouts came from: "file", "vmcoreinfo" or "none"
 * @target:      device dumped to; @dump_dir: folder relative to its root
 * @vmcore_bytes: size of the dump, @dmesg_bytes: of the log
 * @pages_total, @pages_kept, @pages_unreadable: of the whole dump
 * @peak_rss_kib: largest resident size of the dumping process
 * @notes:       each thing that degraded, in words
 */
struct kd_outcome {
	enum kd_outcome_state state;
	char arm_id[KD_RELEASE_SIZE];
	char release[KD_RELEASE_SIZE];
	char build_id[KD_BUILD_ID_HEX];
	uint64_t crash_time;
	char layout[16];
	char target[KD_PLAN_STRING];
	char dump_dir[2 * KD_PLAN_STRING];
	uint64_t vmcore_bytes;
	uint64_t dmesg_bytes;
	uint64_t pages_total;
	uint64_t pages_kept;
	uint64_t pages_unreadable;
	uint64_t peak_rss_kib;
	bool test;
	size_t n_phases;
	struct kd_outcome_phase phases[KD_OUTCOME_PHASES];
	size_t n_classes;
	struct kd_outcome_class classes[KD_OUTCOME_CLASSES];
	size_t n_notes;
	char notes[KD_OUTCOME_NOTES][KD_ERROR_SIZE];
};

/** Add a degradation in words; beyond KD_OUTCOME_NOTES the last one is overwritten. */
void kd_outcome_note(struct kd_outcome *o, const char *fmt, ...) _printf_(2, 3);

/** Append the JSON text of @o. Returns 0 or the buffer's error. */
int kd_outcome_encode(const struct kd_outcome *o, struct kd_strbuf *out,
		      struct kd_error *err);

/** "failed", "dmesg-only", "incomplete", "complete"; NULL for what is no state. */
const char *kd_outcome_state_name(enum kd_outcome_state state);
/** The state of that name. Returns 0 or -EINVAL. */
int kd_outcome_state_from_name(const char *name, enum kd_outcome_state *ret);
