/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture image on disk: taken as it is when it was built from the same inputs, else
 * built beside the one in use, which stays until the new one is armed. Below
 * /var/lib/kdumpd, or in /run/kdumpd while that takes no files; 0600: it may hold secrets.
 * Called by arm.c.
 */
#pragma once

#include "base/strbuf.h"
#include "capture-kernel/image/image.h"
#include "kdumpd/arm/inputs.h"

/**
 * @path:   absolute path of the image once committed
 * @fd:     open for reading only, owned
 * @built:  false when the one on disk was still good
 * @layout: whether the kernel's structure layouts are in it; known of one just built
 * @sizes:  of what is in it, for the estimate; counts are known of one just built
 */
struct kd_prepared {
	char path[KD_INPUT_PATH];
	char sha256[KD_DIGEST_HEX];
	uint64_t bytes;
	int fd;
	bool built;
	bool layout;
	struct kd_image_stats sizes;
};

/**
 * Have the image of @in ready.
 *
 * @force:    build even when the one on disk is good; without it, force_no_rebuild in
 *            the settings takes any whole one that is there
 * @warnings: lines added: what the image lacks
 * Errors: -ENOSPC when both folders are full; those of kd_image_build().
 */
int kd_prepare(int root_fd, const struct kd_inputs *in, bool force,
	       struct kd_prepared *ret, struct kd_strbuf *warnings, struct kd_error *err);

/** Build the image of @in into @fd, which is no file of ours: for what its size tells. */
int kd_prepare_into(int root_fd, const struct kd_inputs *in, int fd,
		    struct kd_image_stats *ret, struct kd_strbuf *warnings,
		    struct kd_error *err);

/** The image is armed: make it the one in use, if it is not yet. One that an earlier,
 *  killed arming left beside it goes. */
int kd_prepare_commit(int root_fd, const struct kd_inputs *in,
		      const struct kd_prepared *p, struct kd_error *err);

/**
 * Finish the commit of an arming that was killed after its load: the image that was built
 * for it, beside the one in use, is the one whose digest @sha256 is. Nothing to do
 * otherwise, and nothing that can fail.
 */
void kd_prepare_finish(int root_fd, const char *image, const char *sha256);

/** It is not: remove what was built, now or by an arming that was killed. */
void kd_prepare_discard(int root_fd, const struct kd_prepared *p);

/** Close the descriptor. */
void kd_prepared_done(struct kd_prepared *p);
