/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kexec command between its parts: program.c parses and dispatches, each action is one
 * run-*.c. The machine is reached through one table, so that a test records in its place.
 * Included by these alone, and by the recorder of tests/program.
 */
#pragma once

#include <stdio.h>

#include "kexec/backend/linux.h"
#include "kexec/load.h"
#include "kexec/program/options.h"

/** Exit statuses, kexec-tools' own. -S has its own meaning for 0 and 1. */
enum kd_kexec_exit {
	KD_KEXEC_EXIT_OK = 0,
	KD_KEXEC_EXIT_REFUSED = 1,  /* what is asked for cannot be, known before trying */
	KD_KEXEC_EXIT_FAILED = 255, /* tried, and failed */
};

/**
 * What the command does to the machine.
 *
 * @root_fd:   "/"; @kernel: the system calls
 * @random:    fill @buf. 0 or -errno
 * @sync:      write out what is dirty
 * @ifdown:    take the network down. 0 or -errno
 * @shut_down: become the program that shuts this system down into what is loaded.
 *             Returns on failure only, -errno
 */
struct kd_kexec_machine {
	int root_fd;
	struct kd_linux kernel;
	int (*random)(void *buf, size_t size);
	void (*sync)(void);
	int (*ifdown)(void);
	int (*shut_down)(void);
};

/** @exit: what a failure becomes; KD_KEXEC_EXIT_FAILED once something is tried */
struct kd_kexec_program {
	const struct kd_kexec_machine *machine;
	struct kd_kexec_command command;
	struct kd_kexec_facts facts;
	enum kd_kexec_exit exit;
};

/** The whole command; returns its exit status. One line on stderr for a failure. */
int kd_kexec_program(int argc, char *const argv[],
		     const struct kd_kexec_machine *machine);

/** A line on stderr with -d. */
void kd_kexec_debug(const struct kd_kexec_program *p, const char *fmt, ...)
	_printf_(2, 3);

/* The actions. Each returns 0, or a negative errno with one line in @err; a positive one
 * is the exit status. */
int kd_run_load(struct kd_kexec_program *p, struct kd_error *err);
int kd_run_execute(struct kd_kexec_program *p, struct kd_error *err);
int kd_run_unload(struct kd_kexec_program *p, struct kd_error *err);
int kd_run_status(struct kd_kexec_program *p, struct kd_error *err);
int kd_run_size(struct kd_kexec_program *p, struct kd_error *err);
int kd_run_plan(struct kd_kexec_program *p, struct kd_error *err);
int kd_run_check(struct kd_kexec_program *p, struct kd_error *err);

/** Shut the system down into what is loaded, by its manager. Returns on failure only. */
int kd_kexec_soft_reboot(struct kd_kexec_program *p, struct kd_error *err);
