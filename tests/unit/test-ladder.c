/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/ladder.c, brake.c and names.c: which level follows which, for how long, and
 * when too many dumps were made.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "capture-kernel/brake.h"
#include "capture-kernel/ladder.h"
#include "capture-kernel/names.h"
#include "tests/unit/fake-place.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void levels(struct test *t)
{
	static const struct {
		const char *collector;
		size_t n;
		unsigned int last;
	} table[] = {
		{ "makedumpfile", 2, 31 },	   { "makedumpfile -d 1", 2, 31 },
		{ "makedumpfile -d 31", 1, 31 },   { "makedumpfile -d 0,17", 3, 31 },
		{ "makedumpfile -d 1,31", 2, 31 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_dump_options o;

		CHECK_INT(t, kd_options_parse_collector(table[i].collector, &o, NULL), 0);
		kd_ladder_extend(&o);
		CHECK_INT(t, o.n_levels, table[i].n);
		CHECK_INT(t, o.levels[o.n_levels - 1], table[i].last);
	}
}

static void full_list(struct test *t)
{
	struct kd_dump_options o = { .n_levels = KD_DUMP_LEVELS };

	kd_ladder_extend(&o);
	CHECK_INT(t, o.n_levels, KD_DUMP_LEVELS);
	CHECK_INT(t, o.levels[KD_DUMP_LEVELS - 1], 31);
}

static void seconds(struct test *t)
{
	static const struct {
		size_t attempt;
		uint64_t left_ms;
		unsigned int own, want;
	} table[] = {
		{ 0, 0, 0, 0 },
		{ 0, 0, 7, 7 },
		{ 0, 1000000, 0, 600 },
		{ 1, 1000000, 0, 980 },
		{ 0, 1000000, 30, 30 },
		{ 1, 10000, 0, KD_LADDER_LEAST },
		{ 0, 1, 0, KD_LADDER_LEAST },
		{ 1, UINT64_MAX, 0, INT32_MAX },
	};
	const struct kd_dump_options o = { .n_levels = 2 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t,
			  kd_ladder_seconds(&o, table[i].attempt, table[i].left_ms,
					    table[i].own),
			  table[i].want);
}

static void goes_on(struct test *t)
{
	static const struct {
		size_t attempt;
		int error;
		bool want;
	} table[] = {
		{ 0, -ENOSPC, true },  { 0, -ETIME, true },   { 0, -EDQUOT, true },
		{ 0, -EIO, false },    { 0, -ENOMEM, false }, { 0, 0, false },
		{ 1, -ENOSPC, false },
	};
	const struct kd_dump_options o = { .n_levels = 2 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t, kd_ladder_goes_on(&o, table[i].attempt, table[i].error),
			  table[i].want);
}

static void dates(struct test *t)
{
	static const struct {
		const char *host, *name;
		int64_t want; /* -1: no dump's name */
	} table[] = {
		{ "127.0.0.1", "127.0.0.1-1970-01-01-00:00:00", 0 },
		{ "", "127.0.0.1-1970-01-01-00:00:00", 0 },
		{ "web-1", "web-1-2026-11-30-06:12:07", 1796019127 },
		{ "a/b", "a_b-2026-11-30-06:12:07", 1796019127 },
		{ "web1", "web1-2026-11-30-06:12:07.12", 1796019127 },
		{ "web1", "web1-2026-11-30-06_12_07", 1796019127 },
		{ "web", "web-1-2026-11-30-06:12:07", -1 },
		{ "web-1", "web-2026-11-30-06:12:07", -1 },
		{ "web2", "web1-2026-11-30-06:12:07", -1 },
		{ "web1", "web1-2026_11_30-06_12_07", -1 },
		{ "web1", "-2026-11-30-06:12:07", -1 },
		{ "web1", "web1-2026-13-30-06:12:07", -1 },
		{ "web1", "web1-2026-11-30-06:12:07.", -1 },
		{ "web1", "web1-2026-11-30-06:12:0x", -1 },
		{ "web1", "web1-2026-11-30 06:12:07", -1 },
		{ "web1", "2026-11-30-06:12:07", -1 },
		{ "web1", "lost+found", -1 },
		{ "web1", "", -1 },
		{ "web1", ".12", -1 },
		{ "web1", "7", -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int64_t time = -1;

		CHECK_INT(t, kd_dump_name_read(table[i].name, table[i].host, &time),
			  table[i].want < 0 ? -EINVAL : 0);
		CHECK_INT(t, time, table[i].want);
	}
}

static void there_and_back(struct test *t)
{
	for (int64_t at = 0; at < INT64_C(4000000000); at += 12345677) {
		char name[256];
		int64_t time;

		CHECK_INT(t, kd_dump_name("h", at, 3, name, sizeof(name)), 0);
		CHECK_INT(t, kd_dump_name_read(name, "h", &time), 0);
		CHECK_INT(t, time, at);
	}
}

static void counts(struct test *t)
{
	static const char *const names[] = {
		"web-2026-11-30-06:12:07",
		"web-2026-11-30-05:12:08",
		"web-2026-11-30-05:12:07",
		"web-2026-11-30-06:12:08",
		"web-2026-11-30-06:00:00.1",
		"mail-2026-11-30-06:12:07",
		"other",
	};
	struct kd_brake b = { .host = "web",
			      .crash = 1796019127,
			      .until_ms = UINT64_MAX };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *place = fake_place(root.fd);
	struct kd_place_ops ops = *place->ops;
	struct kd_error err = { 0 };
	uint64_t n = 99;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CHECK_INT(t, mkdirat(root.fd, names[i], 0700), 0);
	/* in the hour before, the moment itself with it */
	CHECK_INT(t, kd_brake_count(&b, place, &n, &err), 0);
	CHECK_INT(t, n, 3);
	/* there is no time: one name, and no more */
	b.until_ms = 0;
	n = 99;
	CHECK_INT(t, kd_brake_count(&b, place, &n, &err), 0);
	CHECK(t, n <= 1);
	n = 3;
	ops.list = NULL;
	place->ops = &ops;
	CHECK_INT(t, kd_brake_count(&b, place, &n, &err), -ENOTSUP);
	CHECK_INT(t, n, 3);
}

static const struct test_case cases[] = {
	{ "the strictest level follows", levels },
	{ "a list that is full", full_list },
	{ "time for each level", seconds },
	{ "what is worth another level", goes_on },
	{ "dates out of names", dates },
	{ "names and back", there_and_back },
	{ "dumps of the last hour", counts },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
