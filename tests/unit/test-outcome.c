/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/outcome: the JSON names every field of docs/outcome.md, notes are bounded.
 */
#include "base/outcome.h"
#include "tests/unit/sample-outcome.h"
#include "tests/unit/test.h"

static void encode(struct test *t)
{
	static const char *const wanted[] = {
		"\"schemaVersion\": 1",	 "\"state\": \"incomplete\"",
		"\"armId\": \"arm\"",	 "\"release\": \"6.1\"",
		"\"buildId\": \"ab\"",	 "\"crashTime\": 1700000000",
		"\"layout\": \"file\"",	 "\"target\": \"/dev/vda\"",
		"\"dumpDir\": \"/c/d\"", "\"vmcoreBytes\": 5",
		"\"dmesgBytes\": 6",	 "\"peakRssKiB\": 10",
		"\"test\": true",	 "\"miniBytes\": 11",
		"\"dumpLevel\": 31",	 "\"wantedLevel\": 17",
		"\"sha256\": \"cd\"",	 "\"bootId\": \"boot\"",
		"\"memoryKiB\": 12",	 "\"availableKiB\": 13",
		"\"threads\": 14",	 "\"recentCrashes\": 15",
		"\"crashLoop\": true",	 "\"virtio_blk\"",
		"\"total\": 7",		 "\"kept\": 8",
		"\"unreadable\": 9",	 "\"name\": \"free\"",
		"\"name\": \"dump\"",	 "\"message\": \"no \\\"x\\\"\"",
		"\"degraded\"",
	};
	struct kd_strbuf out;

	kd_strbuf_init(&out, KD_OUTCOME_MAX_SIZE);
	CHECK_INT(t, kd_outcome_encode(&sample_outcome, &out, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		if (!strstr(kd_strbuf_text(&out), wanted[i]))
			test_failed(t, __FILE__, __LINE__, "no %s", wanted[i]);
	kd_strbuf_done(&out);
}

static void notes_are_bounded(struct test *t)
{
	struct kd_outcome o = { 0 };

	for (int i = 0; i < 3 * KD_OUTCOME_NOTES; i++)
		kd_outcome_note(&o, "note %d", i);
	CHECK_INT(t, o.n_notes, KD_OUTCOME_NOTES);
	CHECK_STR(t, o.notes[0], "note 0");
	CHECK_STR(t, o.notes[KD_OUTCOME_NOTES - 1], "note 47");
}

/* The largest outcome there can be must still fit its own limit. */
static void largest_fits(struct test *t)
{
	struct kd_outcome *o = calloc(1, sizeof(*o));
	struct kd_strbuf out;

	CHECK(t, o != NULL);
	if (!o)
		return;
	o->n_phases = KD_OUTCOME_PHASES;
	for (size_t i = 0; i < o->n_phases; i++) {
		o->phases[i].error = -EIO;
		memset(o->phases[i].message, '\x01', KD_ERROR_SIZE - 1);
	}
	o->n_classes = KD_OUTCOME_CLASSES;
	for (int i = 0; i < KD_OUTCOME_NOTES; i++) {
		kd_outcome_note(o, "x");
		memset(o->notes[i], '\x01', KD_ERROR_SIZE - 1);
	}
	for (int i = 0; i < 2 * KD_OUTCOME_DRIVERS; i++)
		kd_outcome_driver(o, "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01");
	CHECK_INT(t, o->n_drivers, KD_OUTCOME_DRIVERS);
	kd_strbuf_init(&out, KD_OUTCOME_MAX_SIZE);
	CHECK_INT(t, kd_outcome_encode(o, &out, NULL), 0);
	kd_strbuf_done(&out);
	free(o);
}

static void state_names(struct test *t)
{
	enum kd_outcome_state state;

	for (int i = 0; i < KD_OUTCOME_STATES; i++) {
		CHECK_INT(
			t,
			kd_outcome_state_from_name(
				kd_outcome_state_name((enum kd_outcome_state)i), &state),
			0);
		CHECK_INT(t, state, i);
	}
	CHECK_INT(t, kd_outcome_state_from_name("fine", &state), -EINVAL);
}

static const struct test_case cases[] = {
	{ "every field is named", encode },
	{ "notes are bounded", notes_are_bounded },
	{ "the largest outcome fits", largest_fits },
	{ "names of states", state_names },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
