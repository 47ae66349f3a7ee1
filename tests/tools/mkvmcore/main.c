/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkvmcore SCRIPT OUTPUT: a vmcore out of a text, see tests/tools/README.md. "-" reads
 * the script from standard input. For tests and for looking at things by hand.
 */
#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "tests/tools/mkvmcore/mkvmcore.h"

#define SCRIPT_MAX (1U << 20)

static int run(const char *script_path, const char *output, struct kd_error *err)
{
	_cleanup_(kd_freep) char *script = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	size_t size;
	int r;

	if (strcmp(script_path, "-") == 0)
		script_path = "/dev/stdin";
	r = kd_read_file_at(AT_FDCWD, script_path, SCRIPT_MAX, &script, &size, err);
	if (r < 0)
		return r;
	fd = open(output, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", output);
	r = mkvmcore(script, size, fd, err);
	return r < 0 ? kd_fail(err, r, "%s", script_path) : 0;
}

int main(int argc, char **argv)
{
	struct kd_error err = { 0 };

	if (argc != 3) {
		fprintf(stderr, "usage: mkvmcore SCRIPT OUTPUT\n");
		return 2;
	}
	if (run(argv[1], argv[2], &err) < 0) {
		fprintf(stderr, "mkvmcore: %s\n", err.message);
		return 1;
	}
	return 0;
}
