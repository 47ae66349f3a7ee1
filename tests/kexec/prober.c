/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks the running kernel what the conformance table says it answers. Spoils the machine
 * it runs on: for the machines of tests/kexec/run only.
 *
 *   kexec-prober TABLE FOLDER "FEATURES" WHAT...
 *
 * FOLDER has "good", a kernel, and "initrd". WHAT: the table's "boot" words, or "guarded".
 * A line for each case: "@@ ok NAME" or "@@ not ok NAME: why".
 */
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "kexec/backend/linux.h"
#include "tests/kexec/guarded.h"

#define PAGE	    4096ull
#define NOBODY	    65534
#define RACE_ROUNDS 20
#define RACE_BYTES  (8ull << 20)

static int write_file(const char *path, const char *value)
{
	_cleanup_(kd_closep) int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, value, strlen(value)) < 0 ? -errno : 0;
}

static int probe_write(struct performer *p, const char *name, const char *value)
{
	static const char *const paths[][2] = {
		{ "disabled", "/proc/sys/kernel/kexec_load_disabled" },
		{ "limit-panic", "/proc/sys/kernel/kexec_load_limit_panic" },
		{ "limit-reboot", "/proc/sys/kernel/kexec_load_limit_reboot" },
		{ "crash-size", "/sys/kernel/kexec_crash_size" },
	};

	(void)p;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (strcmp(paths[i][0], name) == 0)
			return write_file(paths[i][1], value);
	return 1;
}

/* What @child makes of a new process: its exit status is an errno. */
static int in_child(int (*child)(struct performer *p, const void *what),
		    struct performer *p, const void *what)
{
	pid_t pid;
	int status;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(-child(p, what));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 1;
	return -WEXITSTATUS(status);
}

static int as_nobody(struct performer *p, const void *what)
{
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return -255;
	p->user = true;
	return perform_step(p, what);
}

static int probe_as_user(struct performer *p, const struct table_step *step)
{
	return in_child(as_nobody, p, step);
}

struct segment32 {
	uint32_t buf, bufsz, mem, memsz;
};

/* The 32-bit entry is open to 64-bit programs, as long as addresses have 32 bits. */
static long kexec_load32(uint32_t entry, uint32_t n, const struct segment32 *segments,
			 uint32_t flags)
{
	long r = 283; /* __NR_kexec_load of i386 */

	__asm__ volatile("int $0x80"
			 : "+a"(r)
			 : "b"(entry), "c"(n), "d"(segments), "S"(flags)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)r;
}

static int probe_i386(struct performer *p, const struct perform_load *l)
{
	struct segment32 *s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long r;

	(void)p;
	if (s == MAP_FAILED)
		return 1;
	for (size_t i = 0; i < l->n_own; i++)
		s[i] = (struct segment32) { (uint32_t)(uintptr_t)l->own[i].buf,
					    (uint32_t)l->own[i].bufsz,
					    (uint32_t)l->own[i].mem,
					    (uint32_t)l->own[i].memsz };
	r = kexec_load32((uint32_t)l->entry, (uint32_t)l->n, s, (uint32_t)l->flags);
	(void)munmap(s, PAGE);
	return (int)r;
}

static int load_often(struct performer *p, const void *what)
{
	const struct kd_linux *k = &p->kernel;
	const struct kd_linux_segment *segment = what;
	int worst = 0;

	for (int i = 0; i < RACE_ROUNDS; i++) {
		int r = k->calls->load(k->context, segment->mem, 1, segment, 0);

		if (r < 0 && (r != -EBUSY || worst == 0))
			worst = r;
	}
	return worst;
}

static int probe_race(struct performer *p)
{
	const struct kd_linux_segment s = { p->buffers.page, RACE_BYTES, 256ull << 20,
					    RACE_BYTES };
	int other, own, status = 0;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(-load_often(p, &s));
	own = load_often(p, &s);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	other = -WEXITSTATUS(status);
	/* anything but success and EBUSY is worth more than those */
	return other && (own == 0 || own == -EBUSY) ? other : own;
}

static int probe_hotplug(struct performer *p)
{
	_cleanup_(kd_fclosep)
		FILE *f = fopen("/sys/devices/system/cpu/crash_hotplug", "re");
	int v = -1;

	(void)p;
	if (f && fscanf(f, "%d", &v) != 1)
		v = -1;
	return v;
}

/* The crash kernel's memory: the highest of its lines. End included; 0 and 0 for none. */
static void find_crash(uint64_t *start, uint64_t *end)
{
	_cleanup_(kd_fclosep) FILE *f = fopen("/proc/iomem", "re");
	unsigned long long a, b;
	char line[256];

	*start = *end = 0;
	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, "Crash kernel") &&
		    sscanf(line, "%llx-%llx", &a, &b) == 2) {
			*start = a;
			*end = b;
		}
}

static uint64_t total_ram(void)
{
	_cleanup_(kd_fclosep) FILE *f = fopen("/proc/meminfo", "re");
	unsigned long long kib = 0;

	if (!f || fscanf(f, "MemTotal: %llu kB", &kib) != 1)
		abort();
	return kib << 10;
}

