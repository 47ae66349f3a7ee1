/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/exclude: what each kernel lets us tell, and guest memory by the file it is in.
 * pages/scan with an input that is filtered already.
 */
#include "tests/unit/machine.h"

#include "makedumpfile/pages/scan.h"

#define DIRECT UINT64_C(0xffff888000000000)
#define END    0x4000

static void know(struct kd_layout *l, enum kd_field field, int64_t value)
{
	l->values[field] = (struct kd_layout_value) { .value = value,
						      .source = KD_SOURCE_BTF };
}

static void refusals(struct test *t)
{
	struct kd_layout l = { 0 };

	CHECK(t, kd_exclude_refusal(&l, KD_EXCLUDE_ZRAM));
	CHECK(t, kd_exclude_refusal(&l, KD_EXCLUDE_GUEST));
	CHECK(t, kd_exclude_refusal(&l, KD_EXCLUDE_GPU));
	know(&l, KD_F_TYPE_ZSMALLOC, -167772160);
	know(&l, KD_F_ADDRESS_SPACE_FLAGS, 0x30);
	CHECK(t, !kd_exclude_refusal(&l, KD_EXCLUDE_ZRAM));
	CHECK(t, kd_exclude_refusal(&l, KD_EXCLUDE_GUEST));
	know(&l, KD_F_AS_INACCESSIBLE, 64);
	CHECK(t, kd_exclude_refusal(&l, KD_EXCLUDE_GUEST));
	know(&l, KD_F_AS_INACCESSIBLE, 8);
	CHECK(t, !kd_exclude_refusal(&l, KD_EXCLUDE_GUEST));
	CHECK(t, kd_exclude_refusal(&l, KD_EXCLUDE_GPU));
}

struct judged {
	struct kd_memmap memmap;
	struct kd_scanner scanner;
	struct kd_scan scan;
	struct kd_keepmap exists, keep;
};

static void judged_done(struct judged *j)
{
	kd_scanner_done(&j->scanner);
	kd_keepmap_done(&j->exists);
	kd_keepmap_done(&j->keep);
}

static void judge(struct test *t, struct judged *j, const struct machine *m,
		  const struct kd_memory *memory, struct kd_policy policy)
{
	*j = (struct judged) { 0 };
	CHECK_INT(t, kd_memmap_init(&j->memmap, &m->xlat, &m->layout, 65536, false, NULL),
		  0);
	CHECK_INT(t,
		  kd_scan_init(&j->scan, memory, &j->memmap, &m->layout, &policy, NULL),
		  0);
	CHECK_INT(t, kd_scanner_init(&j->scanner, &j->scan), 0);
	CHECK_INT(t, kd_keepmap_init(&j->exists, END), 0);
	CHECK_INT(t, kd_keepmap_init(&j->keep, END), 0);
	CHECK_INT(t, kd_scanner_range(&j->scanner, 0, END, &j->exists, &j->keep), 0);
}

/* Two files, one of a guest; compressed swap beside them. */
#define SCRIPT                                                              \
	"@core preset=6.12\n@ram start=0x100000 size=63M\n"                 \
	"@data addr=0x3800030 u64=0x100\n@data addr=0x3900030 u64=0x8\n"    \
	"@page pfn=0x2000 class=cache count=4 mapping=0xffff888003800000\n" \
	"@page pfn=0x2010 class=cache order=2 mapping=0xffff888003800000\n" \
	"@page pfn=0x2100 class=cache count=8 mapping=0xffff888003900000\n" \
	"@page pfn=0x2200 class=cache mapping=0xdead000000000400\n"         \
	"@page pfn=0x2300 count=3 mapcount=-167772160\n"

static void by_name(struct test *t)
{
	static const struct {
		struct kd_policy policy;
		uint64_t guest, cache, zram, gone;
	} rows[] = {
		{ { .exclude = 0 }, 0, 17, 3, 0 },
		{ { .exclude = KD_EXCLUDE_GUEST }, 8, 9, 3, 8 },
		{ { .exclude = KD_EXCLUDE_ZRAM }, 0, 17, 3, 3 },
		{ { .exclude = KD_EXCLUDE_GUEST, .level = KD_EXCLUDE_CACHE },
		  8,
		  9,
		  3,
		  17 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(machine_done) struct machine m;
		_cleanup_(judged_done) struct judged j;
		const uint64_t *seen = j.scanner.counts.seen;

		machine_init(&m, SCRIPT);
		know(&m.layout, KD_F_TYPE_ZSMALLOC, -167772160);
		know(&m.layout, KD_F_ADDRESS_SPACE_FLAGS, 0x30);
		know(&m.layout, KD_F_AS_INACCESSIBLE, 8);
		judge(t, &j, &m, m.memory, rows[i].policy);
		CHECK_INT(t, seen[KD_CLASS_GUEST], rows[i].guest);
		CHECK_INT(t, seen[KD_CLASS_CACHE], rows[i].cache);
		CHECK_INT(t, seen[KD_CLASS_ZRAM], rows[i].zram);
		CHECK_INT(t, kd_keepmap_count(&j.keep), END - 0x100 - rows[i].gone);
	}
}

/* An input that has every other 16 frames. */
static int present(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	(void)m;
	if (*from & 16)
		*from = (*from | 15) + 1;
	if (*from >= END)
		return 0;
	*ret_end = (*from | 15) + 1;
	return 1;
}

static int broken(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	(void)m;
	(void)from;
	(void)ret_end;
	return -EIO;
}

static void filtered_input(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(judged_done) struct judged j;
	struct kd_memory_ops ops = { .present = present };
	struct kd_memory memory;
	uint64_t kept = 0;

	machine_init(&m, SCRIPT "@page pfn=0x2400 class=free order=6\n");
	memory = *m.memory;
	memory.ops = &ops;
	judge(t, &j, &m, &memory, (struct kd_policy) { .level = KD_EXCLUDE_FREE });
	CHECK_INT(t, kd_keepmap_count(&j.exists), END - 0x100);
	CHECK_INT(t, j.scanner.counts.absent, (END - 0x100) / 2);
	/* half of the free block was not there in the first place */
	CHECK_INT(t, kd_keepmap_count(&j.keep), (END - 0x100) / 2 - 32);
	CHECK_INT(t, j.scanner.counts.seen[KD_CLASS_FREE], 64);
	CHECK_INT(t, j.scanner.counts.seen[KD_CLASS_CACHE], 17);
	for (size_t i = 0; i < KD_CLASS_COUNT; i++)
		kept += j.scanner.counts.kept[i];
	CHECK_INT(t, kept, kd_keepmap_count(&j.keep));
	for (kd_pfn_t pfn = 0; pfn < END; pfn++)
		if ((pfn & 16) && kd_keepmap_test(&j.keep, pfn))
			test_failed(t, __FILE__, __LINE__, "kept and not there");
	ops.present = broken;
	CHECK_INT(t, kd_scanner_range(&j.scanner, 0, END, &j.exists, &j.keep), -EIO);
}

static const struct test_case cases[] = {
	{ "what cannot be told is refused", refusals },
	{ "guest memory and compressed swap go by name", by_name },
	{ "what the input lacks is never kept", filtered_input },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
