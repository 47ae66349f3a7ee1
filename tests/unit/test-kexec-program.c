/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kexec command as a script sees it, on a machine that is a folder and writes down
 * what is done to it: exit statuses, words, and which calls come in which order.
 */
#include "kexec/program/program.h"

#include <fcntl.h>

#include "tests/unit/fake-bzimage.h"
#include "tests/unit/fake-machine.h"
#include "tests/unit/test.h"

#define WORDS 12

/**
 * @log:   calls, a word each
 * @files, @segments: what those calls give
 * @out, @err: what was printed, of the last run
 */
struct stage {
	struct fake_root root;
	char log[256];
	int files;
	int segments;
	char out[4096];
	char err[4096];
};

/* The machine's functions have no context of their own but for the kernel's. */
static struct stage *the_stage;

static void note(const char *word)
{
	size_t used = strlen(the_stage->log);

	(void)snprintf(the_stage->log + used, sizeof(the_stage->log) - used, "%s%s",
		       used ? " " : "", word);
}

static void set_loaded(bool crash, bool loaded)
{
	fake_text(&the_stage->root,
		  crash ? "sys/kernel/kexec_crash_loaded" : "sys/kernel/kexec_loaded",
		  loaded ? "1\n" : "0\n");
}

static int record_load(_unused_ void *context, _unused_ uint64_t entry, uint64_t n,
		       const struct kd_linux_segment *segments, uint64_t flags)
{
	bool crash = flags & KD_KEXEC_ON_CRASH;

	if (n == 1 && !segments)
		return flags & KD_KEXEC_PRESERVE_CONTEXT ? -EINVAL : -EFAULT;
	note(crash ? "segments-crash" : "segments");
	if (the_stage->segments == 0)
		set_loaded(crash, n > 0);
	return the_stage->segments;
}

static int record_file_load(_unused_ void *context, _unused_ int kernel_fd, int initrd_fd,
			    const char *cmdline, size_t cmdline_len, unsigned long flags)
{
	bool crash = flags & KD_KEXEC_FILE_ON_CRASH;
	char word[128];

	if (flags & KD_KEXEC_FILE_UNLOAD) {
		note(crash ? "unload-crash" : "unload");
	} else {
		(void)snprintf(word, sizeof(word), "%s%s%s[%.*s]",
			       crash ? "files-crash" : "files",
			       initrd_fd >= 0 ? "+initrd" : "",
			       flags & KD_KEXEC_FILE_NO_CMA ? "+no-cma" : "",
			       (int)cmdline_len - 1, cmdline);
		note(word);
	}
	if (the_stage->files == 0)
		set_loaded(crash, !(flags & KD_KEXEC_FILE_UNLOAD));
	return the_stage->files;
}

static int record_loaded(_unused_ void *context, enum kd_kexec_purpose purpose)
{
	return purpose == KD_KEXEC_CRASH ? kd_kexec_crash_loaded(the_stage->root.fd)
					 : kd_kexec_reboot_loaded(the_stage->root.fd);
}

static int record_reboot(_unused_ void *context)
{
	note("jump");
	return -EINVAL;
}

static void record_pause(_unused_ void *context, _unused_ unsigned int ms)
{
}

static int no_random(void *buf, size_t size)
{
	memset(buf, 7, size);
	return 0;
}

static void record_sync(void)
{
	note("sync");
}

static int record_ifdown(void)
{
	note("ifdown");
	return 0;
}

static int record_shut_down(void)
{
	note("systemctl");
	return -ENOENT;
}

static void stage_init(struct stage *s)
{
	uint8_t image[FAKE_BZIMAGE_SIZE];

	*s = (struct stage) { .files = 0 };
	the_stage = s;
	fake_root_init(&s->root);
	fake_bios_machine(&s->root);
	fake_bzimage(image);
	fake_file(&s->root, "vmlinuz", image, sizeof(image));
	fake_text(&s->root, "initrd", "an initrd");
	fake_text(&s->root, "junk", "no kernel");
	fake_text(&s->root, "sys/kernel/kexec_crash_size", "268435456\n");
	fake_text(&s->root, "proc/self/status", "CapEff:\t000001ffffffffff\n");
	set_loaded(true, false);
	set_loaded(false, false);
}

static void stage_done(struct stage *s)
{
	fake_root_done(&s->root);
	the_stage = NULL;
}

