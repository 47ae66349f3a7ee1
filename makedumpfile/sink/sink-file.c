/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sink into a regular file or block device: see sink.h. One buffer, merged writes,
 * write-back kept close behind. The first error sticks and comes back from every later
 * call: a dump with a hole in it must not look whole. Opened by the programs.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "makedumpfile/sink/sink.h"

/* Dirty and in-flight page cache stays below two of these. Large enough that waiting
 * for the one before the last never idles a disk, small enough for a capture kernel
 * with a few tens of MiB free. */
#define BATCH_BYTES ((uint64_t)8 << 20)

/**
 * @start:   file offset of the first buffered byte; @used: how many there are
 * @pending: bytes written since write-back was last started
 * @error:   first failure, negative errno
 */
struct file_sink {
	struct kd_sink sink;
	int fd;
	int error;
	uint64_t start;
	size_t used;
	size_t size;
	uint64_t pending;
	uint8_t buffer[];
};

static struct file_sink *from_sink(struct kd_sink *s)
{
	return (struct file_sink *)s;
}

static int fail(struct file_sink *f, int error)
{
	if (!f->error)
		f->error = error;
	return f->error;
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

static int put(struct file_sink *f, uint64_t offset, const void *data, size_t size)
{
	int r = kd_pwrite_full(f->fd, data, size, offset);

	if (r < 0)
		return fail(f, r);
	f->pending += size;
	return f->pending >= BATCH_BYTES ? settle(f) : 0;
}

static int flush(struct file_sink *f)
{
	size_t used = f->used;

	f->used = 0;
	return used ? put(f, f->start, f->buffer, used) : 0;
}

static void note_end(struct file_sink *f, uint64_t end)
{
	f->sink.end = MAX(f->sink.end, end);
}

static int file_write(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct file_sink *f = from_sink(s);
	const uint8_t *bytes = data;
	uint64_t end;

	if (f->error)
		return f->error;
	if (__builtin_add_overflow(offset, size, &end) || end > INT64_MAX)
		return fail(f, -EFBIG);
	if (f->used && offset != f->start + f->used && flush(f) < 0)
		return f->error;

	while (size) {
		size_t n = MIN(size, f->size - f->used);

		if (!f->used)
			f->start = offset;
		memcpy(f->buffer + f->used, bytes, n);
		f->used += n;
		offset += n;
		bytes += n;
		size -= n;
		if (f->used == f->size && flush(f) < 0)
			return f->error;
	}
	note_end(f, end);
	return 0;
}

static int file_rewrite(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct file_sink *f = from_sink(s);
	int r;

	if (f->error)
		return f->error;
	if (offset > s->end || size > s->end - offset)
		return -EINVAL;
	r = flush(f);
	return r < 0 ? r : put(f, offset, data, size);
}

static int file_sync(struct kd_sink *s)
{
	struct file_sink *f = from_sink(s);
	int r;

	if (f->error || flush(f) < 0)
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
	free(f);
}

static const struct kd_sink_ops file_ops = {
	.write = file_write,
	.rewrite = file_rewrite,
	.sync = file_sync,
	.free = file_free,
};

int kd_sink_file_new(int fd, size_t buffer_size, struct kd_sink **ret,
		     struct kd_error *err)
{
	struct file_sink *f;
	struct stat st;

	if (buffer_size == 0 || buffer_size > SIZE_MAX - sizeof(*f))
		return kd_fail(err, -EINVAL, "buffer of %zu bytes", buffer_size);
	if (fstat(fd, &st) < 0)
		return kd_fail(err, -errno, "output");
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return kd_fail_msg(err, -ESPIPE, "output is no file: it cannot seek");

	f = malloc(sizeof(*f) + buffer_size);
	if (!f)
		return kd_fail(err, -ENOMEM, "output buffer of %zu bytes", buffer_size);
	*f = (struct file_sink) { .sink = { .ops = &file_ops },
				  .fd = fd,
				  .size = buffer_size };
	*ret = &f->sink;
	return 0;
}
