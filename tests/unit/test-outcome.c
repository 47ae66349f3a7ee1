/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/outcome: the JSON names every field of docs/outcome.md, notes are bounded.
 */
#include "base/outcome.h"
#include "tests/unit/test.h"

static const struct kd_outcome full = {
	.state = KD_OUTCOME_COMPLETE,
	.arm_id = "arm",
	.release = "6.1",
	.build_id = "ab",
	.crash_time = 7,
	.layout = "file",
	.target = "/dev/vda",
	.dump_dir = "/c/d",
	.vmcore_bytes = 100,
	.dmesg_bytes = 10,
	.pages_total = 9,
	.pages_kept = 3,
	.pages_unreadable = 1,
	.peak_rss_kib = 5,
	.mini_bytes = 11,
	.dump_level = 31,
	.wanted_level = 1,
	.sha256 = "ef",
	.boot_id = "id",
	.memory_kib = 12,
	.available_kib = 13,
	.threads = 2,
	.recent_crashes = 4,
	.crash_loop = true,
	.n_phases = 1,
	.phases = { { "dump", 1, 2, -EIO, "no \"x\"" } },
	.n_classes = 1,
	.classes = { { "free", 6, 0 } },
};

static void encode(struct test *t)
{
	static const char *const wanted[] = {
		"\"schemaVersion\": 1",	 "\"state\": \"complete\"",
		"\"armId\": \"arm\"",	 "\"release\": \"6.1\"",
		"\"buildId\": \"ab\"",	 "\"crashTime\": 7",
		"\"layout\": \"file\"",	 "\"target\": \"/dev/vda\"",
		"\"dumpDir\": \"/c/d\"", "\"vmcoreBytes\": 100",
		"\"dmesgBytes\": 10",	 "\"peakRssKiB\": 5",
		"\"test\": false",	 "\"miniBytes\": 11",
		"\"dumpLevel\": 31",	 "\"wantedLevel\": 1",
		"\"sha256\": \"ef\"",	 "\"bootId\": \"id\"",
		"\"memoryKiB\": 12",	 "\"availableKiB\": 13",
		"\"threads\": 2",	 "\"recentCrashes\": 4",
		"\"crashLoop\": true",	 "\"virtio_blk\"",
		"\"total\": 9",		 "\"kept\": 3",
		"\"unreadable\": 1",	 "\"name\": \"free\"",
		"\"name\": \"dump\"",	 "\"message\": \"no \\\"x\\\"\"",
		"\"degraded\"",
	};
	struct kd_outcome o = full;
	struct kd_strbuf out;

	kd_outcome_note(&o, "degraded");
	kd_outcome_driver(&o, "virtio_blk");
	kd_strbuf_init(&out, KD_OUTCOME_MAX_SIZE);
	CHECK_INT(t, kd_outcome_encode(&o, &out, NULL), 0);
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
