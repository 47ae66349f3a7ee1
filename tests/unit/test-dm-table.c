/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/dm-table.c: tables of a plan to what DM_TABLE_LOAD takes.
 */
#include <linux/dm-ioctl.h>

#include "capture-kernel/dm-table.h"
#include "tests/unit/test.h"

static const struct kd_devnum devices[] = { { 8, 1 }, { 254, 1048575 } };

static const struct dm_target_spec *target(const struct kd_dm_table *table,
					   unsigned int number)
{
	const char *at = table->data;

	while (number-- > 0)
		at += ((const struct dm_target_spec *)(const void *)at)->next;
	return (const void *)at;
}

static void two_lines(struct test *t)
{
	static struct kd_dm_table table;
	const struct dm_target_spec *spec;

	CHECK_INT(t,
		  kd_dm_table_make("0 100 linear {0} 2048;100 60 striped 2 8 {0} 0 {1} 9",
				   devices, 2, &table, NULL),
		  0);
	CHECK_INT(t, table.targets, 2);
	CHECK_INT(t, table.sectors, 160);
	spec = target(&table, 0);
	CHECK_INT(t, spec->sector_start, 0);
	CHECK_INT(t, spec->length, 100);
	CHECK_STR(t, spec->target_type, "linear");
	CHECK_STR(t, (const char *)(spec + 1), "8:1 2048");
	CHECK_INT(t, spec->next % 8, 0);
	spec = target(&table, 1);
	CHECK_INT(t, spec->sector_start, 100);
	CHECK_STR(t, spec->target_type, "striped");
	CHECK_STR(t, (const char *)(spec + 1), "2 8 8:1 0 254:1048575 9");
	CHECK_INT(t, (const char *)spec + spec->next - table.data, table.size);
}

static void no_parameters(struct test *t)
{
	static struct kd_dm_table table;

	CHECK_INT(t, kd_dm_table_make("0 8 zero", NULL, 0, &table, NULL), 0);
	CHECK_STR(t, (const char *)(target(&table, 0) + 1), "");
}

static void refused(struct test *t)
{
	static const struct {
		const char *text, *message;
		int r;
	} table[] = {
		{ "", "table without a line", -EINVAL },
		{ ";", "table, line 1: Invalid argument", -EINVAL },
		{ "0 8", "table, line 1: Invalid argument", -EINVAL },
		{ "0 0 zero", "table, line 1: Invalid argument", -EINVAL },
		{ "x 8 zero", "table, line 1: Invalid argument", -EINVAL },
		{ "0 8 zero;9 8 zero", "table, line 2: Invalid argument", -EINVAL },
		{ "0 8 linear {2} 0", "table, line 1: Invalid argument", -EINVAL },
		{ "0 8 linear {-1} 0", "table, line 1: Invalid argument", -EINVAL },
		{ "0 8 linear {0 0", "table, line 1: Invalid argument", -EINVAL },
		{ "0 8 linear {} 0", "table, line 1: Invalid argument", -EINVAL },
		{ "0 8 a-type-of-sixteen", "table, line 1: Invalid argument", -EINVAL },
		{ "0 18446744073709551615 zero", "table, line 1: Invalid argument",
		  -EINVAL },
	};
	static struct kd_dm_table made;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_error err = { 0 };

		CHECK_INT(t, kd_dm_table_make(table[i].text, devices, 2, &made, &err),
			  table[i].r);
		CHECK_STR(t, err.message, table[i].message);
	}
}

static void too_long(struct test *t)
{
	static struct kd_dm_table made;
	char line[1200], lines[1024] = "";

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	memcpy(line, "0 8 zero ", 9);
	CHECK_INT(t, kd_dm_table_make(line, NULL, 0, &made, NULL), -E2BIG);
	/* as many devices as make the parameters outgrow the buffer */
	line[1000] = '\0';
	for (size_t i = 9; i + 3 < 1000; i += 3)
		memcpy(line + i, "{1}", 3);
	CHECK_INT(t, kd_dm_table_make(line, devices, 2, &made, NULL), 0);
	CHECK(t, made.size <= sizeof(made.data));
	(void)lines;
}

static void single(struct test *t)
{
	static struct kd_dm_table made;

	CHECK_INT(t,
		  kd_dm_table_single("0 8 multipath 0 0;8 4 multipath 0 0", &devices[1],
				     &made, NULL),
		  0);
	CHECK_INT(t, made.targets, 1);
	CHECK_INT(t, made.sectors, 12);
	CHECK_STR(t, target(&made, 0)->target_type, "linear");
	CHECK_STR(t, (const char *)(target(&made, 0) + 1), "254:1048575 0");
	CHECK_INT(t, kd_dm_table_single("0 8", &devices[0], &made, NULL), -EINVAL);
}

static void types(struct test *t)
{
	CHECK(t, kd_dm_table_is("0 8 crypt x", "crypt"));
	CHECK(t, !kd_dm_table_is("0 8 crypt x;8 8 linear x", "crypt"));
	CHECK(t, !kd_dm_table_is("0 8 cryptx", "crypt"));
	CHECK(t, !kd_dm_table_is("", "crypt"));
}

static const struct test_case cases[] = {
	{ "two lines, two devices", two_lines },
	{ "a target without parameters", no_parameters },
	{ "what is no table", refused },
	{ "too long", too_long },
	{ "what is left of a multipath device", single },
	{ "of one type throughout", types },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
