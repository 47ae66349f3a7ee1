/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Range sets, by tables of text: "1000-2000 R" is [0x1000, 0x2000) of RAM. One letter a
 * type: R am, X reserved, A CPI, N VS, U nusable, P MEM, S oft reserved.
 */
#include "kexec/ranges.h"

#include "tests/unit/test.h"

#define GIB (1ull << 30)

static const char letters[] = "RXANUPS";

static enum kd_range_type type_of(char letter)
{
	return (enum kd_range_type)(strchr(letters, letter) - letters);
}

/* One range of the text; returns what is left, NULL at its end. */
static const char *next_range(const char *text, struct kd_range *ret)
{
	int used = 0;
	char letter;

	if (sscanf(text, " %" SCNx64 "-%" SCNx64 " %c%n", &ret->start, &ret->end, &letter,
		   &used) != 3)
		return NULL;
	ret->type = type_of(letter);
	return text + used;
}

static void fill(struct test *t, struct kd_ranges *set, const char *text)
{
	struct kd_range range;

	kd_ranges_init(set);
	while ((text = next_range(text, &range)))
		CHECK_INT(t, kd_ranges_insert(set, range.start, range.end, range.type),
			  0);
}

static void check_set(struct test *t, const char *name, const struct kd_ranges *set,
		      const char *want)
{
	struct kd_range range;
	size_t n = 0;

	while ((want = next_range(want, &range))) {
		if (n >= set->n || set->items[n].start != range.start ||
		    set->items[n].end != range.end || set->items[n].type != range.type) {
			test_failed(t, __FILE__, __LINE__, "%s: range %zu differs", name,
				    n);
			return;
		}
		n++;
	}
	if (n != set->n)
		test_failed(t, __FILE__, __LINE__, "%s: %zu ranges, not %zu", name,
			    set->n, n);
}

struct change {
	const char *name;
	const char *before;
	const char *range;
	const char *after;
};

static const struct change inserts[] = {
	{ "into nothing", "", "1000-2000 R", "1000-2000 R" },
	{ "nothing into nothing", "", "1000-1000 R", "" },
	{ "nothing inside", "1000-3000 R", "2000-2000 X", "1000-3000 R" },
	{ "before", "3000-4000 R", "1000-2000 R", "1000-2000 R 3000-4000 R" },
	{ "behind", "1000-2000 R", "3000-4000 R", "1000-2000 R 3000-4000 R" },
	{ "between", "1000-2000 R 5000-6000 R", "3000-4000 A",
	  "1000-2000 R 3000-4000 A 5000-6000 R" },
	{ "joins its left", "1000-2000 R", "2000-3000 R", "1000-3000 R" },
	{ "joins its right", "2000-3000 R", "1000-2000 R", "1000-3000 R" },
	{ "joins both", "1000-2000 R 3000-4000 R", "2000-3000 R", "1000-4000 R" },
	{ "joins only its like", "1000-2000 R 3000-4000 A", "2000-3000 A",
	  "1000-2000 R 2000-4000 A" },
	{ "joins no other type", "1000-2000 R", "2000-3000 X",
	  "1000-2000 R 2000-3000 X" },
	{ "again", "1000-2000 R", "1000-2000 R", "1000-2000 R" },
	{ "again as another", "1000-2000 R", "1000-2000 X", "1000-2000 X" },
	{ "inside, same", "1000-4000 R", "2000-3000 R", "1000-4000 R" },
	{ "inside, other", "1000-4000 R", "2000-3000 N",
	  "1000-2000 R 2000-3000 N 3000-4000 R" },
	{ "at the left edge", "1000-4000 R", "1000-2000 X", "1000-2000 X 2000-4000 R" },
	{ "at the right edge", "1000-4000 R", "3000-4000 X", "1000-3000 R 3000-4000 X" },
	{ "over the left edge", "2000-4000 R", "1000-3000 X", "1000-3000 X 3000-4000 R" },
	{ "over the right edge", "1000-3000 R", "2000-4000 X",
	  "1000-2000 R 2000-4000 X" },
	{ "over the left edge, same", "2000-4000 R", "1000-3000 R", "1000-4000 R" },
	{ "over all", "1000-2000 R 3000-4000 A 5000-6000 N", "0-7000 X", "0-7000 X" },
	{ "over all exactly", "1000-2000 R 3000-4000 A", "1000-4000 X", "1000-4000 X" },
	{ "over two halves", "1000-3000 R 4000-6000 A", "2000-5000 X",
	  "1000-2000 R 2000-5000 X 5000-6000 A" },
	{ "over two halves, like the first", "1000-3000 R 4000-6000 A", "2000-5000 R",
	  "1000-5000 R 5000-6000 A" },
	{ "fills a split again", "1000-2000 R 2000-3000 X 3000-4000 R", "2000-3000 R",
	  "1000-4000 R" },
	{ "one byte", "1000-2000 R", "1001-1002 X",
	  "1000-1001 R 1001-1002 X 1002-2000 R" },
	{ "above 4 GiB", "100000000-200000000 R", "140000000-140001000 P",
	  "100000000-140000000 R 140000000-140001000 P 140001000-200000000 R" },
	{ "across 4 GiB", "fffff000-100000000 R", "100000000-100001000 R",
	  "fffff000-100001000 R" },
	{ "to the top", "fffffffffffff000-ffffffffffffffff X",
	  "ffffffffffffe000-ffffffffffffffff R", "ffffffffffffe000-ffffffffffffffff R" },
	{ "the whole space", "1000-2000 R", "0-ffffffffffffffff S",
	  "0-ffffffffffffffff S" },
};

