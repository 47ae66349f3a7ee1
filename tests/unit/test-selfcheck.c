/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/selfcheck: found against counted, row by row, and what is told. pages/vmstat:
 * counters of a machine with two nodes, and what damage leaves of them.
 */
#include "tests/unit/machine.h"

#include "makedumpfile/pages/selfcheck.h"

static void decisions(struct test *t)
{
	static const struct {
		enum kd_page_class class;
		enum kd_vmstat_item item;
		uint64_t found, counted;
		enum kd_selfcheck_result result;
	} rows[] = {
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 500000, 500000, KD_SELFCHECK_FITS },
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 505000, 500000, KD_SELFCHECK_FITS },
		/* two CPUs, one zone: 250 may be held back */
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 505250, 500000, KD_SELFCHECK_FITS },
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 505251, 500000, KD_SELFCHECK_MORE },
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 494750, 500000, KD_SELFCHECK_FITS },
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 494749, 500000, KD_SELFCHECK_FEWER },
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 0, 500000, KD_SELFCHECK_FEWER },
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 251, 0, KD_SELFCHECK_MORE },
		{ KD_CLASS_SLAB, KD_VMSTAT_SLAB, 105250, 100000, KD_SELFCHECK_FITS },
		{ KD_CLASS_SLAB, KD_VMSTAT_SLAB, 105251, 100000, KD_SELFCHECK_MORE },
		{ KD_CLASS_SLAB, KD_VMSTAT_SLAB, 74000, 100000, KD_SELFCHECK_FEWER },
		{ KD_CLASS_USER, KD_VMSTAT_ANON, 200250, 100000, KD_SELFCHECK_FITS },
		{ KD_CLASS_USER, KD_VMSTAT_ANON, 200251, 100000, KD_SELFCHECK_MORE },
		{ KD_CLASS_CACHE, KD_VMSTAT_CACHE, 125250, 100000, KD_SELFCHECK_FITS },
		{ KD_CLASS_CACHE_PRIVATE, KD_VMSTAT_CACHE, 125251, 100000,
		  KD_SELFCHECK_MORE },
		/* more pages than there are: no count */
		{ KD_CLASS_FREE, KD_VMSTAT_FREE, 1, 3000000, KD_SELFCHECK_UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_scan_counts counts = { .seen[KD_CLASS_KERNEL] = 1000000 };
		struct kd_vmstat stat = { .n_zones = 1 };
		struct kd_selfcheck check;

		counts.seen[rows[i].class] = rows[i].found;
		stat.known[rows[i].item] = true;
		stat.pages[rows[i].item] = rows[i].counted;
		kd_selfcheck(&counts, &stat, 2, &check);
		CHECK_INT(t, check.rows[rows[i].item].result, rows[i].result);
		CHECK_INT(t, check.rows[rows[i].item].found, rows[i].found);
		CHECK_INT(t, !!(check.keep & (1U << rows[i].class)),
			  rows[i].result == KD_SELFCHECK_MORE);
		if (rows[i].result != KD_SELFCHECK_MORE)
			CHECK_INT(t, check.keep, 0);
	}
}

static void told(struct test *t)
{
	struct kd_scan_counts counts = { .seen[KD_CLASS_KERNEL] = 100000,
					 .seen[KD_CLASS_FREE] = 5000 };
	struct kd_vmstat stat = { .known[KD_VMSTAT_FREE] = true,
				  .pages[KD_VMSTAT_FREE] = 1000 };
	struct kd_selfcheck check;
	char text[KD_ERROR_SIZE];

	kd_selfcheck(&counts, &stat, 0, &check);
	CHECK(t,
	      kd_selfcheck_text(&check, KD_VMSTAT_FREE, UINT32_MAX, text, sizeof(text)));
	CHECK_STR(
		t, text,
		"5000 free pages were found, the kernel counted 1000: they are all kept");
	CHECK(t, kd_selfcheck_text(&check, KD_VMSTAT_FREE, 0, text, sizeof(text)));
	CHECK_STR(t, text,
		  "5000 free pages were found, the kernel counted 1000: this kernel's "
		  "pages may not be understood");
	CHECK(t,
	      !kd_selfcheck_text(&check, KD_VMSTAT_SLAB, UINT32_MAX, text, sizeof(text)));
	CHECK_STR(t, text, "");
	kd_selfcheck(&counts, NULL, 0, &check);
	CHECK_INT(t, check.keep, 0);
	CHECK(t,
	      !kd_selfcheck_text(&check, KD_VMSTAT_FREE, UINT32_MAX, text, sizeof(text)));
}

#define DIRECT UINT64_C(0xffff888000000000)
#define NODES  UINT64_C(0x3800000)
#define NODE_0 UINT64_C(0x3801000)
#define NODE_1 UINT64_C(0x3803000)

