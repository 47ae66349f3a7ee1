/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout/running on fake roots: with every source, with one, with none.
 */
#include "makedumpfile/layout/running.h"

#include <bpf/btf.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

#include "tests/unit/elf-maker.h"

static const char info[] = "OSRELEASE=6.12-fake\nBUILD-ID=aabb\nSIZE(page)=64\n"
			   "OFFSET(page.flags)=0\nOFFSET(page.lru)=16\n";

/** A temporary directory that stands for "/". */
struct root {
	char path[32];
	int fd;
};

static void root_init(struct root *r, struct test *t)
{
	static const char *const dirs[] = { "proc", "proc/sys",	  "proc/sys/kernel",
					    "sys",  "sys/kernel", "sys/kernel/btf" };

	(void)snprintf(r->path, sizeof(r->path), "/tmp/running-XXXXXX");
	CHECK(t, mkdtemp(r->path));
	r->fd = open(r->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHECK(t, r->fd >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		CHECK_INT(t, mkdirat(r->fd, dirs[i], 0700), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void root_done(struct root *r)
{
	(void)nftw(r->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	kd_close(r->fd);
}

static void put(struct root *r, struct test *t, const char *path, const void *data,
		size_t size)
{
	_cleanup_(kd_closep) int fd = openat(r->fd, path, O_WRONLY | O_CREAT | O_CLOEXEC,
					     0600);

	CHECK(t, fd >= 0);
	CHECK_INT(t, kd_write_full(fd, data, size), 0);
}

static size_t make_note(char *out, const char *name, uint32_t type, const char *desc,
			size_t size)
{
	Elf64_Nhdr h = { .n_namesz = (uint32_t)strlen(name) + 1,
			 .n_descsz = (uint32_t)size,
			 .n_type = type };
	size_t desc_at = sizeof(h) + (h.n_namesz + 3) / 4 * 4;

	memcpy(out, &h, sizeof(h));
	memcpy(out + sizeof(h), name, h.n_namesz);
	memcpy(out + desc_at, desc, size);
	return desc_at + (size + 3) / 4 * 4;
}

/* As fs/proc/kcore.c writes it: notes behind the headers, then terabytes of nothing. */
static void put_kcore(struct root *r, struct test *t, const char *owner)
{
	char notes[256] = { 0 }, data[4096] = { 0 };
	size_t n = make_note(notes, "CORE", NT_PRSTATUS, "", 0);
	struct elf_maker m;
	Elf64_Phdr ph[2] = { { .p_type = PT_NOTE, .p_offset = 0x400 },
			     { .p_type = PT_LOAD,
			       .p_offset = UINT64_C(0x7fffff000000),
			       .p_filesz = UINT64_C(1) << 40 } };
	ssize_t size;

	n += make_note(notes + n, owner, 0, info, strlen(info));
	ph[0].p_filesz = n;
	elf_maker_init(&m, t);
	elf_maker_headers(&m, t, ph, 2);
	elf_maker_put(&m, t, 0x400, notes, n);
	size = kd_pread_full(m.fd, data, sizeof(data), 0);
	CHECK(t, size > 0);
	put(r, t, "proc/kcore", data, (size_t)size);
	elf_maker_done(&m);
}

static void put_btf(struct root *r, struct test *t)
{
	struct btf *btf = btf__new_empty();
	int word = btf__add_int(btf, "unsigned long", 8, 0);
	const void *raw;
	uint32_t size;

	btf__add_struct(btf, "page", 64);
	btf__add_field(btf, "flags", word, 0, 0);
	btf__add_field(btf, "lru", word, 64, 0);
	btf__add_field(btf, "mapping", word, 192, 0);
	raw = btf__raw_data(btf, &size);
	put(r, t, "sys/kernel/btf/vmlinux", raw, size);
	btf__free(btf);
}

static void put_names(struct root *r, struct test *t)
{
	char notes[64];
	size_t n = make_note(notes, "GNU", NT_GNU_BUILD_ID, "\x0a\xff\x00", 3);

	put(r, t, "sys/kernel/notes", notes, n);
	put(r, t, "proc/sys/kernel/osrelease", "6.12-fake\n", 10);
}

static void all_sources(struct test *t)
{
	struct kd_remarks remarks = { 0 };
	struct kd_layout l;
	struct root r;

	root_init(&r, t);
	put_kcore(&r, t, "VMCOREINFO");
	put_btf(&r, t);
	put_names(&r, t);
	CHECK_INT(t, kd_running_layout(r.fd, &l, &remarks, NULL), 0);
	CHECK_STR(t, l.release, "6.12-fake");
	CHECK_STR(t, l.build_id, "aabb"); /* vmcoreinfo's: the crash will show that one */
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_LRU), 16);
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_MAPPING), 24);
	CHECK_INT(t, remarks.n, 1);
	CHECK_STR(t, remarks.texts[0],
		  "OFFSET(page.lru) is 16 by vmcoreinfo but 8 by btf");
	root_done(&r);
}

static void btf_alone(struct test *t)
{
	struct kd_remarks remarks = { 0 };
	struct kd_layout l;
	struct root r;

	root_init(&r, t);
	put_btf(&r, t);
	put_names(&r, t);
	CHECK_INT(t, kd_running_layout(r.fd, &l, &remarks, NULL), 0);
	CHECK_STR(t, l.release, "6.12-fake");
	CHECK_STR(t, l.build_id, "0aff00");
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_LRU), 8);
	CHECK_INT(t, remarks.n, 1);
	CHECK_STR(t, remarks.texts[0], "/proc/kcore: No such file or directory");
	root_done(&r);
}

