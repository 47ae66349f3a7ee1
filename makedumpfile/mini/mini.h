/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mini dump: the few thousand frames that say most about a crash. The log, what the
 * CPUs ran and stood on, every task with its stack and its process ID, the kernel's own
 * image and per-CPU data, and the page tables that lead there. Everything is walked with
 * limits, and what makes no sense is left out: any part alone is worth having. Called by
 * the capture side before the whole dump.
 */
#pragma once

#include "makedumpfile/dump.h"
#include "makedumpfile/mini/frames.h"
#include "makedumpfile/mini/seen.h"

/* Frames that are enough: 64 MiB of a machine with pages of 4 KiB. */
#define KD_MINI_FRAMES 16384

/**
 * What was chosen.
 *
 * @input: the request's, with those frames alone for memory. For a request of its own,
 *         with @unfiltered; borrows from the request's input
 * @tasks: that were found; @cpus: whose per-CPU data was
 * @full:  there was more than fitted
 * @boot_id: of the dead system (random.c's sysctl_bootid), "" when it was not found
 */
struct kd_mini {
	struct kd_input input;
	struct kd_frames frames;
	struct kd_seen only;
	unsigned int tasks, cpus;
	bool full;
	char boot_id[KD_BOOT_ID_SIZE];
};

/**
 * Choose.
 *
 * @request:    the whole dump's: its input, layout and notes
 * @max_frames: how many at most; 16 bytes of memory each
 * @ret:        owned by the caller, kd_mini_free()
 * Errors: -ENODATA without a usable vmcoreinfo: nothing can be found then; -ENOMEM.
 */
int kd_mini_new(const struct kd_dump_request *request, size_t max_frames,
		struct kd_mini **ret, struct kd_error *err);
void kd_mini_free(struct kd_mini *mini);
KD_DEFINE_GUARD(struct kd_mini, kd_mini_free)
