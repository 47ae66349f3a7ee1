/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The makedumpfile program: command line in, façade called, one clear line out. Exit
 * status is makedumpfile's: 0 done, 1 failed. Everything else is in the libraries.
 */
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "makedumpfile/dmesg.h"
#include "makedumpfile/format/kdump-reader.h"
#include "makedumpfile/messages.h"

#define SINK_BUFFER (1U << 20)

/** The program's root. */
struct program {
	struct kd_dump_options options;
	struct kd_progress progress;
};

static bool says(const struct program *p, enum kd_message_level bit)
{
	return p->options.message_level & (unsigned int)bit;
}

static void on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
	struct program *p = context;

	if (says(p, KD_MESSAGE_PROGRESS))
		kd_progress_show(&p->progress, what, done, all);
}

static void on_note(void *context, const char *text)
{
	struct program *p = context;

	if (says(p, KD_MESSAGE_COMMON))
		(void)fprintf(stderr, "makedumpfile: %s\n", text);
}

/* A dump holds the machine's memory: nobody but its owner may read it. */
static int open_output(const struct program *p, bool again, int *ret,
		       struct kd_error *err)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC |
		    (again || p->options.force ? O_TRUNC : O_EXCL);
	int fd = openat(AT_FDCWD, p->options.output, flags, S_IRUSR | S_IWUSR);

	if (fd < 0 && errno == EEXIST)
		return kd_fail_msg(err, -EEXIST, "%s exists; -f overwrites it",
				   p->options.output);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", p->options.output);
	*ret = fd;
	return 0;
}

static int open_sink(const struct program *p, bool again, struct kd_sink **ret,
		     struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	r = open_output(p, again, &fd, err);
	if (r < 0)
		return r;
	r = kd_sink_file_new(fd, SINK_BUFFER, ret, err);
	if (r < 0)
		return r;
	fd = -EBADF; /* the sink's now */
	return 0;
}

static int dump_once(struct program *p, const struct kd_vmcore *core, size_t attempt,
		     struct kd_error *err)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_dump_request request = {
		.core = core,
		.options = &p->options,
		.attempt = attempt,
		.progress = on_progress,
		.note = on_note,
		.context = p,
	};
	struct kd_dump_stats stats;
	int r;

	if (!p->options.dry_run) {
		r = open_sink(p, attempt > 0, &sink, err);
		if (r < 0)
			return r;
	}
	r = kd_dump_write(&request, sink, &stats, err);
	if (r < 0)
		return kd_fail(err, r, "%s",
			       p->options.dry_run ? p->options.input : p->options.output);
	if (says(p, KD_MESSAGE_REPORT))
		kd_print_report(&stats);
	if (stats.pages_unreadable)
		(void)fprintf(stderr, "makedumpfile: %llu pages could not be read\n",
			      (unsigned long long)stats.pages_unreadable);
	return 0;
}

static int dump(struct program *p, struct kd_error *err)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	int r;

	r = kd_vmcore_open_at(AT_FDCWD, p->options.input, &core, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < p->options.n_levels; i++) {
		bool last = i + 1 == p->options.n_levels;

		r = dump_once(p, core, i, err);
		if (r != -ENOSPC || last)
			break;
		if (says(p, KD_MESSAGE_COMMON))
			(void)fprintf(stderr,
				      "makedumpfile: no space at dump level %u: "
				      "trying %u\n",
				      p->options.levels[i], p->options.levels[i + 1]);
		kd_error_reset(err);
	}
	if (r == -ENOSPC)
		return kd_fail_msg(err, r, "the dump is incomplete, but can be opened");
	return r;
}

/* Memory and vmcoreinfo of an ELF core or of a kdump-compressed file. */
struct source {
	struct kd_vmcore *core;
	struct kd_kdump *kdump;
	struct kd_vmcoreinfo *own_info;
	const struct kd_memory *memory;
	const struct kd_vmcoreinfo *info;
	uint16_t machine;
};

