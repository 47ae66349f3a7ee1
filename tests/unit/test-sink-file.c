/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/sink: bytes land where they belong whichever thread writes, the first error
 * sticks and comes out of sync, on real full file systems and limits.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/io.h"
#include "base/parallel.h"
#include "makedumpfile/sink/sink.h"
#include "tests/unit/in-child.h"

#define TOTAL 10000U

/* A disk that fails behind the page cache: the kernel tells of it once, on the next of
 * these two calls, and then is silent. They stand in for the C library's, so that no
 * broken disk is needed; @fail_next is what it reports, 0 for what the kernel does.
 * @direct_writes: of whole blocks to @direct_fd, which otherwise refuses as the kernel does;
 * @direct_error: what they end with */
struct disk {
	int fail_next;
	unsigned int write_backs;
	int direct_fd, direct_error;
	unsigned int direct_writes;
};

static struct disk *disk(void)
{
	static struct disk d;

	return &d;
}

static bool reports(void)
{
	errno = disk()->fail_next;
	disk()->fail_next = 0;
	return errno != 0;
}

int fsync(int fd)
{
	return reports() ? -1 : (int)syscall(SYS_fsync, fd);
}

int sync_file_range(int fd, off64_t offset, off64_t count, unsigned int flags)
{
	disk()->write_backs++;
	return reports() ? -1
			 : (int)syscall(SYS_sync_file_range, fd, offset, count, flags);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
	struct disk *d = disk();

	if (d->direct_fd > 0 && fd == d->direct_fd) {
		errno = d->direct_error;
		if (((uint64_t)offset | size | (uintptr_t)data) % KD_SINK_BLOCK)
			errno = EINVAL;
		if (errno)
			return -1;
		d->direct_writes++;
	}
	return syscall(SYS_pwrite64, fd, data, size, offset);
}

static uint8_t byte_at(uint64_t offset)
{
	return (uint8_t)(offset * 31 + offset / 251);
}

static void fill(uint8_t *buf, uint64_t offset, size_t size)
{
	for (size_t i = 0; i < size; i++)
		buf[i] = byte_at(offset + i);
}

/* A descriptor that stays after the sink has closed its own. */
static int make_sink(struct test *t, struct kd_sink **ret)
{
	int fd = memfd_create("sink", MFD_CLOEXEC), keep = dup(fd);

	CHECK_INT(t, kd_sink_file_new(fd, ret, NULL), 0);
	return keep;
}

/* Two areas written in turns, as descriptors and payloads are. */
static void places(struct test *t, size_t step)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, &s);
	uint8_t buf[TOTAL], got[TOTAL];

	for (size_t at = 0; at < TOTAL / 2; at += step) {
		size_t n = MIN(step, TOTAL / 2 - at);

		fill(buf, TOTAL / 2 + at, n);
		CHECK_INT(t, s->ops->write(s, TOTAL / 2 + at, buf, n), 0);
		if (at % (3 * step) == 0)
			continue;
		fill(buf, at, n);
		CHECK_INT(t, s->ops->write(s, at, buf, n), 0);
	}
	for (size_t at = 0; at < TOTAL / 2; at += 3 * step) {
		size_t n = MIN(step, TOTAL / 2 - at);

		fill(buf, at, n);
		CHECK_INT(t, s->ops->write(s, at, buf, n), 0);
	}
	CHECK_INT(t, s->end, TOTAL);
	CHECK_INT(t, s->ops->sync(s), 0);
	CHECK_INT(t, kd_pread_full(fd, got, TOTAL, 0), TOTAL);
	fill(buf, 0, TOTAL);
	CHECK(t, memcmp(buf, got, TOTAL) == 0);
}

static void lands_where_it_belongs(struct test *t)
{
	static const size_t steps[] = { 1, 7, 64, 1000, 4000 };

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		places(t, steps[i]);
}

/* What one thread of several writes: every @n-th piece. */
struct writer {
	struct kd_sink *sink;
	unsigned int n;
};

static int write_pieces(void *context, unsigned int number)
{
	const struct writer *w = context;
	uint8_t buf[1000];

	for (uint64_t at = number * sizeof(buf); at < 10 << 20;
	     at += w->n * sizeof(buf)) {
		int r;

		fill(buf, at, sizeof(buf));
		r = w->sink->ops->write(w->sink, at, buf, sizeof(buf));
		if (r < 0)
			return r;
	}
	return 0;
}

static void threads(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, &s);
	struct writer w = { s, 4 };
	uint8_t want[1000], got[1000];

	CHECK_INT(t, kd_parallel(w.n, write_pieces, &w), 0);
	CHECK_INT(t, s->ops->sync(s), 0);
	for (uint64_t at = 0; at < 10 << 20; at += sizeof(want)) {
		fill(want, at, sizeof(want));
		CHECK_INT(t, s->ops->read(s, at, got, sizeof(got)), 0);
		CHECK(t, memcmp(want, got, sizeof(got)) == 0);
	}
	CHECK_INT(t, s->end, ((10 << 20) + 999) / 1000 * 1000);
	CHECK_INT(t, s->ops->read(s, s->end - 1, got, 2), -EINVAL);
	CHECK(t, fd >= 0);
}

