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

#define KD_OUTCOME_VERSION     1
#define KD_OUTCOME_MAX_SIZE    131072 /* bytes of JSON */
#define KD_OUTCOME_PHASES      24
#define KD_OUTCOME_NOTES       16
#define KD_OUTCOME_CLASSES     24
#define KD_OUTCOME_DRIVERS     64
#define KD_OUTCOME_DRIVER_SIZE 56 /* MODULE_NAME_LEN, include/linux/moduleparam.h */

/* From the least to the most: what a capture was worth is the largest it reached. */
enum kd_outcome_state {
	KD_OUTCOME_STARTED, /* under way; on a disk: it was cut off before it could say */
	KD_OUTCOME_FAILED,  /* nothing was saved */
	KD_OUTCOME_DMESG_ONLY, /* the kernel log, but no dump */
	KD_OUTCOME_MINI,       /* vmcore-mini: tasks, stacks and the kernel's own data */
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
 * @mini_bytes:  size of vmcore-mini
 * @dump_level, @wanted_level: what the last dump left out, and what was asked for; they
 *               differ where there was no room or no time for more
 * @sha256:      of vmcore as it was read back, in hex; "" without
 * @boot_id:     of the system that crashed, from its memory; "" when unknown
 * @memory_kib, @available_kib: of the capture kernel: in all, and when the dump began
 * @threads:     that copied pages
 * @recent_crashes: dumps found on the target of the hour before the crash
 * @crash_loop:  too many of them: only the log was to be saved
 * @peak_rss_kib: largest resident size of the dumping process
 * @drivers:     modules that were loaded, in order
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
	uint64_t mini_bytes;
	uint64_t dump_level, wanted_level;
	char sha256[65];
	char boot_id[KD_BOOT_ID_SIZE];
	uint64_t memory_kib, available_kib;
	uint64_t threads;
	uint64_t recent_crashes;
	bool crash_loop;
	bool test;
	size_t n_phases;
	struct kd_outcome_phase phases[KD_OUTCOME_PHASES];
	size_t n_classes;
	struct kd_outcome_class classes[KD_OUTCOME_CLASSES];
	size_t n_drivers;
	char drivers[KD_OUTCOME_DRIVERS][KD_OUTCOME_DRIVER_SIZE];
	size_t n_notes;
	char notes[KD_OUTCOME_NOTES][KD_ERROR_SIZE];
};

/** Add a degradation in words; beyond KD_OUTCOME_NOTES the last one is overwritten. */
void kd_outcome_note(struct kd_outcome *o, const char *fmt, ...) _printf_(2, 3);

/** The same in words that are there once, however often they are added. */
void kd_outcome_note_once(struct kd_outcome *o, const char *text);

/** Add a module that was loaded; beyond KD_OUTCOME_DRIVERS they are left out. */
void kd_outcome_driver(struct kd_outcome *o, const char *name);

/** Append the JSON text of @o. Returns 0 or the buffer's error. */
int kd_outcome_encode(const struct kd_outcome *o, struct kd_strbuf *out,
		      struct kd_error *err);

/** "started", "failed", "dmesg-only", "mini", "incomplete", "complete"; NULL for what is
 *  no state. */
const char *kd_outcome_state_name(enum kd_outcome_state state);
/** The state of that name. Returns 0 or -EINVAL. */
int kd_outcome_state_from_name(const char *name, enum kd_outcome_state *ret);
