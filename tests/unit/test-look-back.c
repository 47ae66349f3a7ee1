/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/look-back: random machines of three kernels judged in blocks of any size by
 * any number of threads, against what the script says; huge pages of 1 GiB and those
 * whose memory map is shared.
 */
#include "tests/unit/machine.h"

#include "makedumpfile/pages/keepstore.h"

#define FIRST 0x2000 /* what lies below holds the memory map */
#define END   0x4000
#define RAM   "@ram start=0x100000 size=63M\n"

/* What random pages are of, and which level's bit drops them. */
static const struct {
	const char *class;
	unsigned int max_order, bits;
} kinds[] = {
	{ "free", 10, 16 },    { "anon", 0, 8 },     { "anon", 9, 8 },
	{ "cache", 0, 6 },     { "cache", 5, 6 },    { "private-cache", 0, 4 },
	{ "slab", 3, 0 },      { "hugetlb", 11, 8 }, { "kernel", 4, 0 },
	{ "offline", 0, ~0U },
};

static unsigned int next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (unsigned int)(*state >> 16);
}

/* A script of random pages; which bits drop each frame goes to @drops. */
static void random_script(char *script, size_t size, const char *core, uint64_t *state,
			  unsigned int *drops)
{
	size_t n = (size_t)snprintf(script, size, "%s" RAM, core);
	kd_pfn_t pfn = FIRST;

	memset(drops, 0, END * sizeof(*drops));
	while (pfn < END && n < size - 100) {
		unsigned int kind = next_random(state) % ARRAY_SIZE(kinds);
		unsigned int order = next_random(state) % (kinds[kind].max_order + 1);
		unsigned int fits = (unsigned int)__builtin_ctzll(pfn);

		if (strcmp(kinds[kind].class, "hugetlb") == 0)
			order = MAX(order, 1U);
		while (order > fits || pfn + (1U << order) > END)
			order--;
		if (order == 0 && strcmp(kinds[kind].class, "hugetlb") == 0)
			continue;
		n += (size_t)snprintf(script + n, size - n,
				      "@page pfn=0x%" PRIx64 " class=%s order=%u\n", pfn,
				      kinds[kind].class, order);
		for (unsigned int i = 0; i < 1U << order; i++)
			drops[pfn++] = kinds[kind].bits;
	}
}

struct judged {
	struct machine machine;
	struct kd_memmap memmap;
	struct kd_scan scan;
};

static void judged_done(struct judged *j)
{
	machine_done(&j->machine);
}

static void set_level(struct test *t, struct judged *j, unsigned int level)
{
	struct kd_policy policy = { .level = level };

	CHECK_INT(t,
		  kd_scan_init(&j->scan, j->machine.memory, &j->memmap,
			       &j->machine.layout, &policy, NULL),
		  0);
}

static void judged_init(struct test *t, struct judged *j, const char *script)
{
	*j = (struct judged) { 0 };
	machine_init(&j->machine, script);
	CHECK_INT(t,
		  kd_memmap_init(&j->memmap, &j->machine.xlat, &j->machine.layout, 65536,
				 false, NULL),
		  0);
}

/* Judged by @threads in @block frames at a time. */
static struct kd_keepstore *filled(struct test *t, const struct judged *j,
				   uint64_t max_pfn, uint64_t block, unsigned int threads)
{
	struct kd_keepstore_setup setup = { .max_pfn = max_pfn,
					    .memory = UINT64_MAX,
					    .block_frames = block };
	struct kd_keepstore *store = NULL;

	CHECK_INT(t, kd_keepstore_new(&setup, &store), 0);
	CHECK_INT(t, kd_keepstore_fill(store, &j->scan, threads, NULL, NULL), 0);
	return store;
}

static void cursor_done(struct kd_keep_cursor *c)
{
	kd_keep_cursor_done(c);
}

static uint64_t differences(struct test *t, const struct kd_keepstore *store,
			    const unsigned int *drops, unsigned int level)
{
	_cleanup_(cursor_done) struct kd_keep_cursor c;
	uint64_t wrong = 0;

	CHECK_INT(t, kd_keep_cursor_init(&c, store), 0);
	for (kd_pfn_t at = FIRST; at < END; at++) {
		bool want = !(drops[at] & (level | 32));
		const uint8_t *bits[2];
		uint64_t i = at % kd_keepstore_block_frames(store);
		size_t n;

		if (kd_keep_cursor_block(&c, at, bits, &n) < 0)
			return UINT64_MAX;
		wrong += (bits[KD_KEEP_KEPT][i / 8] >> i % 8 & 1) != want;
	}
	return wrong;
}

