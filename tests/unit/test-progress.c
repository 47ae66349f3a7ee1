/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress: the time left, as the original words it.
 */
#include "tests/unit/test.h"

#include "makedumpfile/program/progress.h"

static void eta(struct test *t)
{
	static const struct {
		uint64_t seconds, done, all;
		const char *text;
	} rows[] = {
		{ 0, 1, 2, "" },
		{ 5, 0, 2, "" },
		{ 5, 2, 2, "" },
		{ 5, 3, 2, "" },
		{ 0, 0, 0, "" },
		{ 39, 50, 100, "eta: 39s" },
		{ 99, 1, 2, "eta: 99s" },
		{ 100, 1, 2, "eta: 1m40s" },
		{ 5999, 1, 2, "eta: 99m59s" },
		{ 6000, 1, 2, "eta: 1h40m" },
		{ 172799, 1, 2, "eta: 47h59m" },
		{ 172800, 1, 2, "eta: 2d0h" },
		{ 8640000, 1, 2, "eta: >100day" },
		{ UINT32_MAX, 1, UINT64_MAX / 2, "eta: >100day" },
		{ 1, UINT64_MAX - 1, UINT64_MAX, "eta: 0s" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[40] = "?";

		kd_progress_eta(text, sizeof(text), rows[i].seconds, rows[i].done,
				rows[i].all);
		CHECK_STR(t, text, rows[i].text);
	}
}

static const struct test_case cases[] = {
	{ "the time left", eta },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
