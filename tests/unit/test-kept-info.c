/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/kept-info.c: when the vmcoreinfo kept since arming takes the place of
 * the crashed kernel's, and what a log says then.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/dead-kernel.h"
#include "capture-kernel/save-dmesg.h"
#include "tests/tools/mkvmcore/mkvmcore.h"
#include "tests/unit/fake-place.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define HEADERS 65536
#define RAM	"@ram start=0x100000 size=63M\n"
#define SCRIPT	"@core preset=6.12\n" RAM "@log ts=1000 text=hello\n"

/** A crashed machine: proc/vmcore is @fd's, whose note is at [@info, @info + @size). */
struct crashed {
	struct fake_root root;
	int fd;
	off_t info;
	char text[HEADERS];
	size_t size;
};

static void crashed_init(struct crashed *c, const char *script)
{
	_cleanup_(kd_freep) char *head = malloc(HEADERS);
	char path[32];
	char *name;

	*c = (struct crashed) { .fd = mkvmcore_memfd(script, path, sizeof(path), NULL) };
	if (c->fd < 0 || !head || kd_pread_full(c->fd, head, HEADERS, 0) != HEADERS)
		abort();
	name = memmem(head, HEADERS, "VMCOREINFO", sizeof("VMCOREINFO"));
	if (!name)
		abort();
	c->info = name + 12 - head;
	c->size = strnlen(name + 12, (size_t)(HEADERS - c->info));
	memcpy(c->text, name + 12, c->size);
	fake_root_init(&c->root);
	if (mkdirat(c->root.fd, "proc", 0700) < 0 ||
	    symlinkat(path, c->root.fd, "proc/vmcore") < 0)
		abort();
}

static void crashed_done(struct crashed *c)
{
	fake_root_done(&c->root);
	c->fd = kd_close(c->fd);
}

/* The text without the time of the crash, as it was when arming. */
static char *kept_text(const struct crashed *c)
{
	char *text = strndup(c->text, c->size), *time;

	if (!text)
		abort();
	time = strstr(text, "CRASHTIME=");
	if (time)
		*time = '\0';
	return text;
}

static void spoil(struct crashed *c, off_t at, size_t size)
{
	char noise[HEADERS];

	memset(noise, 0xa5, size);
	if (kd_pwrite_full(c->fd, noise, size, (uint64_t)(c->info + at)) < 0)
		abort();
}

static bool is_replaced(struct test *t, const struct crashed *c)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;

	CHECK_INT(t, kd_dead_kernel_open(c->root.fd, &core, NULL), 0);
	return kd_vmcore_info_replaced(core);
}

static void only_when_needed(struct test *t)
{
	static const struct {
		const char *what;
		off_t at;
		size_t size;
		bool replaced;
	} rows[] = {
		{ "intact", 0, 0, false },
		{ "all of it", 0, 4096, true },
		{ "its first byte", 0, 1, true },
		{ "one byte within", 300, 1, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(crashed_done) struct crashed c;
		_cleanup_(kd_freep) char *kept = NULL;

		crashed_init(&c, SCRIPT);
		kept = kept_text(&c);
		spoil(&c, rows[i].at, MIN(rows[i].size, c.size));
		CHECK(t, !is_replaced(t, &c)); /* none was kept */
		fake_text(&c.root, "kdump/vmcoreinfo", kept);
		CHECK_INT(t, is_replaced(t, &c), rows[i].replaced);
		if (is_replaced(t, &c) != rows[i].replaced)
			printf("# %s\n", rows[i].what);
	}
}

/* What was kept by another boot, or of another kernel, or is itself no vmcoreinfo. */
static void only_of_this_boot(struct test *t)
{
	static const char *const others[] = {
		"@core preset=6.1\n" RAM "@log ts=1000 text=hello\n",
		SCRIPT "@info NUMBER(phys_base)=16777216\n",
		SCRIPT "@info SYMBOL(init_uts_ns)=ffffffff81000000\n",
		SCRIPT "@info -OSRELEASE\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		_cleanup_(crashed_done) struct crashed c, other;
		_cleanup_(kd_freep) char *kept = NULL;

		crashed_init(&c, SCRIPT);
		crashed_init(&other, others[i]);
		kept = kept_text(&other);
		spoil(&c, 0, c.size);
		fake_text(&c.root, "kdump/vmcoreinfo", kept);
		CHECK(t, !is_replaced(t, &c));
		fake_text(&c.root, "kdump/vmcoreinfo", "");
		CHECK(t, !is_replaced(t, &c));
		fake_text(&c.root, "kdump/vmcoreinfo", "no vmcoreinfo");
		CHECK(t, !is_replaced(t, &c));
	}
}

/* The notes of a dump: one VMCOREINFO, the kept one; what was there is still there. */
static void notes(struct test *t)
{
	_cleanup_(crashed_done) struct crashed c;
	_cleanup_(kd_freep) char *kept = NULL;
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	size_t size, offset, info_size;
	const char *bytes;

	crashed_init(&c, SCRIPT);
	kept = kept_text(&c);
	spoil(&c, 0, 16);
	fake_text(&c.root, "kdump/vmcoreinfo", kept);
	CHECK_INT(t, kd_dead_kernel_open(c.root.fd, &core, NULL), 0);
	bytes = kd_vmcore_notes(core, &size);
	CHECK(t, kd_vmcore_info(core, &offset, &info_size) != NULL);
	CHECK_INT(t, info_size, strlen(kept));
	CHECK(t,
	      offset + info_size <= size && memcmp(bytes + offset, kept, info_size) == 0);
	CHECK(t, memmem(bytes, offset - 12, "VMCOREINFO", 11) == NULL);
	CHECK(t, memmem(bytes, size, "DISCARDED", 10) != NULL);
	CHECK(t, memmem(bytes, size, c.text + 16, 64) != NULL);
}

static void log_is_saved(struct test *t)
{
	_cleanup_(crashed_done) struct crashed c;
	_cleanup_(kd_freep) char *kept = NULL, *text = NULL;
	struct kd_outcome o = { 0 };

	crashed_init(&c, SCRIPT);
	kept = kept_text(&c);
	spoil(&c, 0, c.size);
	fake_text(&c.root, "kdump/vmcoreinfo", kept);
	for (int i = 0; i < 2; i++) {
		_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(c.root.fd);

		CHECK_INT(t, kd_save_dmesg(c.root.fd, dir, &o, NULL), 0);
	}
	CHECK_INT(t,
		  kd_read_file_at(c.root.fd, "vmcore-dmesg.txt", 4096, &text, NULL, NULL),
		  0);
	CHECK_STR(t, text, "[    0.000001] hello\n");
	CHECK_INT(t, o.n_notes, 1);
	CHECK_STR(t, o.notes[0],
		  "vmcoreinfo is damaged: the one of this boot that was kept when arming "
		  "is used");
	CHECK_INT(t, o.crash_time, 0);
	CHECK(t, o.release[0]);
}

static const struct test_case cases[] = {
	{ "it is used when the crashed kernel's is damaged", only_when_needed },
	{ "it is used only when it is of the kernel that crashed", only_of_this_boot },
	{ "a dump's notes have it", notes },
	{ "the log is saved by it, which is told once", log_is_saved },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
