/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec -e, and the second half of -f and of a reboot in one step: leave this kernel for
 * the one that is loaded. Called by program.c.
 */
#include "kexec/program/program.h"

#include <string.h>

/* The kernel's own word: another program may have unloaded it meanwhile. */
static int check_loaded(struct kd_kexec_program *p, struct kd_error *err)
{
	int r = kd_kexec_reboot_loaded(p->machine->root_fd);

	p->exit = KD_KEXEC_EXIT_REFUSED;
	if (r < 0)
		return kd_fail(err, r, "whether a kernel is loaded");
	if (r == 0)
		return kd_fail_msg(err, -ENOENT, "no kernel is loaded; kexec -l KERNEL");
	p->exit = KD_KEXEC_EXIT_FAILED;
	return 0;
}

int kd_run_execute(struct kd_kexec_program *p, struct kd_error *err)
{
	struct kd_linux_backend linux_backend = { .kernel = p->machine->kernel,
						  .facts = &p->facts };
	struct kd_kexec_backend backend = kd_linux_backend(&linux_backend);
	int r;

	r = check_loaded(p, err);
	if (r == 0)
		r = kd_kexec_facts_read(p->machine->root_fd, &p->facts, err);
	if (r < 0)
		return r;
	if (!p->command.no_sync)
		p->machine->sync();
	if (!p->command.no_ifdown) {
		r = p->machine->ifdown();
		if (r < 0) /* no reason to stay: the new kernel resets its devices */
			kd_kexec_debug(p, "network: %s", strerror(-r));
	}
	return backend.ops->execute(backend.context, err);
}

int kd_kexec_soft_reboot(struct kd_kexec_program *p, struct kd_error *err)
{
	int r = check_loaded(p, err);

	if (r < 0)
		return r;
	r = p->machine->shut_down();
	if (r == -ENOENT)
		return kd_fail_msg(
			err, r,
			"the kernel is loaded, and systemd does not run here to "
			"shut down; do that, then kexec -e");
	return kd_fail(err, r, "the kernel is loaded, systemctl kexec failed");
}
