/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where segments may lie, and taking a piece of that. Pure. A crash kernel's segments go
 * to the top of its reservation and the kernel itself to the bottom, so that what is left
 * is one piece; those of a reboot go to the lowest places. Called by plan.c, x86.c and
 * arm64.c.
 */
#pragma once

#include "kexec/plan/builder.h"

/** Left free in a crash reservation, in one piece: the running kernel takes its control
 *  page and page tables of the new image from there (kimage_alloc_crash_control_pages(),
 *  kernel/kexec_core.c). 16 pages were enough on x86-64; arm64 maps with more. */
#define KD_PLACE_SPARE (1ull << 20)

/** What is never used: real-mode data, the trampoline of other CPUs, firmware. */
#define KD_PLACE_LOWEST (1ull << 20)

/**
 * Fill @b->room: the crash reservation, or RAM that both the running kernel and the
 * firmware know, so that the new kernel knows it too.
 * Errors: -ENOSPC in words when there is none; -ENOMEM.
 */
int kd_place_init(struct kd_plan_builder *b, struct kd_error *err);

/** From which end to search for what is not the kernel. */
bool kd_place_from_top(const struct kd_plan_builder *b);

/**
 * Find a place and take it.
 *
 * @what: for the message, "initrd"
 * @hole: size is rounded up to pages, the alignment to a page at least
 * Errors: -ENOSPC in words; -ENOMEM.
 */
int kd_place_take(struct kd_plan_builder *b, const char *what, const struct kd_hole *hole,
		  uint64_t *ret, struct kd_error *err);

/** Take [@start, @end), page aligned, for what cannot lie elsewhere. Errors as above. */
int kd_place_take_at(struct kd_plan_builder *b, const char *what, uint64_t start,
		     uint64_t end, struct kd_error *err);

/** Whether KD_PLACE_SPARE is left in a crash reservation: -ENOSPC in words if not. */
int kd_place_check_spare(const struct kd_plan_builder *b, struct kd_error *err);