static const struct change subtracts[] = {
	{ "from nothing", "", "1000-2000 R", "" },
	{ "nothing", "1000-3000 R", "2000-2000 R", "1000-3000 R" },
	{ "all", "1000-2000 R", "1000-2000 R", "" },
	{ "more than all", "1000-2000 R 3000-4000 A", "0-ffffffffffffffff R", "" },
	{ "before", "2000-3000 R", "1000-2000 R", "2000-3000 R" },
	{ "behind", "2000-3000 R", "3000-4000 R", "2000-3000 R" },
	{ "a gap", "1000-2000 R 3000-4000 R", "2000-3000 R", "1000-2000 R 3000-4000 R" },
	{ "splits", "1000-4000 R", "2000-3000 R", "1000-2000 R 3000-4000 R" },
	{ "splits by a byte", "1000-4000 R", "2000-2001 R", "1000-2000 R 2001-4000 R" },
	{ "the left end", "1000-4000 R", "1000-2000 R", "2000-4000 R" },
	{ "the right end", "1000-4000 R", "3000-4000 R", "1000-3000 R" },
	{ "over the left end", "1000-4000 R", "0-2000 R", "2000-4000 R" },
	{ "over the right end", "1000-4000 R", "3000-9000 R", "1000-3000 R" },
	{ "whatever type", "1000-2000 R 2000-3000 A 3000-4000 N", "1800-3800 R",
	  "1000-1800 R 3800-4000 N" },
	{ "above 4 GiB", "100000000-200000000 R", "1af000000-1bf000000 R",
	  "100000000-1af000000 R 1bf000000-200000000 R" },
	{ "at the top", "0-ffffffffffffffff R", "fffffffffffff000-ffffffffffffffff R",
	  "0-fffffffffffff000 R" },
};