static void source_done(struct source *s)
{
	kd_vmcoreinfo_free(s->own_info);
	kd_kdump_free(s->kdump);
	kd_vmcore_free(s->core);
}

static int open_kdump(struct source *s, const char *path, struct kd_error *err)
{
	const char *text, *machine;
	size_t size;
	int r;

	r = kd_kdump_open_at(AT_FDCWD, path, &s->kdump, err);
	if (r < 0)
		return r;
	text = kd_kdump_info_text(s->kdump, &size);
	if (!text || !size)
		return kd_fail_msg(err, -ENODATA, "%s: no vmcoreinfo", path);
	r = kd_vmcoreinfo_new(text, size, &s->own_info, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	machine = kd_kdump_machine(s->kdump);
	s->machine = strcmp(machine, "x86_64") == 0    ? EM_X86_64
		     : strcmp(machine, "aarch64") == 0 ? EM_AARCH64
						       : EM_NONE;
	s->memory = kd_kdump_memory(s->kdump);
	s->info = s->own_info;
	return 0;
}

static int open_source(struct source *s, const char *path, struct kd_error *err)
{
	int r;

	r = kd_vmcore_open_at(AT_FDCWD, path, &s->core, err);
	if (r == -ENOEXEC) {
		kd_error_reset(err);
		return open_kdump(s, path, err);
	}
	if (r < 0)
		return r;
	s->memory = kd_vmcore_memory(s->core);
	s->info = kd_vmcore_info(s->core, NULL, NULL);
	s->machine = kd_vmcore_machine(s->core);
	if (!s->info)
		return kd_fail_msg(err, -ENODATA, "%s: no vmcoreinfo", path);
	return 0;
}

static int dmesg(struct program *p, struct kd_error *err)
{
	_cleanup_(source_done) struct source s = { 0 };
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_xlat xlat;
	int r;

	r = open_source(&s, p->options.input, err);
	if (r < 0)
		return r;
	r = kd_xlat_init(&xlat, s.memory, s.machine, s.info, err);
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.input);
	r = open_output(p, /* again= */ false, &fd, err);
	if (r < 0)
		return r;
	r = kd_dmesg_write(&xlat, s.info, fd, /* ret_bytes= */ NULL, err);
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.output);
	if (fsync(fd) < 0 && errno != EINVAL && errno != EROFS) /* no file: a pipe */
		return kd_fail(err, -errno, "%s", p->options.output);
	return 0;
}

static int run(struct program *p, struct kd_error *err)
{
	if (p->options.mode == KD_MODE_HELP)
		kd_print_usage();
	else if (p->options.mode == KD_MODE_VERSION)
		kd_print_version();
	if (p->options.mode > KD_MODE_DMESG || p->options.check_params)
		return 0;
	return p->options.mode == KD_MODE_DMESG ? dmesg(p, err) : dump(p, err);
}

int main(int argc, char *argv[])
{
	struct program p = { .progress = { .terminal = isatty(STDERR_FILENO) } };
	struct kd_error err = { 0 };
	int r;

	kd_options_init(&p.options);
	r = kd_options_parse(argc, argv, &p.options, &err);
	if (r == 0)
		r = run(&p, &err);
	if (r < 0) {
		if (says(&p, KD_MESSAGE_ERROR))
			(void)fprintf(stderr, "makedumpfile: %s\nmakedumpfile Failed.\n",
				      err.message);
		return EXIT_FAILURE;
	}
	if (p.options.mode > KD_MODE_DMESG || p.options.check_params)
		return EXIT_SUCCESS;
	if (says(&p, KD_MESSAGE_COMMON)) {
		if (!p.options.dry_run)
			printf("\nThe dumpfile is saved to %s.\n", p.options.output);
		printf("\nmakedumpfile Completed.\n");
	}
	return EXIT_SUCCESS;
}
