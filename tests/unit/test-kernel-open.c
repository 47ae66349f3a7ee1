/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/image/kernel: which kind a file is of, what is said of files that are none, and
 * how much of a file is read to find out.
 */
#include "kexec/image/kernel.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/memory-view.h"
#include "tests/unit/test.h"

static const struct other {
	const char *bytes;
	size_t size;
	int code;
	const char *words;
} others[] = {
	{ "", 0, -ENOEXEC, "not a kernel but an empty file" },
	{ "hello", 5, -ENOEXEC, "not a kernel of a known kind" },
	{ "#!/bin/sh\n", 10, -ENOEXEC, "not a kernel but a script" },
	{ "070701000", 9, -ENOEXEC, "not a kernel but a cpio archive" },
	{ "\xfd"
	  "7zXZ\0",
	  6, -ENOTSUP, "an xz file: only gzip and zstd are unpacked here" },
	{ "BZh91AY", 7, -ENOTSUP, "a bzip2 file: only gzip and zstd are unpacked here" },
	{ "\x04\x22\x4d\x18", 4, -ENOTSUP,
	  "an lz4 file: only gzip and zstd are unpacked here" },
	{ "\x27\x05\x19\x56", 4, -ENOTSUP,
	  "a U-Boot image: unpack the kernel from it with dumpimage" },
	{ "\xd0\x0d\xfe\xed", 4, -ENOEXEC,
	  "not a kernel but a device tree, or a U-Boot FIT image" },
	{ "!<arch>\ndebian-binary", 21, -ENOEXEC,
	  "not a kernel but an archive or a Debian package" },
};

static void other_files(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct memory_view m = memory_view(others[i].bytes, others[i].size);
		struct kd_error err = { 0 };
		struct kd_kernel k = { .mem_size = 77 };

		CHECK_INT(t, kd_kernel_open(&m.view, NULL, &k, &err), others[i].code);
		CHECK_STR(t, err.message, others[i].words);
		CHECK_INT(t, k.mem_size, 77);
	}
}

static void riscv(struct test *t)
{
	uint8_t image[64] = { 0 };
	struct memory_view m = memory_view(image, sizeof(image));
	struct kd_error err = { 0 };
	struct kd_kernel k;

	memcpy(image + 0x38, "RSC\x05", 4);
	CHECK_INT(t, kd_kernel_open(&m.view, NULL, &k, &err), -ENOTSUP);
	CHECK_STR(t, err.message, "a riscv64 kernel: there is no loader for riscv64");
}

static void kinds(struct test *t)
{
	static const struct {
		const char *kind;
		int code;
		const char *words;
	} wanted[] = {
		{ "bzImage", 0, "" },
		{ "vmlinux", -ENOEXEC, "its kind is bzImage, not vmlinux as asked for" },
		{ "zbi", -ENOEXEC, "its kind is bzImage, not zbi as asked for" },
		{ "bzimage", -EINVAL,
		  "no kind of kernel is called \"bzimage\"; there are bzImage, vmlinux, "
		  "Image and zbi" },
	};
	uint8_t image[FAKE_BZIMAGE_SIZE];

	fake_bzimage(image);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
		struct memory_view m = memory_view(image, sizeof(image));
		struct kd_error err = { 0 };

		CHECK_INT(t, kd_kernel_open(&m.view, wanted[i].kind, &k, &err),
			  wanted[i].code);
		CHECK_STR(t, err.message, wanted[i].words);
	}
}

static void large_files(struct test *t)
{
	uint8_t image[FAKE_BZIMAGE_SIZE] = { 0 };
	struct memory_view m = memory_view(image, sizeof(image));
	struct kd_error err = { 0 };
	struct kd_kernel k;

	/* Nobody's: refused by its first page, however large the file. */
	m.view.size = UINT64_MAX;
	CHECK_INT(t, kd_kernel_open(&m.view, NULL, &k, &err), -ENOEXEC);
	CHECK_STR(t, err.message, "not a kernel of a known kind");
	CHECK(t, m.read <= 4096);

	fake_bzimage(image);
	err = (struct kd_error) { 0 };
	m.view.size = KD_KERNEL_MAX + 1;
	CHECK_INT(t, kd_kernel_open(&m.view, NULL, &k, &err), -EFBIG);
	CHECK_STR(t, err.message, "1024 MiB, more than the 1024 a kernel may have");
}

static void reading_fails(struct test *t)
{
	uint8_t image[FAKE_BZIMAGE_SIZE];
	struct memory_view m = memory_view(image, sizeof(image));
	struct kd_error err = { 0 };
	struct kd_kernel k;

	fake_bzimage(image);
	m.error = -EISDIR;
	CHECK_INT(t, kd_kernel_open(&m.view, NULL, &k, &err), -EISDIR);
	CHECK_STR(t, err.message, "reading it: Is a directory");
	/* shorter by now than it was when it was opened */
	m.error = 0;
	m.view.size = sizeof(image) + 1;
	CHECK_INT(t, kd_kernel_open(&m.view, NULL, &k, NULL), -EBADMSG);
}

static void looking(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	static uint8_t image[1 << 20];
	struct memory_view m = memory_view(image, sizeof(image));
	struct kd_error err = { 0 };

	fake_bzimage(image);
	memset(image + sizeof(image) - 4096, 0x5a, 4096);
	CHECK_INT(t, kd_kernel_look(&m.view, NULL, &k, &err), 0);
	CHECK(t, m.read <= 16384);
	CHECK_INT(t, k.format, KD_KERNEL_BZIMAGE);
	CHECK_INT(t, k.file.size, sizeof(image));
	CHECK_INT(t, k.unread + m.read, sizeof(image));
	CHECK_INT(t, kd_kernel_read_rest(&m.view, &k, &err), 0);
	CHECK_INT(t, k.unread, 0);
	CHECK(t, memcmp(k.file.data, image, sizeof(image)) == 0);
	CHECK_INT(t, kd_kernel_read_rest(&m.view, &k, &err), 0);
	CHECK_INT(t, m.read, sizeof(image));
	/* of what tells nothing by its head everything is read */
	kd_kernel_done(&k);
	k = (struct kd_kernel) { 0 };
	m = memory_view("hello", 5);
	CHECK_INT(t, kd_kernel_look(&m.view, NULL, &k, NULL), -ENOEXEC);
}

static void names(struct test *t)
{
	CHECK_STR(t, kd_kernel_format_name(KD_KERNEL_BZIMAGE), "bzImage");
	CHECK_STR(t, kd_kernel_format_name(KD_KERNEL_ELF), "vmlinux");
	CHECK_STR(t, kd_kernel_format_name(KD_KERNEL_ARM64), "Image");
	CHECK_STR(t, kd_kernel_format_name(KD_KERNEL_ZBI), "zbi");
	CHECK_STR(t, kd_kernel_format_name(KD_KERNEL_FORMATS), "unknown");
}

static const struct test_case cases[] = {
	{ "files that are no kernels are named", other_files },
	{ "a kernel of another machine is named", riscv },
	{ "a kind that is asked for", kinds },
	{ "large files cost their first page, or are refused", large_files },
	{ "reading fails", reading_fails },
	{ "a look reads the head of a bzImage", looking },
	{ "formats have names", names },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
