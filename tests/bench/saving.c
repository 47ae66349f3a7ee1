/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the capture kernel does with a vmcore, done here: the log, the mini dump, the dump,
 * each read back, in milliseconds of CPU and of time. Nothing is checked. Run by hand, or
 * under callgrind for instructions.
 *
 * usage: bench-saving FOLDER [COLLECTOR]; the vmcore is FOLDER/proc/vmcore, the layout made
 * from FOLDER/btf, what is saved is in FOLDER/saved.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "capture-kernel/save-dmesg.h"
#include "capture-kernel/save-dump.h"
#include "capture-kernel/save-mini.h"
#include "makedumpfile/layout/layout-file.h"
#include "makedumpfile/layout/source.h"

#define BTF_MAX (UINT64_C(64) << 20)
#define BUFFERS (UINT64_C(16) << 20)
#define MINI	(UINT64_C(4) << 20)

static int make_layout(int root_fd, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	_cleanup_(kd_freep) char *btf = NULL;
	struct kd_layout layout = { 0 };
	size_t size;
	int r;

	kd_strbuf_init(&text, KD_LAYOUT_MAX_FILE);
	r = kd_read_file_at(root_fd, "btf", BTF_MAX, &btf, &size, err);
	if (r >= 0)
		r = kd_layout_from_btf(btf, size, &layout, err);
	if (r >= 0)
		r = kd_layout_encode(&layout, &text, err);
	if (r >= 0)
		r = kd_mkdir_p_at(root_fd, "kdump", 0700, err);
	if (r >= 0)
		r = kd_replace_file_at(root_fd, "kdump/layout", kd_strbuf_text(&text),
				       strlen(kd_strbuf_text(&text)), 0600, err);
	return r;
}

static double ms(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int save_log(const struct kd_save *s, struct kd_error *err)
{
	return kd_save_dmesg(s->root_fd, s->dir, &s->shared->outcome, err);
}

static int timed(const char *what, struct kd_save *s, uint64_t memory,
		 int (*work)(const struct kd_save *s, struct kd_error *err),
		 struct kd_error *err)
{
	double cpu = ms(CLOCK_PROCESS_CPUTIME_ID), all = ms(CLOCK_MONOTONIC);
	int r;

	s->memory = memory;
	r = work(s, err);
	printf("%-5s cpu %8.1f ms, all %8.1f ms\n", what,
	       ms(CLOCK_PROCESS_CPUTIME_ID) - cpu, ms(CLOCK_MONOTONIC) - all);
	return r;
}

static int save_all(int root_fd, const char *collector, struct kd_error *err)
{
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	_cleanup_(kd_place_freep) struct kd_place *dir = NULL;
	struct kd_save s = { .root_fd = root_fd, .collector = collector };
	int fd, r;

	r = kd_shared_new(&shared, NULL);
	if (r >= 0)
		r = kd_mkdir_p_at(root_fd, "saved", 0700, err);
	fd = r < 0 ? r : openat(root_fd, "saved", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, r < 0 ? r : -errno, "saved");
	r = kd_place_dir_new(fd, /* direct= */ true, &dir, err);
	if (r < 0)
		return r;
	s.dir = dir;
	s.shared = shared;
	r = timed("log", &s, MINI, save_log, err);
	if (r >= 0)
		r = timed("mini", &s, MINI, kd_save_mini, err);
	printf("mini %llu bytes\n", (unsigned long long)shared->outcome.mini_bytes);
	if (r >= 0)
		r = timed("dump", &s, BUFFERS, kd_save_dump, err);
	printf("dump %llu bytes, %llu pages\n",
	       (unsigned long long)shared->outcome.vmcore_bytes,
	       (unsigned long long)shared->outcome.pages_kept);
	return r;
}

int main(int argc, char *argv[])
{
	_cleanup_(kd_closep) int root_fd = -EBADF;
	struct kd_error err = { 0 };
	int r;

	if (argc != 2 && argc != 3) {
		(void)fprintf(stderr, "usage: bench-saving FOLDER [COLLECTOR]\n");
		return EXIT_FAILURE;
	}
	root_fd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = root_fd < 0 ? kd_fail(&err, -errno, "%s", argv[1])
			: make_layout(root_fd, &err);
	if (r >= 0)
		r = save_all(root_fd, argc == 3 ? argv[2] : "makedumpfile -l -d 31",
			     &err);
	if (r < 0) {
		(void)fprintf(stderr, "bench-saving: %s\n", err.message);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
