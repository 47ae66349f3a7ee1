/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/io, base/atomic-file and base/log on a folder of their own: whole reads,
 * limits, and a replacement that leaves the old file alone when it fails.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/log.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

/* A fresh folder; removed with the files the cases name. */
static int open_folder(char path[static 32])
{
	memcpy(path, "/tmp/kd-test-io-XXXXXX", 23);
	if (!mkdtemp(path))
		return -errno;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void remove_folder(int dir_fd, const char *path)
{
	static const char *const names[] = { "a", "b", ".#a.tmp", "d/e/f", "d/e", "d" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void)unlinkat(dir_fd, names[i], 0);
		(void)unlinkat(dir_fd, names[i], AT_REMOVEDIR);
	}
	(void)rmdir(path);
}

static void reading(struct test *t)
{
	_cleanup_(kd_freep) char *text = NULL;
	char folder[32], line[8], big[10000];
	struct kd_error err = { 0 };
	uint64_t number = 0;
	size_t size;
	int dir = open_folder(folder);

	memset(big, 'x', sizeof(big));
	CHECK_INT(t, kd_replace_file_at(dir, "a", big, sizeof(big), 0600, &err), 0);
	CHECK_INT(t, kd_read_file_at(dir, "a", sizeof(big), &text, &size, &err), 0);
	CHECK_INT(t, size, sizeof(big));
	CHECK_INT(t, text[size], 0);
	CHECK_INT(t, kd_read_file_at(dir, "a", sizeof(big) - 1, &text, &size, &err),
		  -EFBIG);
	CHECK_STR(t, err.message, "a: File too large");
	CHECK_INT(t, kd_read_line_at(dir, "a", line, sizeof(line), NULL), -EFBIG);
	CHECK_INT(t, kd_replace_file_at(dir, "b", "0x2a\n", 5, 0600, NULL), 0);
	CHECK_INT(t, kd_read_u64_at(dir, "b", &number, NULL), 0);
	CHECK_INT(t, number, 42);
	CHECK_INT(t, kd_write_string_at(dir, "b", "zz", NULL), 0);
	kd_error_reset(&err);
	CHECK_INT(t, kd_read_u64_at(dir, "b", &number, &err), -EINVAL);
	CHECK_STR(t, err.message, "b: \"zz2a\" is not a number: Invalid argument");
	CHECK_INT(t, kd_read_u64_at(dir, "absent", &number, NULL), -ENOENT);
	remove_folder(dir, folder);
	kd_close(dir);
}

static void proc_files_have_no_size(struct test *t)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size = 0;

	CHECK_INT(t,
		  kd_read_file_at(AT_FDCWD, "/proc/self/status", 1 << 16, &text, &size,
				  NULL),
		  0);
	CHECK(t, size > 100 && strlen(text) == size);
}

static void replacing(struct test *t)
{
	_cleanup_(kd_freep) char *text = NULL;
	char folder[32];
	struct stat st;
	int dir = open_folder(folder);

	CHECK_INT(t, kd_replace_file_at(dir, "a", "old", 3, 0600, NULL), 0);
	/* a stale temporary that is a link must not be followed */
	CHECK_INT(t, symlinkat("a", dir, ".#a.tmp"), 0);
	CHECK_INT(t, kd_replace_file_at(dir, "a", "newer", 5, 0640, NULL), 0);
	CHECK_INT(t, kd_read_file_at(dir, "a", 100, &text, NULL, NULL), 0);
	CHECK_STR(t, text, "newer");
	CHECK_INT(t, fstatat(dir, "a", &st, AT_SYMLINK_NOFOLLOW), 0);
	CHECK_INT(t, st.st_mode & 07777, 0640);
	CHECK_INT(t, fstatat(dir, ".#a.tmp", &st, AT_SYMLINK_NOFOLLOW), -1);
	CHECK_INT(t, kd_replace_file_at(dir, "no/folder", "x", 1, 0600, NULL), -ENOENT);
	remove_folder(dir, folder);
	kd_close(dir);
}

