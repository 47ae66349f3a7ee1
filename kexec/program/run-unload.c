/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec -u: take back what is loaded, in a locked down kernel too. Called by program.c.
 */
#include "kexec/program/program.h"

int kd_run_unload(struct kd_kexec_program *p, struct kd_error *err)
{
	struct kd_linux_backend linux_backend = { .kernel = p->machine->kernel,
						  .facts = &p->facts };
	struct kd_kexec_backend backend = kd_linux_backend(&linux_backend);
	int r;

	r = kd_kexec_facts_read(p->machine->root_fd, &p->facts, err);
	if (r < 0)
		return r;
	p->exit = KD_KEXEC_EXIT_FAILED;
	return backend.ops->unload(backend.context, p->command.purpose, err);
}
