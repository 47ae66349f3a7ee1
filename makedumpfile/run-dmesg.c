/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --dump-dmesg: the kernel's log out of a core or a dump, into a file. Trusts nothing in
 * the input. Called by main.c.
 */
#include <fcntl.h>

#include "makedumpfile/dmesg.h"
#include "makedumpfile/input.h"
#include "makedumpfile/program.h"

/* What the command line may ask for and this build does not have. */
static int check_build(const struct kd_dump_options *o, struct kd_error *err)
{
	const char *missing = o->partial_dmesg ? "--partial-dmesg"
			      : o->vmlinux     ? "-x"
			      : o->vmcoreinfo  ? "-i"
					       : NULL;

	return missing ? kd_fail_msg(err, -ENOTSUP, "%s is not in this build", missing)
		       : 0;
}

int kd_run_dmesg(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *s = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_xlat xlat;
	int r;

	r = check_build(&p->options, err);
	if (r < 0)
		return r;
	r = kd_input_open_at(AT_FDCWD, p->options.input, &s, err);
	if (r < 0)
		return r;
	if (!s->info)
		return kd_fail_msg(err, -ENODATA, "%s: no vmcoreinfo", p->options.input);
	r = kd_xlat_init(&xlat, s->memory, s->machine, s->info, err);
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.input);
	r = kd_program_create(p, p->options.output, /* again= */ false, &fd, err);
	if (r < 0)
		return r;
	r = kd_dmesg_write_as(&xlat, s->info,
			      KD_DMESG_CALLERS |
				      (p->options.partial_dmesg ? KD_DMESG_PARTIAL : 0),
			      fd, /* ret_bytes= */ NULL, err);
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.output);
	if (fsync(fd) < 0 && errno != EINVAL && errno != EROFS) /* no file: a pipe */
		return kd_fail(err, -errno, "%s", p->options.output);
	return 0;
}
