/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/check beyond the conformance table: what an operator reads, more violations than
 * there is room for, buffers that went away, and Zircon's boot images byte by byte.
 */
#include <sys/mman.h>

#include "kexec/check/linux-abi.h"
#include "kexec/check/validate.h"
#include "tests/unit/test.h"

#define PAGE 4096ull
#define MIB  (1ull << 20)

static uint8_t bytes[4096];

static struct kd_kexec_host new_host(void)
{
	struct kd_kexec_host host = {
		.arch = KD_ARCH_X86_64,
		.page_size = PAGE,
		.crash = { .start = 512 * MIB, .end = 768 * MIB },
		.ram_total = 1024 * MIB,
	};

	kd_ranges_init(&host.ram);
	if (kd_ranges_insert(&host.ram, MIB, 1024 * MIB, KD_RANGE_RAM) < 0)
		abort();
	return host;
}

static void host_done(struct kd_kexec_host *host)
{
	kd_ranges_done(&host->ram);
}

static void words(struct test *t)
{
	_cleanup_(host_done) struct kd_kexec_host host = new_host();
	const struct kd_kexec_segment segments[] = {
		{ bytes, 100, 16 * MIB, PAGE, KD_SEGMENT_KERNEL, true },
		{ bytes, 100, 32 * MIB + 1, PAGE, KD_SEGMENT_INITRD, true },
	};
	struct kd_kexec_call call = {
		.system = KD_KEXEC_LINUX, .entry = 16 * MIB, .segments = segments, .n = 2
	};
	struct kd_error err = { 0 };
	struct kd_violations v;

	CHECK_INT(t, kd_kexec_validate(&call, &host, NULL, &v), 1);
	CHECK_INT(t, v.code, -EADDRNOTAVAIL);
	CHECK_INT(t, v.items[0].segment, 1);
	CHECK_INT(t, kd_violations_fail(&v, &err), -EADDRNOTAVAIL);
	CHECK_STR(t, err.message,
		  "align: segment 1 (initrd): 0x1000 bytes at 0x2000001 are not whole "
		  "pages; round address and size in memory to whole pages");

	/* rules of ours alone: the kernel would let it pass */
	call.n = 1;
	call.entry = 0;
	kd_error_reset(&err);
	CHECK_INT(t, kd_kexec_validate(&call, &host, NULL, &v), 1);
	CHECK_INT(t, v.code, 0);
	CHECK_INT(t, kd_violations_fail(&v, &err), -EINVAL);
	call.entry = 16 * MIB;
	CHECK_INT(t, kd_kexec_validate(&call, &host, NULL, &v), 0);
	CHECK_INT(t, kd_violations_fail(&v, &err), 0);
}

/* All sixteen at one place: 120 pairs and more are counted, the first 32 kept. */
static void many(struct test *t)
{
	_cleanup_(host_done) struct kd_kexec_host host = new_host();
	struct kd_kexec_segment segments[KD_KEXEC_SEGMENTS];
	const struct kd_kexec_call call = { .system = KD_KEXEC_LINUX,
					    .entry = MIB,
					    .segments = segments,
					    .n = KD_KEXEC_SEGMENTS };
	struct kd_error err = { 0 };
	struct kd_violations v;

	for (size_t i = 0; i < KD_KEXEC_SEGMENTS; i++)
		segments[i] = (struct kd_kexec_segment) {
			.buf = bytes, .bufsz = 2 * PAGE, .mem = MIB, .memsz = PAGE
		};
	CHECK_INT(t, kd_kexec_validate(&call, &host, NULL, &v), 120 + 16);
	CHECK_STR(t, v.items[KD_VIOLATIONS - 1].rule, "overlap");
	CHECK_INT(t, kd_violations_fail(&v, &err), -EINVAL);
	CHECK(t, strstr(err.message, "(and 135 more)"));
}

