/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All dumps that can be reached from the running system: the folders of the configured
 * targets, in their order, and what is in each; where one cannot be looked at, why. Trusts
 * what archive.h trusts. Called by kdumpctl, the report on the last boot and the metrics.
 */
#pragma once

#include "kdumpd/archive/archive.h"
#include "kdumpd/host/host.h"

/**
 * @folder:  absolute
 * @fd:      of it; -EBADF while it is not there, or cannot be looked at
 * @why_not: why it cannot be looked at; "" also where it is only not there yet
 * @archive: what is in it
 */
struct kd_place {
	char folder[2 * KD_PLAN_STRING];
	int fd;
	char why_not[KD_ERROR_SIZE];
	struct kd_archive archive;
};

struct kd_places {
	size_t n;
	struct kd_place items[KD_PLAN_TARGETS];
};

/** A dump and where it is. Both point into a kd_places. */
struct kd_found_dump {
	const struct kd_place *place;
	const struct kd_dump *dump;
};

/** Read them. A target that is not mounted is no error. @ret: kd_places_done() */
int kd_places_read(int root_fd, const struct kd_config *config, struct kd_places *ret,
		   struct kd_error *err);
void kd_places_done(struct kd_places *places);

/** Why not all dumps can be seen; NULL when they can. */
const char *kd_places_unseen(const struct kd_places *places);

/**
 * All dumps of all places, oldest first.
 *
 * @ret: owned by the caller: free(); *ret_n of them
 * Returns 0 or -ENOMEM.
 */
int kd_places_dumps(const struct kd_places *places, struct kd_found_dump **ret,
		    size_t *ret_n);