static void run_case(struct performer *p, const struct table_case *c,
		     const char *features)
{
	char words[160];

	perform_reset(p);
	for (size_t i = 0; i < c->n; i++) {
		int got = perform_step(p, &c->steps[i]);

		if (perform_judge(p, &c->steps[i], features, got, words, sizeof(words)))
			continue;
		printf("@@ not ok %s: line %u: %s\n", c->name, c->steps[i].line, words);
		return;
	}
	printf("@@ ok %s\n", c->name);
}

static struct kd_kexec_host make_host(const struct table_symbol *symbols,
				      const char *features)
{
	struct kd_kexec_host host = { .arch = KD_ARCH_X86_64, .page_size = PAGE };

	(void)table_number(symbols, "C", &host.crash.start);
	(void)table_number(symbols, "E+1", &host.crash.end);
	host.ram_total = total_ram();
	host.elfcorehdr_size = table_has_word(features, "hotplug") ? 65536 : 0;
	return host;
}

/* With the check before the call, and with the kernel's refusals alone. */
static void run_guarded(struct performer *p, const struct table *t, const char *features,
			bool blind)
{
	const struct kd_kexec_host host = make_host(p->symbols, features);
	_cleanup_(kd_closep) int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct kd_kexec_facts facts;
	struct kd_linux_backend b = { .kernel = p->kernel,
				      .facts = &facts,
				      .host = &host };
	struct guarded g = { .performer = p, .blind = blind };
	char words[400];
	bool good = true;

	if (kd_kexec_facts_read(root_fd, &facts, NULL) < 0)
		abort();
	g.place = (struct kd_load_place) { kd_linux_backend(&b), &facts, &host };
	guarded_init(&g);
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->cases[i].n; j++)
			if (guarded_row(&g, &t->cases[i].steps[j], words, sizeof(words)) <
			    0) {
				printf("# %s: %s\n", t->cases[i].name, words);
				good = false;
			}
	printf("# guarded: %u tried, %u refused, %u armed again\n", g.tried, g.refused,
	       g.again);
	/* blind, there must have been something to arm again after */
	good = good && g.refused >= 40 && (g.again >= 20) == blind;
	printf("@@ %s guarded-%s\n", good ? "ok" : "not ok", blind ? "blind" : "checked");
}

static int load_page(const struct performer *p, const char *where, uint64_t flags)
{
	const struct kd_linux *k = &p->kernel;
	struct kd_linux_segment s = { p->buffers.page, PAGE, 0, PAGE };

	(void)table_number(p->symbols, where, &s.mem);
	return k->calls->load(k->context, s.mem, 1, &s, flags);
}

/* Which flags there are, asked as the backend asks: nothing that is loaded goes away. */
static void run_asking(struct performer *p, const char *features)
{
	_cleanup_(kd_closep) int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct kd_linux *k = &p->kernel;
	struct kd_kexec_facts facts;
	struct kd_linux_backend b = { .kernel = *k, .facts = &facts };
	int hotplug = table_has_word(features, "hotplug");
	bool good;

	if (kd_kexec_facts_read(root_fd, &facts, NULL) < 0)
		abort();
	good = load_page(p, "C", KD_KEXEC_ON_CRASH) == 0 && load_page(p, "M", 0) == 0 &&
	       kd_linux_knows(&b, KD_KEXEC_UPDATE_ELFCOREHDR) == hotplug &&
	       kd_linux_knows(&b, KD_KEXEC_CRASH_HOTPLUG_SUPPORT) == hotplug &&
	       kd_linux_knows(&b, KD_KEXEC_PRESERVE_CONTEXT) == 0 &&
	       kd_linux_knows(&b, 0x10) == 0 &&
	       k->calls->loaded(k->context, KD_KEXEC_CRASH) == 1 &&
	       k->calls->loaded(k->context, KD_KEXEC_REBOOT) == 1;
	printf("@@ %s asking\n", good ? "ok" : "not ok");
	perform_reset(p);
}

static void run(struct performer *p, const struct table *t, const char *features,
		const char *what)
{
	if (strcmp(what, "guarded") == 0) {
		run_asking(p, features);
		run_guarded(p, t, features, false);
		run_guarded(p, t, features, true);
		return;
	}
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->cases[i].boot, what) == 0)
			run_case(p, &t->cases[i], features);
}

int main(int argc, char **argv)
{
	struct performer p = {
		.kernel = kd_linux_real(),
		.write = probe_write,
		.as_user = probe_as_user,
		.i386 = probe_i386,
		.race = probe_race,
		.hotplug = probe_hotplug,
	};
	uint64_t start, end, half = total_ram() / PAGE / 2 * PAGE;
	struct table t;

	if (argc < 5)
		return EXIT_FAILURE;
	t = table_read(argv[1]);
	find_crash(&start, &end);
	p.symbols = (const struct table_symbol[]) {
		{ "M", 256ull << 20 },
		{ "P", PAGE },
		{ "C", start },
		{ "E", end },
		{ "SIZE", end - start + 1 },
		{ "HALF", half },
		{ "QUARTER", half / 2 / PAGE * PAGE },
		{ "LIMIT", 1ull << 46 },
		{ NULL, 0 },
	};
	p.buffers = perform_buffers_new();
	p.files.folder = argv[2];
	perform_files_make(&p.files);
	for (int i = 4; i < argc; i++)
		run(&p, &t, argv[3], argv[i]);
	perform_buffers_done(&p.buffers);
	table_done(&t);
	printf("@@ done\n");
	return EXIT_SUCCESS;
}
