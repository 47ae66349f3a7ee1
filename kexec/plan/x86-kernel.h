/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own segments on x86_64: one of a bzImage, which may lie anywhere; those of
 * a vmlinux, which lie where it was linked to unless it can be moved. Called by x86.c.
 */
#pragma once

#include "kexec/plan/builder.h"

/** Whether it can be started here at all. -ENOTSUP in words. */
int kd_x86_check_kernel(const struct kd_plan_builder *b, struct kd_error *err);

/** The first address that the image's code cannot reach. */
uint64_t kd_x86_limit(const struct kd_kernel *image);

/** Place and add the kernel. @ret_entry: a physical address. Errors in words: -ENOSPC for
 *  no room; -ENOTSUP for parts that cannot be segments; -ENOMEM. */
int kd_x86_add_kernel(struct kd_plan_builder *b, uint64_t limit, uint64_t *ret_entry,
		      struct kd_error *err);
