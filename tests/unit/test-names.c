/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/names.c: names of dump folders, odd hosts and odd clocks included.
 */
#include "capture-kernel/names.h"
#include "tests/unit/test.h"

static void names(struct test *t)
{
	static const struct {
		const char *host;
		int64_t time;
		unsigned int number;
		const char *want;
	} table[] = {
		{ "web1", 0, 0, "web1-1970-01-01-00:00:00" },
		{ "web1", 1700000000, 0, "web1-2023-11-14-22:13:20" },
		{ "web1", 1700000000, 1, "web1-2023-11-14-22:13:20.1" },
		{ "web1", 1700000000, 42, "web1-2023-11-14-22:13:20.42" },
		{ "10.0.0.1", 951782400, 0, "10.0.0.1-2000-02-29-00:00:00" },
		{ "fe80::1", 4102444799, 0, "fe80::1-2099-12-31-23:59:59" },
		{ "", 0, 0, "127.0.0.1-1970-01-01-00:00:00" },
		{ "../../etc", 0, 0, "_._.._etc-1970-01-01-00:00:00" },
		{ "a/b\nc\x7f", 0, 0, "a_b_c_-1970-01-01-00:00:00" },
		{ ".hidden", 0, 0, "_hidden-1970-01-01-00:00:00" },
		{ "before", -1, 0, "before-1969-12-31-23:59:59" },
	};
	char name[256];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		name[0] = '\0';
		CHECK_INT(t,
			  kd_dump_name(table[i].host, table[i].time, table[i].number,
				       name, sizeof(name)),
			  0);
		CHECK_STR(t, name, table[i].want);
	}
}

static void too_long(struct test *t)
{
	char host[300], name[512] = "untouched";

	memset(host, 'h', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	CHECK_INT(t, kd_dump_name(host, 0, 0, name, sizeof(name)), -ENAMETOOLONG);
	CHECK_STR(t, name, "untouched");
	CHECK_INT(t, kd_dump_name("web1", 0, 0, name, 24), -ENAMETOOLONG);
	CHECK_STR(t, name, "untouched");
	CHECK_INT(t, kd_dump_name("web1", 0, 0, name, 25), 0);
}

static void no_such_year(struct test *t)
{
	char name[256] = "untouched";

	CHECK_INT(t, kd_dump_name("web1", INT64_MAX, 0, name, sizeof(name)), -EOVERFLOW);
	CHECK_STR(t, name, "untouched");
}

static const struct test_case cases[] = {
	{ "host, date, number", names },
	{ "a name that does not fit", too_long },
	{ "a year no calendar has", no_such_year },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
