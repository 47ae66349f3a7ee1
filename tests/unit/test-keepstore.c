/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/keepstore: whatever its place, its blocks and the threads that fill it, the same
 * pages come out as of one scan of everything; runs, ranks and parts agree with them.
 */
#include "tests/unit/machine.h"

#include "makedumpfile/pages/keepstore.h"

#define END 0x4000

#define SCRIPT                                              \
	"@core preset=6.12\n@ram start=0x100000 size=63M\n" \
	"@page pfn=0x2000 class=free order=5 count=2\n"     \
	"@page pfn=0x2400 class=hugetlb order=9\n"          \
	"@page pfn=0x2600 class=anon order=4\n"             \
	"@page pfn=0x2700 class=cache count=3\n"            \
	"@page pfn=0x2800 class=free order=10\n"            \
	"@page pfn=0x2c00 class=hugetlb order=9\n"          \
	"@page pfn=0x2e00 class=hwpoison\n"

struct file {
	uint8_t bits[2][END / 8];
	bool fail_put, flip;
};

static int put(void *context, enum kd_keep_which which, uint64_t offset, const void *data,
	       size_t size)
{
	struct file *f = context;

	if (f->fail_put)
		return -ENOSPC;
	if (offset + size > sizeof(f->bits[which]))
		return -EINVAL;
	memcpy(f->bits[which] + offset, data, size);
	return 0;
}

static int get(void *context, enum kd_keep_which which, uint64_t offset, void *data,
	       size_t size)
{
	struct file *f = context;

	memcpy(data, f->bits[which] + offset, size);
	if (f->flip)
		*(uint8_t *)data ^= 1;
	return 0;
}

struct judged {
	struct machine machine;
	struct kd_memmap memmap;
	struct kd_scan scan;
	struct kd_scan_counts counts;
	struct kd_keepmap exists, keep; /* what one scan of everything says */
};

static void judged_done(struct judged *j)
{
	kd_keepmap_done(&j->keep);
	kd_keepmap_done(&j->exists);
	machine_done(&j->machine);
}

static void judged_init(struct test *t, struct judged *j, const char *script,
			unsigned int level)
{
	struct kd_policy policy = { .level = level };
	struct kd_scanner s;

	*j = (struct judged) { 0 };
	machine_init(&j->machine, script);
	CHECK_INT(t,
		  kd_memmap_init(&j->memmap, &j->machine.xlat, &j->machine.layout, 65536,
				 false, NULL),
		  0);
	CHECK_INT(t,
		  kd_scan_init(&j->scan, j->machine.memory, &j->memmap,
			       &j->machine.layout, &policy, NULL),
		  0);
	CHECK_INT(t, kd_keepmap_init(&j->exists, END), 0);
	CHECK_INT(t, kd_keepmap_init(&j->keep, END), 0);
	CHECK_INT(t, kd_scanner_init(&s, &j->scan), 0);
	CHECK_INT(t, kd_scanner_range(&s, 0, END, &j->exists, &j->keep), 0);
	j->counts = s.counts;
	kd_scanner_done(&s);
}

static void cursor_done(struct kd_keep_cursor *c)
{
	kd_keep_cursor_done(c);
}

/* All that can be asked of @store against the one scan. */
static void compare(struct test *t, const struct judged *j,
		    const struct kd_keepstore *store)
{
	_cleanup_(cursor_done) struct kd_keep_cursor c;
	uint64_t wrong = 0, rank = 0, got;
	kd_pfn_t from = 0, end = 0, at = 0;
	const uint8_t *bits[2];
	size_t n;

	CHECK_INT(t, kd_keepstore_total(store), kd_keepmap_count(&j->exists));
	CHECK_INT(t, kd_keepstore_kept(store), kd_keepmap_count(&j->keep));
	CHECK(t, memcmp(kd_keepstore_counts(store), &j->counts, sizeof(j->counts)) == 0);
	CHECK_INT(t, kd_keep_cursor_init(&c, store), 0);
	for (; kd_keep_cursor_next(&c, &from, &end) == 1; from = end) {
		for (; at < from; at++)
			wrong += kd_keepmap_test(&j->keep, at);
		for (; at < end; at++)
			wrong += !kd_keepmap_test(&j->keep, at);
	}
	for (; at < END; at++)
		wrong += kd_keepmap_test(&j->keep, at);
	CHECK_INT(t, wrong, 0);

	for (at = 0; at < END; at += kd_keepstore_block_frames(store)) {
		CHECK_INT(t, kd_keep_cursor_block(&c, at, bits, &n), 0);
		CHECK_INT(t, n, MIN(kd_keepstore_block_frames(store), END - at) / 8);
		CHECK(t, memcmp(bits[KD_KEEP_EXISTS], j->exists.bits + at / 8, n) == 0);
		CHECK(t, memcmp(bits[KD_KEEP_KEPT], j->keep.bits + at / 8, n) == 0);
	}
	CHECK_INT(t, kd_keep_cursor_block(&c, END, bits, &n), -EINVAL);
	for (at = 0; at <= END; at += 61) {
		CHECK_INT(t, kd_keep_cursor_rank(&c, at, &got), 0);
		wrong += got != kd_keepmap_count_range(&j->keep, 0, at);
		rank = MAX(rank, got);
	}
	CHECK_INT(t, wrong, 0);
	CHECK(t, rank > 0);
}

