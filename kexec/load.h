/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guarded crash load. The kernel frees the armed image before it looks at the new one
 * (do_kexec_load() and kexec_file_load(), every kernel from 6.1 to 7.3), so a refusal
 * disarms the machine: everything is checked here first, and after a refusal the last
 * good image is loaded again. The daemon loads through this and nothing else.
 */
#pragma once

#include "kexec/backend/linux-calls.h"
#include "kexec/host/facts.h"

/**
 * One image as kexec_file_load(2) takes it.
 *
 * @kernel_path: for messages only
 * @kernel_fd, @initrd_fd: borrowed, open for reading, at any position
 * @cmdline:     NUL-terminated
 */
struct kd_kexec_image {
	const char *kernel_path;
	int kernel_fd;
	int initrd_fd;
	const char *cmdline;
};

/** What the machine is left with. */
enum kd_load_left {
	KD_LOAD_LEFT_UNTOUCHED, /* as it was: refused early, or before anything was freed */
	KD_LOAD_LEFT_NEW,
	KD_LOAD_LEFT_LAST_GOOD, /* the new one was refused, the old one loaded again */
	KD_LOAD_LEFT_NOTHING,	/* disarmed: neither could be loaded */
};

/**
 * Everything that can be known about @image without the system call: the obstacles of
 * the machine, the kernel file (see bzimage.h) and that nobody has it open for writing,
 * the initrd, the command line's length, and whether all of it fits the reservation.
 * Errors: one sentence in @err; -ENOEXEC, -E2BIG, -EINVAL, -ENOMEM, -ETXTBSY, those of
 * kd_kexec_obstacle() and of reading the files.
 */
int kd_load_check(const struct kd_kexec_facts *facts, const struct kd_kexec_image *image,
		  struct kd_error *err);

/**
 * Arm @image: check, load, and on a refusal load @last_good again.
 *
 * @last_good: what is armed now, NULL when nothing of ours is
 * @ret_left:  always set
 * @err:       both failures, when both fail
 */
int kd_load_crash(const struct kd_linux *backend, const struct kd_kexec_facts *facts,
		  const struct kd_kexec_image *image,
		  const struct kd_kexec_image *last_good, enum kd_load_left *ret_left,
		  struct kd_error *err);

/** Disarm. Works in a locked-down kernel too; 0 when nothing was armed. */
int kd_unload_crash(const struct kd_linux *backend, const struct kd_kexec_facts *facts,
		    struct kd_error *err);
