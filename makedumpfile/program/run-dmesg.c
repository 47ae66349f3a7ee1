/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --dump-dmesg: the kernel's log out of a core or a dump, into a file. Trusts nothing in
 * the input. Called by main.c.
 */
#include <fcntl.h>

#include "makedumpfile/dmesg.h"
#include "makedumpfile/input.h"
#include "makedumpfile/program/look.h"

static int write_log(const struct kd_program *p, const struct kd_xlat *xlat,
		     const struct kd_vmcoreinfo *info, int fd, struct kd_error *err)
{
	unsigned int flags = KD_DMESG_CALLERS;

	if (p->options.partial_dmesg)
		flags |= KD_DMESG_PARTIAL;
	return kd_dmesg_write_as(xlat, info, flags, fd, /* ret_bytes= */ NULL, err);
}

int kd_run_dmesg(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *s = NULL;
	_cleanup_(kd_extra_done) struct kd_extra extra = { 0 };
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_input seen;
	struct kd_xlat xlat;
	int r;

	r = kd_input_open_at(AT_FDCWD, p->options.input, &s, err);
	if (r < 0)
		return r;
	r = kd_program_extra(p, s, &seen, &extra, err);
	if (r < 0)
		return r;
	if (!seen.info)
		return kd_fail_msg(err, -ENODATA, "%s: no vmcoreinfo", p->options.input);
	r = kd_xlat_init(&xlat, s->memory, s->machine, seen.info, err);
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.input);
	r = kd_program_create(p, p->options.output, /* again= */ false, &fd, err);
	if (r < 0)
		return r;
	r = write_log(p, &xlat, seen.info, fd, err);
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.output);
	if (fsync(fd) < 0 && errno != EINVAL && errno != EROFS) /* no file: a pipe */
		return kd_fail(err, -errno, "%s", p->options.output);
	return 0;
}
