/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judges the pages of a machine of any size that is not there: struct pages come from a
 * pattern that repeats, as a 6.1 kernel would leave them, and bitmaps go to a file. Tells
 * pages a second of CPU time and the most memory the process ever had.
 *
 *   bench-scan GIB THREADS PATTERN_MIB [FILE]
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/io.h"
#include "base/parse.h"
#include "makedumpfile/pages/keepstore.h"
#include "makedumpfile/vmcore/translate.h"

#define PAGE	     4096
#define STRUCT_PAGE  64
#define SECTIONS     UINT64_C(0xffff888000000000)
#define VMEMMAP	     UINT64_C(0xffffea0000000000)
#define SECTION_SIZE 32
#define LEAF	     (UINT64_C(2) << 20)
/* what pid 1 would give: see dump.c */
#define WINDOW	     (512U << 10)
#define BITMAPS	     (UINT64_C(8) << 20)

/* Debian's 6.1, see tests/unit/pages.h */
#define FLAG_LRU     (1U << 4)
#define FLAG_SLAB    (1U << 9)
#define FLAG_PRIVATE (1U << 13)
#define FLAG_HEAD    (1U << 16)
#define BUDDY	     0xffffff7fU

struct pattern {
	struct kd_memory memory; /* first */
	uint8_t *bytes;
	size_t size;
};

static void store(uint8_t *page, size_t at, uint64_t value)
{
	memcpy(page + at, &value, sizeof(value));
}

static void compound(uint8_t *page, size_t pages, uint64_t flags, uint64_t mapping)
{
	for (size_t i = 0; i < pages; i++, page += STRUCT_PAGE) {
		memset(page, 0, STRUCT_PAGE);
		store(page, 48, UINT32_MAX);
		store(page, 8, i ? VMEMMAP + 1 : 0);
		store(page, 0, i ? 0 : flags | (pages > 1 ? FLAG_HEAD : 0));
		store(page, 24, i ? 0 : mapping);
	}
	if (pages > 1)
		page[STRUCT_PAGE * 1 - pages * STRUCT_PAGE + 17] =
			(uint8_t)__builtin_ctzll(pages);
}

static void free_block(uint8_t *page, size_t pages)
{
	memset(page, 0, pages * STRUCT_PAGE);
	store(page, 40, (uint64_t)__builtin_ctzll(pages));
	store(page, 48, BUDDY);
}

/* What is at one place, and how often: of 100 blocks of pages. */
static const struct {
	unsigned int share;
	unsigned int max_order;
	bool free;
	uint64_t flags, mapping;
} mix[] = {
	{ 8, 10, true, 0, 0 },
	{ 25, 0, false, FLAG_LRU, 0xffff888000001001 }, /* anonymous */
	{ 1, 9, false, FLAG_LRU, 0xffff888000001001 },	/* huge anonymous */
	{ 24, 0, false, FLAG_LRU, 0xffff888000002000 }, /* cache */
	{ 6, 0, false, FLAG_LRU | FLAG_PRIVATE, 0xffff888000002000 },
	{ 16, 3, false, FLAG_SLAB, 0 },
	{ 20, 0, false, 0, 0 }, /* page tables, stacks, vmalloc */
};

static void fill(struct pattern *p)
{
	size_t pages = p->size / STRUCT_PAGE, at = 0, n;
	uint64_t random = 0x9e3779b97f4a7c15;

	for (; at < pages; at += n) {
		unsigned int roll, kind = 0, order;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		roll = (unsigned int)(random % 100);
		while (roll >= mix[kind].share)
			roll -= mix[kind++].share;
		/* small blocks are as likely as large ones */
		order = (unsigned int)(random >> 32) % (mix[kind].max_order + 1);
		if (mix[kind].max_order == 9)
			order = 9;
		order = MIN(order, at ? (unsigned int)__builtin_ctzll(at) : 10U);
		n = (size_t)1 << order;
		if (mix[kind].free)
			free_block(p->bytes + at * STRUCT_PAGE, n);
		else
			compound(p->bytes + at * STRUCT_PAGE, n, mix[kind].flags,
				 mix[kind].mapping);
	}
}

