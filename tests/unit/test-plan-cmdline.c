/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command line as a load changes it: by rules for a crash kernel, not at all for a
 * reboot, and never cut.
 */
#include "tests/unit/test.h"

#include "kexec/plan/cmdline.h"

static const struct {
	const char *text;
	bool crash;
	uint64_t elfcorehdr;
	const char *want;
} rows[] = {
	{ "", false, 0, "" },
	{ "  a  crashkernel=1G b ", false, 0, "  a  crashkernel=1G b " },
	{ "", true, 0, "" },
	{ "", true, 0x1bef00000, "elfcorehdr=0x1bef00000" },
	{ "crashkernel=256M,high root=/dev/vda1 crashkernel=64M,cma", true, 0x7000,
	  "root=/dev/vda1 elfcorehdr=0x7000" },
	{ "mem=1G memmap=4G$0 memory=1 memtest", true, 0, "memory=1 memtest" },
	{ "hugepagesz=1G hugepages=4 hugetlb_cma=1G hugetlb_free_vmemmap=on", true, 0,
	  "hugetlb_free_vmemmap=on" },
	{ "elfcorehdr=0x1 kexec_jump_back_entry=0x2 dmcryptkeys=0x3 ro", true, 0x5000,
	  "ro elfcorehdr=0x5000" },
	{ "a=\"mem=1 x\" \"mem=1 x\" b", true, 0, "a=\"mem=1 x\" b" },
	{ "a -- mem=1  \"b", true, 0x1000, "a elfcorehdr=0x1000 -- mem=1  \"b" },
	{ "--", true, 0x1000, "elfcorehdr=0x1000 --" },
	{ "a\tb\nc", true, 0, "a b c" },
};

static void test_rows(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kd_plan_cmdline rules = { .crash = rows[i].crash,
						       .elfcorehdr = rows[i].elfcorehdr };
		_cleanup_(kd_freep) char *got = NULL;

		CHECK_INT(t, kd_plan_cmdline_edit(rows[i].text, &rules, &got, NULL), 0);
		CHECK_STR(t, got, rows[i].want);
	}
}

/* The limit counts what is added, and is a limit of bytes without the NUL. */
static void test_length(struct test *t)
{
	struct kd_plan_cmdline rules = { .crash = true, .elfcorehdr = 0x1000, .max = 26 };
	_cleanup_(kd_freep) char *got = NULL;
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_plan_cmdline_edit("12345678", &rules, &got, &err), 0);
	CHECK_STR(t, got, "12345678 elfcorehdr=0x1000");
	free(TAKE_PTR(got));
	CHECK_INT(t, kd_plan_cmdline_edit("1234567890", &rules, &got, &err), -E2BIG);
	CHECK_STR(t, err.message,
		  "the command line has 28 bytes, 2 more than the 26 the kernel takes");
	CHECK(t, !got);
}

static void test_usual_length(struct test *t)
{
	const struct kd_plan_cmdline rules = { 0 };
	_cleanup_(kd_freep) char *got = NULL;
	char text[2049];

	memset(text, 'a', sizeof(text));
	text[2047] = '\0';
	CHECK_INT(t, kd_plan_cmdline_edit(text, &rules, &got, NULL), 0);
	free(TAKE_PTR(got));
	text[2047] = 'a';
	text[2048] = '\0';
	CHECK_INT(t, kd_plan_cmdline_edit(text, &rules, &got, NULL), -E2BIG);
}

static void test_huge(struct test *t)
{
	const struct kd_plan_cmdline rules = { .crash = true };
	_cleanup_(kd_freep) char *text = malloc(1 << 20);
	_cleanup_(kd_freep) char *got = NULL;

	if (!text)
		return test_failed(t, __FILE__, __LINE__, "no memory");
	memset(text, 'a', (1 << 20) - 1);
	text[(1 << 20) - 1] = '\0';
	CHECK_INT(t, kd_plan_cmdline_edit(text, &rules, &got, NULL), -E2BIG);
}

static const struct test_case cases[] = {
	{ "rules", test_rows },
	{ "too long is an error, with numbers", test_length },
	{ "2047 bytes where the kernel does not say", test_usual_length },
	{ "a megabyte", test_huge },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
