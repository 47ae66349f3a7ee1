/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crashkernel=: kdump-utils' own tables (spec/kdump-lib_spec.sh, as data), and what its
 * parser gets wrong. Differences are named where they are.
 */
#include "base/parse.h"
#include "kdumpd/boot/crashkernel.h"
#include "tests/unit/test.h"

#define MIB (1ull << 20)
#define GIB (1ull << 30)
#define TIB (1ull << 40)

/* A size as it may stand in any value, with a sign before it. */
static int parse_delta(const char *text, int64_t *ret)
{
	bool less = text[0] == '-';
	uint64_t size;

	if (kd_parse_size(text + less, &size) < 0 || size > INT64_MAX)
		return -EINVAL;
	*ret = less ? -(int64_t)size : (int64_t)size;
	return 0;
}

static void check_add(struct test *t, const char *text, const char *delta,
		      const char *want)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	struct kd_crashkernel ck;
	int64_t add;

	kd_strbuf_init(&b, 1024);
	if (kd_crashkernel_parse(text, &ck, NULL) < 0 || parse_delta(delta, &add) < 0 ||
	    kd_crashkernel_add(&ck, add) < 0)
		kd_strbuf_adds(&b, "refused");
	else
		kd_crashkernel_format(&ck, &b);
	CHECK_STR(t, kd_strbuf_text(&b), want);
}

