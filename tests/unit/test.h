/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The unit tests' harness: TAP on stdout, one line per case, a diagnosis for each
 * check that fails. A test program lists its cases in a static const table and ends
 * with `return test_run(cases, ARRAY_SIZE(cases));`.
 */
#pragma once

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/types.h"

/** What a case reports through: failures counted here fail the case. */
struct test {
	const char *name;
	unsigned int failures;
};

struct test_case {
	const char *name;
	void (*run)(struct test *t);
};

static inline void test_failed(struct test *t, const char *file, int line,
			       const char *fmt, ...) _printf_(4, 5);

static inline void test_failed(struct test *t, const char *file, int line,
			       const char *fmt, ...)
{
	va_list ap;

	t->failures++;
	printf("# %s:%d: ", file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

#define CHECK(t, cond)                                                     \
	do {                                                               \
		if (!(cond))                                               \
			test_failed((t), __FILE__, __LINE__, "%s", #cond); \
	} while (0)

#define CHECK_INT(t, got, want)                                                       \
	do {                                                                          \
		int64_t check_g = (int64_t)(got), check_w = (int64_t)(want);          \
		if (check_g != check_w)                                               \
			test_failed((t), __FILE__, __LINE__,                          \
				    "%s is %" PRId64 " (0x%" PRIx64 "), not %" PRId64 \
				    " (0x%" PRIx64 ")",                               \
				    #got, check_g, (uint64_t)check_g, check_w,        \
				    (uint64_t)check_w);                               \
	} while (0)

#define CHECK_STR(t, got, want)                                                          \
	do {                                                                             \
		const char *check_g = (got), *check_w = (want);                          \
		if (!check_g || strcmp(check_g, check_w) != 0)                           \
			test_failed((t), __FILE__, __LINE__, "%s is \"%s\", not \"%s\"", \
				    #got, check_g ? check_g : "(null)", check_w);        \
	} while (0)

static inline int test_run(const struct test_case *cases, size_t n)
{
	unsigned int failed = 0;

	printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		struct test t = { .name = cases[i].name };

		cases[i].run(&t);
		printf("%s %zu - %s\n", t.failures ? "not ok" : "ok", i + 1, t.name);
		failed += t.failures != 0;
	}
	return failed ? 1 : 0;
}