/* One that cannot be read says so by having no way to. */
static void write_only(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	int fd = open("/dev/shm", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);

	CHECK_INT(t, kd_sink_file_new(fd, &s, NULL), 0);
	CHECK(t, s && s->ops->read == NULL);
}

static void rewrites(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, &s);
	char got[12];

	CHECK_INT(t, s->ops->write(s, 0, "aaaaaaaaaaaa", 12), 0);
	CHECK_INT(t, s->ops->rewrite(s, 4, "BBBB", 4), 0);
	CHECK_INT(t, s->ops->rewrite(s, 10, "CCC", 3), -EINVAL);
	CHECK_INT(t, s->ops->sync(s), 0);
	CHECK_INT(t, kd_pread_full(fd, got, 12, 0), 12);
	CHECK(t, memcmp(got, "aaaaBBBBaaaa", 12) == 0);
}

/* Past several batches of write-back. */
static void large(struct test *t)
{
	_cleanup_(kd_freep) uint8_t *buf = malloc(1 << 20), *got = malloc(1 << 20);
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	char path[] = "/var/tmp/kdumpd-test-XXXXXX";
	int fd = mkstemp(path);
	_cleanup_(kd_closep) int keep = dup(fd);

	CHECK(t, fd >= 0);
	(void)unlink(path);
	CHECK_INT(t, kd_sink_file_new(fd, &s, NULL), 0);
	for (uint64_t at = 0; at < 40; at++) {
		fill(buf, at << 20, 1 << 20);
		CHECK_INT(t, s->ops->write(s, at << 20, buf, 1 << 20), 0);
	}
	CHECK_INT(t, s->ops->sync(s), 0);
	for (uint64_t at = 0; at < 40; at++) {
		fill(buf, at << 20, 1 << 20);
		CHECK_INT(t, kd_pread_full(keep, got, 1 << 20, at << 20), 1 << 20);
		CHECK(t, memcmp(buf, got, 1 << 20) == 0);
	}
}

/* Write until it fails: then all fails, and nothing overwrites the first reason. */
static void expect_sticky(struct test *t, struct kd_sink *s, int want)
{
	static const uint8_t zeros[4096];
	uint64_t at = 0;
	int r = 0;

	while (r == 0 && at < 1 << 24) {
		r = s->ops->write(s, at, zeros, sizeof(zeros));
		at += sizeof(zeros);
	}
	CHECK_INT(t, r, want);
	CHECK_INT(t, s->ops->write(s, 0, zeros, 1), want);
	CHECK_INT(t, s->ops->rewrite(s, 0, zeros, 1), want);
	CHECK_INT(t, s->ops->sync(s), want);
	CHECK_INT(t, s->ops->sync(s), want);
}

static void in_full_tmpfs(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	char dir[] = "/tmp/kdumpd-test-XXXXXX", path[64];
	int fd;

	CHECK(t, mkdtemp(dir) != NULL);
	CHECK_INT(t, mount("tmpfs", dir, "tmpfs", 0, "size=1m"), 0);
	(void)snprintf(path, sizeof(path), "%s/out", dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	CHECK_INT(t, kd_sink_file_new(fd, &s, NULL), 0);
	if (s)
		expect_sticky(t, s, -ENOSPC);
	(void)umount2(dir, MNT_DETACH);
	(void)rmdir(dir);
}

static void at_size_limit(struct test *t)
{
	struct rlimit limit = { 300000, 300000 };
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, &s);
	struct stat st;

	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(t, setrlimit(RLIMIT_FSIZE, &limit), 0);
	expect_sticky(t, s, -EFBIG);
	/* The write that met the limit was short first: its bytes count. */
	CHECK_INT(t, fstat(fd, &st), 0);
	CHECK_INT(t, st.st_size, 300000);
}

/* The one report must not be lost, whichever call gets it. */
static void failing_disk(struct test *t)
{
	_cleanup_(kd_freep) uint8_t *buf = calloc(1, 9 << 20);
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_sink_freep) struct kd_sink *s2 = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, &s);
	_cleanup_(kd_closep) int fd2 = make_sink(t, &s2);

	CHECK_INT(t, s->ops->write(s, 0, buf, 100), 0);
	disk()->fail_next = EIO;
	CHECK_INT(t, s->ops->sync(s), -EIO);
	CHECK_INT(t, s->ops->sync(s), -EIO);
	CHECK_INT(t, s->ops->rewrite(s, 0, buf, 4), -EIO);

	disk()->fail_next = ENOSPC;
	disk()->write_backs = 0;
	CHECK_INT(t, s2->ops->write(s2, 0, buf, 9 << 20), -ENOSPC);
	CHECK_INT(t, disk()->write_backs, 1);
	CHECK_INT(t, s2->ops->sync(s2), -ENOSPC);
	CHECK(t, fd >= 0 && fd2 >= 0);
}

