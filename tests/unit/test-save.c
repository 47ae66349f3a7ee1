/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/save-dump.c and save-dmesg.c over a fake root: a vmcore without any
 * vmcoreinfo, the worst that can still be saved, and what is left after failures.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/save-dmesg.h"
#include "capture-kernel/save-dump.h"
#include "tests/tools/mkvmcore/mkvmcore.h"
#include "tests/unit/elf-maker.h"
#include "tests/unit/fake-place.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/in-child.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

#define PAGE	  4096
#define N_PAGES	  16
#define CORE_SIZE (PAGE + N_PAGES * PAGE)

/* proc/vmcore: one segment of N_PAGES pages, no notes. */
static void make_vmcore(struct test *t, const struct fake_root *root)
{
	const Elf64_Phdr load = { .p_type = PT_LOAD,
				  .p_offset = PAGE,
				  .p_paddr = 0x100000,
				  .p_filesz = N_PAGES * PAGE,
				  .p_memsz = N_PAGES * PAGE };
	uint8_t page[PAGE];
	struct elf_maker m;
	char *bytes = malloc(CORE_SIZE);

	elf_maker_init(&m, t);
	elf_maker_headers(&m, t, &load, 1);
	for (unsigned int i = 0; i < N_PAGES; i++) {
		memset(page, (int)('a' + i), sizeof(page));
		elf_maker_put(&m, t, PAGE + i * PAGE, page, sizeof(page));
	}
	CHECK_INT(t, kd_pread_full(m.fd, bytes, CORE_SIZE, 0), CORE_SIZE);
	fake_file(root, "proc/vmcore", bytes, CORE_SIZE);
	elf_maker_done(&m);
	free(bytes);
}

