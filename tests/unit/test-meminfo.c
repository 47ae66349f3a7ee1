/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/meminfo: the kernel's lines, and what is none of its.
 */
#include "base/meminfo.h"
#include "tests/unit/test.h"

static void meminfo(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		uint64_t want;
	} table[] = {
		{ "MemTotal:  99 kB\nMemAvailable:   33000 kB\n", 0, 33000 * 1024 },
		{ "MemAvailable: 0 kB\n", 0, 0 },
		{ "MemFree: 1 kB\n", -ENODATA, 7 },
		{ "", -ENODATA, 7 },
		{ "MemAvailable: many kB\n", -EBADMSG, 7 },
		{ "MemAvailable: 5\n", -EBADMSG, 7 },
		{ "MemAvailable: 18446744073709551615 kB\n", -EBADMSG, 7 },
		{ "MemAvailable:\n", -ENODATA, 7 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint64_t bytes = 7;

		CHECK_INT(t,
			  kd_meminfo_value(table[i].text, strlen(table[i].text),
					   "MemAvailable", &bytes),
			  table[i].r);
		CHECK_INT(t, bytes, table[i].want);
	}
}

static const struct test_case cases[] = {
	{ "lines of meminfo", meminfo },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