static void no_space(struct test *t)
{
	test_in_child(t, CLONE_NEWNS, in_full_tmpfs);
}

static void size_limit(struct test *t)
{
	test_in_child(t, 0, at_size_limit);
}

static void read_only(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	CHECK_INT(t, kd_sink_file_new(fd, &s, NULL), 0);
	expect_sticky(t, s, -EBADF);
}

static void past_the_largest_file(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_sink(t, &s);

	CHECK_INT(t, s->ops->write(s, UINT64_MAX - 3, "abcdef", 6), -EFBIG);
	CHECK_INT(t, s->ops->write(s, 0, "a", 1), -EFBIG);
	CHECK(t, fd >= 0);
}

/* A sink of two descriptors of a file; the test keeps a third one. */
static int make_direct_sink(struct test *t, int error, struct kd_sink **ret)
{
	int fd = memfd_create("sink", MFD_CLOEXEC), keep = dup(fd), direct = dup(fd);

	*disk() = (struct disk) { .direct_fd = direct, .direct_error = error };
	CHECK_INT(t, kd_sink_direct_new(fd, direct, ret, NULL), 0);
	CHECK(t, (*ret)->direct);
	return keep;
}

/* Whole blocks past the page cache, all else through it, at whatever is refused. */
static void check_direct(struct test *t, int error, unsigned int want)
{
	static const struct {
		uint64_t offset;
		size_t size, shift;
	} writes[] = {
		{ 0, 100, 0 },	   { 65536, 8192, 0 },
		{ 8192, 4096, 1 }, { 65536 + 8192, 4096, 0 },
		{ 4096, 4095, 0 }, { 65536 + 12288, 65536, 0 },
	};
	_cleanup_(kd_freep) uint8_t *buf = aligned_alloc(KD_SINK_BLOCK, 2 * 65536);
	_cleanup_(kd_freep) uint8_t *got = malloc(65536);
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_direct_sink(t, error, &s);

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		fill(buf + writes[i].shift, writes[i].offset, writes[i].size);
		CHECK_INT(t,
			  s->ops->write(s, writes[i].offset, buf + writes[i].shift,
					writes[i].size),
			  0);
	}
	CHECK_INT(t, s->end, 65536 + 12288 + 65536);
	CHECK_INT(t, s->ops->sync(s), 0);
	CHECK_INT(t, disk()->direct_writes, want);
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		fill(buf, writes[i].offset, writes[i].size);
		CHECK_INT(t, kd_pread_full(fd, got, writes[i].size, writes[i].offset),
			  (long long)writes[i].size);
		CHECK(t, memcmp(buf, got, writes[i].size) == 0);
	}
	disk()->direct_fd = 0;
}

static void direct(struct test *t)
{
	check_direct(t, 0, 3);
	check_direct(t, EINVAL, 0);
}

/* No fsync(2) tells of it: the write does, and all that follows. */
static void direct_error(struct test *t)
{
	_cleanup_(kd_freep) uint8_t *buf = aligned_alloc(KD_SINK_BLOCK, 4096);
	_cleanup_(kd_sink_freep) struct kd_sink *s = NULL;
	_cleanup_(kd_closep) int fd = make_direct_sink(t, EIO, &s);

	memset(buf, 1, 4096);
	CHECK_INT(t, s->ops->write(s, 0, buf, 100), 0);
	CHECK_INT(t, s->ops->write(s, 65536, buf, 4096), -EIO);
	CHECK_INT(t, s->ops->write(s, 0, buf, 100), -EIO);
	CHECK_INT(t, s->ops->sync(s), -EIO);
	disk()->direct_fd = 0;
	CHECK(t, fd >= 0);
}

static void refuses_pipes(struct test *t)
{
	struct kd_error err = { 0 };
	struct kd_sink *s = NULL;
	int fds[2];

	CHECK_INT(t, pipe2(fds, O_CLOEXEC), 0);
	CHECK_INT(t, kd_sink_file_new(fds[1], &s, &err), -ESPIPE);
	CHECK(t, s == NULL);
	/* The descriptor is still the caller's. */
	CHECK_INT(t, fcntl(fds[1], F_GETFD), FD_CLOEXEC);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static const struct test_case cases[] = {
	{ "bytes land where they belong", lands_where_it_belongs },
	{ "several threads, and back again", threads },
	{ "what cannot be read back", write_only },
	{ "rewrite replaces, inside only", rewrites },
	{ "many batches of write-back", large },
	{ "past the page cache, where that goes", direct },
	{ "an error past the page cache", direct_error },
	{ "a full file system", no_space },
	{ "the file size limit", size_limit },
	{ "a descriptor that cannot write", read_only },
	{ "a disk that fails behind the page cache", failing_disk },
	{ "past the largest file", past_the_largest_file },
	{ "pipes are refused", refuses_pipes },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
