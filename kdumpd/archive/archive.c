/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listing dumps: see archive.h. Links are not followed, so that a dump folder cannot
 * point elsewhere. Called by kdumpctl and boot-check.c.
 */
#include "kdumpd/archive/archive.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/archive/dump-name.h"
#include "kdumpd/archive/outcome-read.h"

/* By rank: the first that is there says what the folder holds. kdump-tools' names carry
 * the time behind the dot. */
static const struct {
	const char *name;
	bool prefix;
	enum kd_outcome_state state;
} kinds[] = {
	{ "vmcore", false, KD_OUTCOME_COMPLETE },
	{ "vmcore.flat", false, KD_OUTCOME_COMPLETE },
	{ "dump.", true, KD_OUTCOME_COMPLETE },
	{ "vmcore-incomplete", false, KD_OUTCOME_INCOMPLETE },
	{ "dump-incomplete", false, KD_OUTCOME_INCOMPLETE },
	{ "vmcore-mini", false, KD_OUTCOME_MINI },
	{ "vmcore-dmesg.txt", false, KD_OUTCOME_DMESG_ONLY },
	{ "dmesg.", true, KD_OUTCOME_DMESG_ONLY },
	{ "vmcore-dmesg-incomplete.txt", false, KD_OUTCOME_DMESG_ONLY },
	{ "outcome.json", false, KD_OUTCOME_FAILED },
};

/* Names are shown on terminals: none of a dump's may steer one. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static size_t rank_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].prefix
			    ? strncmp(name, kinds[i].name, strlen(kinds[i].name)) == 0
			    : strcmp(name, kinds[i].name) == 0)
			return i;
	return ARRAY_SIZE(kinds);
}

/** A folder as its names are read. @rank: of the best so far, @log_rank: of its log */
struct look {
	struct kd_dump *dump;
	size_t rank, log_rank;
	bool has_outcome;
};

static void add_file(struct look *l, const char *name, const struct stat *st)
{
	size_t rank = rank_of(name);

	l->dump->total_bytes += (uint64_t)st->st_size;
	if (rank == ARRAY_SIZE(kinds) || strlen(name) >= KD_DUMP_FILE || !is_plain(name))
		return;
	if (kinds[rank].state == KD_OUTCOME_DMESG_ONLY && rank < l->log_rank) {
		l->log_rank = rank;
		(void)snprintf(l->dump->log, sizeof(l->dump->log), "%s", name);
	}
	l->has_outcome |= kinds[rank].state == KD_OUTCOME_FAILED;
	if (rank >= l->rank)
		return;
	l->rank = rank;
	l->dump->state = kinds[rank].state;
	l->dump->bytes = (uint64_t)st->st_size;
	(void)snprintf(l->dump->file, sizeof(l->dump->file), "%s", name);
}

/* Takes @fd over. */
static int read_names(int fd, struct look *l)
{
	_cleanup_(kd_closedirp) DIR *dir = fdopendir(fd);
	const struct dirent *e;
	struct stat st;

	if (!dir) {
		(void)kd_close(fd);
		return -errno;
	}
	for (size_t seen = 0; seen < KD_DUMP_FILES && (e = readdir(dir)); seen++)
		if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) >= 0 &&
		    S_ISREG(st.st_mode))
			add_file(l, e->d_name, &st);
	return 0;
}

