/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The makedumpfile program: command line in, one mode run, one clear line out. Exit
 * status is makedumpfile's: 0 done, 1 failed, 2 vmlinux and vmcore are of two kernels.
 * Everything else is in run-*.c and the libraries.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "makedumpfile/program/program.h"

#define EXIT_OTHER_KERNEL 2
/* of --diff, as diff(1) has them */
#define EXIT_DIFFER	  1
#define EXIT_TROUBLE	  2

/**
 * @run:   NULL when this build does not have the mode
 * @saved: the last words before the name of the file that was written; NULL for a mode
 *         that only prints, and prints nothing of its own accord
 */
struct mode {
	const char *option;
	int (*run)(struct kd_program *p, struct kd_error *err);
	const char *saved;
};

static const struct mode modes[] = {
	[KD_MODE_DUMP] = { "a dump", kd_run_dump, "The dumpfile is saved to" },
	[KD_MODE_DMESG] = { "--dump-dmesg", kd_run_dmesg, "The dmesg log is saved to" },
	[KD_MODE_REARRANGE] = { "-R", kd_run_rearrange, "The dumpfile is saved to" },
	[KD_MODE_REASSEMBLE] = { "--reassemble", kd_run_reassemble,
				 "The dumpfile is saved to" },
	[KD_MODE_GENERATE] = { "-g", kd_run_generate, "The vmcoreinfo is saved to" },
	[KD_MODE_MEM_USAGE] = { "--mem-usage", kd_run_mem_usage, NULL },
	[KD_MODE_VTOP] = { "--vtop", kd_run_vtop, NULL },
	[KD_MODE_INFO] = { "--info", kd_run_info, NULL },
	[KD_MODE_VERIFY] = { "--verify", kd_run_verify, NULL },
	[KD_MODE_SALVAGE] = { "--salvage", kd_run_salvage, "The dumpfile is saved to" },
	[KD_MODE_DIFF] = { "--diff", kd_run_diff, NULL },
};

/* Of what is named before @path on the command line, to be read or written, the file that
 * @st, an output, is; NULL when it is none of them. */
static const char *named_before(const struct kd_program *p, const char *path,
				const struct stat *st)
{
	const struct kd_dump_options *o = &p->options;
	struct stat before;

	if (!S_ISREG(st->st_mode))
		return NULL;
	for (size_t i = 0; i < o->n_files && o->files[i] != path; i++)
		if (stat(o->files[i], &before) == 0 && before.st_dev == st->st_dev &&
		    before.st_ino == st->st_ino)
			return o->files[i];
	return NULL;
}

int kd_program_create(const struct kd_program *p, const char *path, bool again, int *ret,
		      struct kd_error *err)
{
	bool over = again || p->options.force;
	_cleanup_(kd_closep) int fd =
		openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC | (over ? 0 : O_EXCL),
		       S_IRUSR | S_IWUSR);
	struct stat st = { 0 };
	const char *same;

	if (fd < 0 && errno != EEXIST)
		return kd_fail(err, -errno, "%s", path);
	(void)(fd < 0 ? stat(path, &st) : fstat(fd, &st));
	same = named_before(p, path, &st);
	if (same)
		return kd_fail_msg(err, -EINVAL, "%s is named twice%s%s", path,
				   strcmp(same, path) ? ", as " : "",
				   strcmp(same, path) ? same : "");
	if (fd < 0)
		return kd_fail_msg(err, -EEXIST, "%s exists; -f overwrites it", path);
	/* only then is it emptied; devices and pipes have no length */
	if (over && S_ISREG(st.st_mode) && ftruncate(fd, 0) < 0)
		return kd_fail(err, -errno, "%s", path);
	*ret = TAKE_FD(fd);
	return 0;
}

int kd_program_create_sink(const struct kd_program *p, const char *path, bool again,
			   struct kd_sink **ret, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	r = kd_program_create(p, path, again, &fd, err);
	if (r < 0)
		return r;
	r = kd_sink_file_new(fd, ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	(void)TAKE_FD(fd);
	return 0;
}

/* In the original's words, which scripts look for. */
static void say_saved(const struct kd_program *p, const char *saved)
{
	const struct kd_dump_options *o = &p->options;

	if (o->dry_run || !saved)
		return;
	if (!o->split) {
		(void)fprintf(p->out, "\n%s %s.\n", saved,
			      o->flattened ? "STDOUT" : o->output);
		return;
	}
	(void)fprintf(p->out, "\nThe dumpfiles are saved to ");
	for (size_t i = 1; i + 1 < o->n_files; i++)
		(void)fprintf(p->out, "%s, ", o->files[i]);
	(void)fprintf(p->out, "and %s.\n", o->files[o->n_files - 1]);
}

static int run_mode(struct kd_program *p, enum kd_dump_mode which, struct kd_error *err)
{
	const struct mode *mode = &modes[which];
	int r;

	if (!mode->run)
		return kd_fail_msg(err, -ENOTSUP, "%s is not in this build",
				   mode->option);
	if (p->options.check_params)
		return 0;
	r = mode->run(p, err);
	if (r < 0 || !mode->saved || !kd_program_says(p, KD_MESSAGE_COMMON))
		return r;
	say_saved(p, mode->saved);
	(void)fprintf(p->out, "\nmakedumpfile Completed.\n");
	return 0;
}

static int run(struct kd_program *p, struct kd_error *err)
{
	enum kd_dump_mode mode = p->options.mode;
	int r;

	if (mode == KD_MODE_HELP) {
		kd_print_usage();
		return 0;
	}
	if (mode == KD_MODE_VERSION) {
		kd_print_version();
		return 0;
	}
	if (p->options.flattened || p->options.json)
		p->out = stderr;
	r = run_mode(p, mode, err);
	if (r == 0 && mode == KD_MODE_VTOP && p->options.output)
		r = run_mode(p, KD_MODE_DUMP, err);
	return r;
}

/* What was printed may be all there is: a full disk under stdout is a failure too. */
static int flush(const struct kd_program *p, struct kd_error *err)
{
	if (p->options.flattened)
		return 0;
	errno = EIO;
	return fflush(stdout) == EOF || ferror(stdout)
		       ? kd_fail(err, -errno, "standard output")
		       : 0;
}

static int fail(const struct kd_program *p, int r, const struct kd_error *err)
{
	if (kd_program_says(p, KD_MESSAGE_ERROR))
		(void)fprintf(stderr, "makedumpfile: %s\n", err->message);
	if (kd_program_says(p, KD_MESSAGE_COMMON) && !p->options.check_params)
		(void)fprintf(p->out, "\nmakedumpfile Failed.\n");
	if (p->options.mode == KD_MODE_DIFF)
		return EXIT_TROUBLE;
	return r == -ESTALE ? EXIT_OTHER_KERNEL : EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
	struct kd_program p = {
		.progress = { .terminal = isatty(STDERR_FILENO) },
		.out = stdout,
	};
	struct kd_error err = { 0 };
	bool differ;
	int r;

	/* who reads the stream may go away: that is an error to tell, not a death */
	(void)signal(SIGPIPE, SIG_IGN);
	kd_options_init(&p.options);
	r = kd_options_parse(argc, argv, &p.options, &err);
	/* the line was refused, and with it where messages would go: not into a stream */
	if (r < 0)
		p.out = stderr;
	else
		r = run(&p, &err);
	differ = r == KD_RUN_DIFFER;
	if (r >= 0)
		r = flush(&p, &err);
	if (r < 0)
		return fail(&p, r, &err);
	return differ ? EXIT_DIFFER : EXIT_SUCCESS;
}
