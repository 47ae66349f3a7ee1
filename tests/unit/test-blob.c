/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lowering to a blob: the images' bytes, what is refused and how, and the shim's own steps
 * that can be called. What the shim does as a whole is test-shim.c's.
 */
#include <stdlib.h>

#include "base/le.h"
#include "kexec/lower/blob.h"
#include "kexec/lower/shim.h"
#include "test.h"

#define MIB (1ull << 20)
#define GIB (1ull << 30)

static const uint8_t bytes[64] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

static struct kd_kexec_plan two_segments(void)
{
	static char quiet[] = "quiet";

	return (struct kd_kexec_plan) {
		.arch = KD_ARCH_X86_64,
		.segments = {
			{ .buf = bytes, .bufsz = 9, .mem = 0x1000000, .memsz = 0x2000 },
			{ .buf = bytes + 9, .bufsz = 40, .mem = 0x90000, .memsz = 0x1000 },
		},
		.n = 2,
		.entry = 0x1000200,
		.cmdline = quiet,
	};
}

static struct kd_ranges memory(uint64_t end)
{
	struct kd_ranges ram;

	kd_ranges_init(&ram);
	if (kd_ranges_insert(&ram, 0, 0xa0000, KD_RANGE_RAM) < 0 ||
	    kd_ranges_insert(&ram, MIB, end, KD_RANGE_RAM) < 0)
		abort();
	return ram;
}

/* The headers word by word, computed by hand from Fuchsia's zbi.h. */
static void check_header(struct test *t, const uint8_t *at, const char *type,
			 uint32_t length, uint32_t extra)
{
	CHECK(t, memcmp(at, type, 4) == 0);
	CHECK_INT(t, kd_le32(at + 4), length);
	CHECK_INT(t, kd_le32(at + 8), extra);
	CHECK_INT(t, kd_le32(at + 12), 0x10000);
	CHECK_INT(t, kd_le64(at + 16), 0);
	CHECK_INT(t, kd_le32(at + 24), 0xb5781729);
	CHECK_INT(t, kd_le32(at + 28), 0x4a87e8d6);
}

static void images(struct test *t)
{
	struct kd_kexec_plan plan = two_segments();
	_cleanup_(kd_ranges_done) struct kd_ranges ram = memory(512 * MIB);
	_cleanup_(kd_blob_done) struct kd_blob blob = { 0 };
	struct kd_shim shim = kd_shim_x86_64();
	struct kd_shim_params params;
	uint32_t packed, code;

	CHECK_INT(t, kd_blob_lower(&plan, &ram, &blob, NULL), 0);
	packed = (uint32_t)kd_align_up(shim.size, 16) + 48 + 16;
	code = packed + 4096 + (uint32_t)KD_SHIM_ROOM(8);
	CHECK_INT(t, blob.kernel_size, 80 + code);
	check_header(t, blob.kernel, "BOOT", 32 + 16 + code, 0x868cf7e6);
	check_header(t, blob.kernel + 32, "KRNL", 16 + code, 0);
	CHECK_INT(t, kd_le64(blob.kernel + 64), 80);
	CHECK_INT(t, blob.entry, 80);
	CHECK_INT(t, kd_le64(blob.kernel + 72), 0);
	CHECK(t, memcmp(blob.kernel + 80, shim.code, shim.params) == 0);

	memcpy(&params, blob.kernel + 80 + shim.params, sizeof(params));
	CHECK_INT(t, params.magic, KD_SHIM_MAGIC);
	CHECK_INT(t, params.size, packed);
	CHECK_INT(t, params.entry, 0x1000200);
	CHECK_INT(t, params.gib, 8);
	CHECK_INT(t, params.n, 2);
	CHECK_INT(t, params.segments[0].mem, 0x90000);
	CHECK_INT(t, params.segments[1].mem, 0x1000000);
	CHECK_INT(t, params.segments[1].memsz, 0x2000);
	for (unsigned int i = 0; i < 2; i++)
		CHECK(t, memcmp(blob.kernel + 80 + params.segments[i].from,
				plan.segments[1 - i].buf, params.segments[i].bufsz) == 0);

	CHECK_INT(t, blob.data_size, 32 + 32 + 8);
	check_header(t, blob.data, "BOOT", 32 + 8, 0x868cf7e6);
	check_header(t, blob.data + 32, "CMDL", 6, 0);
	CHECK(t, memcmp(blob.data + 64, "quiet\0\0", 8) == 0);
}