/* Only sections are ever copied. */
static int pattern_read(const struct kd_memory *m, kd_paddr_t addr, void *buf,
			size_t size)
{
	uint64_t map = VMEMMAP | 1;

	(void)m;
	if (addr % SECTION_SIZE || size != sizeof(map))
		return -EIO;
	memcpy(buf, &map, sizeof(map));
	return 0;
}

static int pattern_map(const struct kd_memory *m, kd_paddr_t addr, size_t want,
		       const void **ret_map, struct kd_extent *ret_slice)
{
	const struct pattern *p = (const struct pattern *)m;
	kd_paddr_t start = kd_align_down(addr, want);

	*ret_map = p->bytes + start % p->size;
	*ret_slice = (struct kd_extent) { start, start + want };
	return 0;
}

static void pattern_unmap(const struct kd_memory *m, const void *map,
			  struct kd_extent slice)
{
	(void)m;
	(void)map;
	(void)slice;
}

static const struct kd_memory_ops pattern_ops = {
	.read = pattern_read,
	.map = pattern_map,
	.unmap = pattern_unmap,
};

/* Both maps are linear; the memory map is of 2 MiB leaves. */
static int vtop(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		uint64_t *ret_run)
{
	(void)x;
	*ret = addr - (addr < VMEMMAP ? SECTIONS : VMEMMAP);
	*ret_run = LEAF - addr % LEAF;
	return 0;
}

static const struct kd_xlat_ops linear = { .vtop = vtop };

static int file_put(void *context, enum kd_keep_which which, uint64_t offset,
		    const void *data, size_t size)
{
	ssize_t n = pwrite(*(int *)context, data, size,
			   (off_t)(offset + (uint64_t)which * (UINT64_C(1) << 40)));

	return n == (ssize_t)size ? 0 : -EIO;
}

static int file_get(void *context, enum kd_keep_which which, uint64_t offset, void *data,
		    size_t size)
{
	ssize_t n = kd_pread_full(*(int *)context, data, size,
				  offset + (uint64_t)which * (UINT64_C(1) << 40));

	return n == (ssize_t)size ? 0 : -EIO;
}

static struct kd_layout layout(uint64_t sections)
{
	const struct {
		enum kd_field field;
		int64_t value;
	} fields[] = {
		{ KD_F_PAGE_SIZEOF, STRUCT_PAGE },
		{ KD_F_PAGE_FLAGS, 0 },
		{ KD_F_PAGE_COMPOUND_HEAD, 8 },
		{ KD_F_PAGE_MAPPING, 24 },
		{ KD_F_PAGE_PRIVATE, 40 },
		{ KD_F_PAGE_MAPCOUNT, 48 },
		{ KD_F_PAGE_COMPOUND_DTOR, 16 },
		{ KD_F_PAGE_COMPOUND_ORDER, 17 },
		{ KD_F_HUGETLB_DTOR, 2 },
		{ KD_F_FREE_AREA_LENGTH, 11 },
		{ KD_F_PG_LRU, 4 },
		{ KD_F_PG_SLAB, 9 },
		{ KD_F_PG_SWAPCACHE, 10 },
		{ KD_F_PG_PRIVATE, 13 },
		{ KD_F_PG_SWAPBACKED, 19 },
		{ KD_F_PG_HWPOISON, 22 },
		{ KD_F_PG_HEAD_MASK, FLAG_HEAD },
		{ KD_F_TYPE_BUDDY, -129 },
		{ KD_F_TYPE_OFFLINE, -257 },
		{ KD_F_MEM_SECTION, (int64_t)SECTIONS },
		{ KD_F_MEM_SECTION_MAP, 0 },
		{ KD_F_MEM_SECTION_SIZEOF, SECTION_SIZE },
		{ KD_F_MEM_SECTION_LENGTH, (int64_t)sections },
		{ KD_F_SECTION_SIZE_BITS, 27 },
		{ KD_F_MAX_PHYSMEM_BITS, 46 },
	};
	struct kd_layout l = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		l.values[fields[i].field] = (struct kd_layout_value) {
			.value = fields[i].value, .source = KD_SOURCE_VMCOREINFO
		};
	return l;
}

