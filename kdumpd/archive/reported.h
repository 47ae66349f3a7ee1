/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which dumps somebody was told of: names of folders in /var/lib/kdumpd/reported, one a
 * line. What is not in it is new at the next boot, and nothing new is ever removed. Trusts
 * the file no further than its bounds. Called by report/boot-check.c and kdumpctl gc.
 */
#pragma once

#include "kdumpd/archive/places.h"

#define KD_REPORTED_PATH "var/lib/kdumpd/reported"

/** @known: false when nothing was ever written; then no dump counts as new but by its
 *  time. @text: owned, names between newlines, one in front too */
struct kd_reported {
	bool known;
	char *text;
};

/** Read it. A file that is not there is no error. */
int kd_reported_read(int root_fd, struct kd_reported *ret, struct kd_error *err);
void kd_reported_done(struct kd_reported *reported);

/** Whether the dump of that folder name is in it. */
bool kd_reported_has(const struct kd_reported *reported, const char *name);

/**
 * Make all of @places the ones that were reported; of @before those stay that are not
 * there, since their target may only be away. Atomically.
 * Errors: those of writing; -EFBIG past 4 MiB.
 */
int kd_reported_write(int root_fd, const struct kd_reported *before,
		      const struct kd_places *places, struct kd_error *err);