/* clip's twin: what lies in the range */
static const struct change clips[] = {
	{ "nothing", "", "1000-2000 R", "" },
	{ "to nothing", "1000-3000 R", "2000-2000 R", "" },
	{ "to nothing, backwards", "1000-3000 R", "3000-2000 R", "" },
	{ "to all", "1000-2000 R 3000-4000 A", "0-ffffffffffffffff R",
	  "1000-2000 R 3000-4000 A" },
	{ "inside of one", "1000-4000 R", "2000-3000 R", "2000-3000 R" },
	{ "over two", "1000-3000 R 4000-6000 A", "2000-5000 R",
	  "2000-3000 R 4000-5000 A" },
	{ "at edges", "1000-2000 R 2000-3000 A 3000-4000 N", "2000-3000 R",
	  "2000-3000 A" },
	{ "a gap", "1000-2000 R 3000-4000 R", "2000-3000 R", "" },
	{ "above", "1000-2000 R", "3000-4000 R", "" },
	{ "below", "3000-4000 R", "1000-2000 R", "" },
	{ "below 4 GiB", "100000-c0000000 R 100000000-640000000 R", "0-100000000 R",
	  "100000-c0000000 R" },
	{ "from 4 GiB", "100000-c0000000 R f0000000-640000000 R",
	  "100000000-ffffffffffffffff R", "100000000-640000000 R" },
};

static void test_insert(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(inserts); i++) {
		struct kd_range range;
		struct kd_ranges set;

		fill(t, &set, inserts[i].before);
		(void)next_range(inserts[i].range, &range);
		CHECK_INT(t, kd_ranges_insert(&set, range.start, range.end, range.type),
			  0);
		check_set(t, inserts[i].name, &set, inserts[i].after);
		kd_ranges_done(&set);
	}
}

static void test_subtract(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(subtracts); i++) {
		struct kd_range range;
		struct kd_ranges set;

		fill(t, &set, subtracts[i].before);
		(void)next_range(subtracts[i].range, &range);
		CHECK_INT(t, kd_ranges_subtract(&set, range.start, range.end), 0);
		check_set(t, subtracts[i].name, &set, subtracts[i].after);
		kd_ranges_done(&set);
	}
}

static void test_clip(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(clips); i++) {
		struct kd_range range;
		struct kd_ranges set;

		fill(t, &set, clips[i].before);
		(void)next_range(clips[i].range, &range);
		kd_ranges_clip(&set, range.start, range.end);
		check_set(t, clips[i].name, &set, clips[i].after);
		kd_ranges_done(&set);
	}
}

static void test_backwards(struct test *t)
{
	struct kd_ranges set;

	fill(t, &set, "1000-3000 R");
	CHECK_INT(t, kd_ranges_insert(&set, 0x2000, 0x1fff, KD_RANGE_RAM), -EINVAL);
	CHECK_INT(t, kd_ranges_subtract(&set, 0x2000, 0x1fff), -EINVAL);
	CHECK_INT(t, kd_ranges_subtract(&set, UINT64_MAX, 0), -EINVAL);
	check_set(t, "backwards", &set, "1000-3000 R");
	kd_ranges_done(&set);
}

static void test_select(struct test *t)
{
	struct kd_ranges set, some;

	fill(t, &set, "0-1000 X 1000-2000 R 2000-3000 A 3000-4000 R 5000-6000 P");
	fill(t, &some, "7000-8000 N");
	CHECK_INT(t, kd_ranges_select(&set, KD_RANGE_RAM, &some), 0);
	check_set(t, "RAM", &some, "1000-2000 R 3000-4000 R");
	CHECK_INT(t, kd_ranges_select(&set, KD_RANGE_PMEM, &some), 0);
	check_set(t, "PMEM", &some, "5000-6000 P");
	CHECK_INT(t, kd_ranges_select(&set, KD_RANGE_NVS, &some), 0);
	check_set(t, "none", &some, "");
	CHECK_INT(t, kd_ranges_select(&set, KD_RANGE_RAM, &set), 0);
	check_set(t, "into itself", &set, "1000-2000 R 3000-4000 R");
	kd_ranges_done(&set);
	kd_ranges_done(&some);
}

struct question {
	uint64_t start;
	uint64_t end;
	char type;
	bool cover;
	bool touch;
};

static const char asked[] = "1000-2000 R 2000-3000 A 3000-4000 R 6000-8000 R "
			    "fffffffffffff000-ffffffffffffffff X";

