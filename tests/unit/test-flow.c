/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/flow.c: the way through the phases, step by step and as a whole. One
 * letter a phase, in the order of enum kd_step:
 * Mounts Sysctl Plan lIfeline Vmcore mOdules Watchdog identitY pre-Hooks Device Target Log
 * miNi more CPUs(+) dUmp outcomE post-hooks(X) Release emerGency, '!' the last words; '.' is
 * the final action.
 */
#include "capture-kernel/flow.h"
#include "tests/unit/test.h"

static const char letters[KD_STEP_COUNT + 1] = "MSPIVOWYHDTLN+UEXRG!.";

/* What happens on the way: phases (by letter, counted per phase) that fail, and what the
 * targets achieve. */
struct scenario {
	const char *name;
	size_t n_targets;
	const char *failing; /* letter and target digit: "D0T1", '*' for any target */
	const char *states;  /* per target: F, D, I or C */
	bool no_core;
	char overdue_at; /* the phase during which the time runs out */
	const char *want;
	bool log_only;
};

static const struct scenario table[] = {
	{ "all well", 1, "", "C", false, 0, "MSPIVOWYHDTLN+UEXR.", false },
	{ "all well, second target unused", 2, "", "CC", false, 0, "MSPIVOWYHDTLN+UEXR.",
	  false },
	{ "no target", 0, "", "", false, 0, "MSPIVOWYHG!.", false },
	{ "no plan", 0, "P*", "", false, 0, "MSPIVOWYHG!.", false },
	{ "everything early fails", 1, "M*S*P*I*V*O*W*", "C", false, 0,
	  "MSPIVOWYHDTLN+UEXR.", false },
	{ "device never appears", 1, "D0", "F", false, 0, "MSPIVOWYHDG!.", false },
	{ "second target takes over", 2, "D0", "FC", false, 0, "MSPIVOWYHDDTLN+UEXR.",
	  false },
	{ "mount fails", 1, "T0", "F", false, 0, "MSPIVOWYHDTRG!.", false },
	{ "mount fails, next target", 2, "T0", "FC", false, 0, "MSPIVOWYHDTRDTLN+UEXR.",
	  false },
	{ "log fails, dump goes on", 1, "L0", "C", false, 0, "MSPIVOWYHDTLN+UEXR.",
	  false },
	{ "no more CPUs, dump goes on", 1, "+0", "C", false, 0, "MSPIVOWYHDTLN+UEXR.",
	  false },
	{ "dump fails, log is there", 1, "U0", "D", false, 0, "MSPIVOWYHDTLN+UEXRG.",
	  false },
	{ "dump cut, next target", 2, "U0", "IC", false, 0,
	  "MSPIVOWYHDTLN+UEXRDTLN+UEXR.", false },
	{ "dump cut, next target away", 2, "U0D1", "IF", false, 0,
	  "MSPIVOWYHDTLN+UEXRDG.", false },
	{ "nothing saved", 1, "L0U0", "F", false, 0, "MSPIVOWYHDTLN+UEXRG!.", false },
	{ "outcome cannot be written", 1, "E0", "C", false, 0, "MSPIVOWYHDTLN+UEXR.",
	  false },
	{ "release fails", 1, "R0", "C", false, 0, "MSPIVOWYHDTLN+UEXR.", false },
	{ "last words fail", 0, "!*", "", false, 0, "MSPIVOWYHG!.", false },
	{ "no vmcore: one target says so", 2, "V*L*U*", "FF", true, 0,
	  "MSPIVOWYHDTLN+UEXRG.", false },
	{ "time over in the dump", 1, "U0", "I", false, 'U', "MSPIVOWYHDTLN+UEXRG.",
	  false },
	{ "time over in the log", 1, "L0", "D", false, 'L', "MSPIVOWYHDTLEXRG.", false },
	{ "time over, no second target", 2, "U0", "IC", false, 'U',
	  "MSPIVOWYHDTLN+UEXRG.", false },
	{ "time over waiting for the device", 2, "D0", "FF", false, 'D', "MSPIVOWYHDG.",
	  false },
	{ "time over mounting", 2, "T0", "FF", false, 'T', "MSPIVOWYHDTRG.", false },
	{ "time over in modules", 1, "O*", "F", false, 'O', "MSPIVOG.", false },
	{ "no dump is wanted", 2, "", "DD", false, 0, "MSPIVOWYHDTLEXR.", true },
	{ "not even the log of it", 1, "L0", "F", false, 0, "MSPIVOWYHDTLEXRG!.", true },
	{ "the log on the second target", 2, "L0", "FD", false, 0,
	  "MSPIVOWYHDTLEXRDTLEXR.", true },
	{ "time over in the last words", 0, "!*", "", false, '!', "MSPIVOWYHG!.", false },
};

static bool fails(const char *failing, char letter, size_t target)
{
	for (const char *p = failing; *p; p += 2)
		if (p[0] == letter && (p[1] == '*' || p[1] == (char)('0' + target)))
			return true;
	return false;
}

static enum kd_outcome_state state_of(char c)
{
	switch (c) {
	case 'C':
		return KD_OUTCOME_COMPLETE;
	case 'I':
		return KD_OUTCOME_INCOMPLETE;
	case 'D':
		return KD_OUTCOME_DMESG_ONLY;
	default:
		return KD_OUTCOME_FAILED;
	}
}

static void scenarios(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct scenario *s = &table[i];
		struct kd_flow f = { .n_targets = s->n_targets,
				     .no_core = s->no_core,
				     .log_only = s->log_only,
				     .best = KD_OUTCOME_FAILED };
		char path[64] = "";
		size_t n = 0;

		while (n < sizeof(path) - 1) {
			char letter = letters[f.step];

			path[n++] = letter;
			if (f.step == KD_STEP_FINAL)
				break;
			f.overdue = f.overdue || letter == s->overdue_at;
			if (f.step == KD_STEP_OUTCOME &&
			    state_of(s->states[f.target]) > f.best)
				f.best = state_of(s->states[f.target]);
			kd_flow_advance(&f,
					fails(s->failing, letter, f.target) ? -EIO : 0);
		}
		path[n] = '\0';
		if (strcmp(path, s->want) != 0)
			test_failed(t, __FILE__, __LINE__, "%s: %s, not %s", s->name,
				    path, s->want);
	}
}

/* Every sequence of results and lateness ends, and ends in the final action. */
static void always_ends(struct test *t)
{
	for (unsigned int seed = 0; seed < 20000; seed++) {
		struct kd_flow f = { .n_targets = seed % (KD_PLAN_TARGETS + 1),
				     .no_core = seed % 7 == 0,
				     .log_only = seed % 5 == 0 };
		uint32_t x = seed * 2654435761u + 1;
		unsigned int steps = 0;

		while (f.step != KD_STEP_FINAL && steps < 200) {
			x = x * 1664525 + 1013904223;
			f.overdue = f.overdue || (x >> 24) < 4;
			if (f.step == KD_STEP_OUTCOME)
				f.best = (x >> 16) % KD_OUTCOME_STATES;
			kd_flow_advance(&f, (x >> 12) & 1 ? -EIO : 0);
			steps++;
		}
		CHECK_INT(t, f.step, KD_STEP_FINAL);
		CHECK(t, steps <= KD_STEP_DEVICE + 9 * KD_PLAN_TARGETS + 2);
		CHECK(t, f.n_targets == 0 || f.target < f.n_targets);
	}
}

static const struct test_case cases[] = {
	{ "the way through each scenario", scenarios },
	{ "every way ends", always_ends },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