/* A count beyond the array is never followed by a look into it. */
static void counts(struct test *t)
{
	_cleanup_(host_done) struct kd_kexec_host host = new_host();
	struct kd_kexec_call call = { .system = KD_KEXEC_LINUX,
				      .segments = (const void *)bytes };
	static const uint64_t ns[] = { 17, 1ull << 32, UINT64_MAX };
	struct kd_violations v;

	for (size_t i = 0; i < ARRAY_SIZE(ns); i++) {
		call.n = ns[i];
		CHECK_INT(t, kd_kexec_validate(&call, &host, NULL, &v), 1);
		CHECK_STR(t, v.items[0].rule, "count");
		CHECK_INT(t, kd_kexec_touch(&call, NULL), 0);
	}
}

/* Page tables of a large machine take more of the reservation. */
static void room(struct test *t)
{
	_cleanup_(host_done) struct kd_kexec_host host = new_host();
	struct kd_kexec_segment s = { bytes, 1, 512 * MIB, 254 * MIB, KD_SEGMENT_INITRD,
				      false };
	const struct kd_kexec_call call = { .system = KD_KEXEC_LINUX,
					    .entry = 512 * MIB,
					    .segments = &s,
					    .n = 1,
					    .flags = KD_KEXEC_ON_CRASH };
	struct kd_violations v;

	CHECK_INT(t, kd_kexec_validate(&call, &host, NULL, &v), 0);
	host.ram_total = 1ull << 40;
	CHECK_INT(t, kd_kexec_validate(&call, &host, NULL, &v), 1);
	CHECK_STR(t, v.items[0].rule, "room");
	CHECK_INT(t, v.code, 0);
}

static void touches(struct test *t)
{
	const size_t size = 3000 * PAGE;
	uint8_t *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	struct kd_kexec_segment s = { .buf = p, .bufsz = size };
	const struct kd_kexec_call call = { .segments = &s, .n = 1 };
	struct kd_error err = { 0 };

	CHECK(t, p != MAP_FAILED);
	CHECK_INT(t, kd_kexec_touch(&call, NULL), 0);
	/* the very last byte, of a buffer that does not begin where a page does */
	CHECK_INT(t, mprotect(p + size - PAGE, PAGE, PROT_NONE), 0);
	s.bufsz = size - PAGE;
	CHECK_INT(t, kd_kexec_touch(&call, NULL), 0);
	s = (struct kd_kexec_segment) { .buf = p + 100, .bufsz = size - PAGE - 99 };
	CHECK_INT(t, kd_kexec_touch(&call, &err), -EFAULT);
	CHECK(t, strstr(err.message, "segment 0"));
	s.bufsz--;
	CHECK_INT(t, kd_kexec_touch(&call, NULL), 0);
	s.bufsz = UINT64_MAX;
	CHECK_INT(t, kd_kexec_touch(&call, NULL), -EFAULT);
	s = (struct kd_kexec_segment) { .buf = p, .bufsz = 1ull << 46 };
	CHECK_INT(t, kd_kexec_touch(&call, NULL), -EFAULT);
	(void)munmap(p, size);
}

/* A kernel ZBI (container, kernel item) and a data ZBI (container, empty item); numbers
 * little-endian: type, length, extra, flags, 0, 0, magic, crc32. */
static const uint32_t kernel_zbi[] = {
	0x544f4f42, 64, 0x868cf7e6, 0x10000, 0, 0, 0xb5781729, 0x4a87e8d6,
	0x4c4e524b, 32, 0,	    0x10000, 0, 0, 0xb5781729, 0x4a87e8d6,
	80,	    0,	0,	    0,	     0, 0, 0,	       0,
};
static const uint32_t data_zbi[] = {
	0x544f4f42, 32, 0x868cf7e6, 0x10000, 0, 0, 0xb5781729, 0x4a87e8d6,
	0x4c444d43, 0,	0,	    0x30000, 0, 0, 0xb5781729, 0,
};

struct zbis {
	uint32_t kernel[ARRAY_SIZE(kernel_zbi)];
	uint32_t data[ARRAY_SIZE(data_zbi)];
};