static int read_outcome(int fd, struct kd_outcome *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = malloc(KD_OUTCOME_MAX_SIZE + 1);
	_cleanup_(kd_closep) int file = -EBADF;
	struct stat st;
	ssize_t n;

	if (!text)
		return kd_fail(err, -ENOMEM, "outcome.json");
	/* neither a link nor a pipe that nobody writes to */
	file = openat(fd, "outcome.json", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return kd_fail(err, -errno, "outcome.json");
	if (fstat(file, &st) < 0 || !S_ISREG(st.st_mode))
		return kd_fail_msg(err, -EBADMSG, "outcome.json is no file");
	n = kd_read_full(file, text, KD_OUTCOME_MAX_SIZE + 1);
	if (n < 0)
		return kd_fail(err, (int)n, "outcome.json");
	return kd_outcome_read(text, (size_t)n, ret, err);
}

/* The first phase that failed says more than what followed from it. */
static void take_trouble(const struct kd_outcome *o, struct kd_dump *dump)
{
	for (size_t i = 0; i < o->n_phases; i++)
		if (o->phases[i].error < 0) {
			(void)snprintf(dump->trouble, sizeof(dump->trouble), "%s: %s",
				       o->phases[i].name,
				       o->phases[i].message[0]
					       ? o->phases[i].message
					       : strerror(-o->phases[i].error));
			break;
		}
	if (!dump->trouble[0] && o->state == KD_OUTCOME_STARTED)
		(void)snprintf(dump->trouble, sizeof(dump->trouble),
			       "the capture was cut off");
	if (!dump->trouble[0] && o->n_notes)
		memcpy(dump->trouble, o->notes[0], sizeof(dump->trouble));
	for (char *c = dump->trouble; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
}

static void add_outcome(int fd, struct kd_dump *dump)
{
	_cleanup_(kd_freep) struct kd_outcome *o = malloc(sizeof(*o));

	if (!o || read_outcome(fd, o, NULL) < 0)
		return;
	dump->ours = true;
	dump->test = o->test;
	if (is_plain(o->release))
		memcpy(dump->release, o->release, sizeof(dump->release));
	if (o->crash_time && o->crash_time <= INT64_MAX)
		dump->time = (int64_t)o->crash_time;
	for (size_t i = 0; i < o->n_phases; i++)
		dump->capture_ms = MAX(dump->capture_ms, o->phases[i].end_ms);
	memcpy(dump->boot_id, o->boot_id, sizeof(dump->boot_id));
	dump->told = o->state;
	take_trouble(o, dump);
}

/* 1 when the folder holds a dump, 0 when not, negative errno. */
static int look(int dir_fd, const char *name, struct kd_dump *ret)
{
	_cleanup_(kd_closep) int fd = -EBADF, names_fd = -EBADF;
	struct kd_dump dump = { .time = -1 };
	struct look l = { .dump = &dump,
			  .rank = ARRAY_SIZE(kinds),
			  .log_rank = ARRAY_SIZE(kinds) };
	struct stat st;
	int r;

	if (strlen(name) >= sizeof(dump.name) || !is_plain(name))
		return 0;
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOTDIR || errno == ELOOP || errno == ENOENT ? 0 : -errno;
	names_fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (names_fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	r = read_names(TAKE_FD(names_fd), &l);
	if (r < 0)
		return r;
	if (l.rank == ARRAY_SIZE(kinds))
		return 0;
	memcpy(dump.name, name, strlen(name) + 1);
	if (l.has_outcome)
		add_outcome(fd, &dump);
	/* An outcome alone tells of a capture that saved nothing, or of a dump that was
	 * taken away since. */
	if (dump.state == KD_OUTCOME_FAILED) {
		if (!dump.ours || dump.told > KD_OUTCOME_FAILED)
			return 0;
		dump.state = dump.told;
	}
	if (dump.time < 0)
		dump.time = kd_dump_name_time(name, dump.ours);
	if (dump.time < 0)
		dump.time = st.st_mtim.tv_sec;
	kd_dump_name_host(name, dump.host, sizeof(dump.host));
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
	const struct dirent *e;
	struct kd_dump dump;
	size_t room = 0;
	int r;

	/* A descriptor of its own: reading moves the position. */
	r = kd_opendir_at(dir_fd, ".", &dir);
	if (r < 0)
		return kd_fail(err, r, "dumps");
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

int kd_archive_look(int dir_fd, const char *name, struct kd_dump *ret,
		    struct kd_error *err)
{
	int r;

	if (!name[0] || name[0] == '.' || strchr(name, '/'))
		return kd_fail_msg(err, -ENOENT, "\"%s\" is no dump's name", name);
	r = look(dir_fd, name, ret);
	if (r == 0)
		return kd_fail_msg(err, -ENOENT, "\"%s\" is no dump", name);
	return r < 0 ? kd_fail(err, r, "%s", name) : 0;
}

int kd_archive_outcome(int dir_fd, const char *name, struct kd_outcome *ret,
		       struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", name);
	r = read_outcome(fd, ret, err);
	return r < 0 ? kd_fail(err, r, "%s", name) : 0;
}