/* A write that fails half way, as on a full disk: the limit makes write(2) fail. */
static void failed_replacement_keeps_the_old(struct test *t)
{
	struct rlimit old, tight = { .rlim_cur = 4, .rlim_max = RLIM_INFINITY };
	_cleanup_(kd_freep) char *text = NULL;
	char folder[32];
	struct stat st;
	int dir = open_folder(folder);

	CHECK_INT(t, kd_replace_file_at(dir, "a", "old", 3, 0600, NULL), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	setrlimit(RLIMIT_FSIZE, &tight);
	CHECK_INT(t, kd_replace_file_at(dir, "a", "too long", 8, 0600, NULL), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &old);
	CHECK_INT(t, kd_read_file_at(dir, "a", 100, &text, NULL, NULL), 0);
	CHECK_STR(t, text, "old");
	CHECK_INT(t, fstatat(dir, ".#a.tmp", &st, AT_SYMLINK_NOFOLLOW), -1);
	remove_folder(dir, folder);
	kd_close(dir);
}

static void folders(struct test *t)
{
	char folder[32];
	struct stat st;
	int dir = open_folder(folder);

	CHECK_INT(t, kd_mkdir_p_at(dir, "d/e/f", 0700, NULL), 0);
	CHECK_INT(t, kd_mkdir_p_at(dir, "d/e/f", 0700, NULL), 0);
	CHECK_INT(t, fstatat(dir, "d/e/f", &st, 0), 0);
	CHECK(t, S_ISDIR(st.st_mode));
	CHECK_INT(t, kd_fsync_parent_at(dir, "d/e/f", NULL), 0);
	CHECK_INT(t, kd_replace_file_at(dir, "a", "x", 1, 0600, NULL), 0);
	CHECK_INT(t, kd_mkdir_p_at(dir, "a/b", 0700, NULL), -ENOTDIR);
	remove_folder(dir, folder);
	kd_close(dir);
}

static void log_lines(struct test *t)
{
	struct kd_log log = { .name = "kdump", .max = KD_LOG_INFO };
	char got[256];
	ssize_t n;
	int fds[2];

	CHECK_INT(t, pipe2(fds, O_CLOEXEC), 0);
	log.fd = fds[1];
	kd_log(&log, KD_LOG_DEBUG, "dropped");
	kd_log(&log, KD_LOG_INFO, "a\nb\033[31m");
	kd_log(&log, KD_LOG_WARNING, "w");
	log.journal = true;
	kd_log(&log, KD_LOG_ERROR, "e");
	n = read(fds[0], got, sizeof(got) - 1);
	CHECK(t, n > 0);
	got[MAX(n, 0)] = '\0';
	CHECK_STR(t, got, "kdump: a?b?[31m\nkdump: WARNING: w\n<3>kdump: e\n");
	kd_close(fds[0]);
	kd_close(fds[1]);
}

/* From the beginning, though the descriptor was read to its end. */
static void opendir_at(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	fake_text(&root, "a/file", "");
	for (int i = 0; i < 2; i++) {
		_cleanup_(kd_closedirp) DIR *dir = NULL;
		const struct dirent *e;
		unsigned int n = 0;

		CHECK_INT(t, kd_opendir_at(root.fd, i ? "." : "a", &dir), 0);
		while (dir && (e = readdir(dir)))
			n += e->d_name[0] != '.';
		CHECK_INT(t, n, 1);
	}
	for (int i = 0; i < 2; i++) {
		DIR *dir = NULL;

		CHECK_INT(t, kd_opendir_at(root.fd, i ? "a/file" : "b", &dir),
			  i ? -ENOTDIR : -ENOENT);
		CHECK(t, dir == NULL);
	}
}

static const struct test_case cases[] = {
	{ "a folder is opened", opendir_at },
	{ "whole reads with limits", reading },
	{ "files without a size", proc_files_have_no_size },
	{ "replacement is whole", replacing },
	{ "a failed replacement keeps the old file", failed_replacement_keeps_the_old },
	{ "folders", folders },
	{ "log lines", log_lines },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
