/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout/layout, source-vmcoreinfo and source-btf: the field list, and what each
 * source makes of it. BTF is put together here, as a compiler would.
 */
#include <bpf/btf.h>

#include "makedumpfile/layout/source.h"
#include "tests/unit/test.h"

static void btf_freep(struct btf **btf)
{
	btf__free(*btf);
}

static void field_list(struct test *t)
{
	CHECK_STR(t, kd_field_key(KD_F_PAGE_FLAGS), "page.flags");
	CHECK_INT(t, kd_field_kind(KD_F_PAGE_FLAGS), KD_KIND_OFFSET);
	CHECK_STR(t, kd_field_kind_name(KD_KIND_LENGTH), "LENGTH");
	/* offsets in struct page are judged by its size, which thus comes first */
	CHECK_INT(t, KD_F_PAGE_SIZEOF, 0);
	for (int a = 0; a < KD_FIELD_COUNT; a++) {
		CHECK(t, kd_field_key((enum kd_field)a));
		for (int b = 0; b < a; b++)
			CHECK(t, kd_field_kind((enum kd_field)a) !=
						 kd_field_kind((enum kd_field)b) ||
					 strcmp(kd_field_key((enum kd_field)a),
						kd_field_key((enum kd_field)b)) != 0);
	}
}

static void source_names(struct test *t)
{
	enum kd_source s = KD_SOURCE_NONE;

	for (int i = KD_SOURCE_NONE + 1; i < KD_SOURCE_COUNT; i++) {
		CHECK_INT(t, kd_source_from_name(kd_source_name((enum kd_source)i), &s),
			  0);
		CHECK_INT(t, s, i);
	}
	CHECK_INT(t, kd_source_from_name("none", &s), -EINVAL);
	CHECK_INT(t, kd_source_from_name("", &s), -EINVAL);
}

static void from_vmcoreinfo(struct test *t)
{
	static const char text[] = "OSRELEASE=6.1.0\nBUILD-ID=abcd\nSIZE(page)=64\n"
				   "OFFSET(page.flags)=0\nOFFSET(page.lru)=64\n"
				   "OFFSET(page.mapping)=x\nSIZE(mem_section)=0\n"
				   "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-129\n"
				   "SYMBOL(mem_section)=ffff888001000000\n";
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	struct kd_layout l;

	CHECK_INT(t, kd_vmcoreinfo_new(text, strlen(text), &info, NULL), 0);
	/* page.lru begins behind struct page, page.mapping is no number, a structure
	 * of 0 bytes is none */
	CHECK_INT(t, kd_layout_from_vmcoreinfo(info, &l), 3);
	CHECK_STR(t, l.release, "6.1.0");
	CHECK_STR(t, l.build_id, "abcd");
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_SIZEOF), 64);
	CHECK(t, kd_layout_has(&l, KD_F_PAGE_FLAGS));
	CHECK(t, !kd_layout_has(&l, KD_F_PAGE_LRU));
	CHECK(t, !kd_layout_has(&l, KD_F_PAGE_MAPPING));
	CHECK(t, !kd_layout_has(&l, KD_F_MEM_SECTION_SIZEOF));
	CHECK(t, !kd_layout_has(&l, KD_F_PAGE_PRIVATE));
	CHECK_INT(t, kd_layout_get(&l, KD_F_TYPE_BUDDY), -129);
	CHECK_INT(t, kd_layout_get(&l, KD_F_MEM_SECTION), (int64_t)0xffff888001000000);
	CHECK_INT(t, l.values[KD_F_PAGE_FLAGS].source, KD_SOURCE_VMCOREINFO);
}

static void too_long_a_name(struct test *t)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	char text[300] = "OSRELEASE=";
	struct kd_layout l;

	memset(text + 10, 'x', 200);
	CHECK_INT(t, kd_vmcoreinfo_new(text, strlen(text), &info, NULL), 0);
	(void)kd_layout_from_vmcoreinfo(info, &l);
	CHECK_STR(t, l.release, "");
}

/* struct page { flags; union { compound_head; const struct { lru; mapping; } };
 * _mapcount } */
static void add_page(struct btf *btf)
{
	int word = btf__add_int(btf, "unsigned long", 8, 0);
	int half = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int alias = btf__add_typedef(btf, "word_t", word);
	int inner = btf__add_struct(btf, NULL, 24), outer;

	btf__add_field(btf, "lru", word, 0, 0);
	btf__add_field(btf, "mapping", word, 128, 0);
	inner = btf__add_const(btf, inner);
	outer = btf__add_union(btf, NULL, 24);
	btf__add_field(btf, "compound_head", word, 0, 0);
	btf__add_field(btf, NULL, inner, 0, 0);
	btf__add_struct(btf, "page", 64);
	btf__add_field(btf, "flags", alias, 0, 0);
	btf__add_field(btf, NULL, outer, 64, 0);
	btf__add_field(btf, "_mapcount", half, 384, 0);
	/* a bit field is no offset */
	btf__add_field(btf, "private", word, 385, 3);
}

static void add_zone(struct btf *btf)
{
	int word = btf__find_by_name_kind(btf, "unsigned long", BTF_KIND_INT);
	int array = btf__add_array(btf, word, word, 11);

	btf__add_struct(btf, "zone", 1000);
	btf__add_field(btf, "free_area", array, 256 * 8, 0);
}