static const struct question questions[] = {
	{ 0x1000, 0x2000, 'R', true, true },
	{ 0x1000, 0x2000, 'A', false, true },
	{ 0x1800, 0x1801, 'R', true, true },
	{ 0x0fff, 0x2000, 'R', false, true },
	{ 0x1000, 0x2001, 'R', false, true },
	{ 0x1000, 0x4000, 'R', false, true },
	{ 0x0000, 0x1000, 'R', false, false },
	{ 0x4000, 0x6000, 'R', false, false },
	{ 0x4000, 0x6001, 'R', false, true },
	{ 0x3fff, 0x6000, 'R', false, true },
	{ 0x5000, 0x9000, 'R', false, true },
	{ 0x5000, 0x5000, 'R', true, false },
	{ 0x1800, 0x1800, 'X', true, false },
	{ 0x8000, 0xffffffff, 'R', false, false },
	{ UINT64_MAX - 1, UINT64_MAX, 'X', true, true },
	{ 0, UINT64_MAX, 'R', false, true },
};

static void test_cover_touch(struct test *t)
{
	struct kd_ranges set, none;

	fill(t, &set, asked);
	kd_ranges_init(&none);
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		const struct question *q = &questions[i];

		if (kd_ranges_cover(&set, q->start, q->end, type_of(q->type)) != q->cover)
			test_failed(t, __FILE__, __LINE__, "cover %zu", i);
		if (kd_ranges_touch(&set, q->start, q->end) != q->touch)
			test_failed(t, __FILE__, __LINE__, "touch %zu", i);
		CHECK(t, !kd_ranges_touch(&none, q->start, q->end));
	}
	kd_ranges_done(&set);
	/* neighbours that came as two are one to ask */
	fill(t, &set, "2000-3000 R 1000-2000 R");
	CHECK(t, kd_ranges_cover(&set, 0x1800, 0x2800, KD_RANGE_RAM));
	kd_ranges_done(&set);
}

static void test_at_total(struct test *t)
{
	struct kd_ranges set;

	fill(t, &set, asked);
	CHECK(t, !kd_ranges_at(&set, 0));
	CHECK(t, !kd_ranges_at(&set, 0xfff));
	CHECK(t, kd_ranges_at(&set, 0x1000) == &set.items[0]);
	CHECK(t, kd_ranges_at(&set, 0x1fff) == &set.items[0]);
	CHECK(t, kd_ranges_at(&set, 0x2000) == &set.items[1]);
	CHECK(t, !kd_ranges_at(&set, 0x4000));
	CHECK(t, kd_ranges_at(&set, 0x7fff) == &set.items[3]);
	CHECK(t, kd_ranges_at(&set, UINT64_MAX - 1) == &set.items[4]);
	CHECK(t, !kd_ranges_at(&set, UINT64_MAX));
	CHECK_INT(t, kd_ranges_total(&set, KD_RANGE_RAM), 0x4000);
	CHECK_INT(t, kd_ranges_total(&set, KD_RANGE_ACPI), 0x1000);
	CHECK_INT(t, kd_ranges_total(&set, KD_RANGE_RESERVED), 0xfff);
	CHECK_INT(t, kd_ranges_total(&set, KD_RANGE_PMEM), 0);
	kd_ranges_done(&set);
	CHECK_INT(t, kd_ranges_total(&set, KD_RANGE_RAM), 0);
	CHECK(t, !kd_ranges_at(&set, 0));
}

struct find {
	const char *name;
	struct kd_hole hole;
	int code;
	uint64_t want;
};

static const char places[] = "1000-9fc00 R 9fc00-a0000 X 100000-bffe0000 R "
			     "bffe0000-c0000000 N 100000000-640000000 R "
			     "fffffffffff00000-ffffffffffffffff R";

#define ALL 0, UINT64_MAX

