/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/budget.c and tail.c: memory of the dump, and the end of a log of any
 * length.
 */
#include <fcntl.h>
#include <signal.h>

#include "base/io.h"
#include "capture-kernel/budget.h"
#include "capture-kernel/tail.h"
#include "tests/unit/test.h"

#define MIB (UINT64_C(1) << 20)

static void budgets(struct test *t)
{
	static const struct {
		uint64_t plan, available;
		unsigned int attempt;
		uint64_t want;
	} table[] = {
		{ 0, 32 * MIB, 0, 8 * MIB },
		{ 0, 32 * MIB, 1, 4 * MIB },
		{ 0, 0, 0, 4 * MIB },
		{ 0, 8 * MIB, 0, 4 * MIB },
		{ 64 * MIB, 32 * MIB, 0, 64 * MIB },
		{ 64 * MIB, 32 * MIB, 1, 32 * MIB },
		{ 1, 32 * MIB, 0, 4 * MIB },
		{ 0, UINT64_MAX, 0, 256 * MIB },
		{ 64 * MIB, 0, 64, 4 * MIB },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t,
			  kd_memory_budget(table[i].plan, table[i].available,
					   table[i].attempt),
			  table[i].want);
	CHECK(t, kd_memory_cap(8 * MIB) > 8 * MIB);
}

static void retries(struct test *t)
{
	static const struct {
		struct kd_child_result result;
		bool want;
	} table[] = {
		{ { .end = KD_CHILD_EXITED, .error = 0 }, false },
		{ { .end = KD_CHILD_EXITED, .error = -ENOMEM }, true },
		{ { .end = KD_CHILD_EXITED, .error = -ENOSPC }, false },
		{ { .end = KD_CHILD_EXITED, .error = -EIO }, false },
		{ { .end = KD_CHILD_SIGNALLED,
		    .error = -ENOTRECOVERABLE,
		    .signal = SIGKILL },
		  true },
		{ { .end = KD_CHILD_SIGNALLED,
		    .error = -ENOTRECOVERABLE,
		    .signal = SIGSEGV },
		  true },
		{ { .end = KD_CHILD_IDLE, .error = -ETIMEDOUT }, false },
		{ { .end = KD_CHILD_OVERDUE, .error = -ETIMEDOUT }, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t, kd_dump_retry(&table[i].result), table[i].want);
}

/* Write @text in pieces of @piece bytes into a pipe and compare what is left of it. */
static void tail_of(struct test *t, const char *text, size_t piece, const char *want)
{
	char ring[8], got[9] = "";
	struct kd_tail tail = { .ring = ring, .size = sizeof(ring) };
	int fds[2];

	CHECK_INT(t, pipe2(fds, O_CLOEXEC), 0);
	for (size_t i = 0; i < strlen(text); i += piece)
		CHECK_INT(t,
			  kd_write_full(fds[1], text + i, MIN(piece, strlen(text) - i)),
			  0);
	(void)close(fds[1]);
	CHECK_INT(t, kd_tail_read(&tail, fds[0]), 0);
	(void)close(fds[0]);
	for (size_t i = 0; i < tail.length; i++)
		got[i] = kd_tail_byte(&tail, i);
	CHECK_STR(t, got, want);
}

static void tails(struct test *t)
{
	tail_of(t, "", 1, "");
	tail_of(t, "abc", 1, "abc");
	tail_of(t, "abcdefgh", 3, "abcdefgh");
	tail_of(t, "abcdefghi", 9, "bcdefghi");
	tail_of(t, "0123456789abcdefghijklmnop", 5, "ijklmnop");
}

static void tail_error(struct test *t)
{
	char ring[8];
	struct kd_tail tail = { .ring = ring, .size = sizeof(ring) };

	CHECK_INT(t, kd_tail_read(&tail, -1), -EBADF);
	CHECK_INT(t, tail.length, 0);
}

static const struct test_case cases[] = {
	{ "budget of the dump", budgets },
	{ "what less memory may cure", retries },
	{ "the end of a stream", tails },
	{ "a stream that cannot be read", tail_error },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
