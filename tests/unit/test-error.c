/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/error: contexts stack up in order, long ones are cut and never overflow.
 */
#include "tests/unit/test.h"

static void prefixes(struct test *t)
{
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_fail(&err, -EBADMSG, "program header %d", 7), -EBADMSG);
	CHECK_INT(t, kd_fail(&err, -EBADMSG, "/proc/vmcore"), -EBADMSG);
	CHECK_STR(t, err.message, "/proc/vmcore: program header 7: Bad message");
	CHECK_INT(t, err.code, -EBADMSG);
}

static void whole_words(struct test *t)
{
	struct kd_error err = { 0 };

	kd_fail_msg(&err, -EINVAL, "unknown key \"%s\"", "pth");
	kd_fail(&err, -EINVAL, "kdump.conf:%d", 3);
	CHECK_STR(t, err.message, "kdump.conf:3: unknown key \"pth\"");
}

static void no_error_object(struct test *t)
{
	CHECK_INT(t, kd_fail(NULL, -EIO, "x"), -EIO);
	CHECK_INT(t, kd_fail_msg(NULL, -EIO, "x"), -EIO);
	kd_error_reset(NULL);
}

static void never_overflows(struct test *t)
{
	struct {
		struct kd_error err;
		char guard[16];
	} box = { 0 };
	char longest[2 * KD_ERROR_SIZE];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memset(box.guard, 0x5a, sizeof(box.guard));
	for (int i = 0; i < 40; i++) {
		kd_fail(&box.err, -EIO, "level %d", i);
		CHECK(t, strlen(box.err.message) < KD_ERROR_SIZE);
	}
	CHECK(t, strncmp(box.err.message, "level 39: level 38", 18) == 0);
	kd_fail(&box.err, -EIO, "%s", longest);
	CHECK_INT(t, strlen(box.err.message), KD_ERROR_SIZE - 1);
	for (size_t i = 0; i < sizeof(box.guard); i++)
		CHECK_INT(t, box.guard[i], 0x5a);
}

static void reset(struct test *t)
{
	struct kd_error err = { 0 };

	kd_fail(&err, -EIO, "first try");
	kd_error_reset(&err);
	kd_fail(&err, -ENOENT, "second");
	CHECK_STR(t, err.message, "second: No such file or directory");
}

static const struct test_case cases[] = {
	{ "contexts come outermost first", prefixes },
	{ "a full sentence carries no errno text", whole_words },
	{ "no error object is fine", no_error_object },
	{ "never overflows", never_overflows },
	{ "reset forgets", reset },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