/* CRC-32 of IEEE 802.3, bit by bit: another way than the code under test goes. */
static uint32_t crc32_of(const void *data, size_t size)
{
	const uint8_t *p = data;
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < 8 * size; i++) {
		uint32_t bit = (p[i / 8] >> (i % 8)) & 1u;

		crc = (crc >> 1) ^ (((crc ^ bit) & 1) ? 0xedb88320u : 0);
	}
	return ~crc;
}

static void zbis_make(struct zbis *z)
{
	memcpy(z->kernel, kernel_zbi, sizeof(kernel_zbi));
	memcpy(z->data, data_zbi, sizeof(data_zbi));
	z->data[15] = crc32_of(&z->data[8], 32);
}

static size_t validate_zbis(const struct zbis *z, size_t kernel_size,
			    struct kd_violations *ret)
{
	const struct kd_kexec_host host = { .arch = KD_ARCH_X86_64, .page_size = PAGE };
	const struct kd_kexec_segment segments[] = {
		{ .buf = z->kernel, .bufsz = kernel_size },
		{ .buf = z->data, .bufsz = sizeof(z->data) },
	};
	const struct kd_kexec_call call = { .system = KD_KEXEC_ZIRCON,
					    .segments = segments,
					    .n = 2 };

	return kd_kexec_validate(&call, &host, NULL, ret);
}

/** @word: of the kernel's or, from 100 on, the data ZBI */
static const struct {
	unsigned int word;
	uint32_t value;
	const char *rule;
	int code;
} zbi_faults[] = {
	{ 0, 0x544f4f43, "zbi-container", -EBADMSG },
	{ 2, 0, "zbi-container", -EBADMSG },
	{ 6, 0, "zbi-container", -EBADMSG },
	{ 3, 0, "zbi-container", -EBADMSG },
	{ 1, 60, "zbi-container", -EBADMSG },
	{ 1, 72, "zbi-container", -EBADMSG },
	{ 1, 0xfffffff8, "zbi-container", -EBADMSG },
	{ 1, 0, "zbi-kernel", -EBADMSG },
	{ 8, 0x384e524b, "zbi-kernel", -EBADMSG },
	{ 9, 8, "zbi-kernel", -EBADMSG },
	{ 1, 8, "zbi-items", 0 },
	{ 9, 40, "zbi-items", 0 },
	{ 14, 0, "zbi-items", 0 },
	{ 16, 79, "zbi-kernel", 0 },
	{ 16, 96, "zbi-kernel", 0 },
	{ 17, 1, "zbi-kernel", 0 },
	{ 15, 1, "zbi-checksum", 0 },
	{ 115, 1, "zbi-checksum", 0 },
	{ 100, 0, "zbi-container", -EBADMSG },
	{ 109, 8, "zbi-items", 0 },
};

static void zircon(struct test *t)
{
	struct kd_violations v;
	struct zbis z;

	zbis_make(&z);
	CHECK_INT(t, validate_zbis(&z, sizeof(z.kernel), &v), 0);
	for (size_t i = 0; i < sizeof(z.kernel); i++)
		CHECK(t, validate_zbis(&z, i, &v) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(zbi_faults); i++) {
		unsigned int word = zbi_faults[i].word;
		bool told = false;

		zbis_make(&z);
		if (word < 100)
			z.kernel[word] = zbi_faults[i].value;
		else
			z.data[word - 100] = zbi_faults[i].value;
		(void)validate_zbis(&z, sizeof(z.kernel), &v);
		for (size_t k = 0; k < v.n; k++)
			told = told ||
			       (strcmp(v.items[k].rule, zbi_faults[i].rule) == 0 &&
				v.items[k].code == zbi_faults[i].code);
		if (!told)
			test_failed(t, __FILE__, __LINE__, "word %u: not %s, %d: %s",
				    word, zbi_faults[i].rule, zbi_faults[i].code,
				    v.n ? v.items[0].rule : "nothing");
	}
}

static const struct test_case cases[] = {
	{ "rule, segment, text and remedy", words },
	{ "more violations than there is room for", many },
	{ "counts beyond the array", counts },
	{ "room for the page tables of a large machine", room },
	{ "buffers that are gone", touches },
	{ "Zircon's boot images", zircon },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
