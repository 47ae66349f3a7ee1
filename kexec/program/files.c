/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A load of files: see files.h. Trusts that they are open; load.c looks into them.
 * Called by run-load.c and run-check.c.
 */
#include "kexec/program/files.h"

void kd_kexec_filed_make(struct kd_kexec_program *p, const struct kd_kexec_inputs *in,
			 struct kd_kexec_filed *ret)
{
	const struct kd_kexec_command *c = &p->command;

	*ret = (struct kd_kexec_filed) {
		.files = { .kernel_path = c->kernel,
			   .kernel_fd = in->kernel_fd,
			   .kernel = &in->kernel,
			   .initrd_fd = in->initrd_fd,
			   .cmdline = in->cmdline,
			   .flags = (c->no_cma ? KD_KEXEC_FILE_NO_CMA : 0) |
				    (c->force_dtb ? KD_KEXEC_FILE_FORCE_DTB : 0) },
		.linux_backend = { .kernel = p->machine->kernel, .facts = &p->facts },
		.load = { .purpose = c->purpose, .files = &ret->files },
	};
	ret->place = (struct kd_load_place) {
		.backend = kd_linux_backend(&ret->linux_backend),
		.facts = &p->facts,
	};
}