static const struct find finds[] = {
	{ "lowest", { 0x1000, 0x1000, ALL, false }, 0, 0x1000 },
	{ "highest", { 0x1000, 0x1000, ALL, true }, 0, 0xffffffffffffe000 },
	{ "an unaligned end is not rounded up",
	  { 0x9e000, 0x1000, 0, 0x100000, false },
	  0,
	  0x1000 },
	{ "one more than that", { 0x9f000, 0x1000, 0, 0x100000, false }, -ENOSPC, 0 },
	{ "from top of an unaligned end",
	  { 0x1000, 0x1000, 0, 0x100000, true },
	  0,
	  0x9e000 },
	{ "too large for low memory", { 0xa0000, 0x1000, ALL, false }, 0, 0x100000 },
	{ "2 MiB aligned", { 0x1000, 0x200000, ALL, false }, 0, 0x200000 },
	{ "2 MiB aligned from top, below 4 GiB",
	  { 0x1000, 0x200000, 0, 0x100000000, true },
	  0,
	  0xbfe00000 },
	{ "the top of RAM below 4 GiB",
	  { 0x10000, 0x1000, 0, 0x100000000, true },
	  0,
	  0xbffd0000 },
	{ "above 4 GiB", { GIB, 0x1000, 4 * GIB, UINT64_MAX, false }, 0, 4 * GIB },
	{ "above 4 GiB from top",
	  { GIB, 0x1000, 4 * GIB, 0xffffffffff, true },
	  0,
	  24 * GIB },
	{ "alignment of 4 GiB", { 0x1000, 4 * GIB, 1, UINT64_MAX, false }, 0, 4 * GIB },
	{ "alignment of 8 GiB from top",
	  { GIB, 8 * GIB, 0, 1ull << 40, true },
	  0,
	  24 * GIB },
	{ "alignment of 16 GiB from top",
	  { 16 * GIB, 16 * GIB, 0, 1ull << 40, true },
	  -ENOSPC,
	  0 },
	{ "alignment past all",
	  { 0x1000, 1ull << 63, 1, UINT64_MAX, false },
	  -ENOSPC,
	  0 },
	{ "a whole range", { 21 * GIB, 0x1000, ALL, false }, 0, 4 * GIB },
	{ "a whole range from top", { 21 * GIB, 0x1000, ALL, true }, 0, 4 * GIB },
	{ "more than any", { 22 * GIB, 0x1000, ALL, false }, -ENOSPC, 0 },
	{ "more than any from top", { 22 * GIB, 0x1000, ALL, true }, -ENOSPC, 0 },
	{ "size near 2^64", { UINT64_MAX, 1, ALL, false }, -ENOSPC, 0 },
	{ "size near 2^64 from top", { UINT64_MAX, 1, ALL, true }, -ENOSPC, 0 },
	{ "rounding up wraps",
	  { 1, 1ull << 40, 0xfffffffffff00001, UINT64_MAX, false },
	  -ENOSPC,
	  0 },
	{ "the last byte",
	  { 1, 1, UINT64_MAX - 1, UINT64_MAX, false },
	  0,
	  UINT64_MAX - 1 },
	{ "a minimum inside",
	  { 0x1000, 0x1000, 0x123456, UINT64_MAX, false },
	  0,
	  0x124000 },
	{ "a maximum inside", { 0x1000, 0x1000, 0x100000, 0x123456, true }, 0, 0x122000 },
	{ "a window too small",
	  { 0x1000, 0x1000, 0x100001, 0x101fff, false },
	  -ENOSPC,
	  0 },
	{ "a window that just fits",
	  { 0x1000, 0x1000, 0x100001, 0x102000, false },
	  0,
	  0x101000 },
	{ "an empty window", { 1, 1, 0x200000, 0x200000, false }, -ENOSPC, 0 },
	{ "a backward window", { 1, 1, 0x300000, 0x200000, true }, -ENOSPC, 0 },
	{ "no size", { 0, 0x1000, ALL, false }, -EINVAL, 0 },
	{ "no alignment", { 1, 0, ALL, false }, -EINVAL, 0 },
	{ "no power of two", { 1, 0x3000, ALL, true }, -EINVAL, 0 },
};

