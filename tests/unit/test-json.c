/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/json and base/strbuf: exact text out, escapes, stray bytes, ceilings.
 */
#include "base/json.h"
#include "tests/unit/test.h"

static void document(struct test *t)
{
	struct kd_strbuf b;
	struct kd_json j;

	kd_strbuf_init(&b, 4096);
	kd_json_init(&j, &b);
	kd_json_object(&j, NULL);
	kd_json_u64(&j, "big", UINT64_MAX);
	kd_json_i64(&j, "minus", -5);
	kd_json_array(&j, "list");
	kd_json_string(&j, NULL, "a");
	kd_json_bool(&j, NULL, true);
	kd_json_null(&j, NULL);
	kd_json_array_end(&j);
	kd_json_array(&j, "none");
	kd_json_array_end(&j);
	kd_json_object_end(&j);
	CHECK_STR(t, kd_strbuf_text(&b),
		  "{\n  \"big\": 18446744073709551615,\n  \"minus\": -5,\n  \"list\": [\n"
		  "    \"a\",\n    true,\n    null\n  ],\n  \"none\": []\n}\n");
	kd_strbuf_done(&b);
}

static void empty_list(struct test *t)
{
	struct kd_strbuf b;
	struct kd_json j;

	kd_strbuf_init(&b, 64);
	kd_json_init(&j, &b);
	kd_json_array(&j, NULL);
	kd_json_array_end(&j);
	CHECK_STR(t, kd_strbuf_text(&b), "[]\n");
	kd_strbuf_done(&b);
}

static void strings(struct test *t)
{
	static const struct {
		const char *in, *out;
	} table[] = {
		{ "plain", "\"plain\"" },
		{ "q\"b\\", "\"q\\\"b\\\\\"" },
		{ "\n\t\x01", "\"\\u000a\\u0009\\u0001\"" },
		{ "gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"" },
		{ "\xf0\x9f\x92\xa5", "\"\xf0\x9f\x92\xa5\"" },
		{ "a\xff"
		  "b",
		  "\"a\\ufffdb\"" },
		{ "\xc0\xaf", "\"\\ufffd\\ufffd\"" },		 /* overlong */
		{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" }, /* surrogate */
		{ "\xe2\x82", "\"\\ufffd\\ufffd\"" },		 /* cut short */
		{ "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_strbuf b;
		struct kd_json j;

		kd_strbuf_init(&b, 256);
		kd_json_init(&j, &b);
		kd_json_string(&j, NULL, table[i].in);
		CHECK_STR(t, kd_strbuf_text(&b), table[i].out);
		kd_strbuf_done(&b);
	}
}

static void too_deep(struct test *t)
{
	struct kd_strbuf b;
	struct kd_json j;

	kd_strbuf_init(&b, 4096);
	kd_json_init(&j, &b);
	for (int i = 0; i < 2 * KD_JSON_DEPTH; i++)
		kd_json_array(&j, NULL);
	CHECK_INT(t, b.status, -E2BIG);
	kd_strbuf_done(&b);
}

static void ceiling(struct test *t)
{
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_strbuf b;

	kd_strbuf_init(&b, 10);
	kd_strbuf_addf(&b, "%s", "0123456789");
	CHECK_INT(t, b.status, 0);
	kd_strbuf_adds(&b, "x");
	CHECK_INT(t, b.status, -EFBIG);
	CHECK_STR(t, kd_strbuf_text(&b), "0123456789");
	CHECK_INT(t, kd_strbuf_take(&b, &text), -EFBIG);
	CHECK(t, text == NULL);
	kd_strbuf_done(&b);
	CHECK_INT(t, kd_strbuf_take(&b, &text), 0);
	CHECK_STR(t, text, "");
}

static const struct test_case cases[] = {
	{ "a document", document },
	{ "an empty list", empty_list },
	{ "strings", strings },
	{ "nesting is bounded", too_deep },
	{ "a buffer keeps its ceiling", ceiling },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
