/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/scan: a machine with every class of page, judged at every level; spans across
 * ranges; damage that must keep pages, never lose them.
 */
#include "tests/unit/machine.h"

#include "makedumpfile/pages/scan.h"

#define RAM   "@ram start=0x100000 size=63M\n"
#define FIRST 0x100
#define END   0x4000

/* Everything together, at known frames. */
#define PAGES                                           \
	"@page pfn=0x2000 class=free order=5 count=2\n" \
	"@page pfn=0x2100 class=anon\n"                 \
	"@page pfn=0x2200 class=cache\n"                \
	"@page pfn=0x2201 class=private-cache\n"        \
	"@page pfn=0x2300 class=slab order=2\n"         \
	"@page pfn=0x2400 class=hugetlb order=9\n"      \
	"@page pfn=0x2600 class=anon order=4\n"         \
	"@page pfn=0x2700 class=offline\n"              \
	"@page pfn=0x2800 class=hwpoison\n"             \
	"@page pfn=0x2900 class=swapcache\n"

struct judged {
	struct kd_memmap memmap;
	struct kd_scan scan;
	struct kd_scanner scanner;
	struct kd_keepmap exists, keep;
};

static void judged_done(struct judged *j)
{
	kd_keepmap_done(&j->keep);
	kd_keepmap_done(&j->exists);
	kd_scanner_done(&j->scanner);
}

static void again(struct test *t, struct judged *j)
{
	kd_scanner_done(&j->scanner);
	CHECK_INT(t, kd_scanner_init(&j->scanner, &j->scan), 0);
}

static void judge(struct test *t, struct machine *m, struct judged *j, unsigned int level)
{
	struct kd_policy policy = { .level = level };

	*j = (struct judged) { 0 };
	CHECK_INT(t,
		  kd_memmap_init(&j->memmap, &m->xlat, &m->layout, 1 << 16, false, NULL),
		  0);
	CHECK_INT(
		t,
		kd_scan_init(&j->scan, m->memory, &j->memmap, &m->layout, &policy, NULL),
		0);
	CHECK_INT(t, kd_scanner_init(&j->scanner, &j->scan), 0);
	CHECK_INT(t, kd_keepmap_init(&j->exists, END), 0);
	CHECK_INT(t, kd_keepmap_init(&j->keep, END), 0);
	CHECK_INT(t, kd_scan_max_pfn(m->memory), END);
	CHECK_INT(t, kd_scanner_range(&j->scanner, 0, END, &j->exists, &j->keep), 0);
}

static void every_level(struct test *t)
{
	static const char *const presets[] = { "6.1", "6.12", "7.1" };
	/* by bits that drop it: pages of each kind above */
	static const struct {
		unsigned int bits;
		uint64_t n;
	} kinds[] = { { 16, 64 }, { 8, 1 + 512 + 16 }, { 6, 2 }, { 4, 1 } };

	for (size_t p = 0; p < ARRAY_SIZE(presets); p++) {
		_cleanup_(machine_done) struct machine m;
		char script[1024];

		(void)snprintf(script, sizeof(script), "@core preset=%s%s\n" RAM PAGES,
			       presets[p], p == 2 ? " levels=5" : "");
		machine_init(&m, script);
		for (unsigned int level = 0; level < 32; level++) {
			_cleanup_(judged_done) struct judged j;
			/* Debian's 6.1 has no PG_hwpoison */
			bool poison = kd_layout_has(&m.layout, KD_F_PG_HWPOISON);
			uint64_t want = END - FIRST - 1U - poison; /* offline */

			judge(t, &m, &j, level);
			for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
				want -= level & kinds[i].bits ? kinds[i].n : 0;
			CHECK_INT(t, kd_keepmap_count(&j.keep), want);
			CHECK_INT(t, kd_keepmap_count(&j.exists), END - FIRST);
			CHECK_INT(t, kd_keepmap_test(&j.keep, 0x2800), !poison);
		}
	}
}

static void counts(struct test *t)
{
	static const struct {
		enum kd_page_class class;
		uint64_t seen, kept;
	} want[] = {
		{ KD_CLASS_FREE, 64, 0 },   { KD_CLASS_USER, 17, 17 },
		{ KD_CLASS_CACHE, 2, 0 },   { KD_CLASS_CACHE_PRIVATE, 1, 1 },
		{ KD_CLASS_SLAB, 4, 4 },    { KD_CLASS_HUGETLB, 512, 512 },
		{ KD_CLASS_OFFLINE, 1, 0 }, { KD_CLASS_HWPOISON, 1, 0 },
		{ KD_CLASS_UNKNOWN, 0, 0 }, { KD_CLASS_TAIL, 0, 0 },
	};
	_cleanup_(machine_done) struct machine m;
	_cleanup_(judged_done) struct judged j;
	uint64_t all = 0;

	machine_init(&m, "@core preset=6.12\n" RAM PAGES);
	judge(t, &m, &j, KD_EXCLUDE_FREE | KD_EXCLUDE_CACHE);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		CHECK_INT(t, j.scanner.counts.seen[want[i].class], want[i].seen);
		CHECK_INT(t, j.scanner.counts.kept[want[i].class], want[i].kept);
	}
	for (size_t i = 0; i < KD_CLASS_COUNT; i++)
		all += j.scanner.counts.seen[i];
	CHECK_INT(t, all, END - FIRST);
}

