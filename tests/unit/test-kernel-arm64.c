/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/image/arm64: the Image header's fields, as booting.rst has them.
 */
#include "tests/unit/kernel-maker.h"
#include "tests/unit/test.h"

#define FLAGS 0xa /* 4 KiB pages, anywhere in memory */

static void fields(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	_cleanup_(made_done) struct made m = { 0 };

	made_arm64_header(&m, 0, 0, 0x300000, FLAGS);
	made_le(&m, 0x1fff, 1, 0x5a);
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.format, KD_KERNEL_ARM64);
	CHECK_INT(t, k.arch, KD_ARCH_ARM64);
	CHECK_INT(t, k.n_parts, 1);
	CHECK_INT(t, k.parts[0].paddr, 0);
	CHECK_INT(t, k.parts[0].memsz, 0x300000);
	CHECK_INT(t, k.parts[0].data.size, 0x2000);
	CHECK_INT(t, k.mem_size, 0x300000);
	CHECK_INT(t, k.align, 0x200000);
	CHECK_INT(t, k.min_addr, 0);
	CHECK_INT(t, k.entry, 0);
	CHECK_INT(t, k.cmdline_max, 2047);
	CHECK(t, k.relocatable && k.above_4g);
}

/* Pages of 4, 16, 64 KiB or not said: the CPU, not the file, decides. */
static void text_offset_and_pages(struct test *t)
{
	for (uint64_t pages = 0; pages < 4; pages++) {
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
		_cleanup_(made_done) struct made m = { 0 };

		made_arm64_header(&m, 0, 0x80000, 0x100000, pages << 1 | 8);
		CHECK_INT(t, open_made(&m, &k, NULL), 0);
		CHECK_INT(t, k.parts[0].paddr, 0x80000);
		CHECK_INT(t, k.parts[0].memsz, 0x100000);
		CHECK_INT(t, k.mem_size, 0x180000);
		CHECK_INT(t, k.entry, 0x80000);
	}
}

/* What lies behind the kernel in the file, a signature, does not go to memory. */
static void longer_than_memory(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	_cleanup_(made_done) struct made m = { 0 };

	made_arm64_header(&m, 0, 0, 0x1000, FLAGS);
	made_le(&m, 0x1010, 1, 1);
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.parts[0].data.size, 0x1000);
	CHECK_INT(t, k.parts[0].memsz, 0x1000);
}

static void refused(struct test *t)
{
	static const struct {
		uint64_t text_offset, image_size, flags;
		int code;
		const char *words;
	} bad[] = {
		{ 0, 0, FLAGS, -ENOTSUP,
		  "an arm64 kernel so old that it does not say how much memory it "
		  "needs" },
		{ 0, 0x1000, FLAGS | 1, -ENOTSUP, "a big-endian arm64 kernel" },
		{ 0, 0x1000, 2, -ENOTSUP,
		  "an arm64 kernel so old that it must lie at the start of memory" },
		{ 0x200000, 0x1000, FLAGS, -ENOEXEC,
		  "its header has a text offset of 0x200000" },
		{ 0x800, 0x1000, FLAGS, -ENOEXEC,
		  "its header has a text offset of 0x800" },
		{ UINT64_MAX, 0x1000, FLAGS, -ENOEXEC,
		  "its header has a text offset of 0xffffffffffffffff" },
		{ 0, (4ull << 30) + 1, FLAGS, -ENOEXEC,
		  "its header asks for 0x100000001 bytes of memory" },
		{ 0, UINT64_MAX, FLAGS, -ENOEXEC,
		  "its header asks for 0xffffffffffffffff bytes of memory" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_(made_done) struct made m = { 0 };
		struct kd_error err = { 0 };
		struct kd_kernel k;

		made_arm64_header(&m, 0, bad[i].text_offset, bad[i].image_size,
				  bad[i].flags);
		CHECK_INT(t, open_made(&m, &k, &err), bad[i].code);
		CHECK_STR(t, err.message, bad[i].words);
	}
}

/* The EFI stub's headers say how long the file is. */
static void cut_short(struct test *t)
{
	static const uint8_t bytes[0x2000];
	const struct made_section sections[] = {
		{ ".text", { bytes, sizeof(bytes) } },
		{ ".data", { bytes, 0x400 } },
	};
	_cleanup_(made_done) struct made m = make_pe(sections, ARRAY_SIZE(sections));
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	struct kd_error err = { 0 };
	size_t whole = m.size;

	made_le(&m, 16, 8, 0x10000);
	made_le(&m, 24, 8, FLAGS);
	made_bytes(&m, 0x38, "ARM\x64", 4);
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.parts[0].data.size, whole);
	kd_kernel_done(&k);
	made_le(&m, whole + 99, 1, 1); /* a signature */
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.parts[0].data.size, whole);
	m.size = whole - 1;
	CHECK_INT(t, open_made(&m, &(struct kd_kernel) { 0 }, &err), -ENOEXEC);
	CHECK_STR(t, err.message, "cut short: 9727 bytes, its header says 9728");
	for (m.size = 0; m.size < 0x40; m.size++)
		CHECK_INT(t, open_made(&m, &(struct kd_kernel) { 0 }, NULL), -ENOEXEC);
	m.size = whole;
}

static const struct test_case cases[] = {
	{ "what a plan needs is there", fields },
	{ "a text offset, and every page size", text_offset_and_pages },
	{ "a file with more behind it", longer_than_memory },
	{ "headers that lie are refused", refused },
	{ "cut short, by its EFI headers", cut_short },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
