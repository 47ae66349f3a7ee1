/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/memmap: struct pages found through sections and page tables of three kernels,
 * and what damage costs.
 */
#include "tests/unit/machine.h"

#include "makedumpfile/pages/memmap.h"
#include "makedumpfile/pages/page.h"

#define WINDOW	   (256U << 10)
#define DIRECT_MAP 0xffff888000000000
#define RAM	   "@ram start=0x100000 size=63M\n"
#define RAM_2	   "@ram start=0x8000000 size=16M\n"
#define MARK	   "@page pfn=0x2abc private=0x123456789abcdef\n"

struct view {
	struct kd_memmap memmap;
	struct kd_memmap_view view;
};

static void view_done(struct view *v)
{
	kd_memmap_view_done(&v->view);
}

static void view_init(struct test *t, struct view *v, const struct machine *m,
		      bool no_map)
{
	struct kd_error err = { 0 };

	CHECK_INT(t,
		  kd_memmap_init(&v->memmap, &m->xlat, &m->layout, WINDOW, no_map, &err),
		  0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, kd_memmap_view_init(&v->view, &v->memmap), 0);
}

static uint64_t private_of(struct test *t, struct machine *m, struct view *v,
			   kd_pfn_t pfn)
{
	struct kd_page_format format;
	struct kd_page page;
	const uint8_t *raw;
	uint64_t n = 0;

	CHECK_INT(t, kd_page_format_init(&format, &m->layout, NULL), 0);
	if (kd_memmap_get(&v->view, pfn, &raw, &n) < 0) {
		test_failed(t, __FILE__, __LINE__, "no struct page");
		return 0;
	}
	CHECK(t, n >= 1);
	CHECK(t, (pfn + n) % 2 == 0);
	kd_page_decode(&format, raw, &page);
	return page.private;
}

static void found(struct test *t)
{
	static const char *const scripts[] = {
		"@core preset=6.1\n" RAM MARK,
		"@core preset=6.1 vmemmap=4k\n" RAM MARK,
		"@core preset=6.12 phys_base=-0x5000000\n" RAM MARK,
		"@core preset=7.1 levels=5\n" RAM MARK,
	};

	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		for (int no_map = 0; no_map < 2; no_map++) {
			_cleanup_(machine_done) struct machine m;
			_cleanup_(view_done) struct view v = { 0 };

			machine_init(&m, scripts[i]);
			view_init(t, &v, &m, no_map);
			CHECK_INT(t, private_of(t, &m, &v, 0x2abc), 0x123456789abcdef);
			CHECK_INT(t, private_of(t, &m, &v, 0x2abd), 0);
			CHECK_INT(t, private_of(t, &m, &v, 0x101), 0);
		}
	}
}

static void no_section(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(view_done) struct view v = { 0 };
	const uint8_t *raw;
	uint64_t n = 0;

	machine_init(&m, "@core preset=6.1\n" RAM);
	view_init(t, &v, &m, false);
	/* sections of 32768 frames: told how many to step over */
	CHECK_INT(t, kd_memmap_get(&v.view, 0x8000, &raw, &n), -ENODATA);
	CHECK_INT(t, n, 0x8000);
	CHECK_INT(t, kd_memmap_get(&v.view, 0x8001, &raw, &n), -ENODATA);
	CHECK_INT(t, n, 0x7fff);
	CHECK_INT(t, kd_memmap_get(&v.view, UINT64_MAX / 4096, &raw, &n), -ENODATA);
	CHECK(t, n >= 1);
}

/* Physical address of section 0's section_mem_map, and its value. */
static kd_paddr_t section_0(const struct machine *m, uint64_t *ret_map)
{
	kd_vaddr_t roots = (kd_vaddr_t)kd_layout_get(&m->layout, KD_F_MEM_SECTION);
	kd_vaddr_t section;
	kd_paddr_t at = 0;

	if (kd_xlat_read(&m->xlat, roots, &section, 8) < 0 ||
	    kd_xlat_read(&m->xlat, section, ret_map, 8) < 0 ||
	    kd_xlat_vtop(&m->xlat, section, &at, NULL) < 0)
		exit(1);
	return at;
}

/* As the machine of @script, with section 0's map replaced. */
static void with_map(struct machine *m, const char *script, uint64_t clear, uint64_t set)
{
	char changed[512];
	kd_paddr_t at;
	uint64_t map;

	machine_init(m, script);
	at = section_0(m, &map);
	machine_done(m);
	(void)snprintf(changed, sizeof(changed),
		       "%s@data addr=0x%" PRIx64 " u64=0x%" PRIx64 "\n", script, at,
		       (map & ~clear) | set);
	machine_init(m, changed);
}

/* Bits that no kernel uses yet are flags all the same. */
static void unknown_flags(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(view_done) struct view v = { 0 };

	with_map(&m, "@core preset=6.1\n" RAM MARK, 0, 0xfff);
	view_init(t, &v, &m, false);
	CHECK_INT(t, private_of(t, &m, &v, 0x2abc), 0x123456789abcdef);
}

