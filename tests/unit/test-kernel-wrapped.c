/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/image: kernels in gzip, zstd, zboot and UKI, in any order, damaged, cut, and
 * made to unpack for ever.
 */
#include "kexec/image/unpack.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/kernel-maker.h"
#include "tests/unit/test.h"

static struct kd_bytes bytes_of(const struct made *m)
{
	return (struct kd_bytes) { m->data, m->size };
}

/* An arm64 kernel that does not compress to nothing. */
static struct made make_kernel(void)
{
	struct made m = { 0 };
	uint32_t v = 1;

	made_arm64_header(&m, 0, 0, 0x300000, 8);
	made_le(&m, 64 + 200000 - 1, 1, 0); /* not grown byte by byte */
	for (size_t i = 0; i < 200000; i++) {
		v = v * 1664525 + 1013904223;
		made_le(&m, 64 + i, 1, v >> 28);
	}
	return m;
}

static void check_kernel(struct test *t, const struct kd_kernel *k,
			 const struct made *kernel)
{
	CHECK_INT(t, k->format, KD_KERNEL_ARM64);
	CHECK_INT(t, k->file.size, kernel->size);
	CHECK(t, k->file.size == kernel->size &&
			 memcmp(k->file.data, kernel->data, kernel->size) == 0);
}

static void one_wrapping(struct test *t)
{
	_cleanup_(made_done) struct made kernel = make_kernel();
	_cleanup_(made_done) struct made gz = make_gzip(bytes_of(&kernel));
	_cleanup_(made_done) struct made zst = make_zstd(bytes_of(&kernel));
	const struct made *packed[] = { &gz, &zst };
	static const char *const names[] = { "gzip", "zstd" };

	for (size_t i = 0; i < ARRAY_SIZE(packed); i++) {
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };

		CHECK_INT(t, open_made(packed[i], &k, NULL), 0);
		check_kernel(t, &k, &kernel);
		CHECK_INT(t, k.n_wrappings, 1);
		CHECK_STR(t, k.wrappings[0], names[i]);
	}
}

static void zboot(struct test *t)
{
	static const char *const compressions[] = { "gzip", "zstd", "zstd22" };
	_cleanup_(made_done) struct made kernel = make_kernel();
	_cleanup_(made_done) struct made gz = make_gzip(bytes_of(&kernel));
	_cleanup_(made_done) struct made zst = make_zstd(bytes_of(&kernel));

	for (size_t i = 0; i < ARRAY_SIZE(compressions); i++) {
		_cleanup_(made_done) struct made m = make_zboot(compressions[i],
								bytes_of(i ? &zst : &gz));
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };

		CHECK_INT(t, open_made(&m, &k, NULL), 0);
		check_kernel(t, &k, &kernel);
		CHECK_INT(t, k.n_wrappings, 2);
		CHECK_STR(t, k.wrappings[0], "zboot");
		CHECK_STR(t, k.wrappings[1], i ? "zstd" : "gzip");
	}
}

