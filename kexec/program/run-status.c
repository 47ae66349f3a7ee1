/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec -S and --print-ckr-size: what the kernel says of itself, in the words and numbers
 * that scripts written for kexec-tools expect. Called by program.c.
 */
#include <inttypes.h>

#include "kexec/program/program.h"

/* kexec-tools' own: 1 for loaded, 0 for not, so that "kexec -S || …" reads backwards. */
int kd_run_status(struct kd_kexec_program *p, struct kd_error *err)
{
	int root_fd = p->machine->root_fd;
	int r;

	p->exit = KD_KEXEC_EXIT_FAILED;
	r = p->command.purpose == KD_KEXEC_CRASH ? kd_kexec_crash_loaded(root_fd)
						 : kd_kexec_reboot_loaded(root_fd);
	return r < 0 ? kd_fail(err, r, "whether a kernel is loaded") : r;
}

/* The part that images go to: with ,high the upper one. */
int kd_run_size(struct kd_kexec_program *p, struct kd_error *err)
{
	struct kd_kexec_host host;
	int r;

	r = kd_kexec_host_read(p->machine->root_fd, kd_arch_native(), &host, err);
	if (r < 0)
		return r;
	printf("%" PRIu64 "\n", host.crash.end - host.crash.start);
	kd_kexec_host_done(&host);
	return 0;
}