static void vmcoreinfo_alone(struct test *t)
{
	struct kd_remarks remarks = { 0 };
	struct kd_layout l;
	struct root r;

	root_init(&r, t);
	put_kcore(&r, t, "VMCOREINFO");
	CHECK_INT(t, kd_running_layout(r.fd, &l, &remarks, NULL), 0);
	CHECK_STR(t, l.build_id, "aabb");
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_LRU), 16);
	CHECK(t, !kd_layout_has(&l, KD_F_PAGE_MAPPING));
	CHECK_INT(t, remarks.n, 1);
	root_done(&r);
}

static void nothing(struct test *t)
{
	struct kd_vmcoreinfo *none = NULL;
	struct kd_error err = { 0 };
	char id[KD_BUILD_ID_HEX];
	struct kd_layout l;
	struct root r;

	root_init(&r, t);
	CHECK_INT(t, kd_running_layout(r.fd, &l, NULL, &err), -ENODATA);
	CHECK_STR(t, err.message, "neither vmcoreinfo nor BTF of the running kernel");
	CHECK_INT(t, kd_running_build_id(r.fd, id, sizeof(id), NULL), -ENOENT);
	put_kcore(&r, t, "TASKSTRUCT"); /* as before 4.19 */
	put(&r, t, "sys/kernel/notes", "", 0);
	kd_error_reset(&err);
	CHECK_INT(t, kd_running_vmcoreinfo(r.fd, &none, &err), -ENODATA);
	CHECK_STR(t, err.message, "/proc/kcore has no VMCOREINFO note");
	CHECK(t, !none);
	CHECK_INT(t, kd_running_build_id(r.fd, id, sizeof(id), NULL), -ENODATA);
	root_done(&r);
}

static void long_build_id(struct test *t)
{
	char notes[256], long_id[65] = { 0 }, id[KD_BUILD_ID_HEX];
	struct root r;
	size_t n;

	root_init(&r, t);
	n = make_note(notes, "GNU", NT_GNU_BUILD_ID, long_id, 65);
	put(&r, t, "sys/kernel/notes", notes, n);
	CHECK_INT(t, kd_running_build_id(r.fd, id, sizeof(id), NULL), -ENODATA);
	root_done(&r);
}

static const struct test_case cases[] = {
	{ "vmcoreinfo and BTF", all_sources },
	{ "BTF alone", btf_alone },
	{ "vmcoreinfo alone", vmcoreinfo_alone },
	{ "nothing", nothing },
	{ "a build ID that does not fit", long_build_id },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