static void zboot_refused(struct test *t)
{
	_cleanup_(made_done) struct made kernel = make_kernel();
	_cleanup_(made_done) struct made gz = make_gzip(bytes_of(&kernel));
	const struct {
		const char *compression;
		size_t offset;
		uint64_t value;
		int code;
		const char *words;
	} bad[] = {
		{ "xzkern", 8, 0x200, -ENOTSUP,
		  "zboot: packed by \"xzkern\": only gzip and zstd are unpacked here" },
		{ "lz4\n\033[2J", 8, 0x200, -ENOTSUP,
		  "zboot: packed by \"lz4\": only gzip and zstd are unpacked here" },
		{ "zstd", 8, 0x200, -EBADMSG,
		  "zboot: damaged: no zstd stream where it says" },
		{ "gzip", 8, 0, -EBADMSG,
		  "zboot: damaged: no gzip stream where it says" },
		{ "gzip", 8, UINT32_MAX, -ENOEXEC, "zboot: cut short" },
		{ "gzip", 12, gz.size + 1, -ENOEXEC, "zboot: cut short" },
		{ "gzip", 12, UINT32_MAX, -ENOEXEC, "zboot: cut short" },
		{ "gzip", 12, 1, -EBADMSG,
		  "zboot: damaged: no gzip stream where it says" },
		{ "gzip", 12, gz.size - 1, -EBADMSG, "zboot: gzip: cut short" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_(made_done) struct made m = make_zboot(bad[i].compression,
								bytes_of(&gz));
		struct kd_error err = { 0 };
		struct kd_kernel k;

		made_le(&m, bad[i].offset, 4, bad[i].value);
		CHECK_INT(t, open_made(&m, &k, &err), bad[i].code);
		CHECK_STR(t, err.message, bad[i].words);
	}
}

static void damaged(struct test *t)
{
	_cleanup_(made_done) struct made kernel = make_kernel();
	_cleanup_(made_done) struct made gz = make_gzip(bytes_of(&kernel));
	_cleanup_(made_done) struct made zst = make_zstd(bytes_of(&kernel));
	struct made *packed[] = { &gz, &zst };

	for (size_t i = 0; i < ARRAY_SIZE(packed); i++) {
		struct kd_error err = { 0 };
		size_t whole = packed[i]->size;
		struct kd_kernel k;

		for (size_t n = 5; n < whole; n += n < 64 ? 1 : 1009) {
			packed[i]->size = n;
			CHECK_INT(t, open_made(packed[i], &k, NULL), -EBADMSG);
		}
		packed[i]->size = whole;
		packed[i]->data[whole / 2] ^= 0x55;
		if (i == 0) /* a gzip member ends in a CRC, our zstd frame does not */
			CHECK_INT(t, open_made(packed[i], &k, &err), -EBADMSG);
	}
}

/* Kernels are padded and signed behind the stream; a stream may be several. */
static void behind_the_stream(struct test *t)
{
	_cleanup_(made_done) struct made kernel = make_kernel();
	struct kd_bytes first = { kernel.data, 70000 };
	struct kd_bytes second = { kernel.data + 70000, kernel.size - 70000 };

	for (int zstd = 0; zstd < 2; zstd++) {
		struct made (*pack)(struct kd_bytes) = zstd ? make_zstd : make_gzip;
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
		_cleanup_(made_done) struct made m = pack(first), more = pack(second);

		made_bytes(&m, m.size, more.data, more.size);
		made_bytes(&m, m.size, "\0\0\0~Module signature appended~\n", 31);
		CHECK_INT(t, open_made(&m, &k, NULL), 0);
		check_kernel(t, &k, &kernel);
	}
}

/* A frame that is to be skipped lies between two others. */
static void skippable(struct test *t)
{
	_cleanup_(made_done) struct made kernel = make_kernel();
	_cleanup_(made_done) struct made m = make_zstd(bytes_of(&kernel));
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };

	made_bytes(&m, m.size, "\x5f\x2a\x4d\x18\x03\0\0\0abc", 11);
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	check_kernel(t, &k, &kernel);
}