/* The same plan, the same bytes. */
static void repeats(struct test *t)
{
	struct kd_kexec_plan plan = two_segments();
	_cleanup_(kd_ranges_done) struct kd_ranges ram = memory(512 * MIB);
	_cleanup_(kd_blob_done) struct kd_blob a = { 0 }, b = { 0 };

	CHECK_INT(t, kd_blob_lower(&plan, &ram, &a, NULL), 0);
	CHECK_INT(t, kd_blob_lower(&plan, &ram, &b, NULL), 0);
	CHECK(t, a.kernel_size == b.kernel_size &&
			 memcmp(a.kernel, b.kernel, a.kernel_size) == 0);
}

/* Segments above 4 GiB, and a map that reaches them. */
static void high(struct test *t)
{
	struct kd_kexec_plan plan = two_segments();
	_cleanup_(kd_ranges_done) struct kd_ranges ram = memory(20 * GIB);
	_cleanup_(kd_blob_done) struct kd_blob blob = { 0 };
	struct kd_shim_params params;

	plan.segments[0].mem = 0x480000000;
	plan.entry = 0x480000000;
	CHECK_INT(t, kd_blob_lower(&plan, &ram, &blob, NULL), 0);
	memcpy(&params, blob.kernel + 80 + kd_shim_x86_64().params, sizeof(params));
	CHECK_INT(t, params.gib, 19);
	CHECK_INT(t, params.segments[1].mem, 0x480000000);
	CHECK_INT(t, params.entry, 0x480000000);
	CHECK_INT(t, blob.kernel_size, 80 + params.size + 4096 + KD_SHIM_ROOM(19));
	CHECK(t, params.places[1] > 4 * GIB &&
			 params.places[1] + KD_SHIM_ROOM(19) <= 19 * GIB);
}

#define SEGMENT(m, size)                                              \
	{                                                             \
		.buf = bytes, .bufsz = 9, .mem = (m), .memsz = (size) \
	}
#define MANY                                                    \
	SEGMENT(0x1000000, 0x1000), SEGMENT(0x1001000, 0x1000), \
		SEGMENT(0x1002000, 0x1000), SEGMENT(0x1003000, 0x1000)

