/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon tells others about the machine: what status judges by, of files that
 * can be read without waiting for anything, in a fixed size, so that two of them can be
 * compared. Read through a root_fd, no lock taken. Called by manager.c and bus.c.
 */
#pragma once

#include "kdumpd/report/boot-report.h"

#define KD_SUMMARY_REASONS 8

/**
 * @operational: a crash would be captured, by what can be known without waiting
 * @armed:    the kernel has an image, and it is ours, for what is now
 *            (numbers, since sd-bus reads them as such)
 * @reasons:  why it would not be, a sentence each; none when @operational
 * @config_changed: the configuration says something else than when it was armed, or can
 *            no longer be read
 * @full:     mount points of what is armed for that have no room for a dump
 * @armed_usec, @error_usec: since the epoch; 0 for never
 * @release, @target, @loaded_by, @image_bytes: of what is armed; empty without
 * @reserved_bytes: set aside by crashkernel=
 * @error:    why the last attempt to arm failed; "" when it went well
 * @last_boot: how the boot before this one ended, kd_boot_verdict_name(); "" while nobody
 *            has looked; @last_dump: the folder with its dump, "" for none
 */
struct kd_summary {
	int operational, armed, config_changed;
	char *reasons[KD_SUMMARY_REASONS + 1]; /* into @texts, NULL behind the last */
	char texts[KD_SUMMARY_REASONS][2 * KD_ERROR_SIZE]; /* with what to do */
	char *full[KD_PLAN_TARGETS + 1];		   /* into @points, likewise */
	char points[KD_PLAN_TARGETS][KD_PLAN_STRING];
	uint64_t armed_usec;
	char release[KD_RELEASE_SIZE];
	char target[sizeof(((struct kd_state *)NULL)->target)];
	char loaded_by[16];
	uint64_t image_bytes;
	uint64_t reserved_bytes;
	char error[KD_ERROR_SIZE];
	uint64_t error_usec;
	char last_boot[sizeof(((struct kd_boot_report *)NULL)->verdict)];
	char last_dump[sizeof(((struct kd_boot_report *)NULL)->dump)];
};

/** Look. What cannot be read is a reason. @ret: not to be moved */
void kd_summary_read(int root_fd, struct kd_summary *ret);
