/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Splitting a kernel command line as the kernel does, and matching the names of its
 * parameters.
 */
#include "tests/unit/test.h"

#include "base/params.h"

static void test_next(struct test *t)
{
	static const struct {
		const char *text;
		const char *words[4];
	} rows[] = {
		{ "", { NULL } },
		{ " \t\n ", { NULL } },
		{ "ro  quiet\n", { "ro", "quiet" } },
		{ "a=\"b c\" d", { "a=\"b c\"", "d" } },
		{ "\"a=b c\" d", { "\"a=b c\"", "d" } },
		{ "a=\"b c", { "a=\"b c" } },
		{ "a\"\"b -- c", { "a\"\"b", "--", "c" } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *text = rows[i].text;
		size_t n, at = 0;

		while ((n = kd_params_next(&text)) > 0 && at < 4) {
			const char *want = rows[i].words[at++];

			if (!want || strlen(want) != n || memcmp(want, text, n) != 0)
				test_failed(t, __FILE__, __LINE__, "row %zu: word %zu", i,
					    at);
			text += n;
		}
		CHECK(t, at == 4 || !rows[i].words[at]);
	}
}

static void test_match(struct test *t)
{
	static const struct {
		const char *word;
		const char *pattern;
		bool want;
	} rows[] = {
		{ "mem", "mem", true },
		{ "mem=1G", "mem", true },
		{ "memmap=1G", "mem", false },
		{ "me", "mem", false },
		{ "\"mem=1 G\"", "mem", true },
		{ "hugepagesz=2M", "hugepages*", true },
		{ "hugepages", "hugepages*", true },
		{ "crash-kernel=1", "crash_kernel", true },
		{ "a-b=1", "a-c", false },
		{ "anything", "*", false },
		{ "anything", "", false },
		{ "\"", "mem", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (kd_params_match(rows[i].word, strlen(rows[i].word), rows[i].pattern,
				    strlen(rows[i].pattern)) != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%s and %s", rows[i].word,
				    rows[i].pattern);
}

static void test_end(struct test *t)
{
	CHECK(t, kd_params_is_end("--", 2));
	CHECK(t, kd_params_is_end("-- init", 2));
	CHECK(t, !kd_params_is_end("--x", 3));
	CHECK(t, !kd_params_is_end("-", 1));
}

static const struct test_case cases[] = {
	{ "words, quotes and the end", test_next },
	{ "names and patterns", test_match },
	{ "where init's words begin", test_end },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
