/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The makedumpfile program: command line in, one mode run, one clear line out. Exit
 * status is makedumpfile's: 0 done, 1 failed. Everything else is in run-*.c and the
 * libraries.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "makedumpfile/program.h"

int kd_program_create(const struct kd_program *p, const char *path, bool again, int *ret,
		      struct kd_error *err)
{
	int flags = O_RDWR | O_CREAT | O_CLOEXEC |
		    (again || p->options.force ? O_TRUNC : O_EXCL);
	int fd = openat(AT_FDCWD, path, flags, S_IRUSR | S_IWUSR);

	if (fd < 0 && errno == EEXIST)
		return kd_fail_msg(err, -EEXIST, "%s exists; -f overwrites it", path);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", path);
	*ret = fd;
	return 0;
}

static int run(struct kd_program *p, struct kd_error *err)
{
	if (p->options.mode == KD_MODE_HELP)
		kd_print_usage();
	else if (p->options.mode == KD_MODE_VERSION)
		kd_print_version();
	if (p->options.mode > KD_MODE_DMESG || p->options.check_params)
		return 0;
	return p->options.mode == KD_MODE_DMESG ? kd_run_dmesg(p, err)
						: kd_run_dump(p, err);
}

int main(int argc, char *argv[])
{
	struct kd_program p = { .progress = { .terminal = isatty(STDERR_FILENO) } };
	struct kd_error err = { 0 };
	int r;

	kd_options_init(&p.options);
	r = kd_options_parse(argc, argv, &p.options, &err);
	if (r == 0)
		r = run(&p, &err);
	if (r < 0) {
		if (kd_program_says(&p, KD_MESSAGE_ERROR))
			(void)fprintf(stderr, "makedumpfile: %s\nmakedumpfile Failed.\n",
				      err.message);
		return EXIT_FAILURE;
	}
	if (p.options.mode > KD_MODE_DMESG || p.options.check_params)
		return EXIT_SUCCESS;
	if (kd_program_says(&p, KD_MESSAGE_COMMON)) {
		if (!p.options.dry_run)
			printf("\nThe dumpfile is saved to %s.\n", p.options.output);
		printf("\nmakedumpfile Completed.\n");
	}
	return EXIT_SUCCESS;
}
