/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dumps on disk: folders "<host>-YYYY-MM-DD-HH:MM:SS" with vmcore, or
 * vmcore-incomplete, or only the kernel log. Trusts no name and no file in them. Called
 * by kdumpctl.
 */
#pragma once

#include "base/outcome.h"

#define KD_ARCHIVE_MAX 10000 /* folders looked at */

/**
 * @name:    of the folder
 * @file:    in it: "vmcore", "vmcore-incomplete" or "vmcore-dmesg.txt"
 * @time:    seconds since the epoch: of the crash, else from the folder's name (which
 *           is in local time), else of the file
 * @bytes:   of @file
 * @release: of the crashed kernel, "" when no outcome tells
 */
struct kd_dump {
	char name[256];
	const char *file;
	enum kd_outcome_state state;
	int64_t time;
	uint64_t bytes;
	char release[KD_RELEASE_SIZE];
};

struct kd_archive {
	struct kd_dump *dumps;
	size_t n;
};

/**
 * List the dumps in @dir_fd, oldest first.
 *
 * The files decide what a dump is; the outcome beside them only adds the release and
 * the time, so that a forged one cannot make a part look whole.
 * @ret: kd_archive_done()
 */
int kd_archive_list(int dir_fd, struct kd_archive *ret, struct kd_error *err);
void kd_archive_done(struct kd_archive *archive);