static void test_find(struct test *t)
{
	struct kd_ranges set;

	fill(t, &set, places);
	for (size_t i = 0; i < ARRAY_SIZE(finds); i++) {
		const struct find *f = &finds[i];
		uint64_t got = 0x5a5a;
		int r = kd_ranges_find(&set, KD_RANGE_RAM, &f->hole, &got);

		if (r != f->code || got != (f->code < 0 ? 0x5a5a : f->want))
			test_failed(t, __FILE__, __LINE__, "%s: %d, 0x%" PRIx64, f->name,
				    r, got);
	}
	kd_ranges_done(&set);
}

/* A full set refuses what could make it grow, and is left as it was. */
static void test_full(struct test *t)
{
	struct kd_ranges set;

	kd_ranges_init(&set);
	for (uint64_t i = 0; i < KD_RANGES_MAX; i++)
		if (kd_ranges_insert(&set, i * 0x3000, i * 0x3000 + 0x2000,
				     KD_RANGE_RAM) < 0)
			break;
	CHECK(t, set.n >= KD_RANGES_MAX - 1);
	for (int again = 0; again < 2; again++) {
		size_t n = set.n;

		CHECK_INT(t, kd_ranges_insert(&set, 0x800, 0x900, KD_RANGE_NVS), -ENOMEM);
		CHECK_INT(t, set.n, n);
		CHECK_INT(t, set.items[0].start, 0);
		CHECK_INT(t, set.items[0].end, 0x2000);
		CHECK_INT(t, kd_ranges_total(&set, KD_RANGE_RAM), n * 0x2000);
	}
	if (set.n < KD_RANGES_MAX)
		CHECK_INT(t, kd_ranges_subtract(&set, 0x1000, 0x1001), 0);
	CHECK_INT(t, set.n, KD_RANGES_MAX);
	CHECK_INT(t, kd_ranges_subtract(&set, 0x3400, 0x3500), -ENOMEM);
	CHECK_INT(t, set.n, KD_RANGES_MAX);
	CHECK(t, kd_ranges_cover(&set, 0x3000, 0x5000, KD_RANGE_RAM));
	kd_ranges_done(&set);
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return *state >> 33;
}

/* Many random changes beside a plain array of bytes, one a page. */
static void test_model(struct test *t)
{
	enum {
		PAGES = 96
	};
	uint8_t model[PAGES] = { 0 };
	uint64_t state = 4;
	struct kd_ranges set;

	kd_ranges_init(&set);
	for (int step = 0; step < 20000 && !t->failures; step++) {
		uint64_t a = next_random(&state) % PAGES;
		uint64_t b = a + next_random(&state) % (PAGES - a + 1);
		unsigned int what = (unsigned int)next_random(&state) % 4;

		if (what == 3)
			CHECK_INT(t, kd_ranges_subtract(&set, a, b), 0);
		else
			CHECK_INT(t, kd_ranges_insert(&set, a, b, what), 0);
		memset(model + a, what == 3 ? 0 : (int)what + 1, b - a);
		for (size_t i = 0; i < PAGES; i++) {
			const struct kd_range *r = kd_ranges_at(&set, i);

			CHECK_INT(t, r ? r->type + 1 : 0, model[i]);
		}
		for (size_t i = 1; i < set.n; i++) {
			const struct kd_range *l = &set.items[i - 1], *r = l + 1;

			CHECK(t, l->start < l->end && l->end <= r->start);
			CHECK(t, l->end != r->start || l->type != r->type);
		}
	}
	kd_ranges_done(&set);
}

static const struct test_case cases[] = {
	{ "insert", test_insert },
	{ "subtract, which may split", test_subtract },
	{ "clip", test_clip },
	{ "ends before starts", test_backwards },
	{ "select one type", test_select },
	{ "cover and touch", test_cover_touch },
	{ "what is at, and how much", test_at_total },
	{ "find room from either end", test_find },
	{ "a full set stays as it was", test_full },
	{ "beside a model, at random", test_model },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
