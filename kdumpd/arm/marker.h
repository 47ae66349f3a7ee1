/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the next boot is to know of this one: whether it was armed, for what, and whether
 * it ended in a shutdown. A record in /var/lib/kdumpd that replaces itself, and the one of
 * the boot before beside it. Trusts the clock only for display. Written by arm.c and at
 * the daemon's end; read by report/boot-check.c.
 */
#pragma once

#include "kdumpd/arm/state.h"

#define KD_MARKER_PATH	    KD_LIB_DIR "/boot"
#define KD_MARKER_PATH_LAST KD_LIB_DIR "/boot.last"

/**
 * @boot_id:  of the boot it tells about
 * @armed:    1 while a capture image of ours was loaded
 * @key, @release, @target: of what was armed last; "" when nothing was
 * @begun_at: when the marker was begun; seconds since the epoch, as the following
 * @armed_at: when it was armed
 * @ended_at: when the shutdown began; 0 while it did not
 * @test:     1 when it was armed for a crash that was asked for
 * @error:    why it was not armed; "" when it was, or when nobody tried
 */
struct kd_marker {
	char boot_id[KD_BOOT_ID_SIZE];
	uint64_t begun_at;
	uint64_t armed;
	char key[KD_DIGEST_HEX];
	char release[KD_RELEASE_SIZE];
	char target[3 * KD_PLAN_STRING];
	uint64_t armed_at;
	uint64_t ended_at;
	uint64_t test;
	char error[KD_ERROR_SIZE];
};

/** Read the marker of this boot or of the one before. -ENOENT without one; -EINVAL. */
int kd_marker_read(int root_fd, const char *path, struct kd_marker *ret,
		   struct kd_error *err);

/**
 * Note that @state is armed. A marker of another boot becomes the last one first. Nothing
 * is written where it would say the same.
 * Errors: those of reading the boot ID and of writing.
 */
int kd_marker_armed(int root_fd, const struct kd_state *state, struct kd_error *err);

/** Note that nothing is armed; @why: "" when that is as it was asked for. */
int kd_marker_disarmed(int root_fd, const char *why, struct kd_error *err);

/** Note that a shutdown has begun. @now: seconds since the epoch */
int kd_marker_shutdown(int root_fd, uint64_t now, struct kd_error *err);
