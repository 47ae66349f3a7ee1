/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture on this machine will need of memory: the inputs of an arming and the
 * image made of them, put into boot/estimate.h. Reads as inputs.c does; builds an image
 * only into memory and changes nothing. Called by arm.c and by kdumpctl estimate.
 */
#pragma once

#include "capture-kernel/image/image.h"
#include "kdumpd/arm/inputs.h"
#include "kdumpd/boot/estimate.h"

#define KD_NEEDS_MODULES 8

/**
 * @reserved: bytes, 0 for none
 * @sizes:    of the image
 * @estimate: made of both
 */
struct kd_needs {
	uint64_t reserved;
	struct kd_image_stats sizes;
	struct kd_estimate estimate;
};

/** Estimate for inputs and an image of those @sizes. @iomem_fd as kd_iomem_read() takes
 *  it; without its addresses the image's own word counts, which says more. */
void kd_needs_estimate(int root_fd, int iomem_fd, const struct kd_inputs *in,
		       const struct kd_image_stats *sizes, struct kd_estimate *ret);

/**
 * Gather, build and estimate, whether or not memory is reserved now.
 *
 * @in: initialised by this, even on failure, for its settings' reports: kd_inputs_done()
 * Errors: those of gathering and of building.
 */
int kd_needs_find(const struct kd_inputs_request *request, int iomem_fd,
		  struct kd_inputs *in, struct kd_needs *ret, struct kd_error *err);
