/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/image/bzimage as kd_kernel_open() gives it: what a plan needs, and headers that
 * would lead a loader astray.
 */
#include "base/le.h"
#include "kexec/image/kernel.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/memory-view.h"
#include "tests/unit/test.h"

static int open_image(const uint8_t *image, size_t size, struct kd_kernel *ret,
		      struct kd_error *err)
{
	struct memory_view m = memory_view(image, size);

	return kd_kernel_open(&m.view, NULL, ret, err);
}

static void fields(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	uint8_t image[FAKE_BZIMAGE_SIZE];

	fake_bzimage(image);
	image[0x236] |= 0x30; /* XLF_EFI_KEXEC, XLF_5LEVEL */
	image[1024] = 0xc0;
	CHECK_INT(t, open_image(image, sizeof(image), &k, NULL), 0);
	CHECK_INT(t, k.format, KD_KERNEL_BZIMAGE);
	CHECK_INT(t, k.arch, KD_ARCH_X86_64);
	CHECK_INT(t, k.n_parts, 1);
	CHECK_INT(t, k.parts[0].paddr, 0);
	CHECK_INT(t, k.parts[0].data.size, 64 * 16);
	CHECK_INT(t, k.parts[0].data.data[0], 0xc0);
	CHECK_INT(t, k.parts[0].memsz, 1 << 20);
	CHECK_INT(t, k.mem_size, 1 << 20);
	CHECK_INT(t, k.align, 2 << 20);
	CHECK_INT(t, k.min_addr, 16 << 20);
	CHECK_INT(t, k.entry, 0x200);
	CHECK_INT(t, k.cmdline_max, 2047);
	CHECK_INT(t, k.setup.size, 0x26c - 0x1f1);
	CHECK(t, k.setup.data == k.file.data + 0x1f1);
	CHECK_INT(t, k.file.size, sizeof(image));
	CHECK(t, k.relocatable && k.above_4g && k.la57 && k.efi);
	CHECK_INT(t, k.n_wrappings, 0);
	CHECK_INT(t, k.initrd.size + k.cmdline.size, 0);
}

static void flags_clear(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	uint8_t image[FAKE_BZIMAGE_SIZE];

	fake_bzimage(image);
	CHECK_INT(t, open_image(image, sizeof(image), &k, NULL), 0);
	CHECK(t, !k.la57 && !k.efi);
}

/* The window holds at least what is copied into it, whatever init_size says. */
static void small_init_size(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	uint8_t image[FAKE_BZIMAGE_SIZE];

	fake_bzimage(image);
	kd_put_le32(image + 0x260, 7);
	CHECK_INT(t, open_image(image, sizeof(image), &k, NULL), 0);
	CHECK_INT(t, k.mem_size, 64 * 16);
	CHECK_INT(t, k.parts[0].memsz, 64 * 16);
}

/* The lowest place is a multiple of the alignment, and above the BIOS. */
static void lowest_place(struct test *t)
{
	static const struct {
		uint64_t pref_address;
		uint32_t alignment;
		uint64_t align;
		uint64_t min_addr;
	} places[] = {
		{ 0, 0x1000, 0x1000, 0x100000 },
		{ 0x100000, 0x200000, 0x200000, 0x200000 },
		{ 0x1000001, 1, 0x1000, 0x1001000 },
		{ 0x1c0000000, 0x200000, 0x200000, 0x1c0000000 },
		{ (1ull << 52) - 1, 1 << 30, 1 << 30, 1ull << 52 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
		uint8_t image[FAKE_BZIMAGE_SIZE];

		fake_bzimage(image);
		kd_put_le64(image + 0x258, places[i].pref_address);
		kd_put_le32(image + 0x230, places[i].alignment);
		CHECK_INT(t, open_image(image, sizeof(image), &k, NULL), 0);
		CHECK_INT(t, k.align, places[i].align);
		CHECK_INT(t, k.min_addr, places[i].min_addr);
	}
}

static const struct broken {
	const char *name;
	unsigned int offset;
	unsigned int bytes;
	uint64_t value;
	int code;
	const char *words;
} broken[] = {
	{ "header ends before init_size", 0x201, 1, 0x61, -ENOEXEC,
	  "its setup header ends at 0x263" },
	{ "header reaches into EDD's fields", 0x201, 1, 0x8f, -ENOEXEC,
	  "its setup header ends at 0x291" },
	{ "alignment 0", 0x230, 4, 0, -ENOEXEC,
	  "its header asks for an alignment of 0x0" },
	{ "alignment of 3 pages", 0x230, 4, 0x3000, -ENOEXEC,
	  "its header asks for an alignment of 0x3000" },
	{ "alignment 2 GiB", 0x230, 4, 0x80000000, -ENOEXEC,
	  "its header asks for an alignment of 0x80000000" },
	{ "address near 2^64", 0x258, 8, UINT64_MAX, -ENOEXEC,
	  "its header asks for the address 0xffffffffffffffff" },
	{ "payload behind the end", 0x248, 4, 1025, -ENOEXEC,
	  "its header has the compressed kernel behind its end" },
	{ "payload too long", 0x24c, 4, 1025, -ENOEXEC,
	  "its header has the compressed kernel behind its end" },
	{ "payload near 2^32", 0x24c, 4, UINT32_MAX, -ENOEXEC,
	  "its header has the compressed kernel behind its end" },
	{ "nothing behind the setup", 0x1f4, 4, 32, -ENOEXEC, "no 64-bit code in it" },
	{ "claims 1 GiB", 0x1f4, 4, 1 << 26, -ENOEXEC,
	  "cut short: 2048 bytes, its header says 1073742848" },
	{ "claims 64 GiB", 0x1f4, 4, UINT32_MAX, -ENOEXEC,
	  "cut short: 2048 bytes, its header says 68719477744" },
	{ "32-bit", 0x236, 1, 2, -ENOTSUP, "not a 64-bit kernel" },
};

static void refused(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		const struct broken *b = &broken[i];
		struct kd_kernel k = { .mem_size = 77 };
		uint8_t image[FAKE_BZIMAGE_SIZE];
		struct kd_error err = { 0 };

		fake_bzimage(image);
		for (unsigned int j = 0; j < b->bytes; j++)
			image[b->offset + j] = (uint8_t)(b->value >> (8 * j));
		CHECK_INT(t, open_image(image, sizeof(image), &k, &err), b->code);
		CHECK_STR(t, err.message, b->words);
		CHECK_INT(t, k.mem_size, 77);
	}
}

/* Every length but the whole one, and its last unit of 16, is refused. */
static void cut_short(struct test *t)
{
	uint8_t image[FAKE_BZIMAGE_SIZE];

	fake_bzimage(image);
	for (size_t size = 0; size < sizeof(image); size++) {
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
		int r = open_image(image, size, &k, NULL);

		CHECK_INT(t, r, size > sizeof(image) - 16 ? 0 : -ENOEXEC);
	}
}

static const struct test_case cases[] = {
	{ "what a plan needs is there", fields },
	{ "flags that are clear", flags_clear },
	{ "an init_size smaller than the code", small_init_size },
	{ "the lowest place", lowest_place },
	{ "headers that lie are refused", refused },
	{ "cut short anywhere", cut_short },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
