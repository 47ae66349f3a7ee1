/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/sink: the flattened stream: what is sent byte by byte, records merged and
 * whole whatever the threads, what is on hold sent last, no end after an error.
 */
#include <endian.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include "base/io.h"
#include "base/parallel.h"
#include "makedumpfile/sink/flat-format.h"
#include "makedumpfile/sink/sink.h"
#include "tests/unit/test.h"

#define WRITERS 4
#define WRITES	200U
#define PIECE	3000U

/** A record as it lies in the stream. */
struct found {
	uint64_t offset;
	uint64_t size;
	uint64_t at;
};

static int make_sink(struct test *t, size_t buffer_size, struct kd_sink **ret)
{
	int fd = memfd_create("stream", MFD_CLOEXEC), keep = dup(fd);

	CHECK_INT(t, kd_sink_flat_new(fd, buffer_size, ret, NULL), 0);
	return keep;
}

/* The stream's records up to @max; SIZE_MAX when something in between is none. */
static size_t records(int fd, struct found *ret, size_t max)
{
	uint64_t at = KD_FLAT_HEADER_SIZE;
	struct kd_flat_record r;
	size_t n = 0;

	while (n < max && kd_pread_full(fd, &r, sizeof(r), at) == sizeof(r)) {
		at += sizeof(r);
		ret[n] = (struct found) { be64toh(r.offset), be64toh(r.size), at };
		if (ret[n].offset == KD_FLAT_END)
			return ret[n].size == KD_FLAT_END ? n + 1 : SIZE_MAX;
		at += ret[n++].size;
	}
	return n;
}

static bool holds(int fd, const struct found *f, const char *text)
{
	char got[64];

	return f->size == strlen(text) && f->size <= sizeof(got) &&
	       kd_pread_full(fd, got, f->size, f->at) == (ssize_t)f->size &&
	       memcmp(got, text, f->size) == 0;
}

static void header(struct test *t)
{
	static const uint8_t want[32] = "makedumpfile\0\0\0\0"
					"\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1";
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, 64, &s);
	uint8_t got[KD_FLAT_HEADER_SIZE];

	CHECK_INT(t, kd_pread_full(fd, got, sizeof(got), 0), 0);
	CHECK_INT(t, s->ops->write(s, 0, "a", 1), 0);
	CHECK_INT(t, kd_sink_finish(s), 0);
	CHECK_INT(t, kd_pread_full(fd, got, sizeof(got), 0), sizeof(got));
	CHECK(t, memcmp(got, want, sizeof(want)) == 0);
	for (size_t i = sizeof(want); i < sizeof(got); i++)
		CHECK_INT(t, got[i], 0);
}

static void merges(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, 8, &s);
	struct found f[8];

	CHECK_INT(t, s->ops->write(s, 0, "ab", 2), 0);
	CHECK_INT(t, s->ops->write(s, 2, "cd", 2), 0);
	CHECK_INT(t, s->ops->write(s, 100, "x", 1), 0);
	CHECK_INT(t, s->ops->write(s, 101, "123456789", 9), 0);
	CHECK_INT(t, s->ops->write(s, 4, "ef", 2), 0);
	CHECK_INT(t, s->ops->write(s, 6, NULL, 0), 0);
	CHECK_INT(t, records(fd, f, 8), 2);
	CHECK(t, f[0].offset == 0 && holds(fd, &f[0], "abcd"));
	CHECK(t, f[1].offset == 100 && holds(fd, &f[1], "x123456789"));
	CHECK_INT(t, s->ops->sync(s), 0);
	CHECK_INT(t, records(fd, f, 8), 3);
	CHECK(t, f[2].offset == 4 && holds(fd, &f[2], "ef"));
	CHECK_INT(t, s->end, 110);
	CHECK_INT(t, kd_sink_finish(s), 0);
	CHECK_INT(t, kd_sink_finish(s), 0);
	CHECK_INT(t, records(fd, f, 8), 4);
	CHECK_INT(t, s->ops->write(s, 200, "y", 1), -EINVAL);
}

static void hold(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, 64, &s);
	struct found f[8];

	CHECK_INT(t, kd_sink_hold(s, 4, KD_SINK_HOLD_MAX + 1), -EINVAL);
	CHECK_INT(t, kd_sink_hold(s, 4, 2), 0);
	CHECK_INT(t, kd_sink_hold(s, 8, 2), -EINVAL);
	CHECK_INT(t, s->ops->write(s, 0, "0123ABxyz", 9), 0);
	CHECK_INT(t, s->ops->rewrite(s, 3, "no", 2), -EINVAL);
	CHECK_INT(t, s->ops->rewrite(s, 5, "no", 2), -EINVAL);
	CHECK_INT(t, s->ops->rewrite(s, 5, "C", 1), 0);
	CHECK_INT(t, s->ops->write(s, 9, "w", 1), 0);
	CHECK_INT(t, s->ops->sync(s), 0);
	CHECK_INT(t, records(fd, f, 8), 2);
	CHECK_INT(t, kd_sink_finish(s), 0);
	CHECK_INT(t, records(fd, f, 8), 4);
	CHECK(t, f[0].offset == 0 && holds(fd, &f[0], "0123"));
	CHECK(t, f[1].offset == 6 && holds(fd, &f[1], "xyzw"));
	CHECK(t, f[2].offset == 4 && holds(fd, &f[2], "AC"));
	CHECK_INT(t, s->ops->rewrite(s, 4, "Z", 1), -EINVAL);
}

static void hold_never_written(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, 64, &s);
	struct found f[4];

	CHECK_INT(t, kd_sink_hold(s, 424, 4), 0);
	CHECK_INT(t, kd_sink_finish(s), 0);
	CHECK_INT(t, records(fd, f, 4), 1);
	CHECK_INT(t, f[0].offset, -1);
}

