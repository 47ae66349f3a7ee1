/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arms a machine that is a folder, with a kernel that takes every image: what kdumpctl
 * start and rebuild do besides the load itself, so that it can be timed where no memory
 * is reserved for a crash kernel. Run by tests/bench/arming.py.
 */
#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "kdumpd/arm/arm.h"

#define INIT "/usr/lib/kdumpd/capture-init"

static int take_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
		     size_t cmdline_len, unsigned long flags)
{
	const int *root_fd = context;

	(void)kernel_fd;
	(void)initrd_fd;
	(void)cmdline;
	(void)cmdline_len;
	(void)flags;
	return kd_write_string_at(*root_fd, "sys/kernel/kexec_crash_loaded", "1\n", NULL);
}

static int is_loaded(void *context, enum kd_kexec_purpose purpose)
{
	uint64_t loaded = 0;
	const int *root_fd = context;
	int r;

	(void)purpose;
	r = kd_read_u64_at(*root_fd, "sys/kernel/kexec_crash_loaded", &loaded, NULL);
	return r < 0 ? r : loaded != 0;
}

static void no_pause(void *context, unsigned int ms)
{
	(void)context;
	(void)ms;
}

int main(int argc, char *argv[])
{
	static const struct kd_linux_calls ops = { .file_load = take_load,
						   .loaded = is_loaded,
						   .pause = no_pause };
	_cleanup_(kd_closep) int root_fd = -EBADF;
	_cleanup_(kd_arm_result_done) struct kd_arm_result result;
	struct kd_arm_request request = { .init = INIT };
	struct kd_error err = { 0 };

	kd_arm_result_init(&result);
	if (argc != 3 ||
	    (strcmp(argv[2], "start") != 0 && strcmp(argv[2], "rebuild") != 0)) {
		(void)fprintf(stderr, "usage: bench-arm ROOT start|rebuild\n");
		return EXIT_FAILURE;
	}
	root_fd = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	request.root_fd = root_fd;
	request.iomem_fd = -EBADF;
	request.backend = (struct kd_linux) { &ops, &root_fd };
	request.force = strcmp(argv[2], "rebuild") == 0;
	if (kd_arm(&request, &result, &err) < 0) {
		(void)fprintf(stderr, "%s%s\n", kd_strbuf_text(&result.report),
			      err.message);
		return EXIT_FAILURE;
	}
	(void)printf("%s %llu\n", result.already ? "already" : "armed",
		     (unsigned long long)result.state.image_bytes);
	return EXIT_SUCCESS;
}
