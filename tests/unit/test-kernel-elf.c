/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/image/elf: vmlinux of both machines, and headers that lie.
 */
#include "base/le.h"
#include "tests/unit/kernel-maker.h"
#include "tests/unit/memory-view.h"
#include "tests/unit/test.h"

#define KERNEL 0xffffffff81000000

/* As Debian's are: per-CPU data at virtual 0, not in the order of their addresses. */
static const struct made_part x86_parts[] = {
	{ 4, 0x200, KERNEL, 0x1000000, 16, 16 },
	{ 1, 0x3000, KERNEL + 0x20000, 0x1020000, 0x100, 0x2000 },
	{ 1, 0x1000, KERNEL, 0x1000000, 0x1000, 0x1000 },
	{ 1, 0x4000, 0, 0x1010000, 0x100, 0x1000 },
	{ 1, 0x5000, 0, 0, 0, 0 },
};

static struct made make_x86(void)
{
	return make_elf(62, 0x1000123, x86_parts, ARRAY_SIZE(x86_parts));
}

static void x86(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	_cleanup_(made_done) struct made m = make_x86();

	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.format, KD_KERNEL_ELF);
	CHECK_INT(t, k.arch, KD_ARCH_X86_64);
	CHECK(t, !k.relocatable);
	CHECK_INT(t, k.entry, 0x1000123);
	CHECK_INT(t, k.min_addr, 0x1000000);
	CHECK_INT(t, k.mem_size, 0x22000);
	CHECK_INT(t, k.align, 4096);
	CHECK_INT(t, k.n_parts, 3);
	CHECK_INT(t, k.parts[0].paddr, 0x1000000);
	CHECK_INT(t, k.parts[0].data.size, 0x1000);
	CHECK_INT(t, k.parts[0].data.data[5], 2 + 5);
	CHECK_INT(t, k.parts[1].paddr, 0x1010000);
	CHECK_INT(t, k.parts[1].memsz, 0x1000);
	CHECK_INT(t, k.parts[1].data.size, 0x100);
	CHECK_INT(t, k.parts[2].paddr, 0x1020000);
	CHECK_INT(t, k.parts[2].memsz, 0x2000);
	CHECK_INT(t, k.setup.size, 0);
}

/* Debug information lies behind what is loaded, and is not read. */
static void sections_stay(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	_cleanup_(made_done) struct made m = make_x86();
	struct memory_view v;

	made_le(&m, 64 << 20, 1, 1);
	v = memory_view(m.data, m.size);
	v.view.size = 64ull << 30; /* as sparse as it gets */
	CHECK_INT(t, kd_kernel_open(&v.view, "vmlinux", &k, NULL), 0);
	CHECK(t, v.read < 65536);
	CHECK_INT(t, k.n_parts, 3);
}

#define ARM_TEXT 0xffff800080000000

static struct made make_arm64_vmlinux(uint64_t text_offset, uint64_t image_size)
{
	static const struct made_part parts[] = {
		{ 1, 0x1000, ARM_TEXT, ARM_TEXT, 0x1000, 0x1000 },
		{ 1, 0x3000, ARM_TEXT + 0x10000, ARM_TEXT + 0x10000, 0x200, 0x8000 },
	};
	struct made m = make_elf(183, ARM_TEXT, parts, ARRAY_SIZE(parts));

	made_arm64_header(&m, 0x1000, text_offset, image_size, 0xa);
	return m;
}

static void arm64(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	_cleanup_(made_done) struct made m = make_arm64_vmlinux(0x80000, 0x20000);

	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.format, KD_KERNEL_ELF);
	CHECK_INT(t, k.arch, KD_ARCH_ARM64);
	CHECK(t, k.relocatable);
	CHECK_INT(t, k.align, 2 << 20);
	CHECK_INT(t, k.entry, 0x80000);
	CHECK_INT(t, k.mem_size, 0xa0000);
	CHECK_INT(t, k.n_parts, 2);
	CHECK_INT(t, k.parts[0].paddr, 0x80000);
	CHECK_INT(t, k.parts[1].paddr, 0x90000);
	CHECK_INT(t, k.parts[1].data.size, 0x200);
	CHECK_INT(t, k.parts[1].memsz, 0x8000);
}

static void arm64_refused(struct test *t)
{
	_cleanup_(made_done) struct made small = make_arm64_vmlinux(0, 0x17fff);
	_cleanup_(made_done) struct made moved = make_arm64_vmlinux(0, 0x20000);
	_cleanup_(made_done) struct made headless = make_arm64_vmlinux(0, 0x20000);
	struct kd_error err = { 0 };
	struct kd_kernel k;

	CHECK_INT(t, open_made(&small, &k, &err), -ENOEXEC);
	CHECK_STR(t, err.message,
		  "its header asks for 0x17fff bytes of memory, its parts for 0x18000");
	err = (struct kd_error) { 0 };
	moved.data[24] = 4;
	CHECK_INT(t, open_made(&moved, &k, &err), -ENOEXEC);
	CHECK_STR(t, err.message, "its entry 0xffff800080000004 is not where it begins");
	err = (struct kd_error) { 0 };
	headless.data[0x1038] = 'a';
	CHECK_INT(t, open_made(&headless, &k, &err), -ENOEXEC);
	CHECK_STR(t, err.message, "not an arm64 kernel, or cut short");
}

