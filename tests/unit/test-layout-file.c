/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout/layout-file: what is written reads back the same, and anything else than that
 * is refused with the line that is wrong.
 */
#include "makedumpfile/layout/layout-file.h"

#include "tests/unit/test.h"

static const char whole[] = "kdump-layout 1\n"
			    "release=6.1.0\n"
			    "build-id=0123abcd\n"
			    "SIZE(page)=64 vmcoreinfo\n"
			    "OFFSET(page.flags)=0 btf\n"
			    "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-129 dwarf\n"
			    "end\n";

static void strbuf_donep(struct kd_strbuf *b)
{
	kd_strbuf_done(b);
}

static void set(struct kd_layout *l, enum kd_field f, int64_t value, enum kd_source s)
{
	l->values[f] = (struct kd_layout_value) { .value = value, .source = (uint8_t)s };
}

static struct kd_layout example(void)
{
	struct kd_layout l = { .release = "6.1.0", .build_id = "0123abcd" };

	set(&l, KD_F_PAGE_SIZEOF, 64, KD_SOURCE_VMCOREINFO);
	set(&l, KD_F_PAGE_FLAGS, 0, KD_SOURCE_BTF);
	set(&l, KD_F_TYPE_BUDDY, -129, KD_SOURCE_DWARF);
	return l;
}

static void round_trip(struct test *t)
{
	_cleanup_(strbuf_donep) struct kd_strbuf b = { .max = KD_LAYOUT_MAX_FILE };
	struct kd_layout in = example(), out;

	set(&in, KD_F_MEM_SECTION, 0x1000, KD_SOURCE_VMCOREINFO); /* of one boot: out */
	CHECK_INT(t, kd_layout_encode(&in, &b, NULL), 0);
	CHECK_STR(t, kd_strbuf_text(&b), whole);
	CHECK_INT(t, kd_layout_decode(b.data, b.length, &out, NULL), 0);
	CHECK(t, !kd_layout_has(&out, KD_F_MEM_SECTION));
	in = example();
	CHECK(t, memcmp(&in, &out, sizeof(in)) == 0);
}

static void every_field(struct test *t)
{
	_cleanup_(strbuf_donep) struct kd_strbuf b = { .max = KD_LAYOUT_MAX_FILE };
	struct kd_layout in = example(), out;

	memset(in.release, 'r', sizeof(in.release) - 1);
	memset(in.build_id, 'f', sizeof(in.build_id) - 1);
	for (int i = 0; i < KD_FIELD_COUNT; i++)
		if (kd_field_kind((enum kd_field)i) != KD_KIND_SYMBOL)
			set(&in, (enum kd_field)i,
			    kd_field_kind((enum kd_field)i) == KD_KIND_NUMBER
				    ? INT64_MIN + i
				    : i + 1,
			    KD_SOURCE_BTF);
	set(&in, KD_F_PAGE_SIZEOF, KD_LAYOUT_MAX_SIZE, KD_SOURCE_BTF);
	CHECK_INT(t, kd_layout_encode(&in, &b, NULL), 0);
	CHECK_INT(t, kd_layout_decode(b.data, b.length, &out, NULL), 0);
	CHECK(t, memcmp(&in, &out, sizeof(in)) == 0);
}

static void nothing_known(struct test *t)
{
	_cleanup_(strbuf_donep) struct kd_strbuf b = { .max = KD_LAYOUT_MAX_FILE };
	struct kd_layout in = { 0 }, out;

	CHECK_INT(t, kd_layout_encode(&in, &b, NULL), 0);
	CHECK_STR(t, kd_strbuf_text(&b), "kdump-layout 1\nrelease=\nbuild-id=\nend\n");
	CHECK_INT(t, kd_layout_decode(b.data, b.length, &out, NULL), 0);
	CHECK(t, memcmp(&in, &out, sizeof(in)) == 0);
}

static void encode_refuses(struct test *t)
{
	_cleanup_(strbuf_donep) struct kd_strbuf b = { .max = KD_LAYOUT_MAX_FILE };
	_cleanup_(strbuf_donep) struct kd_strbuf tiny = { .max = 20 };
	struct kd_layout l = { .release = "6.1\nend" }, hex = { .build_id = "xyz" };
	struct kd_layout fine = example();

	CHECK_INT(t, kd_layout_encode(&l, &b, NULL), -EINVAL);
	CHECK_INT(t, kd_layout_encode(&hex, &b, NULL), -EINVAL);
	CHECK_INT(t, kd_layout_encode(&fine, &tiny, NULL), -EFBIG);
}