static const struct {
	const char *what;
	struct kd_kexec_segment segments[KD_KEXEC_SEGMENTS];
	size_t n;
	uint64_t entry, ram;
	enum kd_arch arch;
	int want;
	const char *says;
} refusals[] = {
	{ "an arm64 plan",
	  { SEGMENT(0x1000000, 4096) },
	  1,
	  0x1000000,
	  GIB,
	  KD_ARCH_ARM64,
	  -ENOTSUP,
	  "a blob is made of plans for x86_64 only" },
	{ "no segment",
	  { { 0 } },
	  0,
	  0,
	  GIB,
	  KD_ARCH_X86_64,
	  -EINVAL,
	  "the entry 0x0 is in no segment" },
	{ "seventeen",
	  { MANY },
	  17,
	  0x1000000,
	  GIB,
	  KD_ARCH_X86_64,
	  -EINVAL,
	  "17 segments, at most 16" },
	{ "wraps",
	  { SEGMENT(UINT64_MAX - 0xfff, 0x2000) },
	  1,
	  0,
	  GIB,
	  KD_ARCH_X86_64,
	  -EINVAL,
	  "segment 0 wraps around" },
	{ "above what is mapped",
	  { SEGMENT(512 * GIB - 4096, 0x2000) },
	  1,
	  0,
	  GIB,
	  KD_ARCH_X86_64,
	  -ENOTSUP,
	  "segment 0 ends above 512 GiB" },
	{ "more bytes than memory",
	  { SEGMENT(0x1000000, 8) },
	  1,
	  0x1000000,
	  GIB,
	  KD_ARCH_X86_64,
	  -EINVAL,
	  "segment 0 is larger than its memory" },
	{ "overlap",
	  { SEGMENT(0x1001000, 4096), SEGMENT(0x1000000, 0x1001) },
	  2,
	  0x1000000,
	  GIB,
	  KD_ARCH_X86_64,
	  -EINVAL,
	  "segments 1 and 0 overlap" },
	{ "twice the same",
	  { MANY, SEGMENT(0x1002000, 0x1000) },
	  5,
	  0x1000000,
	  GIB,
	  KD_ARCH_X86_64,
	  -EINVAL,
	  "segments 2 and 4 overlap" },
	{ "entry behind the last byte",
	  { SEGMENT(0x1000000, 4096) },
	  1,
	  0x1001000,
	  GIB,
	  KD_ARCH_X86_64,
	  -EINVAL,
	  "the entry 0x1001000 is in no segment" },
	{ "too much",
	  { { .buf = bytes, .bufsz = GIB, .mem = 0x1000000, .memsz = GIB } },
	  1,
	  0x1000000,
	  4 * GIB,
	  KD_ARCH_X86_64,
	  -EFBIG,
	  "the segments have more than 1 GiB" },
	{ "no memory beside",
	  { SEGMENT(MIB, 9 * MIB) },
	  1,
	  MIB,
	  10 * MIB,
	  KD_ARCH_X86_64,
	  -ENOSPC,
	  NULL },
	{ "one place only",
	  { SEGMENT(MIB, 9 * MIB) },
	  1,
	  MIB,
	  10 * MIB + 128 * 1024,
	  KD_ARCH_X86_64,
	  -ENOSPC,
	  NULL },
};

static void refused(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		_cleanup_(kd_ranges_done) struct kd_ranges ram = memory(refusals[i].ram);
		struct kd_kexec_plan plan = {
			.arch = refusals[i].arch,
			.n = refusals[i].n,
			.entry = refusals[i].entry,
		};
		struct kd_blob blob = { .entry = 42 };
		struct kd_error err = { 0 };

		memcpy(plan.segments, refusals[i].segments, sizeof(plan.segments));
		CHECK_INT(t, kd_blob_lower(&plan, &ram, &blob, &err), refusals[i].want);
		CHECK(t, err.message[0]);
		if (refusals[i].says)
			CHECK_STR(t, err.message, refusals[i].says);
		CHECK(t, blob.entry == 42 && !blob.kernel && !blob.data);
	}
}

/* A segment that is nothing at all is left out, wherever it is said to be. */
static void empty_segment(struct test *t)
{
	struct kd_kexec_plan plan = two_segments();
	_cleanup_(kd_ranges_done) struct kd_ranges ram = memory(512 * MIB);
	_cleanup_(kd_blob_done) struct kd_blob blob = { 0 };
	struct kd_shim_params params;

	plan.segments[2] = (struct kd_kexec_segment) { .mem = 0x1001000 };
	plan.n = 3;
	CHECK_INT(t, kd_blob_lower(&plan, &ram, &blob, NULL), 0);
	memcpy(&params, blob.kernel + 80 + kd_shim_x86_64().params, sizeof(params));
	CHECK_INT(t, params.n, 2);
}