static void everywhere(struct test *t)
{
	static const uint64_t blocks[] = { 0, 64, 320, 4096 };
	static const unsigned int threads[] = { 1, 2, 3, 8 };
	_cleanup_(judged_done) struct judged j;
	static struct file file;
	const struct kd_keep_spill spill = { .put = put, .get = get, .context = &file };

	judged_init(t, &j, SCRIPT, KD_EXCLUDE_ALL);
	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		for (enum kd_keep_place place = KD_KEEP_IN_MEMORY; place <= KD_KEEP_AGAIN;
		     place++) {
			_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
			struct kd_keepstore_setup setup = {
				.max_pfn = END,
				.memory = place == KD_KEEP_IN_MEMORY ? 1 << 20 : 0,
				.spill = place == KD_KEEP_IN_FILE ? &spill : NULL,
				.block_frames = blocks[i],
			};

			memset(&file, 0, sizeof(file));
			CHECK_INT(t, kd_keepstore_new(&setup, &store), 0);
			CHECK_INT(t, kd_keepstore_place(store), place);
			/* a second fill starts over */
			CHECK_INT(t, kd_keepstore_fill(store, &j.scan, 1, NULL, NULL), 0);
			CHECK_INT(
				t,
				kd_keepstore_fill(store, &j.scan, threads[i], NULL, NULL),
				0);
			compare(t, &j, store);
		}
	}
}

/* What a full disk, and a file that reads back otherwise, come to. */
static void bad_file(struct test *t)
{
	_cleanup_(judged_done) struct judged j;
	_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
	_cleanup_(cursor_done) struct kd_keep_cursor c;
	static struct file file;
	const struct kd_keep_spill spill = { .put = put, .get = get, .context = &file };
	struct kd_keepstore_setup setup = { .max_pfn = END,
					    .spill = &spill,
					    .block_frames = 1024 };
	kd_pfn_t from = 0, end;

	judged_init(t, &j, SCRIPT, KD_EXCLUDE_ALL);
	CHECK_INT(t, kd_keepstore_new(&setup, &store), 0);
	file.fail_put = true;
	CHECK_INT(t, kd_keepstore_fill(store, &j.scan, 2, NULL, NULL), -ENOSPC);
	file.fail_put = false;
	CHECK_INT(t, kd_keepstore_fill(store, &j.scan, 2, NULL, NULL), 0);
	file.flip = true;
	CHECK_INT(t, kd_keep_cursor_init(&c, store), 0);
	CHECK_INT(t, kd_keep_cursor_next(&c, &from, &end), -EIO);
}

static void parts(struct test *t)
{
	_cleanup_(judged_done) struct judged j;

	judged_init(t, &j, SCRIPT, KD_EXCLUDE_ALL);
	for (uint64_t align = 1; align <= 256; align *= 16) {
		_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
		_cleanup_(cursor_done) struct kd_keep_cursor c;
		struct kd_keepstore_setup setup = { .max_pfn = END, .block_frames = 640 };
		kd_pfn_t starts[7];

		CHECK_INT(t, kd_keepstore_new(&setup, &store), 0);
		CHECK_INT(t, kd_keepstore_fill(store, &j.scan, 1, NULL, NULL), 0);
		CHECK_INT(t, kd_keep_cursor_init(&c, store), 0);
		CHECK_INT(t, kd_keep_cursor_split(&c, 0, align, starts), -EINVAL);
		CHECK_INT(t, kd_keep_cursor_split(&c, 7, 0, starts), -EINVAL);
		CHECK_INT(t, kd_keep_cursor_split(&c, 7, align, starts), 0);
		CHECK_INT(t, starts[0], 0);
		for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
			kd_pfn_t to = i == 6 ? END : starts[i + 1];
			uint64_t n = kd_keepmap_count_range(&j.keep, starts[i], to);
			uint64_t want = kd_keepmap_count(&j.keep) / 7;

			CHECK(t, starts[i] <= to && starts[i] % align == 0);
			CHECK(t, n + align >= want && n <= want + align + 1);
		}
		CHECK_INT(t, kd_keep_cursor_split(&c, 7, END, starts), 0);
		for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
			CHECK_INT(t, starts[i], i ? END : 0);
	}
}

