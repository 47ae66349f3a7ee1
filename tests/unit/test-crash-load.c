/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By which system call a capture image is loaded: what KEXEC_ARGS says, what the machine
 * allows, and what is said when there is no plan.
 */
#include "kdumpd/arm/crash-load.h"

#include <fcntl.h>

#include "tests/unit/fake-bzimage.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void test_args(struct test *t)
{
	static const struct {
		const char *args;
		enum kd_load_way want;
	} rows[] = {
		{ "", KD_LOAD_AUTO },
		{ "-s", KD_LOAD_FILES },
		{ "-c", KD_LOAD_SEGMENTS },
		{ "-s -c", KD_LOAD_SEGMENTS },
		{ "-c -a", KD_LOAD_AUTO },
		{ "--kexec-file-syscall --no-ifdown", KD_LOAD_FILES },
		{ "-d --kexec-syscall", KD_LOAD_SEGMENTS },
		{ "-sc --elf64-core-headers", KD_LOAD_AUTO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_INT(t, kd_load_way_from_args(rows[i].args), rows[i].want);
}

static void test_names(struct test *t)
{
	CHECK_STR(t, kd_load_way_name(KD_LOAD_FILES), "kexec_file_load");
	CHECK_STR(t, kd_load_way_name(KD_LOAD_SEGMENTS), "kexec_load");
	CHECK_STR(t, kd_load_way_name(KD_LOAD_AUTO), "");
}

static void test_chosen(struct test *t)
{
	static const struct {
		enum kd_load_way way;
		enum kd_lockdown lockdown;
		int want;
		const char *remark, *error;
	} rows[] = {
		{ KD_LOAD_FILES, KD_LOCKDOWN_NONE, KD_LOAD_FILES, "", "" },
		{ KD_LOAD_AUTO, KD_LOCKDOWN_INTEGRITY, KD_LOAD_FILES, "", "" },
		{ KD_LOAD_AUTO, KD_LOCKDOWN_NONE, KD_LOAD_FILES,
		  "loading by kexec_file_load: nobody looked\n", "" },
		{ KD_LOAD_SEGMENTS, KD_LOCKDOWN_NONE, -EOPNOTSUPP, "", "nobody looked" },
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	uint8_t kernel[FAKE_BZIMAGE_SIZE];

	fake_bzimage(kernel);
	fake_file(&root, "kernel", kernel, sizeof(kernel));
	fake_text(&root, "initrd", "x");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kd_kexec_facts facts = { .lockdown = rows[i].lockdown };
		const struct kd_crash_machine machine = { .facts = &facts,
							  .why_not = "nobody looked" };
		_cleanup_(kd_closep) int kernel_fd = openat(root.fd, "kernel", O_RDONLY);
		_cleanup_(kd_closep) int initrd_fd = openat(root.fd, "initrd", O_RDONLY);
		const struct kd_kexec_files files = { .kernel_path = "kernel",
						      .kernel_fd = kernel_fd,
						      .initrd_fd = initrd_fd,
						      .cmdline = "" };
		_cleanup_(kd_crash_load_done) struct kd_crash_load load;
		_cleanup_(kd_strbuf_done) struct kd_strbuf remarks;
		struct kd_error err = { 0 };
		int r;

		kd_strbuf_init(&remarks, 1024);
		r = kd_crash_load_init(&load, &files, rows[i].way, &machine, &remarks,
				       &err);
		CHECK_INT(t, r < 0 ? r : (int)load.way, rows[i].want);
		CHECK_STR(t, kd_strbuf_text(&remarks), rows[i].remark);
		CHECK_STR(t, err.message, rows[i].error);
		CHECK(t, r < 0 || load.load.files == &load.files);
	}
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "args", test_args },
		{ "names", test_names },
		{ "chosen", test_chosen },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