/* What a processor would make of @address by these tables; UINT64_MAX when nothing. */
static uint64_t walk(uint64_t top, uint64_t address, int levels)
{
	const uint64_t *table = (const uint64_t *)(uintptr_t)top;

	for (int level = levels;; level--) {
		uint64_t entry = table[address >> (12 + 9 * (level - 1)) & 511];

		if ((entry & 3) != 3)
			return UINT64_MAX;
		if (level == 2)
			return entry & 0x80
				       ? (entry & ~0x1fffffull) | (address & 0x1fffff)
				       : UINT64_MAX;
		table = (const uint64_t *)(uintptr_t)(entry & ~0xfffull);
	}
}

static void identity(struct test *t)
{
	static const uint64_t gibs[] = { 1, 8, 19 };

	for (size_t i = 0; i < ARRAY_SIZE(gibs); i++) {
		size_t pages = KD_SHIM_TOP_TABLES + gibs[i];
		_cleanup_(kd_freep) uint64_t *tables = aligned_alloc(4096, pages * 4096);

		for (int levels = 4; levels <= 5; levels++) {
			uint64_t top;

			memset(tables, 0xff, pages * 4096);
			top = kd_shim_map(tables, gibs[i], levels == 5);
			for (uint64_t a = 0; a < gibs[i] * GIB; a += 2 * MIB + 4096)
				CHECK_INT(t, walk(top, a, levels), a);
			CHECK_INT(t, walk(top, gibs[i] * GIB - 1, levels),
				  gibs[i] * GIB - 1);
			CHECK(t, walk(top, gibs[i] * GIB, levels) == UINT64_MAX);
			CHECK(t, walk(top, 1ull << 39, levels) == UINT64_MAX);
			CHECK(t, levels == 4 || walk(top, 1ull << 48, 5) == UINT64_MAX);
		}
	}
}

/* Where the shim goes: the blob at 1 MiB, its place to work at 1 MiB above. */
static void goes_on(struct test *t)
{
	const uint64_t room = KD_SHIM_ROOM(8), base = MIB, first = 2 * MIB;
	static const struct {
		uint64_t mem, memsz, places[2];
		int want; /* 0: stays, 1 and 2: which, -1: nowhere */
	} rows[] = {
		{ 16 * MIB, MIB, { 3 * MIB, 9 * MIB }, 0 },
		{ 2 * MIB - 4096, 4096, { 3 * MIB, 9 * MIB }, 0 },
		{ 2 * MIB - 4096, 4097, { 3 * MIB, 9 * MIB }, 1 },
		{ 2 * MIB, 4096, { 3 * MIB, 9 * MIB }, 1 },
		{ 2 * MIB, 4096, { 0, 9 * MIB }, 2 },
		{ 2 * MIB, 4096, { MIB - 4096, 9 * MIB }, 2 },
		{ 2 * MIB, 4096, { MIB + 4096, 9 * MIB }, 2 },
		{ 2 * MIB, 4096, { 2 * MIB + 4096, 9 * MIB }, 2 },
		{ 2 * MIB, 2 * MIB, { 3 * MIB, 9 * MIB }, 2 },
		{ 2 * MIB, 8 * MIB, { 3 * MIB, 9 * MIB }, -1 },
		{ 2 * MIB, 4096, { 0, 0 }, -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_shim_params p = {
			.gib = 8,
			.n = 1,
			.places = { rows[i].places[0], rows[i].places[1] },
			.segments = { { .mem = rows[i].mem, .memsz = rows[i].memsz } },
		};
		uint64_t want = rows[i].want < 0 ? KD_SHIM_NOWHERE
				: rows[i].want	 ? rows[i].places[rows[i].want - 1]
						 : 0;

		CHECK_INT(t, kd_shim_next(base, first, &p), want);
	}
	CHECK(t, room < MIB);
}

static const struct test_case cases[] = {
	{ "two images, byte by byte", images },
	{ "the same plan, the same bytes", repeats },
	{ "above 4 GiB", high },
	{ "refused, in a sentence", refused },
	{ "an empty segment", empty_segment },
	{ "page tables", identity },
	{ "where the shim goes", goes_on },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
