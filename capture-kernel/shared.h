/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pid 1 and its children see alike: signs of progress, the outcome being filled
 * in, and how a child failed. A shared mapping and not a pipe, because what a child
 * wrote is still there when it was killed a moment later. Children read hostile
 * memory: pid 1 calls kd_shared_settle() before it believes a word of this.
 */
#pragma once

#include "base/outcome.h"

/**
 * @beats:   counts up with each sign of progress
 * @what, @done, @all: of the work under way; @all is 0 when unknown
 * @sent:    messages to a cluster's nodes, by fence.c, which has one of its own
 * @err:     how the last child failed
 * @device:  block device of the current target, below /dev: "vda1"
 * @host:    first part of the dump folder's name on the current target: the address a
 *           server sees; "" for the plan's
 * @kmsg_lines: of the dead kernel's log in this one's, for a panic to take to pstore
 * @outcome: filled in by pid 1 and by the children in turn
 */
struct kd_shared {
	uint64_t beats;
	char what[48];
	uint64_t done, all;
	uint64_t sent;
	struct kd_error err;
	char device[KD_PLAN_STRING];
	char host[KD_PLAN_ADDRESS];
	uint64_t kmsg_lines;
	struct kd_outcome outcome;
};

/** Map one, zeroed. -ENOMEM. Unmapped with kd_shared_free(). */
int kd_shared_new(struct kd_shared **ret, struct kd_error *err);
void kd_shared_free(struct kd_shared *s);
KD_DEFINE_GUARD(struct kd_shared, kd_shared_free)

/** In a child: tell how far the work is. Counts as progress only when something
 *  changed, so that a loop that gets nowhere is still found idle. */
void kd_shared_progress(struct kd_shared *s, const char *what, uint64_t done,
			uint64_t all);

/** In pid 1: the number of beats so far. */
uint64_t kd_shared_beats(const struct kd_shared *s);

/** In pid 1, once a child is gone: end every string, bound every count. */
void kd_shared_settle(struct kd_shared *s);
