/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/outcome-read: reads what base/outcome writes, and refuses the rest.
 */
#include "kdumpd/archive/outcome-read.h"
#include "tests/unit/test.h"

static void round_trip(struct test *t)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	_cleanup_(kd_freep) struct kd_outcome *in = calloc(1, sizeof(*in));
	_cleanup_(kd_freep) struct kd_outcome *out = calloc(1, sizeof(*out));

	*in = (struct kd_outcome) {
		.state = KD_OUTCOME_INCOMPLETE,
		.arm_id = "id",
		.release = "6.1",
		.build_id = "ab",
		.layout = "file",
		.target = "/dev/vda",
		.dump_dir = "/x",
		.crash_time = 1700000000,
		.vmcore_bytes = 5,
		.dmesg_bytes = 6,
		.pages_total = 7,
		.pages_kept = 8,
		.pages_unreadable = 9,
		.peak_rss_kib = 10,
		.mini_bytes = 11,
		.dump_level = 31,
		.wanted_level = 17,
		.sha256 = "cd",
		.boot_id = "boot",
		.memory_kib = 12,
		.available_kib = 13,
		.threads = 14,
		.recent_crashes = 15,
		.crash_loop = true,
		.test = true,
		.n_phases = 2,
		.n_classes = 1,
	};
	in->phases[1] = (struct kd_outcome_phase) { "dump", 3, 4, -EIO, "sad" };
	in->classes[0] = (struct kd_outcome_class) { "free", 1, 2 };
	kd_outcome_driver(in, "ext4");
	kd_outcome_note(in, "note %d", 1);
	kd_strbuf_init(&text, KD_OUTCOME_MAX_SIZE);
	CHECK_INT(t, kd_outcome_encode(in, &text, NULL), 0);
	CHECK_INT(t, kd_outcome_read(kd_strbuf_text(&text), text.length, out, NULL), 0);
	CHECK_INT(t, memcmp(in, out, sizeof(*in)), 0);
}

static void wrong(struct test *t)
{
	static const struct {
		const char *text;
		int code;
	} table[] = {
		{ "", -EBADMSG },
		{ "[]", -EBADMSG },
		{ "{", -EBADMSG },
		{ "{}", -EPROTO },
		{ "{\"schemaVersion\":2,\"state\":\"complete\"}", -EPROTO },
		{ "{\"schemaVersion\":1}", -EBADMSG },
		{ "{\"schemaVersion\":1,\"state\":\"fine\"}", -EBADMSG },
		{ "{\"schemaVersion\":1,\"state\":\"complete\",\"release\":1}",
		  -EBADMSG },
		{ "{\"schemaVersion\":1,\"state\":\"complete\",\"crashTime\":-1}",
		  -EBADMSG },
		{ "{\"schemaVersion\":1,\"state\":\"complete\",\"test\":1}", -EBADMSG },
	};
	_cleanup_(kd_freep) struct kd_outcome *out = calloc(1, sizeof(*out));

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(
			t,
			kd_outcome_read(table[i].text, strlen(table[i].text), out, NULL),
			table[i].code);
	CHECK_INT(t, kd_outcome_read("", KD_OUTCOME_MAX_SIZE + 1, out, NULL), -EFBIG);
}

static void odd(struct test *t)
{
	static const char text[] =
		"{\"schemaVersion\":1,\"state\":\"complete\",\"future\":[1],"
		"\"layout\":\"much too long for sixteen bytes\",\"phases\":{},"
		"\"pages\":3,\"notes\":[1,\"two\"]}";
	_cleanup_(kd_freep) struct kd_outcome *out = calloc(1, sizeof(*out));

	CHECK_INT(t, kd_outcome_read(text, strlen(text), out, NULL), 0);
	CHECK_STR(t, out->layout, "much too long f");
	CHECK_INT(t, out->n_phases, 0);
	CHECK_INT(t, out->n_notes, 1);
	CHECK_STR(t, out->notes[0], "two");
}

static const struct test_case cases[] = {
	{ "reads what is written", round_trip },
	{ "refusals", wrong },
	{ "odd but bearable", odd },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