static void what_is_inside(struct test *t)
{
	static const uint8_t cpio[] = "070701 and so on";
	static const uint8_t none[] = "";
	const struct {
		struct kd_bytes inside;
		const char *words;
	} packed[] = {
		{ { cpio, sizeof(cpio) }, "gzip: not a kernel but a cpio archive" },
		{ { none, 0 }, "gzip: not a kernel but an empty file" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(packed); i++) {
		_cleanup_(made_done) struct made m = make_gzip(packed[i].inside);
		struct kd_error err = { 0 };
		struct kd_kernel k;

		CHECK_INT(t, open_made(&m, &k, &err), -ENOEXEC);
		CHECK_STR(t, err.message, packed[i].words);
	}
}

static void too_many(struct test *t)
{
	struct made m = make_kernel();
	struct kd_error err = { 0 };
	int r;

	for (size_t n = 1; n <= KD_KERNEL_WRAPPINGS + 1; n++) {
		_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
		struct made outer = n % 2 ? make_gzip(bytes_of(&m))
					  : make_zstd(bytes_of(&m));

		made_done(&m);
		m = outer;
		r = open_made(&m, &k, &err);
		CHECK_INT(t, r, n <= KD_KERNEL_WRAPPINGS ? 0 : -ENOTSUP);
		CHECK_INT(t, k.n_wrappings, n <= KD_KERNEL_WRAPPINGS ? n : 0);
	}
	CHECK_STR(t, err.message,
		  "gzip: zstd: gzip: zstd: wrapped more than 4 times, at last as gzip");
	made_done(&m);
}

/* Zeros that take a thousandth of the space, against a limit: what was there before the
 * limit is all that was ever asked for. */
static void bombs(struct test *t)
{
	static const uint8_t zeros[8 << 20];
	int (*const unpack[])(struct kd_bytes, struct kd_growing *,
			      struct kd_error *) = { kd_kernel_unpack_gzip,
						     kd_unpack_zst };

	for (int zstd = 0; zstd < 2; zstd++) {
		struct kd_bytes all = { zeros, sizeof(zeros) };
		_cleanup_(made_done) struct made m = zstd ? make_zstd(all)
							  : make_gzip(all);
		_cleanup_(kd_growing_done) struct kd_growing out = { .max = 1 << 20 };
		struct kd_error err = { 0 };

		CHECK(t, m.size < 16384);
		CHECK_INT(t, unpack[zstd](bytes_of(&m), &out, &err), -EFBIG);
		CHECK_STR(t, err.message, "unpacks to more than 1048576 bytes");
		CHECK_INT(t, out.room, 1 << 20);
		kd_growing_done(&out);
		out.max = (8 << 20) + 1;
		CHECK_INT(t, unpack[zstd](bytes_of(&m), &out, NULL), 0);
		CHECK_INT(t, out.size, 8 << 20);
	}
}

/* Zeros are no kernel: the rest of them is not unpacked, so that it may as well be cut. */
static void no_kernel_in_it(struct test *t)
{
	static const uint8_t zeros[32 << 20];
	struct kd_bytes all = { zeros, sizeof(zeros) };
	_cleanup_(made_done) struct made gz = make_gzip(all), zst = make_zstd(all);
	_cleanup_(made_done) struct made twice = make_zstd(bytes_of(&gz));
	struct made *const packed[] = { &gz, &zst, &twice };
	static const char *const words[] = { "gzip: not a kernel of a known kind",
					     "zstd: not a kernel of a known kind",
					     "zstd: gzip: not a kernel of a known kind" };

	for (size_t i = 0; i < ARRAY_SIZE(packed); i++) {
		struct kd_error err = { 0 };
		size_t whole = packed[i]->size;
		struct kd_kernel k;

		CHECK_INT(t, open_made(packed[i], &k, &err), -ENOEXEC);
		CHECK_STR(t, err.message, words[i]);
		if (i == 2)
			continue;
		packed[i]->size = whole / 2;
		CHECK_INT(t, open_made(packed[i], &k, NULL), -ENOEXEC);
		packed[i]->size = whole;
	}
}

static void crc32(struct test *t)
{
	/* the check value every catalogue of CRCs has for it */
	CHECK_INT(t,
		  kd_unpack_crc32((struct kd_bytes) { (const uint8_t *)"123456789", 9 }),
		  0xcbf43926);
}

static const struct test_case cases[] = {
	{ "gzip and zstd", one_wrapping },
	{ "zboot around either", zboot },
	{ "zboot that lies", zboot_refused },
	{ "streams cut anywhere, or damaged", damaged },
	{ "several streams, and what lies behind them", behind_the_stream },
	{ "a zstd frame to be skipped", skippable },
	{ "what is inside is no kernel", what_is_inside },
	{ "four wrappings, and one too many", too_many },
	{ "bombs end at the limit", bombs },
	{ "what is no kernel is not unpacked", no_kernel_in_it },
	{ "CRC-32", crc32 },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
