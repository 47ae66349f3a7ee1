/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/image/uki and pe: sections of an EFI program, what is taken from them and what
 * of it outlives the file.
 */
#include "base/le.h"
#include "kexec/image/pe.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/kernel-maker.h"
#include "tests/unit/test.h"

#define BYTES(text) ((struct kd_bytes) { (const uint8_t *)(text), sizeof(text) - 1 })

static void check_text(struct test *t, struct kd_bytes got, const char *want)
{
	CHECK_INT(t, got.size, strlen(want));
	CHECK(t, got.size == strlen(want) && memcmp(got.data, want, got.size) == 0);
}

static void all_sections(struct test *t)
{
	uint8_t image[FAKE_BZIMAGE_SIZE];
	const struct made_section sections[] = {
		{ ".text", BYTES("code") },
		{ ".osrel", BYTES("ID=debian\n") },
		{ ".cmdline", BYTES("root=/dev/sda1 quiet \n\0") },
		{ ".initrd", BYTES("070701 initrd") },
		{ ".linux", { image, sizeof(image) } },
	};
	_cleanup_(made_done) struct made m = { 0 };
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };

	fake_bzimage(image);
	m = make_pe(sections, ARRAY_SIZE(sections));
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.format, KD_KERNEL_BZIMAGE);
	CHECK_INT(t, k.n_wrappings, 1);
	CHECK_STR(t, k.wrappings[0], "UKI");
	CHECK_INT(t, k.file.size, sizeof(image));
	check_text(t, k.initrd, "070701 initrd");
	check_text(t, k.cmdline, "root=/dev/sda1 quiet");
}

/* The initrd is still there when the kernel beside it was unpacked into new memory. */
static void packed_inside(struct test *t)
{
	struct made image = { 0 }, gz, zboot;
	_cleanup_(made_done) struct made m = { 0 };
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };

	made_arm64_header(&image, 0, 0, 0x10000, 8);
	gz = make_gzip((struct kd_bytes) { image.data, image.size });
	zboot = make_zboot("gzip", (struct kd_bytes) { gz.data, gz.size });
	m = make_pe(
		(struct made_section[]) {
			{ ".linux", { zboot.data, zboot.size } },
			{ ".initrd", BYTES("an initrd") },
		},
		2);
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.format, KD_KERNEL_ARM64);
	CHECK_INT(t, k.n_wrappings, 3);
	CHECK_STR(t, k.wrappings[0], "UKI");
	CHECK_STR(t, k.wrappings[1], "zboot");
	CHECK_STR(t, k.wrappings[2], "gzip");
	check_text(t, k.initrd, "an initrd");
	CHECK_INT(t, k.cmdline.size, 0);
	made_done(&image);
	made_done(&gz);
	made_done(&zboot);
}

static void inner_uki(struct test *t)
{
	uint8_t image[FAKE_BZIMAGE_SIZE];
	_cleanup_(made_done) struct made inner = { 0 }, m = { 0 };
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };

	fake_bzimage(image);
	inner = make_pe(
		(struct made_section[]) {
			{ ".linux", { image, sizeof(image) } },
			{ ".cmdline", BYTES("inner") },
			{ ".initrd", BYTES("inner") },
		},
		3);
	m = make_pe(
		(struct made_section[]) {
			{ ".linux", { inner.data, inner.size } },
			{ ".cmdline", BYTES("outer") },
		},
		2);
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.n_wrappings, 2);
	check_text(t, k.cmdline, "outer");
	check_text(t, k.initrd, "inner");
}

/* Its kernel is the file itself: goes round as often as wrappings may. */
static void endless(struct test *t)
{
	_cleanup_(made_done) struct made m =
		make_pe(&(struct made_section) { ".linux", BYTES("x") }, 1);
	struct kd_error err = { 0 };
	struct kd_kernel k;

	made_le(&m, 0x80 + 24 + 240 + 8, 4, m.size);
	made_le(&m, 0x80 + 24 + 240 + 16, 4, m.size);
	made_le(&m, 0x80 + 24 + 240 + 20, 4, 0);
	CHECK_INT(t, open_made(&m, &k, &err), -ENOTSUP);
	CHECK_STR(t, err.message,
		  "UKI: UKI: UKI: UKI: wrapped more than 4 times, at last as UKI");
}

#define PE	  0x80
#define SECTION_0 (PE + 24 + 240)

static void refused(struct test *t)
{
	static const char other[] = "an EFI program without a Linux kernel inside";
	static const struct {
		const char *name;
		size_t offset;
		unsigned int bytes;
		uint64_t value;
		const char *words;
	} bad[] = {
		{ "no .linux", SECTION_0, 4, 0x65742e, other },
		{ "a longer name", SECTION_0 + 6, 1, 'x', other },
		{ "header far away", 0x3c, 4, UINT32_MAX, other },
		{ "not PE", PE, 1, 'Q', other },
		{ "65535 sections", PE + 6, 2, 65535, other },
		{ "no sections", PE + 6, 2, 0, other },
		{ "optional header too long", PE + 20, 2, 65535, other },
		{ "kernel far away", SECTION_0 + 20, 4, UINT32_MAX,
		  "UKI: cut short: no end of .linux" },
		{ "initrd near 4 GiB", SECTION_0 + 40 + 20, 4, UINT32_MAX - 8,
		  "UKI: cut short: no end of .initrd" },
		{ "an empty kernel", SECTION_0 + 16, 4, 0,
		  "UKI: not a kernel but an empty file" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const struct made_section sections[] = {
			{ ".linux", BYTES("MZ hello") },
			{ ".initrd", BYTES("an initrd") },
		};
		_cleanup_(made_done) struct made m = make_pe(sections, 2);
		struct kd_error err = { 0 };
		struct kd_kernel k;

		made_le(&m, bad[i].offset, bad[i].bytes, bad[i].value);
		CHECK_INT(t, open_made(&m, &k, &err), -ENOEXEC);
		if (strcmp(err.message, bad[i].words) != 0)
			test_failed(t, __FILE__, __LINE__, "%s: \"%s\"", bad[i].name,
				    err.message);
	}
}

/* A section's size in the file is padded; its size in memory may be larger. */
static void section_sizes(struct test *t)
{
	static const struct {
		uint32_t virtual_size, raw_size, size;
	} sizes[] = { { 5, 512, 5 }, { 0, 512, 512 }, { 4096, 512, 512 }, { 7, 0, 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		_cleanup_(made_done) struct made m =
			make_pe(&(struct made_section) { "12345678", BYTES("x") }, 1);
		struct kd_bytes data;
		struct kd_pe pe;

		made_le(&m, SECTION_0 + 8, 4, sizes[i].virtual_size);
		made_le(&m, SECTION_0 + 16, 4, sizes[i].raw_size);
		CHECK_INT(t, kd_pe_open((struct kd_bytes) { m.data, m.size }, &pe, NULL),
			  0);
		CHECK_INT(t, kd_pe_section(&pe, "12345678", &data, NULL), 0);
		CHECK_INT(t, data.size, sizes[i].size);
		CHECK_INT(t, kd_pe_section(&pe, "1234567", &data, NULL), -ENODATA);
	}
}

static const struct test_case cases[] = {
	{ "kernel, initrd and command line", all_sections },
	{ "a packed kernel beside an initrd", packed_inside },
	{ "a UKI in a UKI", inner_uki },
	{ "a UKI that is its own kernel", endless },
	{ "headers that lie are refused", refused },
	{ "sizes in the file and in memory", section_sizes },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
