/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/vmcoreinfo: each kind of value as kernels print it, and texts that are cut,
 * empty or nonsense.
 */
#include "makedumpfile/vmcore/vmcoreinfo.h"

#include "tests/unit/test.h"

static const char text[] = "OSRELEASE=6.12.1-test\n"
			   "PAGESIZE=4096\n"
			   "SYMBOL(_stext)=ffffffff81000000\n"
			   "SYMBOL(bad)=xyz\n"
			   "SIZE(page)=64\n"
			   "OFFSET(page.flags)=0\n"
			   "OFFSET(page.lru)=-8\n"
			   "LENGTH(mem_section)=2048\n"
			   "NUMBER(phys_base)=-610271232\n"
			   "NUMBER(VMALLOC_START)=0xffffd04680000000\n"
			   "NUMBER(kimage)=0x10\n"
			   "NUMBER(wrong)=ten\n"
			   "a line without its sign\n"
			   "=no key\n"
			   "TWICE=1\n"
			   "TWICE=2\n"
			   "EMPTY=\n"
			   "CRASHTIME=17";

static struct kd_vmcoreinfo *parse(struct test *t, const char *s, size_t size)
{
	struct kd_vmcoreinfo *info = NULL;

	CHECK_INT(t, kd_vmcoreinfo_new(s, size, &info, NULL), 0);
	return info;
}

static void strings(struct test *t)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *i = parse(t, text,
								       strlen(text));

	CHECK_STR(t, kd_vmcoreinfo_string(i, "OSRELEASE"), "6.12.1-test");
	CHECK_STR(t, kd_vmcoreinfo_string(i, "TWICE"), "2");
	CHECK_STR(t, kd_vmcoreinfo_string(i, "EMPTY"), "");
	CHECK_STR(t, kd_vmcoreinfo_string(i, "CRASHTIME"), "17");
	CHECK(t, !kd_vmcoreinfo_string(i, "OSRELEAS"));
	CHECK(t, !kd_vmcoreinfo_string(i, ""));
	CHECK_INT(t, kd_vmcoreinfo_dropped(i), 2);
}

static void numbers(struct test *t)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *i = parse(t, text,
								       strlen(text));
	uint64_t u = 7;
	int64_t n = 7;

	CHECK_INT(t, kd_vmcoreinfo_symbol(i, "_stext", &u), 0);
	CHECK_INT(t, u, 0xffffffff81000000);
	CHECK_INT(t, kd_vmcoreinfo_size(i, "page", &u), 0);
	CHECK_INT(t, u, 64);
	CHECK_INT(t, kd_vmcoreinfo_offset(i, "page.flags", &u), 0);
	CHECK_INT(t, u, 0);
	CHECK_INT(t, kd_vmcoreinfo_length(i, "mem_section", &u), 0);
	CHECK_INT(t, u, 2048);
	CHECK_INT(t, kd_vmcoreinfo_number(i, "phys_base", &n), 0);
	CHECK_INT(t, n, -610271232);
	CHECK_INT(t, kd_vmcoreinfo_number(i, "VMALLOC_START", &n), 0);
	CHECK_INT(t, n, (int64_t)0xffffd04680000000);
	CHECK_INT(t, kd_vmcoreinfo_number(i, "kimage", &n), 0);
	CHECK_INT(t, n, 16);
}

static void absent_and_wrong(struct test *t)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *i = parse(t, text,
								       strlen(text));
	char longest[300];
	uint64_t u = 7;
	int64_t n = 7;

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CHECK_INT(t, kd_vmcoreinfo_size(i, "folio", &u), -ENODATA);
	CHECK_INT(t, kd_vmcoreinfo_size(i, longest, &u), -ENODATA);
	CHECK_INT(t, kd_vmcoreinfo_symbol(i, "page", &u), -ENODATA);
	CHECK_INT(t, kd_vmcoreinfo_symbol(i, "bad", &u), -EBADMSG);
	CHECK_INT(t, kd_vmcoreinfo_offset(i, "page.lru", &u), -EBADMSG);
	CHECK_INT(t, kd_vmcoreinfo_number(i, "wrong", &n), -EBADMSG);
	CHECK_INT(t, u, 7);
	CHECK_INT(t, n, 7);
}

static void page_sizes(struct test *t)
{
	static const struct {
		const char *text;
		int r;
	} table[] = {
		{ "PAGESIZE=4096", 0 },		 { "PAGESIZE=65536", 0 },
		{ "PAGESIZE=262144", 0 },	 { "PAGESIZE=2048", -EBADMSG },
		{ "PAGESIZE=524288", -EBADMSG }, { "PAGESIZE=5000", -EBADMSG },
		{ "PAGESIZE=0", -EBADMSG },	 { "PAGESIZE=", -EBADMSG },
		{ "PAGESIZ=4096", -ENODATA },	 { "PAGESIZE=4294971392", -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info =
			parse(t, table[i].text, strlen(table[i].text));
		uint32_t size;

		CHECK_INT(t, kd_vmcoreinfo_page_size(info, &size), table[i].r);
	}
}

static void unusable(struct test *t)
{
	struct kd_vmcoreinfo *info = NULL;
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_vmcoreinfo_new("", 0, &info, &err), -EBADMSG);
	CHECK_INT(t, kd_vmcoreinfo_new("\n\n\n", 3, &info, NULL), -EBADMSG);
	CHECK_INT(t, kd_vmcoreinfo_new("\0A=1\n", 5, &info, NULL), -EBADMSG);
	CHECK(t, !info);
	CHECK_STR(t, err.message, "VMCOREINFO has no usable line");
}

/* No byte behind @size is looked at, and text ends at a NUL. */
static void bounds(struct test *t)
{
	_cleanup_(kd_freep) char *exact = malloc(7);
	_cleanup_(kd_freep) char *huge = malloc(2 * KD_VMCOREINFO_MAX);
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *a = NULL, *b = NULL;

	memcpy(exact, "A=1\nB=2", 7);
	a = parse(t, exact, 7);
	CHECK_STR(t, kd_vmcoreinfo_string(a, "B"), "2");
	memset(huge, '\n', 2 * KD_VMCOREINFO_MAX);
	memcpy(huge, "A=1", 3);
	memcpy(huge + KD_VMCOREINFO_MAX, "B=2", 3);
	b = parse(t, huge, 2 * KD_VMCOREINFO_MAX);
	CHECK_STR(t, kd_vmcoreinfo_string(b, "A"), "1");
	CHECK(t, !kd_vmcoreinfo_string(b, "B"));
}

static const struct test_case cases[] = {
	{ "strings", strings },
	{ "numbers of each kind", numbers },
	{ "absent is not wrong", absent_and_wrong },
	{ "page sizes", page_sizes },
	{ "texts without a line", unusable },
	{ "bounds of the text", bounds },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
