/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of page frames that is small beside the machine: as many as were said to fit, in
 * memory that does not grow with it. Filled in any order, then sealed and read in order.
 * Used by the mini dump's selection.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * @slots:  a hash table while it is filled, sorted once it is sealed; owned
 * @n, @max: frames in it, and the most it takes
 * @full:   one did not fit any more
 */
struct kd_frames {
	kd_pfn_t *slots;
	size_t n_slots;
	size_t n, max;
	bool full;
	bool sealed;
};

/** Room for @max frames, at least 1. -ENOMEM. */
int kd_frames_init(struct kd_frames *f, size_t max, struct kd_error *err);
void kd_frames_done(struct kd_frames *f);

/** Add one; twice is once. False when there is no room, and for UINT64_MAX. Not once it is
 *  sealed. */
bool kd_frames_add(struct kd_frames *f, kd_pfn_t pfn);

/** Nothing is added any more. */
void kd_frames_seal(struct kd_frames *f);

/** The first run of frames at or after *from, of a sealed set. False at the end. */
bool kd_frames_next(const struct kd_frames *f, kd_pfn_t *from, kd_pfn_t *ret_end);