#define PHDR(i, field) (64 + 56 * (i) + (field))

static const struct broken {
	const char *name;
	size_t offset;
	unsigned int bytes;
	uint64_t value;
	int code;
	const char *words;
} broken[] = {
	{ "32 bits", 4, 1, 1, -ENOTSUP, "an ELF file that is not a 64-bit one" },
	{ "big endian", 5, 1, 2, -ENOTSUP,
	  "an ELF file that is not a little-endian one" },
	{ "core", 16, 2, 4, -ENOEXEC, "not a kernel but a core dump" },
	{ "module", 16, 2, 1, -ENOEXEC,
	  "not a kernel but a module or another object file" },
	{ "riscv", 18, 2, 243, -ENOTSUP,
	  "an ELF file for riscv64: there is no loader for riscv64" },
	{ "unheard of", 18, 2, 8, -ENOTSUP, "an ELF file for another machine (8)" },
	{ "program", PHDR(0, 0), 4, 3, -ENOEXEC, "not a kernel but a program" },
	{ "entry elsewhere", 24, 8, 0x1001000, -ENOEXEC,
	  "its entry 0x1001000 lies in none of its parts" },
	{ "entry in zeros", 24, 8, 0x1020100, -ENOEXEC,
	  "its entry 0x1020100 lies in none of its parts" },
	{ "no headers", 56, 2, 0, -ENOEXEC,
	  "an ELF file with nothing to load, or cut short" },
	{ "headers far away", 32, 8, UINT64_MAX, -ENOEXEC,
	  "an ELF file with nothing to load, or cut short" },
	{ "headers of another size", 54, 2, 57, -ENOEXEC,
	  "an ELF file with nothing to load, or cut short" },
	{ "data near 2^64", PHDR(2, 8), 8, UINT64_MAX - 15, -ENOEXEC,
	  "an ELF file, cut short: no end of the part for 0x1000000" },
	{ "data of 2^64", PHDR(2, 32), 8, UINT64_MAX, -ENOEXEC,
	  "an ELF file, cut short: no end of the part for 0x1000000" },
	{ "data over memory", PHDR(2, 40), 8, 0xfff, -ENOEXEC,
	  "its part at 0x1000000 is longer than its memory" },
	{ "memory of 2^64", PHDR(2, 40), 8, UINT64_MAX, -ENOEXEC,
	  "its part at 0x1000000 ends beyond all addresses" },
	{ "memory up to 2^64", PHDR(1, 40), 8, UINT64_MAX - 0x1020000, -ENOEXEC,
	  "its parts lie 0xfffffffffeffffff bytes apart" },
	{ "the same place", PHDR(2, 24), 8, 0x1020000, -ENOEXEC,
	  "its part at 0x1020000 lies over another one" },
	{ "over the one behind", PHDR(2, 40), 8, 0x20001, -ENOEXEC,
	  "its part at 0x1000000 lies over another one" },
	{ "into the one before", PHDR(3, 24), 8, 0x1000fff, -ENOEXEC,
	  "its part at 0x1000fff lies over another one" },
	{ "5 GiB apart", PHDR(1, 24), 8, 5ull << 30, -ENOEXEC,
	  "its parts lie 0x13f002000 bytes apart" },
};

static void refused(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		const struct broken *b = &broken[i];
		_cleanup_(made_done) struct made m = make_x86();
		struct kd_kernel k = { .mem_size = 77 };
		struct kd_error err = { 0 };

		made_le(&m, b->offset, b->bytes, b->value);
		CHECK_INT(t, open_made(&m, &k, &err), b->code);
		if (strcmp(err.message, b->words) != 0)
			test_failed(t, __FILE__, __LINE__, "%s: \"%s\"", b->name,
				    err.message);
		CHECK_INT(t, k.mem_size, 77);
	}
}

static void nine_parts(struct test *t)
{
	struct made_part parts[9];

	for (size_t i = 0; i < 9; i++)
		parts[i] = (struct made_part) { 1,    0x1000, 0, 0x1000000 + i * 0x1000,
						0x10, 0x1000 };
	for (size_t n = 8; n <= 9; n++) {
		_cleanup_(made_done) struct made m = make_elf(62, 0x1000000, parts, n);
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
		struct kd_error err = { 0 };

		CHECK_INT(t, open_made(&m, &k, &err), n == 8 ? 0 : -ENOTSUP);
		CHECK_STR(t, err.message, n == 8 ? "" : "more than 8 parts to load");
	}
}

static void cut_short(struct test *t)
{
	_cleanup_(made_done) struct made m = make_x86();

	for (size_t size = 4; size < 0x4100; size += size < 400 ? 1 : 97) {
		struct made cut = { m.data, size };
		struct kd_kernel k;

		CHECK_INT(t, open_made(&cut, &k, NULL), -ENOEXEC);
	}
}

static const struct test_case cases[] = {
	{ "x86_64: parts in order, an address as entry", x86 },
	{ "what lies behind the parts is not read", sections_stay },
	{ "arm64: relative to its place", arm64 },
	{ "arm64: headers that lie", arm64_refused },
	{ "headers that lie are refused", refused },
	{ "eight parts, and one too many", nine_parts },
	{ "cut short anywhere", cut_short },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
