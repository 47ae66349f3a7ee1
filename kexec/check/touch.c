/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading every page of a call's buffers by way of a pipe: the system call that writes it
 * gives EFAULT where the process itself would get SIGSEGV, or SIGBUS for a mapped file
 * that was cut. So a buffer that is gone is found before the kernel has freed anything.
 * Trusts the array, of no more segments than there may be. Called by load.c.
 */
#include <fcntl.h>
#include <sys/uio.h>

#include "kexec/check/validate.h"

/* A pipe holds no less; a byte stands for a page. */
#define PAGES 1024

struct pipe {
	int in;
	int out;
};

static void pipe_done(struct pipe *p)
{
	p->in = kd_close(p->in);
	p->out = kd_close(p->out);
}

static int pipe_init(struct pipe *ret)
{
	int fds[2];

	*ret = (struct pipe) { .in = -EBADF, .out = -EBADF };
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*ret = (struct pipe) { .in = fds[1], .out = fds[0] };
	return 0;
}

/* Pages @from up to @to of @s: the first one that cannot be read is where it ends short. */
static int touch_some(const struct pipe *p, const struct kd_kexec_segment *s,
		      uint64_t page, uint64_t from, uint64_t to)
{
	struct iovec bytes[PAGES];
	char sink[PAGES];
	ssize_t n;

	for (uint64_t i = from; i < to; i++) {
		/* a buffer need not begin where a page does: its last byte counts, too */
		uint64_t offset = MIN(i * page, s->bufsz - 1);

		bytes[i - from] = (struct iovec) {
			.iov_base = (uint8_t *)(uintptr_t)s->buf + offset,
			.iov_len = 1,
		};
	}
	n = writev(p->in, bytes, (int)(to - from));
	if (n < 0)
		return -errno;
	if (read(p->out, sink, (size_t)n) != n)
		return -EIO;
	return (uint64_t)n == to - from ? 0 : -EFAULT;
}

static int touch_segment(const struct pipe *p, const struct kd_kexec_segment *s)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), end;
	int r;

	if (s->bufsz == 0)
		return 0;
	if ((uintptr_t)s->buf + s->bufsz < (uintptr_t)s->buf)
		return -EFAULT;
	end = (s->bufsz - 1) / page + 2;
	for (uint64_t i = 0; i < end; i += PAGES) {
		r = touch_some(p, s, page, i, MIN(end, i + PAGES));
		if (r < 0)
			return r;
	}
	return 0;
}

int kd_kexec_touch(const struct kd_kexec_call *call, struct kd_error *err)
{
	_cleanup_(pipe_done) struct pipe p;
	int r;

	r = pipe_init(&p);
	if (r < 0)
		return kd_fail(err, r, "pipe");
	for (uint64_t i = 0; call->n <= KD_KEXEC_SEGMENTS && i < call->n; i++) {
		r = touch_segment(&p, &call->segments[i]);
		if (r == -EFAULT)
			return kd_fail_msg(err, r,
					   "touch: segment %d: its buffer cannot be read "
					   "to the end",
					   (int)i);
		if (r < 0)
			return kd_fail(err, r, "segment %d", (int)i);
	}
	return 0;
}
