/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phases of a capture, one function each, in the table capture.c runs. Where a
 * thing has a file of its own, the function here only connects it to the capture.
 */
#pragma once

#include "capture-kernel/capture.h"
#include "capture-kernel/place.h"

/** The real ones, indexed by enum kd_step. */
extern const struct kd_phase kd_phases[KD_STEP_FINAL];

/* In phases-modules.c, both in pid 1, which starts children. */
int kd_phase_modules(struct kd_capture *c, struct kd_error *err);
int kd_phase_watchdog(struct kd_capture *c, struct kd_error *err);

/* In phases-hooks.c, in pid 1, which starts a child where there are hooks. */
int kd_phase_pre(struct kd_capture *c, struct kd_error *err);
int kd_phase_post(struct kd_capture *c, struct kd_error *err);
int kd_phase_emergency(struct kd_capture *c, struct kd_error *err);

/* In phases-dump.c, in pid 1, which starts children with a memory cap. */
int kd_phase_mini(struct kd_capture *c, struct kd_error *err);
int kd_phase_cpus(struct kd_capture *c, struct kd_error *err);
int kd_phase_dump(struct kd_capture *c, struct kd_error *err);

/* Those that work on a target, in phases-target.c: kd_phase_device() and
 * kd_phase_target() in pid 1, which starts a child; the others in a child. */
int kd_phase_device(struct kd_capture *c, struct kd_error *err);
int kd_phase_target(struct kd_capture *c, struct kd_error *err);
int kd_phase_log(struct kd_capture *c, struct kd_error *err);
int kd_phase_outcome(struct kd_capture *c, struct kd_error *err);
int kd_phase_release(struct kd_capture *c, struct kd_error *err);

/** The dump folder of the current target, opened by a child. */
struct kd_dump_dir {
	struct kd_place *root, *dir;
};

/** Errors as opening the target. kd_dump_dir_close() in each case. */
int kd_dump_dir_open(const struct kd_capture *c, struct kd_dump_dir *ret,
		     struct kd_error *err);
void kd_dump_dir_close(struct kd_dump_dir *d);