/* The same in ranges that cut through spans. */
static void ranges(struct test *t)
{
	static const uint64_t steps[] = { 2, 8, 24, 64, 4096 };
	_cleanup_(machine_done) struct machine m;
	_cleanup_(judged_done) struct judged whole;

	machine_init(&m, "@core preset=6.1\n" RAM PAGES);
	judge(t, &m, &whole, KD_EXCLUDE_ALL);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		_cleanup_(judged_done) struct judged j;
		uint64_t differ = 0;

		judge(t, &m, &j, KD_EXCLUDE_ALL);
		again(t, &j);
		for (kd_pfn_t at = 0; at < END; at += steps[i]) {
			kd_pfn_t end = MIN(at + steps[i], (kd_pfn_t)END);

			CHECK_INT(
				t,
				kd_scanner_range(&j.scanner, at, end, &j.exists, &j.keep),
				0);
			for (kd_pfn_t pfn = at; pfn < end; pfn++)
				differ += kd_keepmap_test(&j.keep, pfn) !=
					  kd_keepmap_test(&whole.keep, pfn);
		}
		CHECK_INT(t, differ, 0);
		CHECK(t, memcmp(&j.scanner.counts, &whole.scanner.counts,
				sizeof(j.scanner.counts)) == 0);
	}
}

/* Reading a poisoned page can kill: it goes even in the middle of what stays. */
static void poison(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(judged_done) struct judged j;

	machine_init(&m, "@core preset=6.12\n" RAM "@page pfn=0x2000 class=anon order=4\n"
			 "@page pfn=0x2003 flags=hwpoison head=0xffffea0000080001\n"
			 "@page pfn=0x2400 class=hugetlb order=9 flags=hwpoison\n");
	judge(t, &m, &j, 0);
	CHECK(t, kd_keepmap_test(&j.keep, 0x2002));
	CHECK(t, !kd_keepmap_test(&j.keep, 0x2003));
	CHECK(t, kd_keepmap_test(&j.keep, 0x2004));
	/* only the head is marked, whichever part is broken: all of it goes */
	CHECK_INT(t, j.scanner.counts.seen[KD_CLASS_HWPOISON], 1 + 512);
	CHECK_INT(t, kd_keepmap_count(&j.keep), END - FIRST - 1 - 512);
}

static void free_order_damaged(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(judged_done) struct judged j;

	machine_init(&m, "@core preset=6.1\n" RAM "@page pfn=0x2000 class=free order=5\n"
			 "@page pfn=0x2040 class=free order=3 private=63\n"
			 "@page pfn=0x2081 class=free private=4\n");
	judge(t, &m, &j, KD_EXCLUDE_ALL);
	CHECK_INT(t, kd_keepmap_count(&j.keep), END - FIRST - 32);
}

/* Without a memory map, or with one that is nonsense, every page stays. */
static void nothing_known(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(judged_done) struct judged j;

	machine_init(&m, "@core preset=6.1\n" RAM PAGES);
	judge(t, &m, &j, KD_EXCLUDE_ALL);
	kd_scanner_done(&j.scanner);
	j.scan.memmap = NULL;
	again(t, &j);
	CHECK_INT(t, kd_scanner_range(&j.scanner, 0, END, &j.exists, &j.keep), 0);
	CHECK_INT(t, kd_keepmap_count(&j.keep), END - FIRST);
	CHECK_INT(t, j.scanner.counts.seen[KD_CLASS_UNKNOWN], END - FIRST);

	j.scan.memmap = &j.memmap;
	again(t, &j);
	j.scanner.view.section_status = -EIO;
	j.scanner.view.section = 0;
	CHECK_INT(t, kd_scanner_range(&j.scanner, 0, END, &j.exists, &j.keep), 0);
	CHECK_INT(t, kd_keepmap_count(&j.keep), END - FIRST);
}

/* Extents that begin and end within a page: the page counts, once. */
static void partial_pages(struct test *t)
{
	static const struct kd_extent extents[] = { { 0x1800, 0x3400 },
						    { 0x3800, 0x3900 },
						    { 0x8fff, 0x9001 } };
	static const struct kd_memory_ops ops = { 0 };
	static const struct kd_policy policy = { .level = 31 };
	static const struct kd_memory memory = { .ops = &ops,
						 .extents = extents,
						 .n_extents = ARRAY_SIZE(extents),
						 .page_size = 4096 };
	struct kd_keepmap exists = { 0 }, keep = { 0 };
	struct kd_scan scan;
	struct kd_scanner s;

	CHECK_INT(t, kd_scan_init(&scan, &memory, NULL, NULL, &policy, NULL), 0);
	CHECK_INT(t, kd_scanner_init(&s, &scan), 0);
	CHECK_INT(t, kd_keepmap_init(&exists, 16), 0);
	CHECK_INT(t, kd_keepmap_init(&keep, 16), 0);
	CHECK_INT(t, kd_scan_max_pfn(&memory), 10);
	CHECK_INT(t, kd_scanner_range(&s, 0, 10, &exists, &keep), 0);
	CHECK_INT(t, exists.bits[0], 0x0e);
	CHECK_INT(t, exists.bits[1], 0x03);
	CHECK_INT(t, s.counts.seen[KD_CLASS_UNKNOWN], 5);
	CHECK_INT(t, kd_scanner_range(&s, 0, 1000, &exists, &keep), -EINVAL);
	kd_keepmap_done(&exists);
	kd_keepmap_done(&keep);
}

static const struct test_case cases[] = {
	{ "every class at every level on three kernels", every_level },
	{ "pages are counted by class", counts },
	{ "ranges make no difference", ranges },
	{ "poisoned pages go, and only they", poison },
	{ "damaged orders keep pages", free_order_damaged },
	{ "nothing known keeps everything", nothing_known },
	{ "partial pages exist", partial_pages },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
