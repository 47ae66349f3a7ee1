/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a dump goes: see run-dump.h. Trusts the rules of the command line for what goes
 * together. Called by run-dump.c.
 */
#include "makedumpfile/run-dump.h"

void kd_outputs_done(struct kd_outputs *o)
{
	while (o->n)
		kd_sink_free(o->sinks[--o->n]);
}

static int open_file(const struct kd_program *p, const char *path, bool again,
		     struct kd_sink **ret, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	r = kd_program_create(p, path, again, &fd, err);
	if (r < 0)
		return r;
	r = kd_sink_file_new(fd, ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	(void)TAKE_FD(fd);
	return 0;
}

int kd_outputs_open(struct kd_outputs *ret, const struct kd_program *p, bool again,
		    struct kd_error *err)
{
	_cleanup_(kd_outputs_done) struct kd_outputs made = { .n = 0 };
	const struct kd_dump_options *o = &p->options;
	int r;

	ret->n = 0;
	if (o->dry_run)
		return 0;
	if (o->flattened)
		return kd_fail_msg(err, -ENOTSUP, "-F is not in this build");
	for (size_t i = 1; i < o->n_files; i++) {
		r = open_file(p, o->files[i], again, &made.sinks[made.n], err);
		if (r < 0)
			return r;
		made.n++;
	}
	*ret = made;
	made.n = 0; /* the caller's now */
	return 0;
}

int kd_outputs_finish(struct kd_outputs *o, struct kd_error *err)
{
	for (size_t i = 0; i < o->n; i++) {
		int r = kd_sink_finish(o->sinks[i]);

		if (r < 0)
			return kd_fail(err, r, "sync");
	}
	return 0;
}
