/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One system's way of taking a plan, so that load.c and the kexec program speak to Linux,
 * FreeBSD and Zircon alike. A backend knows its system's rules of calling and nothing of
 * what is in a plan; below it lies a table of that system's calls (linux-calls.h,
 * freebsd-calls.h, zircon-calls.h): the real ones, a model's or a recorder's.
 */
#pragma once

#include "kexec/check/validate.h"
#include "kexec/plan/plan.h"

/** What a system can do. */
enum kd_kexec_can {
	KD_KEXEC_CAN_CRASH = 1 << 0,  /* run what is loaded when the kernel panics */
	KD_KEXEC_CAN_UNLOAD = 1 << 1, /* safely */
	KD_KEXEC_CAN_QUERY = 1 << 2,  /* say whether something is loaded */
	KD_KEXEC_CAN_FILES = 1 << 3,  /* take files in place of segments */
	KD_KEXEC_KEEPS_OLD = 1 << 4,  /* a refused load leaves what was loaded */
};

/**
 * Files, for a kernel that makes its own plan (kexec_file_load(2)).
 *
 * @kernel_path: for messages only
 * @kernel_fd, @initrd_fd: borrowed, open for reading, at any position; @initrd_fd is
 *               negative for none
 * @kernel:      what is in @kernel_fd, for who has opened it already; NULL: it is read
 *               where that is needed
 * @flags:       KEXEC_FILE_* beyond those that purpose and @initrd_fd imply
 */
struct kd_kexec_files {
	const char *kernel_path;
	int kernel_fd;
	int initrd_fd;
	const char *cmdline;
	const struct kd_kernel *kernel;
	unsigned long flags;
};

/**
 * The kernel of @files, read when nobody has.
 *
 * @room: for the one that is read; empty before, kd_kernel_done() after
 * Errors: those of kd_kernel_open(), without the path.
 */
int kd_kexec_files_kernel(const struct kd_kexec_files *files, struct kd_kernel *room,
			  const struct kd_kernel **ret, struct kd_error *err);

/**
 * What is to be loaded: exactly one of @plan and @files.
 *
 * @preserve_context: the new kernel may give the machine back; plans only
 */
struct kd_kexec_load {
	enum kd_kexec_purpose purpose;
	const struct kd_kexec_plan *plan;
	const struct kd_kexec_files *files;
	bool preserve_context;
};

/**
 * @flags:   the word of flags that @load would hand over with a plan, so that it can be
 *           validated before; NULL: 0. Negative errno when the system cannot do what is
 *           wanted
 * @load:    hand it over, once; waits while another loader holds the kernel's lock
 * @unload:  0 when nothing was loaded either
 * @loaded:  1, 0, or negative errno when that cannot be known
 * @execute: jump into what is loaded for KD_KEXEC_REBOOT; returns on failure only
 * Errors carry what the errno means on this machine.
 */
struct kd_kexec_backend_ops {
	const char *name;
	enum kd_kexec_system system;
	unsigned int can; /* enum kd_kexec_can */
	int (*flags)(void *context, const struct kd_kexec_load *load, uint64_t *ret,
		     struct kd_error *err);
	int (*load)(void *context, const struct kd_kexec_load *load,
		    struct kd_error *err);
	int (*unload)(void *context, enum kd_kexec_purpose purpose, struct kd_error *err);
	int (*loaded)(void *context, enum kd_kexec_purpose purpose);
	int (*execute)(void *context, struct kd_error *err);
};

/** @context: handed to each function */
struct kd_kexec_backend {
	const struct kd_kexec_backend_ops *ops;
	void *context;
};
