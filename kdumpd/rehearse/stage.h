/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stage of a rehearsal: which of QEMU's devices stands in for the disk a dump goes to,
 * and the words that start the machine. Pure. Called by rehearse.c.
 */
#pragma once

#include <limits.h>

#include "base/error.h"
#include "base/types.h"

/** One of QEMU's disks, by the driver that reaches it. */
struct kd_stage_disk {
	const char *driver;   /* module */
	const char *names;    /* how sysfs calls its disks, as the beginning of a name */
	const char *words[2]; /* -device …; the last takes the drive */
};

/**
 * @accel:   "kvm" or "tcg"
 * @kernel, @image, @file: paths; @file: of the stand-in
 * @disk:    NULL for a machine without
 * @cmdline: the capture kernel's, whole
 * @memory:  bytes of the reservation
 */
struct kd_stage {
	const char *accel;
	const char *kernel, *image, *file;
	const struct kd_stage_disk *disk;
	const char *cmdline;
	uint64_t memory;
};

/** @argv: NULL-terminated; into this object and what the stage borrowed */
struct kd_stage_words {
	const char *argv[48];
	char memory[32];
	char drive[PATH_MAX + 64];
};

/**
 * The disk of QEMU's that the image can drive.
 *
 * @modules: of the image, names; NULL-terminated, may be NULL
 * @name:    of the real disk in sysfs: decides where the drivers are built in
 * NULL when QEMU has none that these drivers know.
 */
const struct kd_stage_disk *kd_stage_disk(const char *const *modules, const char *name);

/** QEMU's words: the reservation as memory, one CPU, no network; the machine ends where it
 *  would restart. -E2BIG. Not to be moved. */
int kd_stage_words(const struct kd_stage *stage, struct kd_stage_words *ret,
		   struct kd_error *err);
