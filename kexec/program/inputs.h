/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the command line names, opened and read: kernel, initrd, device tree, command line.
 * Trusts nothing in them. Called by run-load.c, run-plan.c and run-check.c.
 */
#pragma once

#include "kexec/image/kernel.h"
#include "kexec/program/program.h"

/**
 * @kernel_fd, @initrd_fd: for kexec_file_load(2); @initrd_fd negative for none
 * @kernel: looked at; whole when a plan is made
 * @initrd, @dtb: their bytes, read when a plan is made only; owned
 */
struct kd_kexec_inputs {
	int kernel_fd;
	int initrd_fd;
	struct kd_kernel kernel;
	char *cmdline;
	struct kd_bytes initrd;
	struct kd_bytes dtb;
};

/** Open all, look at the kernel. Errors in words with the path; those of kd_kernel_open().
 *  @ret: kd_kexec_inputs_done(), on failure too. */
int kd_kexec_inputs_open(const struct kd_kexec_program *p, struct kd_kexec_inputs *ret,
			 struct kd_error *err);
void kd_kexec_inputs_done(struct kd_kexec_inputs *in);

/** Read what a plan needs: all of the kernel, initrd, device tree. */
int kd_kexec_inputs_read(const struct kd_kexec_program *p, struct kd_kexec_inputs *in,
			 struct kd_error *err);
