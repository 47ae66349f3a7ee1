/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listing dumps: see archive.h. Links are not followed, so that a dump folder cannot
 * point elsewhere. Called by kdumpctl.
 */
#include "kdumpd/archive/archive.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/io.h"
#include "kdumpd/archive/outcome-read.h"

#define STAMP_LENGTH 19 /* YYYY-MM-DD-HH:MM:SS */

static const struct {
	const char *name;
	enum kd_outcome_state state;
} kinds[] = {
	{ "vmcore", KD_OUTCOME_COMPLETE },
	{ "vmcore-incomplete", KD_OUTCOME_INCOMPLETE },
	{ "vmcore-dmesg.txt", KD_OUTCOME_DMESG_ONLY },
	{ "vmcore-dmesg-incomplete.txt", KD_OUTCOME_DMESG_ONLY },
};

/* Names are shown on terminals: none of a dump's may steer one. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static int64_t time_of_name(const char *name)
{
	size_t n = strlen(name);
	struct tm tm = { .tm_isdst = -1 };
	const char *end;

	if (n < STAMP_LENGTH)
		return -1;
	end = strptime(name + n - STAMP_LENGTH, "%Y-%m-%d-%H:%M:%S", &tm);
	return end && !*end ? (int64_t)mktime(&tm) : -1;
}

static void add_outcome(int fd, struct kd_dump *dump)
{
	_cleanup_(kd_closep) int file = -EBADF;
	_cleanup_(kd_freep) struct kd_outcome *o = malloc(sizeof(*o));
	_cleanup_(kd_freep) char *text = malloc(KD_OUTCOME_MAX_SIZE + 1);
	ssize_t n;

	file = openat(fd, "outcome.json", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0 || !o || !text)
		return;
	n = kd_read_full(file, text, KD_OUTCOME_MAX_SIZE + 1);
	if (n < 0 || kd_outcome_read(text, (size_t)n, o, NULL) < 0)
		return;
	if (is_plain(o->release))
		memcpy(dump->release, o->release, sizeof(dump->release));
	if (o->crash_time && o->crash_time <= INT64_MAX)
		dump->time = (int64_t)o->crash_time;
}

/* 1 when the folder holds a dump, 0 when not, negative errno. */
static int look(int dir_fd, const char *name, struct kd_dump *ret)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_dump dump = { .file = NULL };
	struct stat st;

	if (strlen(name) >= sizeof(dump.name) || !is_plain(name))
		return 0;
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOTDIR || errno == ELOOP || errno == ENOENT ? 0 : -errno;
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !dump.file; i++)
		if (fstatat(fd, kinds[i].name, &st, AT_SYMLINK_NOFOLLOW) >= 0 &&
		    S_ISREG(st.st_mode)) {
			dump.file = kinds[i].name;
			dump.state = kinds[i].state;
			dump.bytes = (uint64_t)st.st_size;
		}
	if (!dump.file)
		return 0;
	memcpy(dump.name, name, strlen(name) + 1);
	dump.time = time_of_name(name);
	if (dump.time < 0)
		dump.time = st.st_mtim.tv_sec;
	add_outcome(fd, &dump);
	*ret = dump;
	return 1;
}

static int older_first(const void *a, const void *b)
{
	const struct kd_dump *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int add(struct kd_archive *archive, size_t *room, const struct kd_dump *dump)
{
	if (archive->n == *room) {
		size_t more = *room ? 2 * *room : 16;
		struct kd_dump *bigger = reallocarray(archive->dumps, more,
						      sizeof(*bigger));

		if (!bigger)
			return -ENOMEM;
		archive->dumps = bigger;
		*room = more;
	}
	archive->dumps[archive->n++] = *dump;
	return 0;
}

int kd_archive_list(int dir_fd, struct kd_archive *ret, struct kd_error *err)
{
	_cleanup_(kd_archive_done) struct kd_archive archive = { 0 };
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	const struct dirent *e;
	struct kd_dump dump;
	size_t room = 0;
	int r;

	/* A descriptor of its own: reading moves the position. */
	fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return kd_fail(err, -errno, "dumps");
	(void)TAKE_FD(fd);
	for (size_t seen = 0; seen < KD_ARCHIVE_MAX && (e = readdir(dir)); seen++) {
		if (e->d_name[0] == '.')
			continue;
		r = look(dir_fd, e->d_name, &dump);
		if (r > 0)
			r = add(&archive, &room, &dump);
		if (r < 0)
			return kd_fail(err, r, "%s", e->d_name);
	}
	if (archive.n)
		qsort(archive.dumps, archive.n, sizeof(*archive.dumps), older_first);
	*ret = archive;
	archive = (struct kd_archive) { 0 };
	return 0;
}

void kd_archive_done(struct kd_archive *archive)
{
	free(archive->dumps);
	*archive = (struct kd_archive) { 0 };
}
