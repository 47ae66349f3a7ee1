/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dumps on disk: folders "<host>-YYYY-MM-DD-HH:MM:SS" with vmcore, or
 * vmcore-incomplete, or only the kernel log; and those kdump-utils and kdump-tools left.
 * Trusts no name and no file in them. Called by kdumpctl and the report on the last boot.
 */
#pragma once

#include "base/outcome.h"

#define KD_ARCHIVE_MAX 10000 /* folders looked at */
#define KD_DUMP_FILES  256   /* files of one that are */
#define KD_DUMP_NAME   256
#define KD_DUMP_FILE   64

/**
 * @name:    of the folder
 * @file:    in it, what @state is about: "vmcore", "vmcore-incomplete", the log
 * @log:     the kernel's log; "" when there is none
 * @host:    what stands in front of the time in @name; "" for nothing
 * @ours:    it has an outcome that could be read: a capture of kdumpd's
 * @time:    seconds since the epoch: of the crash, else from the folder's name (UTC in
 *           ours, local time in others), else of the folder
 * @bytes:   of @file, @total_bytes: of all files
 * @release: of the crashed kernel, "" when no outcome tells
 * @boot_id: of the boot that crashed; "" when no outcome tells
 * @told:    the state its outcome claims; only with @ours
 * @trouble: what went wrong, in the outcome's words; "" for nothing
 * @capture_ms: from the capture kernel's start to the outcome; 0 when not known
 * @test:    the crash was asked for
 */
struct kd_dump {
	char name[KD_DUMP_NAME];
	char file[KD_DUMP_FILE];
	char log[KD_DUMP_FILE];
	char host[KD_RELEASE_SIZE];
	enum kd_outcome_state state, told;
	bool ours, test;
	int64_t time;
	uint64_t bytes, total_bytes;
	char release[KD_RELEASE_SIZE];
	char boot_id[KD_BOOT_ID_SIZE];
	char trouble[KD_ERROR_SIZE];
	uint64_t capture_ms;
};

struct kd_archive {
	struct kd_dump *dumps;
	size_t n;
};

/**
 * List the dumps in @dir_fd, oldest first.
 *
 * The files decide what a dump is; the outcome beside them only adds to it, so that a
 * forged one cannot make a part look whole.
 * @ret: kd_archive_done()
 */
int kd_archive_list(int dir_fd, struct kd_archive *ret, struct kd_error *err);
void kd_archive_done(struct kd_archive *archive);

/** One dump by its folder's name. -ENOENT when it is none. */
int kd_archive_look(int dir_fd, const char *name, struct kd_dump *ret,
		    struct kd_error *err);

/**
 * Read its outcome. @ret: only on success.
 * Errors: -ENOENT without one, those of kd_outcome_read(), -ENOMEM.
 */
int kd_archive_outcome(int dir_fd, const char *name, struct kd_outcome *ret,
		       struct kd_error *err);
