/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phases of a capture, one function each, in the table capture.c runs. Where a
 * thing has a file of its own, the function here only connects it to the capture.
 */
#pragma once

#include "capture-kernel/capture.h"

/** The real ones, indexed by enum kd_step. */
extern const struct kd_phase kd_phases[KD_STEP_FINAL];

/* Those that work on a target, in phases-target.c: kd_phase_device() and kd_phase_dump()
 * in pid 1, which starts the children; the others in a child. */
int kd_phase_device(struct kd_capture *c, struct kd_error *err);
int kd_phase_target(struct kd_capture *c, struct kd_error *err);
int kd_phase_log(struct kd_capture *c, struct kd_error *err);
int kd_phase_dump(struct kd_capture *c, struct kd_error *err);
int kd_phase_outcome(struct kd_capture *c, struct kd_error *err);
int kd_phase_release(struct kd_capture *c, struct kd_error *err);
