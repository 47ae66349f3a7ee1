/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --config for the main mode: rules resolved before the first page is read, so that one
 * that cannot be followed costs a message and not a secret. Called by run-dump.c.
 */
#include <fcntl.h>

#include "makedumpfile/erase/resolve.h"
#include "makedumpfile/layout/types-dwarf.h"
#include "makedumpfile/program/run-dump.h"

/* Without debug information the dump's own BTF serves alone. */
static int open_types(const char *vmlinux, int *ret_fd, struct kd_types **ret,
		      struct kd_error *err)
{
	int r;

	*ret_fd = openat(AT_FDCWD, vmlinux, O_RDONLY | O_CLOEXEC);
	if (*ret_fd < 0)
		return kd_fail(err, -errno, "%s", vmlinux);
	r = kd_types_from_dwarf(*ret_fd, ret, err);
	if (r == -ENODATA) {
		kd_error_reset(err);
		return 0;
	}
	return r < 0 ? kd_fail(err, r, "%s", vmlinux) : 0;
}

int kd_program_erase(const struct kd_program *p, const struct kd_input *input,
		     void (*note)(void *context, const char *text), void *context,
		     struct kd_erase **ret, struct kd_error *err)
{
	_cleanup_(kd_types_freep) struct kd_types *types = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_erase_request request = {
		.memory = input->memory,
		.info = input->info,
		.note = note,
		.context = context,
		.machine = input->machine,
	};
	int r;

	if (!input->info)
		return kd_fail_msg(err, -ENODATA,
				   "--config needs the vmcoreinfo that %s lacks",
				   p->options.input);
	if (p->options.vmlinux) {
		r = open_types(p->options.vmlinux, &fd, &types, err);
		if (r < 0)
			return r;
	}
	request.dwarf = types;
	return kd_erase_resolve_at(AT_FDCWD, p->options.erase_config, &request, ret, err);
}