/* Too few places to begin at: the empty parts are the last ones. */
static void empty_parts(struct test *t)
{
	_cleanup_(judged_done) struct judged j;
	_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
	_cleanup_(cursor_done) struct kd_keep_cursor c;
	const struct kd_keepstore_setup setup = { .max_pfn = END };
	kd_pfn_t starts[4];

	judged_init(t, &j, SCRIPT, KD_EXCLUDE_ALL);
	CHECK_INT(t, kd_keepstore_new(&setup, &store), 0);
	CHECK_INT(t, kd_keepstore_fill(store, &j.scan, 1, NULL, NULL), 0);
	CHECK_INT(t, kd_keep_cursor_init(&c, store), 0);
	CHECK_INT(t, kd_keep_cursor_split(&c, 4, END, starts), 0);
	CHECK_INT(t, starts[0], 0);
	for (size_t i = 1; i < ARRAY_SIZE(starts); i++)
		CHECK_INT(t, starts[i], END);
}

/* Memory map that describes frames below RAM, behind it, or in free blocks. */
static bool goes(kd_pfn_t pfn)
{
	return pfn < 0x100 || pfn >= END || (pfn >= 0x2000 && pfn < 0x2c00);
}

/* How many pages of the section's memory map are not kept; those must be the right ones. */
static uint64_t gone_memmap(struct test *t, const struct judged *j,
			    const struct kd_keepstore *store)
{
	_cleanup_(cursor_done) struct kd_keep_cursor c;
	uint64_t gone = 0;

	CHECK_INT(t, kd_keep_cursor_init(&c, store), 0);
	for (kd_pfn_t pfn = 0; pfn < 0x8000; pfn += 64) {
		const uint8_t *bits[2];
		kd_vaddr_t at;
		kd_paddr_t addr;
		size_t n;

		CHECK_INT(t, kd_memmap_address(&j->memmap, pfn, &at), 0);
		CHECK_INT(t, kd_xlat_vtop(&j->machine.xlat, at, &addr, NULL), 0);
		addr /= 4096;
		CHECK_INT(t, kd_keep_cursor_block(&c, addr, bits, &n), 0);
		addr %= kd_keepstore_block_frames(store);
		if (bits[KD_KEEP_KEPT][addr / 8] >> addr % 8 & 1)
			continue;
		CHECK(t, goes(pfn));
		gone++;
	}
	return gone;
}

/* -e: in memory and in a file, with leaves of 2 MiB and of 4 KiB. */
static void without_memmap(struct test *t)
{
	static const char *const cores[] = { "@core preset=6.12\n",
					     "@core preset=6.12 vmemmap=4k\n" };
	static struct file file;
	const struct kd_keep_spill spill = { put, get, &file };

	for (size_t i = 0; i < 4; i++) {
		_cleanup_(judged_done) struct judged j;
		_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
		struct kd_keepstore_setup setup = { .max_pfn = END,
						    .memory = i / 2 ? 1 << 20 : 0,
						    .spill = &spill,
						    .block_frames = 1024 };
		uint64_t dropped = 0, kept;
		char script[256];

		(void)snprintf(script, sizeof(script),
			       "%s@ram start=0x100000 size=63M\n"
			       "@page pfn=0x2000 class=free order=10 count=3\n"
			       "@page pfn=0x2c00 class=free order=5\n",
			       cores[i % 2]);
		judged_init(t, &j, script, KD_EXCLUDE_ALL);
		CHECK_INT(t, kd_keepstore_new(&setup, &store), 0);
		CHECK_INT(t, kd_keepstore_fill(store, &j.scan, 1, NULL, NULL), 0);
		kept = kd_keepstore_kept(store);
		CHECK_INT(t, kd_keepstore_drop_memmap(store, &dropped), 0);
		CHECK_INT(t, dropped, (0xc00 + 0x100 + 0x4000) / 64);
		CHECK_INT(t, kd_keepstore_kept(store), kept - dropped);
		CHECK_INT(t, kd_keepstore_counts(store)->kept[KD_CLASS_KERNEL],
			  kept - dropped);
		CHECK_INT(t, gone_memmap(t, &j, store), dropped);
	}
}

static void setups(struct test *t)
{
	_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
	struct kd_keepstore_setup setup = { .max_pfn = END, .block_frames = 100 };

	CHECK_INT(t, kd_keepstore_new(&setup, &store), -EINVAL);
	setup = (struct kd_keepstore_setup) { .max_pfn = UINT64_MAX };
	CHECK_INT(t, kd_keepstore_new(&setup, &store), -EINVAL);
	/* 16 TiB: bitmaps of 1 GiB, an index of 1 MiB */
	setup = (struct kd_keepstore_setup) { .max_pfn = UINT64_C(1) << 32,
					      .memory = 16 << 20 };
	CHECK_INT(t, kd_keepstore_new(&setup, &store), 0);
	CHECK_INT(t, kd_keepstore_place(store), KD_KEEP_AGAIN);
	CHECK_INT(t, kd_keepstore_block_frames(store), 65536);
}

static const struct test_case cases[] = {
	{ "any place, block and thread gives the same pages", everywhere },
	{ "a file that fails or changes is an error", bad_file },
	{ "parts are balanced", parts },
	{ "empty parts come last", empty_parts },
	{ "the memory map of what is gone goes", without_memmap },
	{ "what cannot be is refused", setups },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
