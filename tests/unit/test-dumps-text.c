/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/dumps-text: there and back, and what is refused.
 */
#include "kdumpd/dumps-text.h"

#include <string.h>

#include "tests/unit/test.h"

#define BYTES(s) s, sizeof(s) - 1

static void round_trip(struct test *t)
{
	static const struct kd_dump_line dumps[] = {
		{ "/var/crash/127.0.0.1-2026-01-02-03:04:05", "complete", "6.1",
		  1700000000000000, 123456789012 },
		{ "/var/crash/odd\xff\nname", "log", "", 0, 0 },
	};
	_cleanup_(kd_strbuf_done) struct kd_strbuf out = { 0 };
	struct kd_dump_line dump;
	const char *text;
	size_t size;

	kd_strbuf_init(&out, 4096);
	for (size_t i = 0; i < ARRAY_SIZE(dumps); i++)
		kd_dumps_text_add(&out, &dumps[i]);
	CHECK_INT(t, out.status, 0);
	text = out.data;
	size = out.length;
	CHECK_INT(t, kd_dumps_text_next(&text, &size, &dump), 1);
	CHECK_STR(t, dump.path, dumps[0].path);
	CHECK_STR(t, dump.state, "complete");
	CHECK_STR(t, dump.release, "6.1");
	CHECK_INT(t, dump.usec, 1700000000000000);
	CHECK_INT(t, dump.bytes, 123456789012);
	CHECK_INT(t, kd_dumps_text_next(&text, &size, &dump), 1);
	CHECK_STR(t, dump.path, "/var/crash/odd?\nname");
	CHECK_STR(t, dump.release, "");
	CHECK_INT(t, kd_dumps_text_next(&text, &size, &dump), 0);
}

static const struct {
	const char *name, *text;
	size_t size;
} wrong[] = {
	{ "cut short", BYTES("/a\0complete\0006.1\0001") },
	{ "no NUL at the end", BYTES("/a\0s\0r\0001\0002") },
	{ "no number", BYTES("/a\0s\0r\0x\0002\0") },
	{ "a number too large", BYTES("/a\0s\0r\00099999999999999999999\0002\0") },
	{ "not UTF-8", BYTES("/\xff\0s\0r\0001\0002\0") },
	{ "a sequence over the end", BYTES("/\xe2\x82\0s\0r\0001\0002\0") },
};

static void refuses(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct kd_dump_line dump = { .path = "untouched" };
		const char *text = wrong[i].text;
		size_t size = wrong[i].size;

		if (kd_dumps_text_next(&text, &size, &dump) != -EBADMSG)
			test_failed(t, __FILE__, __LINE__, "%s", wrong[i].name);
		CHECK_STR(t, dump.path, "untouched");
		CHECK(t, text == wrong[i].text);
	}
}

static const struct test_case cases[] = {
	{ "there and back", round_trip },
	{ "what is refused", refuses },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
