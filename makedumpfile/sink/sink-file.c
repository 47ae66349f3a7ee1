/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sink into a regular file or block device: see sink.h. Each write goes to the kernel at
 * once, from whichever thread; write-back is kept close behind what goes through the page
 * cache. The first error sticks and comes back from every later call: a dump with a hole
 * in it must not look whole. Opened by the programs and by places.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/parallel.h"
#include "makedumpfile/sink/sink.h"

/* Dirty and in-flight page cache stays below two of these and what the threads write
 * meanwhile. Large enough that waiting for the one before the last never idles a disk,
 * small enough for a capture kernel with a few tens of MiB free. */
#define BATCH_BYTES ((uint64_t)8 << 20)

/**
 * @direct:  the file once more, past the page cache; -EBADF without
 * @refused: it was tried, and does not go
 * @error:   first failure, negative errno
 * @pending: bytes written since write-back was last started
 * @settling: held while one thread waits for write-back; others that have to, too, queue
 */
struct file_sink {
	struct kd_sink sink;
	int fd, direct;
	_Atomic bool refused;
	_Atomic int error;
	_Atomic uint64_t pending;
	pthread_mutex_t settling;
};

static struct file_sink *from_sink(struct kd_sink *s)
{
	return (struct file_sink *)s;
}

static int fail(struct file_sink *f, int error)
{
	return kd_first_error(&f->error, error);
}

static bool unsupported(int error)
{
	return error == ENOSYS || error == EINVAL || error == ESPIPE ||
	       error == EOPNOTSUPP;
}

/*
 * Wait for the batch before, start this one. An error reported here is reported once:
 * the kernel moves the descriptor's mark past it (file_check_and_advance_wb_err() in
 * mm/filemap.c, reached from sync_file_range()), and fsync() would then succeed.
 */
static int settle(struct file_sink *f)
{
	int r;

	f->pending = 0;
	r = sync_file_range(f->fd, 0, 0,
			    SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE);
	if (r < 0 && unsupported(errno))
		r = fdatasync(f->fd);
	if (r < 0)
		return fail(f, -errno);
	/* What is clean by now only takes memory. Advice: failing is no error. */
	(void)posix_fadvise(f->fd, 0, 0, POSIX_FADV_DONTNEED);
	return 0;
}

/* Threads that fill the next batch meanwhile wait here in their turn. */
static int settle_in_turn(struct file_sink *f)
{
	int r = 0;

	(void)pthread_mutex_lock(&f->settling);
	if (f->pending >= BATCH_BYTES)
		r = settle(f);
	(void)pthread_mutex_unlock(&f->settling);
	return r;
}

static int put(struct file_sink *f, uint64_t offset, const void *data, size_t size)
{
	const uint8_t *bytes = data;
	int r;

	while (size) {
		size_t n = MIN(size, (size_t)BATCH_BYTES);

		r = kd_pwrite_full(f->fd, bytes, n, offset);
		if (r < 0)
			return fail(f, r);
		f->pending += n;
		if (f->pending >= BATCH_BYTES && (r = settle_in_turn(f)) < 0)
			return r;
		offset += n;
		bytes += n;
		size -= n;
	}
	return 0;
}

/* 1 when it is on its disk, 0 when it is still to be written. An error is told of here and
 * by no fsync(2). */
static int put_direct(struct file_sink *f, uint64_t offset, const void *data, size_t size)
{
	int r;

	if (f->direct < 0 || f->refused ||
	    (offset | size | (uintptr_t)data) % KD_SINK_BLOCK != 0)
		return 0;
	r = kd_pwrite_full(f->direct, data, size, offset);
	if (r == -EINVAL) {
		f->refused = true;
		return 0;
	}
	return r < 0 ? fail(f, r) : 1;
}

static void note_end(struct file_sink *f, uint64_t end)
{
	uint64_t seen = f->sink.end;

	while (seen < end && !atomic_compare_exchange_weak(&f->sink.end, &seen, end))
		;
}

static int file_write(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct file_sink *f = from_sink(s);
	uint64_t end;
	int r;

	if (f->error)
		return f->error;
	if (__builtin_add_overflow(offset, size, &end) || end > INT64_MAX)
		return fail(f, -EFBIG);
	r = put_direct(f, offset, data, size);
	if (r == 0)
		r = put(f, offset, data, size);
	if (r < 0)
		return r;
	note_end(f, end);
	return 0;
}

/* File systems without fallocate(2) tell of a full disk later. */
static int file_reserve(struct kd_sink *s, uint64_t offset, uint64_t size)
{
	struct file_sink *f = from_sink(s);

	if (f->error)
		return f->error;
	if (fallocate(f->fd, 0, (off_t)offset, (off_t)size) < 0 && errno == ENOSPC)
		return -ENOSPC;
	return 0;
}

static int file_rewrite(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct file_sink *f = from_sink(s);

	if (f->error)
		return f->error;
	if (offset > s->end || size > s->end - offset)
		return -EINVAL;
	return put(f, offset, data, size);
}

static int file_read(struct kd_sink *s, uint64_t offset, void *data, size_t size)
{
	struct file_sink *f = from_sink(s);
	ssize_t n;

	if (f->error)
		return f->error;
	n = kd_pread_full(f->fd, data, size, offset);
	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -EINVAL;
}

static int file_sync(struct kd_sink *s)
{
	struct file_sink *f = from_sink(s);
	int r;

	if (f->error)
		return f->error;
	f->pending = 0;
	do
		r = fsync(f->fd);
	while (r < 0 && errno == EINTR);
	return r < 0 ? fail(f, -errno) : 0;
}

static void file_free(struct kd_sink *s)
{
	struct file_sink *f = from_sink(s);

	f->fd = kd_close(f->fd);
	f->direct = kd_close(f->direct);
	(void)pthread_mutex_destroy(&f->settling);
	free(f);
}

static const struct kd_sink_ops file_ops = {
	.write = file_write,
	.reserve = file_reserve,
	.rewrite = file_rewrite,
	.read = file_read,
	.sync = file_sync,
	.free = file_free,
};

/* The descriptor was opened for writing alone. */
static const struct kd_sink_ops write_only_ops = {
	.write = file_write,
	.reserve = file_reserve,
	.rewrite = file_rewrite,
	.sync = file_sync,
	.free = file_free,
};

int kd_sink_direct_new(int fd, int direct_fd, struct kd_sink **ret, struct kd_error *err)
{
	struct file_sink *f;
	struct stat st;
	int flags;

	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fstat(fd, &st) < 0)
		return kd_fail(err, -errno, "output");
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return kd_fail_msg(err, -ESPIPE, "output is no file: it cannot seek");
	f = malloc(sizeof(*f));
	if (!f)
		return kd_fail(err, -ENOMEM, "output");
	*f = (struct file_sink) { .sink.direct = direct_fd >= 0,
				  .fd = fd,
				  .direct = direct_fd };
	f->sink.ops = (flags & O_ACCMODE) == O_RDWR ? &file_ops : &write_only_ops;
	(void)pthread_mutex_init(&f->settling, NULL);
	*ret = &f->sink;
	return 0;
}

int kd_sink_file_new(int fd, struct kd_sink **ret, struct kd_error *err)
{
	return kd_sink_direct_new(fd, -EBADF, ret, err);
}
