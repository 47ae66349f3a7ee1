/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target over its corpus without a fuzz engine, so that every input ever
 * found stays fixed under any compiler. Each file is also cut at every length up to
 * 4 KiB: parsers meet truncated input far more often than clever one.
 * Arguments: files or directories, at least one file in all; "-w DIR" before them writes
 * the inputs there as a fuzz engine wants them, with seeds (seed.h) made into bytes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/seed.h"

#define MAX_FILE (16U << 20)
#define MAX_CUT	 4096

/** @out_fd: directory that inputs are written to instead of being run, or -1 */
struct replay {
	int out_fd;
	unsigned int count;
};

static int run_bytes(const char *data, size_t size)
{
	/* a copy of exactly this size: reading one byte further is an error then */
	_cleanup_(kd_freep) uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		return -ENOMEM;
	memcpy(exact, data, size);
	return LLVMFuzzerTestOneInput(exact, size);
}

static bool is_seed(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && strcmp(dot, ".seed") == 0;
}

static int read_input(int dir_fd, const char *name, char **ret, size_t *ret_size,
		      struct kd_error *err)
{
	_cleanup_(kd_freep) char *data = NULL;
	int r;

	r = kd_read_file_at(dir_fd, name, MAX_FILE, &data, ret_size, err);
	if (r < 0)
		return r;
	if (is_seed(name)) {
		r = seed_decode(data, ret, ret_size, err);
		return r < 0 ? kd_fail(err, r, "%s", name) : 0;
	}
	*ret = TAKE_PTR(data);
	return 0;
}

static int write_input(int out_fd, const char *name, const char *data, size_t size)
{
	const char *slash = strrchr(name, '/');
	_cleanup_(kd_closep) int fd = openat(out_fd, slash ? slash + 1 : name,
					     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
					     0600);

	return fd < 0 ? -errno : kd_write_full(fd, data, size);
}

static int run_file(struct replay *re, int dir_fd, const char *name)
{
	_cleanup_(kd_freep) char *data = NULL;
	struct kd_error err = { 0 };
	size_t size;

	if (read_input(dir_fd, name, &data, &size, &err) < 0) {
		fprintf(stderr, "%s\n", err.message);
		return -1;
	}
	re->count++;
	if (re->out_fd >= 0)
		return write_input(re->out_fd, name, data, size);
	for (size_t cut = 0; cut < size && cut < MAX_CUT; cut++)
		if (run_bytes(data, cut) != 0)
			return -1;
	return run_bytes(data, size);
}

static int run_dir(struct replay *re, const char *path)
{
	_cleanup_(kd_closedirp) DIR *dir = opendir(path);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.' && run_file(re, dirfd(dir), e->d_name) < 0)
			return -1;
	return dir ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct replay re = { .out_fd = -EBADF };
	int first = 1;

	if (argc > 2 && strcmp(argv[1], "-w") == 0) {
		re.out_fd = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (re.out_fd < 0) {
			fprintf(stderr, "%s: no directory\n", argv[2]);
			return 1;
		}
		first = 3;
	}
	for (int i = first; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) < 0 ||
		    (S_ISDIR(st.st_mode) ? run_dir(&re, argv[i])
					 : run_file(&re, AT_FDCWD, argv[i])) < 0) {
			fprintf(stderr, "%s: failed\n", argv[i]);
			return 1;
		}
	}
	printf("%u inputs\n", re.count);
	kd_close(re.out_fd);
	return re.count ? 0 : 1;
}
