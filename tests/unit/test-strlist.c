/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/strlist: each string once, in order, NULL-terminated, with a ceiling.
 */
#include "base/strlist.h"

#include "tests/unit/test.h"

static void keeps_order(struct test *t)
{
	_cleanup_(kd_strlist_done) struct kd_strlist list = { 0 };

	CHECK(t, !kd_strlist_has(&list, "b"));
	CHECK_INT(t, kd_strlist_add(&list, "b"), 0);
	CHECK_INT(t, kd_strlist_add(&list, "a"), 0);
	CHECK_INT(t, kd_strlist_add(&list, "b"), 0);
	CHECK_INT(t, list.n, 2);
	CHECK_STR(t, list.items[0], "b");
	CHECK_STR(t, list.items[1], "a");
	CHECK(t, list.items[2] == NULL);
	CHECK(t, kd_strlist_has(&list, "a"));
}

static void has_a_ceiling(struct test *t)
{
	_cleanup_(kd_strlist_done) struct kd_strlist list = { 0 };
	char text[16];
	int r = 0;

	for (int i = 0; r == 0 && i <= KD_STRLIST_MAX; i++) {
		(void)snprintf(text, sizeof(text), "%d", i);
		r = kd_strlist_add(&list, text);
	}
	CHECK_INT(t, r, -E2BIG);
	CHECK_INT(t, list.n, KD_STRLIST_MAX);
	CHECK_INT(t, kd_strlist_add(&list, "7"), 0);
}

static const struct test_case cases[] = {
	{ "each string once, in order", keeps_order },
	{ "stops at its ceiling", has_a_ceiling },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