static void test_add(struct test *t)
{
	static const struct {
		const char *text, *delta, *want;
	} rows[] = {
		{ "2G-4G:256M,4G-64G:320M,64G-:576M", "100M",
		  "2G-4G:356M,4G-64G:420M,64G-:676M" },
		{ "2G-4G:256M", "100", "2G-4G:268435556" },
		{ "2G-4G:256M,4G-64G:320M,64G-:576M@4G", "100M",
		  "2G-4G:356M,4G-64G:420M,64G-:676M@4G" },
		{ "2G-4G:1G,4G-64G:2G,64G-:3G@4G", "100M",
		  "2G-4G:1124M,4G-64G:2148M,64G-:3172M@4G" },
		{ "2G-4G:10000K,4G-64G:20000K,64G-:40000K@4G", "100M",
		  "2G-4G:112400K,4G-64G:122400K,64G-:142400K@4G" },
		{ "1,high", "1", "2,high" },
		{ "1K,low", "1", "1025,low" },
		{ "128G-1T:4G", "0", "128G-1T:4G" },
		{ "128G-1T:4G", "0M", "128G-1T:4G" },
		{ "10T-100T:1T", "0", "10T-100T:1T" },
		{ "128G-1P:4G", "0M", "128G-1P:4G" },
		{ "128G-1E:4G", "0M", "128G-1E:4G" },
		{ "1M@1G", "1k", "1025K@1G" },
		{ "500M@1G", "-100m", "400M@1G" },
		{ "1099511627776", "0", "1T" },
		{ "2G-4G:256M.4G-64G:320M", "100M", "refused" },
		{ "foo", "1", "refused" },
		{ "1", "bar", "refused" },
		/* kdump-utils refuses or mangles these */
		{ "256M,cma", "64M", "320M,cma" },
		{ "512M-2G:64M,2G-:128M", "0", "512M-2G:64M,2G-:128M" },
		{ "0x1000000", "0", "16M" },
		/* below nothing */
		{ "1M", "-2M", "refused" },
		{ "2G-:18446744073709551615", "1", "refused" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_add(t, rows[i].text, rows[i].delta, rows[i].want);
}

static void test_size(struct test *t)
{
	static const char unsorted[] = "4G-64G:256M,2G-4G:192M,64G-1T:512M,1T-:12345M";
	static const struct {
		const char *text;
		uint64_t ram, want;
	} rows[] = {
		{ unsorted, GIB, 0 },
		{ unsorted, 2 * GIB, 192 * MIB },
		{ unsorted, 64 * GIB, 512 * MIB },
		{ unsorted, TIB, 12345 * MIB },
		{ unsorted, 64 * TIB, 12345 * MIB },
		{ "512M-2G:64M,2G-:128M", GIB, 64 * MIB },
		/* the firmware keeps some: 2 GiB machines have less */
		{ unsorted, 2 * GIB - 100 * MIB, 192 * MIB },
		{ unsorted, 2 * GIB - 129 * MIB, 0 },
		/* get_system_size(): one, three and six blocks of 1000 MiB */
		{ "1G-2G:1M,3G-4G:3M,5G-6G:5M", 1000 * MIB + 1, MIB },
		{ "1G-2G:1M,3G-4G:3M,5G-6G:5M", 3 * (1000 * MIB + 1), 3 * MIB },
		{ "1G-2G:1M,3G-4G:3M,5G-6G:5M", 6 * (1000 * MIB + 1), 5 * MIB },
		{ "128M", 64 * MIB, 128 * MIB },
		{ "256M,high", GIB, 256 * MIB },
		{ unsorted, UINT64_MAX, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_crashkernel ck;

		CHECK_INT(t, kd_crashkernel_parse(rows[i].text, &ck, NULL), 0);
		CHECK_INT(t, kd_crashkernel_size(&ck, rows[i].ram), rows[i].want);
	}
}

static void test_refused(struct test *t)
{
	static const struct {
		const char *text;
		int code;
		const char *says;
	} rows[] = {
		{ "", -EINVAL, "\"\" is no size" },
		{ "1M,", -EINVAL, "expected ranges of sizes" },
		{ "1M,2G-:2M", -EINVAL, "expected ranges of sizes" },
		{ "2G-1G:2M", -EINVAL, "the range that begins at 2G is empty" },
		{ "2G:2M", -EINVAL, "is no range" },
		{ "-2G:2M", -EINVAL, "is no size" },
		{ "2G-x:2M", -EINVAL, "\"x\" is no size" },
		{ "1M@", -EINVAL, "is no address" },
		{ "1M@1G,high", -EINVAL, "\"high\" takes one size alone" },
		{ "1G-:1M,cma", -EINVAL, "\"cma\" takes one size alone" },
		{ ",high", -EINVAL, "is no size" },
		{ "99999999999999999999", -EINVAL, "is no size" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_error err = { 0 };
		struct kd_crashkernel ck;

		CHECK_INT(t, kd_crashkernel_parse(rows[i].text, &ck, &err), rows[i].code);
		if (!strstr(err.message, rows[i].says))
			test_failed(t, __FILE__, __LINE__, "%s: %s", rows[i].text,
				    err.message);
	}
}

static void test_default(struct test *t)
{
	static const struct {
		struct kd_crashkernel_machine machine;
		const char *want;
	} rows[] = {
		{ { .machine = "x86_64" }, "2G-64G:256M,64G-:512M" },
		{ { .machine = "x86_64", .mlx5 = true, .smmu = true },
		  "2G-64G:256M,64G-:512M" },
		{ { .machine = "x86_64", .encrypted = true }, "2G-64G:320M,64G-:576M" },
		{ { .machine = "aarch64" }, "2G-4G:256M,4G-64G:320M,64G-:576M" },
		{ { .machine = "aarch64", .mlx5 = true, .smmu = true },
		  "2G-4G:406M,4G-64G:470M,64G-:726M" },
		{ { .machine = "aarch64", .pages_64k = true },
		  "2G-4G:356M,4G-64G:420M,64G-:676M" },
		{ { .machine = "aarch64", .pages_64k = true, .mlx5 = true, .smmu = true },
		  "2G-4G:940M,4G-64G:1004M,64G-:1260M" },
		{ { .machine = "vax" }, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(kd_strbuf_done) struct kd_strbuf b;
		struct kd_crashkernel ck;

		kd_strbuf_init(&b, 256);
		if (kd_crashkernel_default(&rows[i].machine, &ck, NULL) >= 0)
			kd_crashkernel_format(&ck, &b);
		CHECK_STR(t, kd_strbuf_text(&b), rows[i].want);
	}
}

static void test_too_many(struct test *t)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	struct kd_crashkernel ck;

	kd_strbuf_init(&b, 4096);
	for (int i = 0; i <= KD_CRASHKERNEL_RANGES; i++)
		kd_strbuf_addf(&b, "%s%dG-%dG:1M", i ? "," : "", i + 1, i + 2);
	CHECK_INT(t, kd_crashkernel_parse(kd_strbuf_text(&b), &ck, NULL), -E2BIG);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "add", test_add },	       { "size", test_size },
		{ "refused", test_refused },   { "default", test_default },
		{ "too many", test_too_many },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