static int layout_of(struct btf *btf, struct kd_layout *ret, struct kd_error *err)
{
	uint32_t size;
	const void *raw = btf__raw_data(btf, &size);

	return kd_layout_from_btf(raw, size, ret, err);
}

static void from_btf(struct test *t)
{
	_cleanup_(btf_freep) struct btf *btf = btf__new_empty();
	struct kd_layout l;

	add_page(btf);
	add_zone(btf);
	btf__add_enum(btf, "pageflags", 4);
	btf__add_enum_value(btf, "PG_lru", 5);
	btf__add_enum_value(btf, "PG_head", 6);
	CHECK_INT(t, layout_of(btf, &l, NULL), 0);
	CHECK_STR(t, l.release, "");
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_SIZEOF), 64);
	CHECK(t, kd_layout_has(&l, KD_F_PAGE_FLAGS));
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_FLAGS), 0);
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_LRU), 8);
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_MAPPING), 24);
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_COMPOUND_HEAD), 8);
	CHECK_INT(t, kd_layout_get(&l, KD_F_PAGE_MAPCOUNT), 48);
	CHECK(t, !kd_layout_has(&l, KD_F_PAGE_PRIVATE));
	CHECK(t, !kd_layout_has(&l, KD_F_PAGE_COMPOUND_INFO));
	CHECK_INT(t, kd_layout_get(&l, KD_F_FREE_AREA_LENGTH), 11);
	CHECK_INT(t, kd_layout_get(&l, KD_F_PG_LRU), 5);
	CHECK_INT(t, kd_layout_get(&l, KD_F_PG_HEAD_MASK), 64);
	CHECK(t, !kd_layout_has(&l, KD_F_TYPE_BUDDY));
	CHECK(t, !kd_layout_has(&l, KD_F_MEM_SECTION));
	CHECK_INT(t, l.values[KD_F_PG_LRU].source, KD_SOURCE_BTF);
}

/* What vmcoreinfo calls PAGE_BUDDY_MAPCOUNT_VALUE, from three forms of the enum. */
static void page_types(struct test *t)
{
	static const struct {
		const char *name;
		int64_t enumerator;
		bool wide;
		int64_t want;
	} table[] = {
		{ "PGTY_buddy", 0xf0, false, -268435456 },	/* 6.12 */
		{ "PGTY_buddy", 0xf0, true, -268435456 },	/* as 64-bit enum */
		{ "PG_buddy", 0x40000000, false, -1073741825 }, /* 6.11 */
		{ "PG_buddy", 0x80, false, -129 },		/* 6.10 */
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(btf_freep) struct btf *btf = btf__new_empty();
		struct kd_layout l;

		add_page(btf);
		if (table[i].wide) {
			btf__add_enum64(btf, "pagetype", 8, false);
			btf__add_enum64_value(btf, table[i].name,
					      (uint64_t)table[i].enumerator);
		} else {
			btf__add_enum(btf, "pagetype", 4);
			btf__add_enum_value(btf, "PG_slab", 0x1000);
			btf__add_enum_value(btf, table[i].name, table[i].enumerator);
		}
		CHECK_INT(t, layout_of(btf, &l, NULL), 0);
		CHECK_INT(t, kd_layout_get(&l, KD_F_TYPE_BUDDY), table[i].want);
		/* a page type of that name is no bit of page.flags */
		CHECK(t, !kd_layout_has(&l, KD_F_PG_SLAB));
	}
}

static void no_btf(struct test *t)
{
	_cleanup_(btf_freep) struct btf *btf = btf__new_empty();
	struct kd_error err = { 0 };
	struct kd_layout l;

	CHECK_INT(t, kd_layout_from_btf("", 0, &l, NULL), -EBADMSG);
	CHECK_INT(t, kd_layout_from_btf("not BTF at all, is it", 21, &l, NULL), -EBADMSG);
	add_zone(btf);
	CHECK_INT(t, layout_of(btf, &l, &err), -EBADMSG);
	CHECK_STR(t, err.message, "BTF without struct page");
}

/* A structure that holds itself, as a damaged file may say, ends. */
static void endless_nesting(struct test *t)
{
	_cleanup_(btf_freep) struct btf *btf = btf__new_empty();
	struct kd_layout l;
	int next;

	add_page(btf);
	next = (int)btf__type_cnt(btf);
	btf__add_struct(btf, "folio", 64);
	for (int i = 0; i < 100; i++)
		btf__add_field(btf, NULL, next, 0, 0);
	CHECK_INT(t, layout_of(btf, &l, NULL), 0);
	CHECK(t, !kd_layout_has(&l, KD_F_FOLIO_DTOR));
}

static const struct test_case cases[] = {
	{ "the field list", field_list },
	{ "source names", source_names },
	{ "from vmcoreinfo, bad lines left out", from_vmcoreinfo },
	{ "a name that does not fit is none", too_long_a_name },
	{ "from BTF", from_btf },
	{ "page types of 6.10, 6.11 and 6.12", page_types },
	{ "what is no BTF", no_btf },
	{ "endless nesting ends", endless_nesting },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