/* @fd into a file of the stage; returns the descriptor that was there. */
static int redirect(int fd, const char *path)
{
	_cleanup_(kd_closep) int file = openat(
		the_stage->root.fd, path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int old = fcntl(fd, F_DUPFD_CLOEXEC, 10);

	(void)dup2(file, fd);
	return old;
}

static void restore(int fd, int old, const char *path, char *text, size_t size)
{
	_cleanup_(kd_closep) int file = openat(the_stage->root.fd, path, O_RDONLY);
	ssize_t n;

	(void)dup2(old, fd);
	(void)close(old);
	n = pread(file, text, size - 1, 0);
	text[n > 0 ? n : 0] = '\0';
}

/* '@' begins a path below the stage's root. */
static int run(struct stage *s, const char *text)
{
	static const struct kd_linux_calls calls = { record_load, record_file_load,
						     record_loaded, record_reboot,
						     record_pause };
	const struct kd_kexec_machine machine = {
		.root_fd = s->root.fd,
		.kernel = { .calls = &calls },
		.random = no_random,
		.sync = record_sync,
		.ifdown = record_ifdown,
		.shut_down = record_shut_down,
	};
	char words[WORDS][128], line[256];
	char *argv[WORDS];
	int n = 0, out, err, status;

	(void)snprintf(line, sizeof(line), "kexec %s", text);
	for (char *word = strtok(line, " "); word && n < WORDS;
	     word = strtok(NULL, " ")) {
		char *path = strchr(word, '@');

		(void)snprintf(words[n], sizeof(words[n]), "%.*s%s%s%s",
			       (int)(path ? path - word : (long)strlen(word)), word,
			       path ? s->root.path : "", path ? "/" : "",
			       path ? path + 1 : "");
		argv[n] = words[n];
		n++;
	}
	s->log[0] = '\0';
	(void)fflush(stdout);
	out = redirect(STDOUT_FILENO, "out");
	err = redirect(STDERR_FILENO, "err");
	status = kd_kexec_program(n, argv, &machine);
	(void)fflush(stdout);
	restore(STDOUT_FILENO, out, "out", s->out, sizeof(s->out));
	restore(STDERR_FILENO, err, "err", s->err, sizeof(s->err));
	return status;
}

/**
 * @log:   calls; @words: in what was printed, on stderr for a failure, NULL for nothing
 *         on stderr
 * @files, @segments: what the calls give
 */
struct row {
	const char *line;
	int status;
	const char *log;
	const char *words;
	int files;
	int segments;
};

static const struct row rows[] = {
	{ "-l @vmlinuz", 0, "files[]", NULL, 0, 0 },
	{ "-l @vmlinuz --initrd=@initrd --append=a", 0, "files+initrd[a]", NULL, 0, 0 },
	{ "-l @vmlinuz --reuse-cmdline --append=b --no-cma", 0,
	  "files+no-cma[root=/dev/vda1 crashkernel=256M quiet b]", NULL, 0, 0 },
	{ "-p @vmlinuz --reuse-cmdline", 0, "files-crash[root=/dev/vda1 quiet]", NULL, 0,
	  0 },
	{ "-lc @vmlinuz", 0, "segments", NULL, 0, 0 },
	{ "-pc @vmlinuz --initrd @initrd", 0, "segments-crash", NULL, 0, 0 },
	{ "-l --mem-max=0x40000000 @vmlinuz", 0, "segments", NULL, 0, 0 },
	{ "-ls @vmlinuz", 0, "files[]", NULL, 0, 0 },
	/* it cannot: the other call; it must not: an end */
	{ "-l @vmlinuz", 0, "files[] segments", NULL, -ENOSYS, 0 },
	{ "-l @vmlinuz", 0, "files[] segments", NULL, -ENOEXEC, 0 },
	{ "-l @vmlinuz", 255, "files[]", "load refused", -EPERM, 0 },
	{ "-l @vmlinuz", 255, "files[]", "load refused", -EKEYREJECTED, 0 },
	{ "-l @vmlinuz", 255, "files[] segments", "by files: ", -EINVAL, -ENOMEM },
	{ "-ls @vmlinuz", 255, "files[]", "load refused", -ENOSYS, 0 },
	{ "-lc @vmlinuz", 255, "segments", "load refused", 0, -EADDRNOTAVAIL },
	{ "-pc @vmlinuz", 255, "segments-crash", "nothing is armed", 0, -EADDRNOTAVAIL },
	/* nothing is tried */
	{ "-l", 255, "", "no kernel is named", 0, 0 },
	{ "-l @absent", 255, "", "absent: No such file", 0, 0 },
	{ "-l @junk", 255, "", "junk: ", 0, 0 },
	{ "-l @vmlinuz --initrd=@absent", 255, "", "absent: No such file", 0, 0 },
	{ "-lc @vmlinuz --initrd=@empty", 255, "", "empty: ", 0, 0 },
	{ "-l @vmlinuz --type=vmlinux", 255, "", "vmlinux", 0, 0 },
	{ "-l @vmlinuz --reuseinitrd", 255, "", "retain_initrd", 0, 0 },
	{ "-pc @vmlinuz --hotplug", 255, "", "CONFIG_CRASH_HOTPLUG", 0, 0 },
	{ "-l -q @vmlinuz", 1, "", "unknown option -q", 0, 0 },
	{ "-l --real-mode @vmlinuz", 1, "", "--real-mode is not supported", 0, 0 },
	{ "-l --load-preserve-context --mem-max=0x40000000 @vmlinuz", 255, "",
	  "CONFIG_KEXEC_JUMP", 0, 0 },
	{ "-e", 1, "", "no kernel is loaded", 0, 0 },
	{ "-f @vmlinuz", 255, "files[] sync ifdown jump", "reboot refused", 0, 0 },
	{ "-fxy @vmlinuz", 255, "files[] jump", "reboot refused", 0, 0 },
	{ "-f @vmlinuz", 255, "files[]", "load refused", -EPERM, 0 },
	{ "@vmlinuz", 255, "files[] systemctl", "the kernel is loaded", 0, 0 },
	{ "@vmlinuz", 255, "files[]", "load refused", -EPERM, 0 },
	{ "-u", 0, "unload", NULL, 0, 0 },
	{ "-u -p", 0, "unload-crash", NULL, 0, 0 },
	{ "-u", 0, "unload segments", NULL, -ENOSYS, 0 },
	{ "-u", 255, "unload", "unload refused", -EPERM, 0 },
	{ "-S", 0, "", NULL, 0, 0 },
	{ "-S -l", 0, "", NULL, 0, 0 },
	{ "--print-ckr-size", 0, "", "268435456\n", 0, 0 },
	{ "--plan @vmlinuz", 0, "", "purgatory ", 0, 0 },
	{ "--plan -p @vmlinuz --initrd=@initrd", 0, "", "elfcorehdr ", 0, 0 },
	{ "--plan=json -p @vmlinuz", 0, "", "\"purpose\": \"crash\"", 0, 0 },
	{ "--plan @junk", 1, "", "junk: ", 0, 0 },
	{ "--check @vmlinuz", 0, "", "would load by kexec_file_load(2)", 0, 0 },
	{ "--check -c @vmlinuz", 0, "", "would load by kexec_load(2)", 0, 0 },
	{ "--check -pc @vmlinuz", 0, "", "would load by kexec_load(2)", 0, 0 },
	{ "--check @junk", 1, "", "junk: ", 0, 0 },
	{ "-h", 0, "", "--load-panic", 0, 0 },
	{ "-v", 0, "", "kexec: version", 0, 0 },
};

static bool one_line(const char *text)
{
	const char *end = strchr(text, '\n');

	return end && !end[1];
}

static void check_row(struct test *t, const struct row *row)
{
	bool prints = row->status == 0 && row->words;
	struct stage s;
	int status;

	stage_init(&s);
	fake_text(&s.root, "empty", "");
	s.files = row->files;
	s.segments = row->segments;
	status = run(&s, row->line);
	if (status != row->status || strcmp(s.log, row->log) != 0)
		test_failed(t, __FILE__, __LINE__, "\"%s\": %d, \"%s\", \"%s\"",
			    row->line, status, s.log, s.err);
	if (row->words && !strstr(prints ? s.out : s.err, row->words))
		test_failed(t, __FILE__, __LINE__, "\"%s\": no \"%s\" in \"%s\"",
			    row->line, row->words, prints ? s.out : s.err);
	if (row->status == 0 ? s.err[0] != '\0' : !one_line(s.err) || s.out[0])
		test_failed(t, __FILE__, __LINE__, "\"%s\": stderr \"%s\", stdout \"%s\"",
			    row->line, s.err, s.out);
	stage_done(&s);
}

static void test_rows(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(t, &rows[i]);
}

/* -S reads backwards: 1 is loaded. 255 where the kernel cannot say. */
static void test_status(struct test *t)
{
	struct stage s;

	stage_init(&s);
	CHECK_INT(t, run(&s, "-S"), 0);
	CHECK_INT(t, run(&s, "-p @vmlinuz"), 0);
	CHECK_INT(t, run(&s, "-S"), 1);
	CHECK_INT(t, run(&s, "-S -p"), 1);
	CHECK_INT(t, run(&s, "-S -l"), 0);
	CHECK_INT(t, run(&s, "-l @vmlinuz"), 0);
	CHECK_INT(t, run(&s, "-S -l"), 1);
	CHECK_INT(t, run(&s, "-u -p"), 0);
	CHECK_INT(t, run(&s, "-S"), 0);
	CHECK_INT(t, run(&s, "-S -l"), 1);
	CHECK_INT(t, run(&s, "-e"), 255);
	CHECK_STR(t, s.log, "sync ifdown jump");
	(void)unlinkat(s.root.fd, "sys/kernel/kexec_crash_loaded", 0);
	CHECK_INT(t, run(&s, "-S"), 255);
	stage_done(&s);
}

/* Without a reservation, and with what forbids every load. */
static void test_obstacles(struct test *t)
{
	struct stage s;

	stage_init(&s);
	fake_text(&s.root, "proc/sys/kernel/kexec_load_disabled", "1\n");
	CHECK_INT(t, run(&s, "-l @vmlinuz"), 255);
	CHECK_STR(t, s.log, "");
	CHECK(t, strstr(s.err, "kexec_load_disabled") != NULL);
	CHECK_INT(t, run(&s, "--check -c @vmlinuz"), 1);
	CHECK(t, strstr(s.out, "kexec_load_disabled") != NULL);
	fake_text(&s.root, "proc/self/status", "CapEff:\t0000000000000000\n");
	CHECK_INT(t, run(&s, "--check -c @vmlinuz"), 1);
	/* every reason, a line each */
	CHECK(t, strstr(s.out, "kexec_load_disabled") != NULL);
	CHECK(t, strstr(s.out, "may not load") != NULL);
	CHECK_STR(t, s.log, "");

	fake_text(&s.root, "sys/kernel/kexec_crash_size", "0\n");
	CHECK_INT(t, run(&s, "-p @vmlinuz"), 1);
	CHECK(t, strstr(s.err, "crashkernel=") != NULL);
	CHECK_STR(t, s.log, "");
	stage_done(&s);
}

/* In a locked down kernel only files are tried. */
static void test_lockdown(struct test *t)
{
	struct stage s;

	stage_init(&s);
	fake_text(&s.root, "sys/kernel/security/lockdown",
		  "none [integrity] confidentiality\n");
	s.files = -EINVAL;
	CHECK_INT(t, run(&s, "-l @vmlinuz"), 255);
	CHECK_STR(t, s.log, "files[]");
	CHECK_INT(t, run(&s, "-lc @vmlinuz"), 255);
	CHECK_STR(t, s.log, "");
	s.files = 0;
	CHECK_INT(t, run(&s, "-u"), 0);
	stage_done(&s);
}

static void test_reuse_initrd(struct test *t)
{
	struct stage s;

	stage_init(&s);
	fake_text(&s.root, "sys/firmware/initrd", "kept");
	CHECK_INT(t, run(&s, "-l @vmlinuz --reuseinitrd"), 0);
	CHECK_STR(t, s.log, "files+initrd[]");
	CHECK_INT(t, run(&s, "--plan @vmlinuz --reuseinitrd"), 0);
	CHECK(t, strstr(s.out, "initrd ") != NULL);
	stage_done(&s);
}

static void test_debug(struct test *t)
{
	struct stage s;

	stage_init(&s);
	s.files = -ENOEXEC;
	CHECK_INT(t, run(&s, "-ld @vmlinuz"), 0);
	CHECK(t, strstr(s.err, "kexec: kexec_file_load(2), command line: ") != NULL);
	CHECK(t, strstr(s.err, "trying kexec_load(2)") != NULL);
	CHECK(t, strstr(s.err, "purgatory ") != NULL);
	CHECK_STR(t, s.out, "");
	stage_done(&s);
}

static const struct test_case cases[] = {
	{ "exit statuses, words and calls", test_rows },
	{ "-S, before and after", test_status },
	{ "what forbids every load", test_obstacles },
	{ "lockdown", test_lockdown },
	{ "--reuseinitrd", test_reuse_initrd },
	{ "-d", test_debug },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