static double seconds(const struct timeval *a)
{
	return (double)a->tv_sec + (double)a->tv_usec / 1e6;
}

static double cpu_seconds(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return seconds(&u.ru_utime) + seconds(&u.ru_stime);
}

static void tell(const struct kd_keepstore *s, double wall, double cpu)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	printf("pages=%" PRIu64 " kept=%" PRIu64
	       " cpu=%.3f wall=%.3f rate=%.1fM rss=%ldK\n",
	       kd_keepstore_total(s), kd_keepstore_kept(s), cpu, wall,
	       (double)kd_keepstore_total(s) / cpu / 1e6, u.ru_maxrss);
}

static int run(struct pattern *p, uint64_t gib, unsigned int threads, int *fd)
{
	_cleanup_(kd_keepstore_freep) struct kd_keepstore *s = NULL;
	const struct kd_extent ram = { 0, gib << 30 };
	const struct kd_extent all = { 0, UINT64_C(1) << 50 };
	const struct kd_memory memory = {
		.ops = &pattern_ops, .extents = &ram, .n_extents = 1, .page_size = PAGE
	};
	const struct kd_xlat xlat = { .memory = &p->memory, .ops = &linear };
	const struct kd_layout l = layout(UINT64_C(1) << (46 - 27));
	const struct kd_policy policy = { .level = KD_EXCLUDE_ALL };
	const struct kd_keep_spill spill = { file_put, file_get, fd };
	struct kd_keepstore_setup setup = { .max_pfn = ram.end / PAGE,
					    .memory = BITMAPS,
					    .spill = &spill };
	struct timespec from, to;
	struct kd_memmap memmap;
	struct kd_scan scan;
	double cpu = cpu_seconds();
	int r;

	p->memory = (struct kd_memory) {
		.ops = &pattern_ops, .extents = &all, .n_extents = 1, .page_size = PAGE
	};
	r = kd_memmap_init(&memmap, &xlat, &l, WINDOW, false, NULL);
	if (r == 0)
		r = kd_scan_init(&scan, &memory, &memmap, &l, &policy, NULL);
	if (r == 0)
		r = kd_keepstore_new(&setup, &s);
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	if (r == 0)
		r = kd_keepstore_fill(s, &scan, threads, NULL, NULL);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	if (r == 0)
		tell(s,
		     (double)(to.tv_sec - from.tv_sec) +
			     (double)(to.tv_nsec - from.tv_nsec) / 1e9,
		     cpu_seconds() - cpu);
	return r;
}

int main(int argc, char **argv)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	uint64_t gib, threads, mib;
	struct pattern p = { 0 };
	int r;

	if (argc < 4 || kd_parse_u64(argv[1], &gib) < 0 || !gib || gib > 65536 ||
	    kd_parse_u64(argv[2], &threads) < 0 || kd_parse_u64(argv[3], &mib) < 0 ||
	    !mib || mib > 4096) {
		fprintf(stderr, "usage: bench-scan GIB THREADS PATTERN_MIB [FILE]\n");
		return 2;
	}
	if (argc > 4)
		fd = open(argv[4], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	p.size = mib << 20;
	p.bytes = malloc(p.size);
	if (!p.bytes)
		return 1;
	fill(&p);
	r = run(&p, gib, (unsigned int)threads, &fd);
	free(p.bytes);
	if (r < 0)
		fprintf(stderr, "bench-scan: %s\n", strerror(-r));
	return r < 0;
}
