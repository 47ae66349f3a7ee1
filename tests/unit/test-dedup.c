/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/format/dedup: the first page published under a hash stays, a full bucket
 * takes no more, threads never see half an entry; and the hash depends on every bit and
 * on where it lies.
 */
#include "makedumpfile/format/dedup.h"

#include "base/parallel.h"
#include "tests/unit/test.h"

#define PAGE 4096

/* An entry whose members all follow from its hash, so that a torn one is known. */
static struct kd_dedup_entry entry_for(uint64_t hash, unsigned int who)
{
	return (struct kd_dedup_entry) {
		.pfn = hash ^ who,
		.offset = ~hash ^ who,
		.size = (uint32_t)(hash >> 32),
		.flags = who,
	};
}

static bool is_whole(uint64_t hash, const struct kd_dedup_entry *e)
{
	struct kd_dedup_entry want = entry_for(hash, e->flags);

	return memcmp(e, &want, sizeof(want)) == 0;
}

static void test_new(struct test *t)
{
	static const struct {
		size_t entries;
		int want;
	} table[] = {
		{ 0, -EINVAL },	   { 1, -EINVAL },
		{ 4, -EINVAL },	   { 12, -EINVAL },
		{ 8, 0 },	   { 65536, 0 },
		{ 8191, -EINVAL }, { SIZE_MAX / 2 + 1, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_dedup_freep) struct kd_dedup *d = NULL;

		CHECK_INT(t, kd_dedup_new(table[i].entries, &d), table[i].want);
		CHECK_INT(t, d != NULL, table[i].want == 0);
	}
}

static void test_first_stays(struct test *t)
{
	/* the states of a slot are no hashes, yet pages may hash to them */
	static const uint64_t hashes[] = { 0, 1, 2 + 64, 1000, UINT64_MAX };
	_cleanup_(kd_dedup_freep) struct kd_dedup *d = NULL;
	struct kd_dedup_entry e;

	CHECK_INT(t, kd_dedup_new(64, &d), 0);
	for (size_t i = 0; i < ARRAY_SIZE(hashes); i++) {
		struct kd_dedup_entry first = entry_for(hashes[i], 1);
		struct kd_dedup_entry second = entry_for(hashes[i], 2);

		CHECK(t, !kd_dedup_find(d, hashes[i], &e));
		CHECK(t, kd_dedup_publish(d, hashes[i], &first));
		CHECK(t, !kd_dedup_publish(d, hashes[i], &second));
		CHECK(t, kd_dedup_find(d, hashes[i], &e));
		CHECK_INT(t, e.flags, 1);
		CHECK(t, is_whole(hashes[i], &e));
	}
}

static void test_full(struct test *t)
{
	_cleanup_(kd_dedup_freep) struct kd_dedup *d = NULL;
	struct kd_dedup_entry e = { 0 };
	unsigned int taken = 0, found = 0;

	CHECK_INT(t, kd_dedup_new(KD_DEDUP_ENTRIES_MIN, &d), 0);
	for (uint64_t hash = 100; hash < 200; hash++) {
		e = entry_for(hash, 0);
		taken += kd_dedup_publish(d, hash, &e);
	}
	for (uint64_t hash = 100; hash < 200; hash++) {
		if (!kd_dedup_find(d, hash, &e))
			continue;
		found++;
		CHECK(t, is_whole(hash, &e));
	}
	CHECK_INT(t, taken, KD_DEDUP_ENTRIES_MIN);
	CHECK_INT(t, found, KD_DEDUP_ENTRIES_MIN);
}

/* What the header promises a caller who sizes the table. */
static void test_fill(struct test *t)
{
	_cleanup_(kd_dedup_freep) struct kd_dedup *d = NULL;
	const size_t entries = 1 << 14;
	struct kd_dedup_entry e;
	size_t taken = 0;

	CHECK_INT(t, kd_dedup_new(entries, &d), 0);
	for (uint64_t i = 0; i < entries / 2; i++) {
		uint64_t hash = kd_dedup_hash(&i, sizeof(i));

		e = entry_for(hash, 0);
		taken += kd_dedup_publish(d, hash, &e);
	}
	CHECK(t, taken >= entries / 2 - entries / 64);
}

static void fill(uint8_t *page, size_t size)
{
	for (size_t i = 0; i < size; i++)
		page[i] = (uint8_t)(i * 7 + i / 256);
}