static void random_machines(struct test *t)
{
	static const char *const cores[] = { "@core preset=6.1\n", "@core preset=6.12\n",
					     "@core preset=7.1 levels=5\n" };
	static const unsigned int levels[] = { 31, 0, 16, 8, 6 };
	static const uint64_t blocks[] = { 0, 64, 128, 448, 1024, 4096 };
	static unsigned int drops[END];
	static char script[1 << 18];
	uint64_t state = 88172645463325252;
	unsigned int threads = 0;

	for (unsigned int round = 0; round < 6; round++) {
		_cleanup_(judged_done) struct judged j;

		random_script(script, sizeof(script), cores[round % 3], &state, drops);
		judged_init(t, &j, script);
		for (size_t l = 0; l < ARRAY_SIZE(levels); l++) {
			struct kd_scan_counts first = { 0 };

			set_level(t, &j, levels[l]);
			for (size_t b = 0; b < ARRAY_SIZE(blocks); b++) {
				_cleanup_(kd_keepstore_freep) struct kd_keepstore *s =
					filled(t, &j, END, blocks[b], threads++ % 8 + 1);

				CHECK_INT(t, differences(t, s, drops, levels[l]), 0);
				if (b == 0)
					first = *kd_keepstore_counts(s);
				CHECK(t, memcmp(&first, kd_keepstore_counts(s),
						sizeof(first)) == 0);
			}
		}
	}
}

/* Larger than any block, and over sections, which are of 128 MiB. */
static void one_gigabyte(struct test *t)
{
	static const char *const cores[] = { "6.1", "6.12", "7.1" };

	for (size_t i = 0; i < ARRAY_SIZE(cores); i++) {
		_cleanup_(judged_done) struct judged j;
		_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
		const struct kd_scan_counts *counts;
		char script[256];

		(void)snprintf(script, sizeof(script),
			       "@core preset=%s\n@ram start=0x100000 size=2047M\n"
			       "@page pfn=0x40000 class=hugetlb order=18\n",
			       cores[i]);
		judged_init(t, &j, script);
		set_level(t, &j, 31);
		store = filled(t, &j, 0x80000, 0, 2);
		CHECK_INT(t, kd_keepstore_block_frames(store), 65536);
		counts = kd_keepstore_counts(store);
		CHECK_INT(t, counts->seen[KD_CLASS_HUGETLB], 0x40000);
		CHECK_INT(t, counts->kept[KD_CLASS_HUGETLB], 0);
		CHECK_INT(t, counts->seen[KD_CLASS_TAIL], 0);
		CHECK_INT(t, kd_keepstore_kept(store), 0x40000 - 0x100);
	}
}

/* A vmemmap-optimised huge page shows its head again at each 64th frame. */
static void shown_again(struct test *t)
{
	static const uint64_t blocks[] = { 0, 64, 128, 192 };
	char script[2048];
	size_t n;

	n = (size_t)snprintf(script, sizeof(script),
			     "@core preset=6.12\n" RAM
			     "@page pfn=0x2400 class=hugetlb order=9\n");
	for (kd_pfn_t at = 0x2440; at < 0x2600; at += 0x40)
		n += (size_t)snprintf(script + n, sizeof(script) - n,
				      "@page pfn=0x%" PRIx64
				      " flags=head head=0 mapcount=-201326592\n",
				      at);
	for (unsigned int level = 0; level <= 8; level += 8) {
		for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
			_cleanup_(judged_done) struct judged j;
			_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;

			judged_init(t, &j, script);
			set_level(t, &j, level);
			store = filled(t, &j, END, blocks[i], 2);
			CHECK_INT(t, kd_keepstore_counts(store)->seen[KD_CLASS_HUGETLB],
				  512);
			CHECK_INT(t, kd_keepstore_kept(store),
				  END - 0x100 - (level ? 512 : 0));
		}
	}
}

/* Tails that lead nowhere stay, at any block size, and nothing is read out of bounds. */
static void lost_tails(struct test *t)
{
	static const uint64_t links[] = { 1,
					  UINT64_MAX,
					  0xffffea0000000001,
					  0xffffea0000080041,
					  0xffffffff00000001,
					  0x8000000000000001 };

	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		_cleanup_(judged_done) struct judged j;
		_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
		char script[256];

		(void)snprintf(script, sizeof(script),
			       "@core preset=6.1\n" RAM
			       "@page pfn=0x2400 count=256 head=0x%" PRIx64 "\n",
			       links[i]);
		judged_init(t, &j, script);
		set_level(t, &j, 31);
		store = filled(t, &j, END, 64, 1);
		CHECK_INT(t, kd_keepstore_counts(store)->seen[KD_CLASS_TAIL], 256);
		CHECK_INT(t, kd_keepstore_kept(store), END - 0x100);
	}
}

static const struct test_case cases[] = {
	{ "blocks and threads make no difference", random_machines },
	{ "a page of 1 GiB is one page", one_gigabyte },
	{ "a head shown again is no head", shown_again },
	{ "tails without a head stay", lost_tails },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