static void damaged_map(struct test *t)
{
	static const struct {
		uint64_t clear, set;
		int error;
	} rows[] = {
		{ 1, 0, -ENODATA },	     /* not present */
		{ UINT64_MAX, 1, -EBADMSG }, /* no kernel address */
		{ UINT64_MAX, 0xffffff0000000001, -EFAULT },
		{ 0, 0x0000100000000000, -EFAULT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(machine_done) struct machine m;
		_cleanup_(view_done) struct view v = { 0 };
		const uint8_t *raw;
		uint64_t n = 0;

		with_map(&m, "@core preset=6.1\n" RAM RAM_2 MARK, rows[i].clear,
			 rows[i].set);
		view_init(t, &v, &m, false);
		CHECK_INT(t, kd_memmap_get(&v.view, 0x2abc, &raw, &n), rows[i].error);
		CHECK(t, n >= 1 && n <= 0x8000 - 0x2abc);
	}
}

/* With SPARSEMEM_EXTREME the symbol is a pointer to what vmcoreinfo names. */
static void pointer_symbol(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(view_done) struct view v = { 0 };
	char script[512];

	machine_init(&m, "@core preset=6.1\n" RAM MARK);
	(void)snprintf(script, sizeof(script),
		       "@core preset=6.1\n" RAM MARK "@data addr=0x3800000 u64=0x%" PRIx64
		       "\n",
		       (uint64_t)kd_layout_get(&m.layout, KD_F_MEM_SECTION));
	machine_done(&m);
	machine_init(&m, script);
	m.layout.values[KD_F_MEM_SECTION].value = (int64_t)(DIRECT_MAP + 0x3800000);
	view_init(t, &v, &m, false);
	CHECK_INT(t, private_of(t, &m, &v, 0x2abc), 0x123456789abcdef);
}

/* A struct page that is no power of two straddles pages: it is copied. */
static void odd_size(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(view_done) struct view v = { 0 };
	kd_pfn_t pfn = 0x2abc * 64 / 96;

	machine_init(&m, "@core preset=6.1 vmemmap=4k\n" RAM MARK);
	m.layout.values[KD_F_PAGE_SIZEOF].value = 96;
	/* frame 0x1c7d's bytes now begin where 0x2abb.8's did: read its neighbour's word */
	m.layout.values[KD_F_PAGE_PRIVATE].value = 0x2abc * 64 + 40 - (int64_t)pfn * 96;
	view_init(t, &v, &m, false);
	CHECK_INT(t, private_of(t, &m, &v, pfn), 0x123456789abcdef);
}

static void refused(struct test *t)
{
	static const struct {
		enum kd_field field;
		int64_t value;
	} bad[] = {
		{ KD_F_SECTION_SIZE_BITS, 0 },	 { KD_F_SECTION_SIZE_BITS, 63 },
		{ KD_F_SECTION_SIZE_BITS, 12 },	 { KD_F_MAX_PHYSMEM_BITS, 20 },
		{ KD_F_MAX_PHYSMEM_BITS, 64 },	 { KD_F_MEM_SECTION_SIZEOF, 0 },
		{ KD_F_MEM_SECTION_SIZEOF, -1 }, { KD_F_MEM_SECTION_MAP, 16 },
		{ KD_F_MEM_SECTION_MAP, -8 },	 { KD_F_MEM_SECTION_LENGTH, 3 },
		{ KD_F_MEM_SECTION_LENGTH, 0 },	 { KD_F_PAGE_SIZEOF, 0 },
		{ KD_F_MEM_SECTION, 0x1000 },	 { KD_F_MEM_SECTION, -4096 },
	};
	_cleanup_(machine_done) struct machine m;
	struct kd_memmap map;

	machine_init(&m, "@core preset=6.1\n" RAM);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct kd_layout layout = m.layout;

		layout.values[bad[i].field].value = bad[i].value;
		CHECK_INT(t, kd_memmap_init(&map, &m.xlat, &layout, WINDOW, false, NULL),
			  -EBADMSG);
		layout.values[bad[i].field].source = KD_SOURCE_NONE;
		CHECK_INT(t, kd_memmap_init(&map, &m.xlat, &layout, WINDOW, false, NULL),
			  bad[i].field == KD_F_MEM_SECTION ? -ENOTSUP : -ENODATA);
	}
}

static const struct test_case cases[] = {
	{ "struct pages of three kernels are found", found },
	{ "a section that is not there says how far", no_section },
	{ "all low bits of section_mem_map are flags", unknown_flags },
	{ "a damaged map costs its section at most", damaged_map },
	{ "mem_section as a pointer is followed", pointer_symbol },
	{ "a struct page of an odd size is copied", odd_size },
	{ "geometry without sense is refused", refused },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
