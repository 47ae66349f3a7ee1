/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec -u: take back what is loaded. The backend knows the way that works in a locked
 * down kernel too; nothing loaded is no error. Called by program.c.
 */
#include "kexec/program/program.h"

int kd_run_unload(struct kd_kexec_program *p, struct kd_error *err)
{
	struct kd_linux_backend linux_backend = { .kernel = p->machine->kernel,
						  .facts = &p->facts };
	struct kd_kexec_backend backend = kd_linux_backend(&linux_backend);
	int r;

	p->exit = KD_KEXEC_EXIT_FAILED;
	r = kd_kexec_facts_read(p->machine->root_fd, &p->facts, err);
	if (r < 0)
		return r;
	return backend.ops->unload(backend.context, p->command.purpose, err);
}
