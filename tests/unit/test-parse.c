/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/parse: every text either parses whole or is refused with the right errno.
 */
#include "base/parse.h"
#include "tests/unit/test.h"

static void unsigned_numbers(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		uint64_t value;
	} table[] = {
		{ "0", 0, 0 },
		{ "42", 0, 42 },
		{ "0x10", 0, 16 },
		{ "0XfF", 0, 255 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "0xffffffffffffffff", 0, UINT64_MAX },
		{ "010", 0, 10 },
		{ "", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 },
		{ "ff", -EINVAL, 0 },
		{ "1k", -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint64_t v = 77;

		CHECK_INT(t, kd_parse_u64(table[i].text, &v), table[i].r);
		CHECK_INT(t, v, table[i].r < 0 ? 77 : table[i].value);
	}
}

static void hexadecimal(struct test *t)
{
	uint64_t v = 0;

	CHECK_INT(t, kd_parse_hex("ffffffff81000000", &v), 0);
	CHECK_INT(t, v, 0xffffffff81000000);
	CHECK_INT(t, kd_parse_hex("0x1f", &v), 0);
	CHECK_INT(t, v, 0x1f);
	CHECK_INT(t, kd_parse_hex("0x", &v), -EINVAL);
	CHECK_INT(t, kd_parse_hex("g", &v), -EINVAL);
	CHECK_INT(t, kd_parse_hex("10000000000000000", &v), -ERANGE);
}

static void signed_numbers(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		int64_t value;
	} table[] = {
		{ "-129", 0, -129 },
		{ "0", 0, 0 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "-9223372036854775808", 0, INT64_MIN },
		{ "9223372036854775808", -ERANGE, 0 },
		{ "-9223372036854775809", -ERANGE, 0 },
		{ "--1", -EINVAL, 0 },
		{ "-", -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int64_t v = 77;

		CHECK_INT(t, kd_parse_i64(table[i].text, &v), table[i].r);
		CHECK_INT(t, v, table[i].r < 0 ? 77 : table[i].value);
	}
}

static void sizes(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		uint64_t value;
	} table[] = {
		{ "4096", 0, 4096 },	     { "64K", 0, 65536 },
		{ "256M", 0, 256ULL << 20 }, { "1g", 0, 1ULL << 30 },
		{ "15E", 0, 15ULL << 60 },   { "16E", -ERANGE, 0 },
		{ "0x10k", 0, 16384 },	     { "1KB", -EINVAL, 0 },
		{ "M", -EINVAL, 0 },	     { "1.5G", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint64_t v = 77;

		CHECK_INT(t, kd_parse_size(table[i].text, &v), table[i].r);
		CHECK_INT(t, v, table[i].r < 0 ? 77 : table[i].value);
	}
}

static void booleans(struct test *t)
{
	bool v = false;

	CHECK_INT(t, kd_parse_bool("Yes", &v), 0);
	CHECK(t, v);
	CHECK_INT(t, kd_parse_bool("off", &v), 0);
	CHECK(t, !v);
	CHECK_INT(t, kd_parse_bool("maybe", &v), -EINVAL);
}

static void strip(struct test *t)
{
	char a[] = " \t x y \r\n", b[] = "   ";

	CHECK_STR(t, kd_strip(a), "x y");
	CHECK_STR(t, kd_strip(b), "");
}

static void lines(struct test *t)
{
	static const char text[] = "a=1\n\nlong=x=y\nnoeq\nlast=";
	struct kd_lines it = { .rest = text, .left = sizeof(text) - 1 };
	char key[5], value[8];

	CHECK(t, kd_lines_next(&it));
	CHECK_INT(t, kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)), 0);
	CHECK_STR(t, key, "a");
	CHECK_STR(t, value, "1");
	CHECK(t, kd_lines_next(&it));
	CHECK_INT(t, it.length, 0);
	CHECK(t, kd_lines_next(&it));
	CHECK_INT(t, kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)), 0);
	CHECK_STR(t, value, "x=y");
	CHECK_INT(t, kd_lines_key_value(&it, key, 4, value, sizeof(value)), -EFBIG);
	CHECK_INT(t, kd_lines_key_value(&it, key, sizeof(key), value, 3), -EFBIG);
	CHECK(t, kd_lines_next(&it));
	CHECK_INT(t, kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)),
		  -EINVAL);
	CHECK(t, kd_lines_next(&it));
	CHECK_INT(t, it.number, 5);
	CHECK_INT(t, kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)), 0);
	CHECK_STR(t, value, "");
	CHECK(t, !kd_lines_next(&it));
}

static void embedded_nul(struct test *t)
{
	static const char text[] = "k=a\0b\n";
	struct kd_lines it = { .rest = text, .left = sizeof(text) - 1 };
	char key[8], value[8];

	CHECK(t, kd_lines_next(&it));
	CHECK_INT(t, kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)),
		  -EINVAL);
}

static const struct test_case cases[] = {
	{ "unsigned numbers", unsigned_numbers },
	{ "hexadecimal", hexadecimal },
	{ "signed numbers", signed_numbers },
	{ "sizes", sizes },
	{ "booleans", booleans },
	{ "strip", strip },
	{ "lines of key=value", lines },
	{ "a NUL inside a line is refused", embedded_nul },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