static void test_hash_bits(struct test *t)
{
	static uint8_t page[PAGE];
	uint64_t whole;

	fill(page, PAGE);
	whole = kd_dedup_hash(page, PAGE);
	for (size_t bit = 0; bit < 8 * PAGE; bit++) {
		page[bit / 8] ^= (uint8_t)(1U << bit % 8);
		CHECK(t, kd_dedup_hash(page, PAGE) != whole);
		page[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	CHECK(t, kd_dedup_hash(page, PAGE) == whole);
}

static void test_hash_places(struct test *t)
{
	static uint8_t page[PAGE + 16];
	uint64_t hashes[PAGE / 8], zero = kd_dedup_hash(page, PAGE);

	/* one word, moved: pages of a kernel differ by as little */
	for (size_t i = 0; i < PAGE / 8; i++) {
		page[8 * i] = 0x88;
		hashes[i] = kd_dedup_hash(page, PAGE);
		page[8 * i] = 0;
		CHECK(t, hashes[i] != zero);
		for (size_t j = 0; j < i; j++)
			CHECK(t, hashes[i] != hashes[j]);
	}
	for (size_t size = 0; size < 200; size++)
		CHECK(t, kd_dedup_hash(page, size) != kd_dedup_hash(page, size + 1));
	fill(page, PAGE);
	zero = kd_dedup_hash(page, PAGE);
	for (size_t align = 1; align < 16; align++) {
		memmove(page + align, page + align - 1, PAGE);
		CHECK(t, kd_dedup_hash(page + align, PAGE) == zero);
	}
}

/* The bits a bucket is chosen by are as good as any. */
static void test_hash_spread(struct test *t)
{
	static uint8_t page[PAGE];
	unsigned int hits[256] = { 0 }, most = 0;

	for (uint32_t i = 0; i < 256 * 64; i++) {
		memcpy(page + 1024, &i, sizeof(i));
		hits[kd_dedup_hash(page, PAGE) & 255]++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(hits); i++)
		most = MAX(most, hits[i]);
	CHECK(t, most < 2 * 64);
}

#define THREADS	   4
#define HASHES	   20000
#define BY_THREADS (1U << 14)

struct crowd {
	struct kd_dedup *table;
	_Atomic unsigned int published;
	_Atomic unsigned int found;
	_Atomic unsigned int torn;
};

/* All threads want to publish the same pages, in about the same order. */
static int press(void *context, unsigned int worker)
{
	struct crowd *c = context;
	unsigned int published = 0, found = 0, torn = 0;

	for (uint64_t i = 0; i < HASHES; i++) {
		uint64_t seed = i + worker % 2 * 16, hash;
		struct kd_dedup_entry e;

		hash = kd_dedup_hash(&seed, sizeof(seed));
		if (kd_dedup_find(c->table, hash, &e)) {
			found++;
			torn += !is_whole(hash, &e);
			continue;
		}
		e = entry_for(hash, worker);
		published += kd_dedup_publish(c->table, hash, &e);
	}
	c->published += published;
	c->found += found;
	c->torn += torn;
	return 0;
}

static void test_threads(struct test *t)
{
	_cleanup_(kd_dedup_freep) struct kd_dedup *d = NULL;
	struct crowd c = { 0 };
	struct kd_dedup_entry e;
	unsigned int there = 0;

	CHECK_INT(t, kd_dedup_new(BY_THREADS, &d), 0);
	c.table = d;
	CHECK_INT(t, kd_parallel(THREADS, press, &c), 0);
	CHECK_INT(t, c.torn, 0);
	CHECK(t, c.found > 0);
	CHECK(t, c.published > HASHES / 2 && c.published <= BY_THREADS);
	for (uint64_t i = 0; i < HASHES + 16; i++) {
		uint64_t hash = kd_dedup_hash(&i, sizeof(i));

		if (!kd_dedup_find(d, hash, &e))
			continue;
		there++;
		CHECK(t, is_whole(hash, &e));
	}
	/* a hash published twice at once is found once */
	CHECK(t, there > HASHES / 2 && there <= c.published);
}

static const struct test_case cases[] = {
	{ "sizes of a table", test_new },
	{ "the first page of a hash stays", test_first_stays },
	{ "a full table takes no more", test_full },
	{ "a table half full has turned away next to nothing", test_fill },
	{ "the hash depends on every bit", test_hash_bits },
	{ "the hash depends on places, on sizes, not on alignment", test_hash_places },
	{ "hashes spread over buckets", test_hash_spread },
	{ "several threads publish and find", test_threads },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
