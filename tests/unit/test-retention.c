/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/archive/retention and remove: which dumps go, and that nothing else does.
 */
#include "kdumpd/archive/retention.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "kdumpd/archive/remove.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define DAY   86400
#define NOW   (100 * DAY)
#define MOST  6
#define STAYS KD_SAY_COUNT

/* A dump as one letter: C complete, I incomplete, u complete and not reported, f complete
 * and not ours. Each is 10 bytes and a day younger than the one before it; the last one is
 * a day old. */
static const struct {
	const char *dumps;
	struct kd_config_keep limits;
	uint64_t free_bytes;
	const char *gone; /* a letter for each: n, b, d, f, or '.' */
	enum kd_say short_of;
} table[] = {
	{ "", { 0 }, 0, "", STAYS },
	{ "CCCC", { 0 }, 0, "....", STAYS },
	{ "CCCC", { .count = 4 }, 0, "....", STAYS },
	{ "CCCC", { .count = 2 }, 0, "nn..", STAYS },
	{ "CCCC", { .count = 1 }, 0, "nnn.", STAYS },
	{ "ICIC", { .count = 2 }, 0, "nn..", STAYS },
	/* never the newest whole one, even where younger parts are there */
	{ "CCII", { .count = 1 }, 0, "n.nn", STAYS },
	{ "CII", { .days = 1 }, 0, ".dd", STAYS },
	{ "III", { .count = 1 }, 0, "nn.", STAYS },
	/* never one nobody was told of, nor another program's */
	{ "uuCC", { .count = 1 }, 0, "..n.", KD_SAY_OVER_COUNT },
	{ "fCCC", { .count = 2 }, 0, ".nn.", STAYS },
	{ "CCCC", { .bytes = 25 }, 0, "bb..", STAYS },
	{ "CCCC", { .bytes = 5 }, 0, "bbb.", KD_SAY_OVER_BYTES },
	{ "CCCC", { .days = 3 }, 0, "dd..", STAYS },
	{ "CCCC", { .days = 1 }, 0, "ddd.", STAYS },
	{ "CCCC", { .free = 20 }, 5, "ff..", STAYS },
	{ "CCCC", { .free = 20 }, 20, "....", STAYS },
	{ "CCCC", { .free = 100 }, 5, "fff.", KD_SAY_OVER_FREE },
	/* one limit after the other, each seeing what the last has freed */
	{ "CCCCCC",
	  { .count = 4, .bytes = 30, .days = 6, .free = 45 },
	  5,
	  "dnbf..",
	  KD_SAY_COUNT },
};

static enum kd_say verdict_of(char letter)
{
	switch (letter) {
	case 'n':
		return KD_SAY_OVER_COUNT;
	case 'b':
		return KD_SAY_OVER_BYTES;
	case 'd':
		return KD_SAY_OVER_DAYS;
	case 'f':
		return KD_SAY_OVER_FREE;
	default:
		return STAYS;
	}
}

static void judged(struct test *t)
{
	static struct kd_dump dumps[MOST];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_keep_dump list[MOST];
		enum kd_say got[MOST], short_of;
		size_t n = strlen(table[i].dumps), gone = 0;
		unsigned int before = t->failures;
		const struct kd_keep_input in = { list, n, &table[i].limits,
						  table[i].free_bytes, NOW };

		for (size_t k = 0; k < n; k++) {
			char letter = table[i].dumps[k];

			dumps[k] = (struct kd_dump) {
				.state = letter == 'I' ? KD_OUTCOME_INCOMPLETE
						       : KD_OUTCOME_COMPLETE,
				.time = NOW - (int64_t)(n - k) * DAY,
				.total_bytes = 10,
				.ours = letter != 'f',
			};
			list[k] = (struct kd_keep_dump) { &dumps[k], letter != 'u' };
			gone += table[i].gone[k] != '.';
		}
		CHECK_INT(t, kd_keep_judge(&in, got, &short_of), gone);
		for (size_t k = 0; k < n; k++)
			CHECK_INT(t, got[k], verdict_of(table[i].gone[k]));
		CHECK_INT(t, short_of, table[i].short_of);
		if (t->failures != before)
			printf("# row %zu\n", i);
	}
}

/* A clock that says 1970, or a dump of next year. */
static void wrong_clock(struct test *t)
{
	static const struct kd_dump dumps[] = {
		{ .state = KD_OUTCOME_COMPLETE, .time = NOW, .ours = true },
		{ .state = KD_OUTCOME_COMPLETE, .time = NOW + 400 * DAY, .ours = true },
	};
	const struct kd_keep_dump list[] = { { &dumps[0], true }, { &dumps[1], true } };
	const struct kd_config_keep limits = { .days = 1 };
	const struct kd_keep_input in = { list, 2, &limits, 0, 1000 };
	enum kd_say got[2], short_of;

	CHECK_INT(t, kd_keep_judge(&in, got, &short_of), 0);
}

static void removed(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_error err = { 0 };
	struct stat st;

	fake_text(&root, "d/vmcore", "x");
	fake_text(&root, "d/vmcore-dmesg.txt", "x");
	fake_text(&root, "d/outcome.json", "x");
	CHECK_INT(t, kd_dump_remove(root.fd, "d", &err), 0);
	CHECK_INT(t, fstatat(root.fd, "d", &st, 0), -1);

	/* somebody's notes: all of it stays */
	fake_text(&root, "e/vmcore", "x");
	fake_text(&root, "e/my-analysis.txt", "x");
	CHECK_INT(t, kd_dump_remove(root.fd, "e", &err), -ENOTEMPTY);
	CHECK(t, strstr(err.message, "my-analysis.txt"));
	CHECK_INT(t, fstatat(root.fd, "e/vmcore", &st, 0), 0);

	/* links lead nowhere */
	fake_text(&root, "outside/precious", "x");
	fake_link(&root, "f", "outside");
	CHECK_INT(t, kd_dump_remove(root.fd, "f", NULL), -ENOTDIR);
	fake_link(&root, "g/vmcore", "../outside/precious");
	CHECK_INT(t, kd_dump_remove(root.fd, "g", NULL), -ENOTEMPTY);
	fake_text(&root, "h/vmcore/inside", "x");
	CHECK_INT(t, kd_dump_remove(root.fd, "h", NULL), -ENOTEMPTY);
	CHECK_INT(t, kd_dump_remove(root.fd, "gone", NULL), -ENOENT);
	CHECK_INT(t, fstatat(root.fd, "outside/precious", &st, 0), 0);
}

static const struct test_case cases[] = {
	{ "which dumps go", judged },
	{ "a wrong clock", wrong_clock },
	{ "removing one", removed },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