/* A text cut anywhere is refused, but for its very last newline. */
static void cut(struct test *t)
{
	struct kd_layout l = example(), before = l;

	for (size_t n = 0; n < strlen(whole) - 1; n++)
		CHECK(t, kd_layout_decode(whole, n, &l, NULL) < 0);
	CHECK(t, memcmp(&l, &before, sizeof(l)) == 0);
	CHECK_INT(t, kd_layout_decode(whole, strlen(whole) - 1, &l, NULL), 0);
}

#define HEAD "kdump-layout 1\nrelease=6.1\nbuild-id=ab\n"

static void wrong(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		const char *message;
	} table[] = {
		{ "kdump-layout 2\n", -EPROTO,
		  "layout file of version 2, not of version 1" },
		{ "kdump-layout one\n", -EINVAL, "not a layout file" },
		{ "kdump-layout 11111111111\n", -EINVAL, "not a layout file" },
		{ "#!/bin/sh\n", -EINVAL, "not a layout file" },
		{ HEAD "release=6.1\nend\n", -EINVAL, "layout file, line 4: wrong" },
		{ HEAD "build-id=ab\nend\n", -EINVAL, "layout file, line 4: wrong" },
		{ HEAD "\nend\n", -EINVAL, "layout file, line 4: wrong" },
		{ HEAD "SIZE(page)=64 btf\nSIZE(page)=64 btf\nend\n", -EINVAL,
		  "layout file, line 5: wrong" },
		{ HEAD "SIZE(page)=64\nend\n", -EINVAL, "layout file, line 4: wrong" },
		{ HEAD "SIZE(page)=64 guess\nend\n", -EINVAL,
		  "layout file, line 4: wrong" },
		{ HEAD "SIZE(page)=64 none\nend\n", -EINVAL,
		  "layout file, line 4: wrong" },
		{ HEAD "SIZE(page)=64 btf \nend\n", -EINVAL,
		  "layout file, line 4: wrong" },
		{ HEAD "SIZE(page)=6 4 btf\nend\n", -EINVAL,
		  "layout file, line 4: wrong" },
		{ HEAD "SIZE(page)=9223372036854775808 btf\nend\n", -EINVAL,
		  "layout file, line 4: wrong" },
		{ HEAD "OFFSET(page)=64 btf\nend\n", -EINVAL,
		  "layout file, line 4: wrong" },
		{ HEAD "SYMBOL(mem_section)=1 vmcoreinfo\nend\n", -EINVAL,
		  "layout file, line 4: wrong" },
		{ HEAD "SIZE(page)=0 btf\nend\n", -EINVAL,
		  "layout file: impossible values" },
		{ HEAD "SIZE(page)=64 btf\nOFFSET(page.lru)=64 btf\nend\n", -EINVAL,
		  "layout file: impossible values" },
		{ HEAD "end\nend\n", -EINVAL, "layout file: not whole" },
		{ HEAD, -EINVAL, "layout file: not whole" },
		{ "kdump-layout 1\nrelease=6.1\nend\n", -EINVAL,
		  "layout file: not whole" },
		{ "kdump-layout 1\nrelease=6 1\nbuild-id=\nend\n", -EINVAL,
		  "layout file, line 2: wrong" },
		{ "kdump-layout 1\nrelease=6.1\nbuild-id=xy\nend\n", -EINVAL,
		  "layout file, line 3: wrong" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_error err = { 0 };
		struct kd_layout l;

		CHECK_INT(
			t,
			kd_layout_decode(table[i].text, strlen(table[i].text), &l, &err),
			table[i].r);
		CHECK_STR(t, err.message, table[i].message);
	}
}

static void too_long(struct test *t)
{
	_cleanup_(kd_freep) char *text = calloc(1, KD_LAYOUT_MAX_FILE + 1);
	struct kd_layout l;

	memcpy(text, whole, strlen(whole));
	CHECK_INT(t, kd_layout_decode(text, KD_LAYOUT_MAX_FILE + 1, &l, NULL), -EFBIG);
}

static const struct test_case cases[] = {
	{ "round trip", round_trip },	    { "every field at its longest", every_field },
	{ "nothing known", nothing_known }, { "encode refuses", encode_refuses },
	{ "a text cut anywhere", cut },	    { "wrong lines", wrong },
	{ "a text too long", too_long },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
