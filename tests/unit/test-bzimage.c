/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/image/bzimage: a good image, and every way of not being one.
 */
#include "kexec/image/bzimage.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/test.h"

static void good(struct test *t)
{
	uint8_t image[FAKE_BZIMAGE_SIZE];
	struct kd_error err = { 0 };
	struct kd_bzimage b;

	fake_bzimage(image);
	CHECK_INT(t, kd_bzimage_check(image, sizeof(image), sizeof(image), &b, &err), 0);
	CHECK_INT(t, b.version, 0x020f);
	CHECK_INT(t, b.cmdline_size, 2047);
	CHECK_INT(t, b.init_size, 1 << 20);
	CHECK_INT(t, b.kernel_bytes, FAKE_BZIMAGE_SIZE);
	/* Only the head need be in memory; the file may end inside the last unit. */
	CHECK_INT(t,
		  kd_bzimage_check(image, KD_BZIMAGE_HEAD, FAKE_BZIMAGE_SIZE - 15, &b,
				   &err),
		  0);
}

static void old_setup_sects(struct test *t)
{
	uint8_t image[FAKE_BZIMAGE_SIZE];
	struct kd_bzimage b;

	fake_bzimage(image);
	image[0x1f1] = 0;
	CHECK_INT(t, kd_bzimage_check(image, sizeof(image), 5 * 512 + 64 * 16, &b, NULL),
		  0);
	CHECK_INT(t, b.kernel_bytes, 5 * 512 + 64 * 16);
}

static const struct refusal {
	const char *name;
	unsigned int offset;
	uint8_t value;
	int code;
	const char *words;
} refusals[] = {
	{ "boot flag", 0x1fe, 0, -ENOEXEC, "not a bzImage" },
	{ "magic", 0x202, 'h', -ENOEXEC, "not a bzImage" },
	{ "old protocol", 0x206, 0x0b, -ENOTSUP, "its boot protocol 2.11 is older" },
	{ "zImage", 0x211, 0, -ENOTSUP, "a zImage" },
	{ "32-bit", 0x236, 2, -ENOTSUP, "not a 64-bit kernel" },
	{ "below 4G only", 0x236, 1, -ENOTSUP, "not a relocatable kernel" },
	{ "fixed address", 0x234, 0, -ENOTSUP, "not a relocatable kernel" },
	{ "longer than the file", 0x1f4, 65, -ENOEXEC, "cut short" },
	{ "size near 2^32", 0x1f7, 0xff, -ENOEXEC, "cut short" },
};

static void refused(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		const struct refusal *c = &refusals[i];
		uint8_t image[FAKE_BZIMAGE_SIZE];
		struct kd_bzimage b = { .version = 77 };
		struct kd_error err = { 0 };

		fake_bzimage(image);
		image[c->offset] = c->value;
		CHECK_INT(t,
			  kd_bzimage_check(image, sizeof(image), sizeof(image), &b, &err),
			  c->code);
		if (strncmp(err.message, c->words, strlen(c->words)) != 0)
			test_failed(t, __FILE__, __LINE__, "%s: \"%s\"", c->name,
				    err.message);
		CHECK_INT(t, b.version, 77);
	}
}

static void other_files(struct test *t)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *words;
	} files[] = {
		{ "", 0, "not a bzImage" },
		{ "\x1f\x8b\x08", 3, "not a bzImage but a gzip file" },
		{ "\177ELF\2\1\1", 7, "not a bzImage but an ELF file" },
		{ "MZ", 2, "not a bzImage but an EFI program" },
		{ "#!/bin/sh\n", 10, "not a bzImage but a script" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct kd_error err = { 0 };
		struct kd_bzimage b;

		CHECK_INT(t,
			  kd_bzimage_check(files[i].bytes, files[i].size, files[i].size,
					   &b, &err),
			  -ENOEXEC);
		CHECK_STR(t, err.message, files[i].words);
	}
}

static const struct test_case cases[] = {
	{ "a good image", good },
	{ "setup_sects of 0 stands for 4", old_setup_sects },
	{ "each broken header is refused by its reason", refused },
	{ "other files are named for what they are", other_files },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