static bool exists(const struct fake_root *root, const char *path)
{
	return faccessat(root->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static off_t size_of(const struct fake_root *root, const char *path)
{
	struct stat st;

	return fstatat(root->fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 ? -1 : st.st_size;
}

static int save(struct test *t, const struct fake_root *root, struct kd_shared *shared,
		struct kd_error *err)
{
	_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(root->fd);
	struct kd_save s = {
		.root_fd = root->fd,
		.dir = dir,
		.collector = "makedumpfile -z -d 31",
		.memory = 8 << 20,
		.shared = shared,
	};

	CHECK_INT(t, err->code, 0);
	return kd_save_dump(&s, err);
}

static void no_vmcore(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(root.fd);
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
	CHECK_INT(t, kd_save_dmesg(root.fd, dir, &shared->outcome, &err), -ENOENT);
	CHECK(t, strstr(err.message, "no /proc/vmcore") != NULL);
	kd_error_reset(&err);
	CHECK_INT(t, save(t, &root, shared, &err), -ENOENT);
	CHECK(t, !exists(&root, "vmcore-incomplete"));
	CHECK(t, !exists(&root, "vmcore-dmesg-incomplete.txt"));
	CHECK_INT(t, shared->outcome.state, KD_OUTCOME_STARTED);
}

static void nonsense(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
	fake_text(&root, "proc/vmcore", "this is no ELF core\n");
	CHECK_INT(t, save(t, &root, shared, &err), -ENOEXEC);
	CHECK(t, !exists(&root, "vmcore"));
}

static void kept_whole(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	_cleanup_(kd_kdump_freep) struct kd_kdump *dump = NULL;
	struct kd_kdump_check found = { 0 };
	struct kd_error err = { 0 };
	struct stat st;

	CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
	make_vmcore(t, &root);
	/* left by an attempt that was killed */
	fake_text(&root, "vmcore-incomplete", "half a header");
	CHECK_INT(t, save(t, &root, shared, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK(t, !exists(&root, "vmcore-incomplete"));
	CHECK_INT(t, fstatat(root.fd, "vmcore", &st, 0), 0);
	CHECK_INT(t, st.st_mode & 0777, 0600);
	CHECK_INT(t, shared->outcome.state, KD_OUTCOME_COMPLETE);
	CHECK_STR(t, shared->outcome.layout, "none");
	CHECK_INT(t, shared->outcome.pages_kept, N_PAGES);
	CHECK_INT(t, shared->outcome.vmcore_bytes, st.st_size);
	CHECK_INT(t, shared->outcome.dump_level, 31);
	CHECK_INT(t, strlen(shared->outcome.sha256), 64);
	CHECK(t, shared->outcome.n_notes > 0);
	CHECK(t, kd_shared_beats(shared) > 0);

	CHECK_INT(t, kd_kdump_open_at(root.fd, "vmcore", &dump, NULL), 0);
	CHECK_INT(t, kd_kdump_verify(dump, &found, NULL), 0);
	CHECK_INT(t, found.pages, N_PAGES);
}

static int lost_block(_unused_ struct kd_place *p, struct kd_error *err)
{
	return kd_fail(err, -EIO, "writing back");
}

/* The file is fine, and its file system has lost a block of its own. */
static void unsettled(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(root.fd);
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	struct kd_place_ops ops = *dir->ops;
	const struct kd_place_ops *real = dir->ops;
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
	make_vmcore(t, &root);
	ops.settle = lost_block;
	dir->ops = &ops;
	CHECK_INT(t,
		  kd_save_dump(&(struct kd_save) { .root_fd = root.fd,
						   .dir = dir,
						   .collector = "makedumpfile -d 31",
						   .memory = 8 << 20,
						   .shared = shared },
			       &err),
		  -EIO);
	dir->ops = real;
	CHECK(t, !exists(&root, "vmcore"));
	kd_save_dump_settle(dir, &shared->outcome);
	CHECK_INT(t, shared->outcome.state, KD_OUTCOME_INCOMPLETE);
}

static void bad_collector(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(root.fd);
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	struct kd_save s = {
		.root_fd = root.fd,
		.dir = dir,
		.collector = "cp --sparse=always",
		.memory = 8 << 20,
	};

	CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
	make_vmcore(t, &root);
	s.shared = shared;
	CHECK_INT(t, kd_save_dump(&s, NULL), 0);
	CHECK(t, strstr(shared->outcome.notes[0], "core_collector") != NULL);
}

static void script(const struct fake_root *root, const char *text)
{
	fake_text(root, "bin/collect", text);
	if (fchmodat(root->fd, "bin/collect", 0700, 0) < 0)
		abort();
}

/* The program is started in the root: what it copies is the test's vmcore. */
static void by_command(struct test *t)
{
	static const struct {
		const char *text;
		const char *also; /* "" for nothing but vmcore */
		size_t notes;
		const char *note;
		bool elf;
	} table[] = {
		{ "#!/bin/sh\n[ \"$1\" = /proc/vmcore ] && cat proc/vmcore >\"$2\"\n", "",
		  0, "", true },
		{ "#!/bin/sh\nhead -c 9000 proc/vmcore >\"$2\"\n", "", 1,
		  "its end is missing", false },
		{ "#!/bin/sh\necho x >\"$2\"\n", "vmcore-unchecked", 1,
		  "no dump that is known", false },
		{ "#!/bin/sh\nexit 3\n", "", 1, "ended with status 3", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(root.fd);
		_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
		struct kd_save s = { .root_fd = root.fd,
				     .dir = dir,
				     .collector = "collect",
				     .memory = 8 << 20 };
		struct kd_error err = { 0 };
		char magic[4] = "";
		int fd;

		CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
		s.shared = shared;
		make_vmcore(t, &root);
		script(&root, table[i].text);
		CHECK_INT(t, kd_save_dump(&s, &err), 0);
		CHECK_STR(t, err.message, "");
		CHECK_INT(t, shared->outcome.state, KD_OUTCOME_COMPLETE);
		CHECK_INT(t, strlen(shared->outcome.sha256), 64);
		if (table[i].notes)
			CHECK(t, strstr(shared->outcome.notes[0], table[i].note) != NULL);
		else
			CHECK_INT(t, shared->outcome.n_notes, 0);
		CHECK(t, !table[i].also[0] || exists(&root, table[i].also));
		CHECK(t, !exists(&root, "vmcore-incomplete"));
		fd = openat(root.fd, "vmcore", O_RDONLY | O_CLOEXEC);
		CHECK(t, kd_read_full(fd, magic, sizeof(magic)) == 4);
		CHECK_INT(t, memcmp(magic, "\177ELF", 4) == 0, table[i].elf);
		(void)kd_close(fd);
	}
}

static int no_space(_unused_ struct kd_place *p, _unused_ uint64_t *ret,
		    struct kd_error *err)
{
	return kd_fail(err, -ENOTSUP, "free space");
}

/* 8 MiB of free memory that does not shrink, on a target with 4 MiB: it is told before
 * anything is written, or found out. */
static void on_a_small_disk(struct test *t, bool known, const char *why)
{
	static const char script[] = "@core preset=6.1\n@ram start=0x100000 size=63M\n"
				     "@page pfn=0x2000 class=free order=9 count=4\n"
				     "@fill pfn=0x2000 count=2048 with=random\n";
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	_cleanup_(kd_place_freep) struct kd_place *dir = NULL;
	_cleanup_(kd_closep) int disk = -EBADF;
	struct kd_place_ops blind;
	struct kd_error err = { 0 };
	struct kd_save s = { .root_fd = root.fd,
			     .collector = "makedumpfile -z -d 0",
			     .memory = 8 << 20 };
	char core[32], path[sizeof(root.path) + 8];
	int fd = mkvmcore_memfd(script, core, sizeof(core), &err);

	CHECK(t, fd >= 0);
	CHECK_INT(t, mkdirat(root.fd, "proc", 0700), 0);
	CHECK_INT(t, symlinkat(core, root.fd, "proc/vmcore"), 0);
	CHECK_INT(t, mkdirat(root.fd, "disk", 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/disk", root.path);
	CHECK_INT(t, mount("tmpfs", path, "tmpfs", 0, "size=4m"), 0);
	disk = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fake_place(disk);
	blind = *dir->ops;
	blind.space = no_space;
	if (!known)
		dir->ops = &blind;
	s.dir = dir;
	CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
	s.shared = shared;
	CHECK_INT(t, kd_save_dump(&s, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, shared->outcome.state, KD_OUTCOME_COMPLETE);
	CHECK(t, strstr(shared->outcome.notes[shared->outcome.n_notes - 1],
			"dump level 0 given up, level 31 is next: ") != NULL);
	CHECK(t, strstr(shared->outcome.notes[shared->outcome.n_notes - 1], why) != NULL);
	CHECK_INT(t, shared->outcome.wanted_level, 0);
	CHECK_INT(t, shared->outcome.dump_level, 31);
	CHECK_INT(t, faccessat(disk, "vmcore", F_OK, 0), 0);
	(void)umount2(path, MNT_DETACH);
}

static void disk_known(struct test *t)
{
	on_a_small_disk(t, /* known= */ true,
			"level 0 takes about 8 MiB, there are 3 MiB");
}

static void disk_unknown(struct test *t)
{
	on_a_small_disk(t, /* known= */ false, "No space left on device");
}

static void next_level(struct test *t)
{
	test_in_child(t, CLONE_NEWNS, disk_known);
	test_in_child(t, CLONE_NEWNS, disk_unknown);
}

static void no_log_inside(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(root.fd);
	struct kd_outcome o = { 0 };
	struct kd_error err = { 0 };

	make_vmcore(t, &root);
	CHECK_INT(t, kd_save_dmesg(root.fd, dir, &o, &err), -ENODATA);
	CHECK(t, !exists(&root, "vmcore-dmesg.txt"));
	CHECK_INT(t, o.state, KD_OUTCOME_STARTED);
	CHECK_INT(t, o.n_notes, 1);
}

/* @cut: bytes the file keeps, 0 for all */
static void make_partial(struct test *t, const struct fake_root *root, off_t cut)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct sample s;
	int fd = openat(root->fd, "vmcore-incomplete",
			O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(t, fd >= 0);
	sample_init(&s);
	s.complete = false;
	CHECK_INT(t, kd_sink_file_new(fd, &sink, NULL), 0);
	CHECK_INT(t, sample_write(&s, sink, NULL), 0);
	if (cut > 0)
		CHECK_INT(t, ftruncate(fd, cut), 0);
}

static void settles(struct test *t)
{
	static const struct {
		const char *file; /* "": none; "sample": a dump cut short */
		off_t cut;
		uint64_t dmesg_bytes;
		enum kd_outcome_state before, want;
		bool left;
	} table[] = {
		{ "", 0, 0, KD_OUTCOME_INCOMPLETE, KD_OUTCOME_FAILED, false },
		{ "", 0, 5, KD_OUTCOME_INCOMPLETE, KD_OUTCOME_DMESG_ONLY, false },
		{ "", 0, 5, KD_OUTCOME_COMPLETE, KD_OUTCOME_COMPLETE, false },
		{ "no dump", 0, 5, KD_OUTCOME_INCOMPLETE, KD_OUTCOME_DMESG_ONLY, false },
		{ "no dump", 0, 0, KD_OUTCOME_INCOMPLETE, KD_OUTCOME_FAILED, false },
		{ "sample", 0, 5, KD_OUTCOME_INCOMPLETE, KD_OUTCOME_INCOMPLETE, true },
		{ "sample", 100, 5, KD_OUTCOME_INCOMPLETE, KD_OUTCOME_DMESG_ONLY, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(root.fd);
		struct kd_outcome o = { .state = table[i].before,
					.dmesg_bytes = table[i].dmesg_bytes };

		if (strcmp(table[i].file, "sample") == 0)
			make_partial(t, &root, table[i].cut);
		else if (table[i].file[0] != '\0')
			fake_text(&root, "vmcore-incomplete", table[i].file);
		kd_save_dump_settle(dir, &o);
		CHECK_INT(t, o.state, table[i].want);
		CHECK_INT(t, exists(&root, "vmcore-incomplete"), table[i].left);
		if (table[i].left)
			CHECK_INT(t, o.vmcore_bytes, size_of(&root, "vmcore-incomplete"));
	}
}

static void makes_room(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *dir = fake_place(root.fd);
	struct kd_outcome o = { .state = KD_OUTCOME_INCOMPLETE };
	off_t before;

	CHECK_INT(t, kd_save_dump_make_room(dir, NULL), -ENOENT);
	make_partial(t, &root, 0);
	before = size_of(&root, "vmcore-incomplete");
	CHECK_INT(t, kd_save_dump_make_room(dir, NULL), 0);
	CHECK_INT(t, size_of(&root, "vmcore-incomplete"), before - KD_OUTCOME_MAX_SIZE);
	/* it still opens */
	kd_save_dump_settle(dir, &o);
	CHECK_INT(t, o.state, KD_OUTCOME_INCOMPLETE);
	for (int i = 0; i < 10; i++)
		CHECK_INT(t, kd_save_dump_make_room(dir, NULL), 0);
	CHECK_INT(t, size_of(&root, "vmcore-incomplete"), 0);
}

static const struct test_case cases[] = {
	{ "no vmcore", no_vmcore },
	{ "a vmcore that is none", nonsense },
	{ "nothing known: every page kept, and checked", kept_whole },
	{ "a file system that lost a block", unsettled },
	{ "a collector that is no makedumpfile", bad_collector },
	{ "a core_collector that is another program", by_command },
	{ "a full disk is followed by the next level", next_level },
	{ "no log inside", no_log_inside },
	{ "what a dump that failed is worth", settles },
	{ "room for the outcome", makes_room },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
