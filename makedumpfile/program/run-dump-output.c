/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a dump goes: see run-dump.h. Trusts the rules of the command line for what goes
 * together. Called by run-dump.c.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/io.h"
#include "makedumpfile/program/run-dump.h"

/* Descriptors and bitmaps are merged in it; payloads come larger than that. */
#define STREAM_BUFFER (128U << 10)

void kd_outputs_done(struct kd_outputs *o)
{
	while (o->n)
		kd_sink_free(o->sinks[--o->n]);
	o->spill_fd = kd_close(o->spill_fd);
}

/* Descriptor 1 stays the program's, whatever becomes of the sink. */
static int open_stream(struct kd_sink **ret, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	int r;

	if (fd < 0)
		return kd_fail(err, -errno, "standard output");
	r = kd_sink_flat_new(fd, STREAM_BUFFER, ret, err);
	if (r < 0)
		return kd_fail(err, r, "standard output");
	(void)TAKE_FD(fd);
	return 0;
}

/* The bitmaps of a machine end long before this, and a file may have holes. */
static uint64_t spill_place(enum kd_keep_which which, uint64_t offset)
{
	return ((uint64_t)which << 40) + offset;
}

static int spill_put(void *context, enum kd_keep_which which, uint64_t offset,
		     const void *data, size_t size)
{
	const int *fd = context;

	return kd_pwrite_full(*fd, data, size, spill_place(which, offset));
}

static int spill_get(void *context, enum kd_keep_which which, uint64_t offset, void *data,
		     size_t size)
{
	const int *fd = context;
	ssize_t n = kd_pread_full(*fd, data, size, spill_place(which, offset));

	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -EIO;
}

/* A file without a name in @dir, which may be NULL: memory has to do then. */
static int open_spill(const char *dir, struct kd_outputs *o, struct kd_error *err)
{
	if (!dir)
		return 0;
	o->spill_fd = openat(AT_FDCWD, dir, O_RDWR | O_TMPFILE | O_CLOEXEC,
			     S_IRUSR | S_IWUSR);
	if (o->spill_fd < 0)
		return kd_fail(err, -errno, "--work-dir %s", dir);
	o->spill = (struct kd_keep_spill) { .put = spill_put, .get = spill_get };
	return 0;
}

int kd_outputs_open(struct kd_outputs *ret, const struct kd_program *p, bool again,
		    struct kd_error *err)
{
	_cleanup_(kd_outputs_done) struct kd_outputs made = { .spill_fd = -EBADF };
	const struct kd_dump_options *o = &p->options;
	int r;

	*ret = (struct kd_outputs) { .spill_fd = -EBADF };
	if (o->dry_run)
		return 0;
	r = open_spill(o->work_dir, &made, err);
	if (r < 0)
		return r;
	if (o->flattened) {
		r = open_stream(&made.sinks[0], err);
		if (r < 0)
			return r;
		made.n = 1;
	}
	for (size_t i = 1; !o->flattened && i < o->n_files; i++) {
		r = kd_program_create_sink(p, o->files[i], again, &made.sinks[made.n],
					   err);
		if (r < 0)
			return r;
		made.n++;
	}
	*ret = made;
	ret->spill.context = &ret->spill_fd;
	made.n = 0; /* the caller's now */
	made.spill_fd = -EBADF;
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