static void lay_out(struct kd_layout *l)
{
	static const struct {
		enum kd_field field;
		int64_t value;
	} fields[] = {
		{ KD_F_NODE_DATA, (int64_t)(DIRECT + NODES) },
		{ KD_F_NODE_DATA_LENGTH, 150 }, /* read in pieces */
		{ KD_F_NODE_ZONES, 0 },
		{ KD_F_NODE_NR_ZONES, 0x800 },
		{ KD_F_ZONE_SIZEOF, 0x100 },
		{ KD_F_ZONE_VM_STAT, 0x40 },
		{ KD_F_NR_FREE_PAGES, 1 },
		{ KD_F_NODE_VM_STAT, 0x900 },
		{ KD_F_NODE_VM_STAT_LENGTH, 8 },
		{ KD_F_NR_SLAB_RECLAIMABLE, 2 },
		{ KD_F_NR_SLAB_UNRECLAIMABLE, 3 },
		{ KD_F_NR_ANON_MAPPED, 4 },
		{ KD_F_NR_FILE_PAGES, 9 }, /* beyond the array */
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		l->values[fields[i].field] = (struct kd_layout_value) {
			.value = fields[i].value, .source = KD_SOURCE_BTF
		};
}

static void counters(struct test *t)
{
	static const struct {
		uint64_t addr, value;
	} words[] = {
		{ NODES, DIRECT + NODE_0 }, { NODES + 149 * 8, DIRECT + NODE_1 },
		{ NODE_0 + 0x800, 2 },	    { NODE_0 + 0x48, 100 },
		{ NODE_0 + 0x148, 20 },	    { NODE_1 + 0x800, 1 },
		{ NODE_1 + 0x48, 3 },	    { NODE_0 + 0x910, 1000 },
		{ NODE_0 + 0x918, 200 },    { NODE_1 + 0x910, 30 },
		{ NODE_0 + 0x920, 5 },	    { NODE_1 + 0x920, (uint64_t)-7 },
	};
	_cleanup_(machine_done) struct machine m;
	struct kd_vmstat stat;
	char script[2048];
	size_t n;

	n = (size_t)snprintf(script, sizeof(script),
			     "@core preset=6.1\n@ram start=0x100000 size=63M\n");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		n += (size_t)snprintf(script + n, sizeof(script) - n,
				      "@data addr=0x%" PRIx64 " u64=0x%" PRIx64 "\n",
				      words[i].addr, words[i].value);
	machine_init(&m, script);
	lay_out(&m.layout);
	CHECK_INT(t, kd_vmstat_read(&stat, &m.xlat, &m.layout), 0);
	CHECK_INT(t, stat.n_zones, 3);
	CHECK(t, stat.known[KD_VMSTAT_FREE] && stat.known[KD_VMSTAT_SLAB]);
	CHECK_INT(t, stat.pages[KD_VMSTAT_FREE], 123);
	CHECK_INT(t, stat.pages[KD_VMSTAT_SLAB], 1230);
	/* what CPUs hold back can make a sum negative */
	CHECK_INT(t, stat.pages[KD_VMSTAT_ANON], 5);
	CHECK(t, !stat.known[KD_VMSTAT_CACHE]);

	/* vmcoreinfo alone knows of free pages */
	m.layout.values[KD_F_NODE_VM_STAT] = (struct kd_layout_value) { 0 };
	CHECK_INT(t, kd_vmstat_read(&stat, &m.xlat, &m.layout), 0);
	CHECK(t, stat.known[KD_VMSTAT_FREE] && !stat.known[KD_VMSTAT_SLAB]);

	/* zones without end, then nodes nowhere, then no node at all */
	m.layout.values[KD_F_NODE_NR_ZONES].value = 0x48;
	CHECK_INT(t, kd_vmstat_read(&stat, &m.xlat, &m.layout), 0);
	CHECK(t, !stat.known[KD_VMSTAT_FREE]);
	m.layout.values[KD_F_NODE_DATA].value = 0x1000;
	CHECK_INT(t, kd_vmstat_read(&stat, &m.xlat, &m.layout), -ENODATA);
	m.layout.values[KD_F_NODE_DATA] = (struct kd_layout_value) { 0 };
	CHECK_INT(t, kd_vmstat_read(&stat, &m.xlat, &m.layout), -ENODATA);
	m.layout.values[KD_F_CONTIG_PAGE_DATA] = (struct kd_layout_value) {
		.value = (int64_t)(DIRECT + NODE_0), .source = KD_SOURCE_BTF
	};
	m.layout.values[KD_F_NODE_NR_ZONES].value = 0x800;
	CHECK_INT(t, kd_vmstat_read(&stat, &m.xlat, &m.layout), 0);
	CHECK_INT(t, stat.pages[KD_VMSTAT_FREE], 120);
}

static const struct test_case cases[] = {
	{ "found against counted", decisions },
	{ "what does not fit is told", told },
	{ "counters of all nodes are summed", counters },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
