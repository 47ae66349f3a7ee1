/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory between a walk and the dump: one that notes every frame that is read, so that
 * what a walk needs is what a reader of the mini dump will find, page tables too; and one
 * that has those frames alone. One thread fills, any number read. Used by mini.c.
 */
#pragma once

#include "makedumpfile/mini/frames.h"
#include "makedumpfile/vmcore/memory.h"

/** @memory: to read through; @inner, @frames: borrowed; @paused: nothing is noted now;
 *  @pages, @tags: pages read lately, and which they are; owned, NULL without */
struct kd_seen {
	struct kd_memory memory;
	const struct kd_memory *inner;
	struct kd_frames *frames;
	bool paused;
	uint8_t *pages;
	kd_pfn_t *tags;
};

/** All of @inner; frames that are read go into @frames until it is full. Some pages are
 *  held: a walk reads the same tables over and over, and of /proc/vmcore each read is
 *  dear. -ENOMEM. */
int kd_seen_init(struct kd_seen *ret, const struct kd_memory *inner,
		 struct kd_frames *frames, struct kd_error *err);
void kd_seen_done(struct kd_seen *s);

/** Of @inner the frames of @frames, which is sealed; others read as -ENODATA. */
void kd_seen_only(struct kd_seen *ret, const struct kd_memory *inner,
		  struct kd_frames *frames);