static uint8_t byte_at(uint64_t offset)
{
	return (uint8_t)(offset * 31 + offset / 251);
}

static int write_share(void *context, unsigned int worker)
{
	struct kd_sink *s = context;
	uint8_t buf[PIECE];

	for (uint64_t i = worker; i < WRITES; i += WRITERS) {
		uint64_t at = (WRITES - 1 - i) * PIECE;

		for (size_t k = 0; k < PIECE; k++)
			buf[k] = byte_at(at + k);
		if (s->ops->write(s, at, buf, PIECE / 2) < 0 ||
		    s->ops->write(s, at + PIECE / 2, buf + PIECE / 2, PIECE / 2) < 0)
			return -EIO;
	}
	return 0;
}

static void threads_write(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, 10000, &s);
	_cleanup_(kd_freep) struct found *f = calloc(2 * WRITES + 1, sizeof(*f));
	_cleanup_(kd_freep) uint8_t *got = calloc(WRITES, PIECE);
	uint64_t sum = 0, wrong = 0;
	size_t n;

	CHECK_INT(t, kd_parallel(WRITERS, write_share, s), 0);
	CHECK_INT(t, kd_sink_finish(s), 0);
	n = records(fd, f, 2 * WRITES + 1);
	CHECK(t, n > 1 && n <= 2 * WRITES + 1 && f[n - 1].offset == KD_FLAT_END);
	for (size_t i = 0; i + 1 < n; i++, sum += f[i - 1].size)
		CHECK_INT(t, kd_pread_full(fd, got + f[i].offset, f[i].size, f[i].at),
			  f[i].size);
	CHECK_INT(t, sum, WRITES * PIECE);
	for (uint64_t i = 0; i < WRITES * PIECE; i++)
		wrong += got[i] != byte_at(i);
	CHECK_INT(t, wrong, 0);
}

/* The other end of a pipe: takes everything, slowly. @taken: bytes */
struct drain {
	int fd;
	uint64_t taken;
};

static void *drain(void *arg)
{
	struct drain *d = arg;
	char buf[5000];
	ssize_t n;

	while ((n = read(d->fd, buf, sizeof(buf))) > 0) {
		d->taken += (uint64_t)n;
		(void)usleep(100);
	}
	return NULL;
}

static void non_blocking_pipe(struct test *t)
{
	_cleanup_(kd_freep) uint8_t *buf = calloc(1, 1 << 20);
	struct kd_sink *s = NULL;
	struct drain d = { 0 };
	pthread_t thread;
	int fds[2];

	CHECK_INT(t, pipe2(fds, O_CLOEXEC), 0);
	CHECK_INT(t, fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
	d.fd = fds[0];
	CHECK_INT(t, pthread_create(&thread, NULL, drain, &d), 0);
	CHECK_INT(t, kd_sink_flat_new(fds[1], 4096, &s, NULL), 0);
	CHECK_INT(t, s->ops->write(s, 0, buf, 1 << 20), 0);
	CHECK_INT(t, kd_sink_finish(s), 0);
	kd_sink_free(s);
	CHECK_INT(t, pthread_join(thread, NULL), 0);
	CHECK_INT(t, d.taken, KD_FLAT_HEADER_SIZE + 16 + (1 << 20) + 16);
	(void)close(fds[0]);
}

static void reader_goes_away(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	char buf[100] = { 0 };
	int fds[2];

	(void)signal(SIGPIPE, SIG_IGN);
	CHECK_INT(t, pipe2(fds, O_CLOEXEC), 0);
	CHECK_INT(t, kd_sink_flat_new(fds[1], 10, &s, NULL), 0);
	CHECK_INT(t, s->ops->write(s, 0, buf, 100), 0);
	(void)close(fds[0]);
	CHECK_INT(t, s->ops->write(s, 100, buf, 100), -EPIPE);
	CHECK_INT(t, s->ops->write(s, 200, buf, 1), -EPIPE);
	CHECK_INT(t, s->ops->rewrite(s, 0, buf, 0), -EPIPE);
	CHECK_INT(t, s->ops->sync(s), -EPIPE);
	CHECK_INT(t, kd_sink_finish(s), -EPIPE);
}

static void no_end_after_an_error(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, 16, &s);
	struct found f[4];

	CHECK_INT(t, s->ops->write(s, 0, "abc", 3), 0);
	CHECK_INT(t, s->ops->sync(s), 0);
	CHECK_INT(t, s->ops->write(s, INT64_MAX, "abc", 3), -EFBIG);
	CHECK_INT(t, kd_sink_finish(s), -EFBIG);
	CHECK_INT(t, records(fd, f, 4), 1);
}

static void refuses(struct test *t)
{
	struct kd_sink *s = NULL;
	int fd = memfd_create("stream", MFD_CLOEXEC);

	CHECK_INT(t, kd_sink_flat_new(fd, 0, &s, NULL), -EINVAL);
	CHECK(t, s == NULL);
	CHECK_INT(t, fcntl(fd, F_GETFD), FD_CLOEXEC);
	(void)close(fd);
}

static const struct test_case cases[] = {
	{ "the stream's header, with the first write", header },
	{ "adjacent writes are one record, in order", merges },
	{ "what is on hold changes, and comes last", hold },
	{ "what is on hold and never written is not sent", hold_never_written },
	{ "threads write whole records", threads_write },
	{ "a pipe that does not block", non_blocking_pipe },
	{ "a reader that goes away", reader_goes_away },
	{ "no end record after an error", no_end_after_an_error },
	{ "refused", refuses },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
