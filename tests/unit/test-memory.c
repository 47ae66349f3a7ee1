/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/memory and vmcore/window: look-ups at every edge of an extent; a window maps,
 * copies where it must, and never reads a page nobody asked for.
 */
#include "makedumpfile/vmcore/memory.h"
#include "tests/unit/test.h"

#define PAGE 4096

/* Byte at address a is a >> 12, so that a wrong page shows. */
struct fake {
	struct kd_memory memory;
	bool maps;
	size_t map_limit; /* a map shows no more than this */
	kd_paddr_t poisoned;
	struct kd_extent last_read;
	unsigned int n_reads, n_maps, n_unmaps;
};

static const struct kd_extent extents[] = {
	{ 0x1000, 0x5000 },
	{ 0x8000, 0x8800 }, /* ends mid-page */
	{ 0x10000, 0x11000 },
};

static uint8_t byte_at(kd_paddr_t addr)
{
	return (uint8_t)(addr >> 12);
}

static int fake_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	struct fake *f = (struct fake *)m;

	f->n_reads++;
	f->last_read = (struct kd_extent) { addr, addr + size };
	if (f->poisoned && addr < f->poisoned + PAGE && addr + size > f->poisoned)
		return -EIO;
	for (size_t i = 0; i < size; i++)
		((uint8_t *)buf)[i] = byte_at(addr + i);
	return 0;
}

static int fake_map(const struct kd_memory *m, kd_paddr_t addr, size_t want,
		    const void **ret_map, struct kd_extent *ret_slice)
{
	struct fake *f = (struct fake *)m;
	const struct kd_extent *e = kd_memory_find(m, addr);
	struct kd_extent s = { addr, MIN(e->end, addr + want) };
	uint8_t *map;

	if (!f->maps)
		return -ENODEV;
	if (f->map_limit && s.end - s.start > f->map_limit)
		s.end = s.start + f->map_limit;
	map = malloc((size_t)(s.end - s.start));
	for (kd_paddr_t a = s.start; a < s.end; a++)
		map[a - s.start] = byte_at(a);
	f->n_maps++;
	*ret_map = map;
	*ret_slice = s;
	return 0;
}

static void fake_unmap(const struct kd_memory *m, const void *map, struct kd_extent slice)
{
	(void)slice;
	((struct fake *)m)->n_unmaps++;
	free((void *)map);
}

static const struct kd_memory_ops ops = {
	.read = fake_read,
	.map = fake_map,
	.unmap = fake_unmap,
};

static struct fake fake_new(bool maps)
{
	return (struct fake) {
		.memory = { .ops = &ops,
			    .extents = extents,
			    .n_extents = ARRAY_SIZE(extents),
			    .page_size = PAGE },
		.maps = maps,
	};
}

static void find(struct test *t)
{
	struct fake f = fake_new(false);
	static const struct {
		kd_paddr_t addr;
		int extent; /* -1: none */
	} table[] = {
		{ 0, -1 },	    { 0xfff, -1 },  { 0x1000, 0 },  { 0x4fff, 0 },
		{ 0x5000, -1 },	    { 0x7fff, -1 }, { 0x8000, 1 },  { 0x87ff, 1 },
		{ 0x8800, -1 },	    { 0x10000, 2 }, { 0x10fff, 2 }, { 0x11000, -1 },
		{ UINT64_MAX, -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct kd_extent *e = kd_memory_find(&f.memory, table[i].addr);

		CHECK_INT(t, e ? (int)(e - extents) : -1, table[i].extent);
	}
	f.memory.n_extents = 0;
	CHECK(t, !kd_memory_find(&f.memory, 0x1000));
}

static void read_edges(struct test *t)
{
	struct fake f = fake_new(false);
	uint8_t buf[3 * PAGE];

	CHECK_INT(t, kd_memory_read(&f.memory, 0x1fff, buf, 2), 0);
	CHECK_INT(t, buf[0], 1);
	CHECK_INT(t, buf[1], 2);
	CHECK_INT(t, kd_memory_read(&f.memory, 0x4fff, buf, 1), 0);
	CHECK_INT(t, kd_memory_read(&f.memory, 0x4fff, buf, 2), -ENXIO);
	CHECK_INT(t, kd_memory_read(&f.memory, 0x6000, buf, 1), -ENXIO);
	CHECK_INT(t, kd_memory_read(&f.memory, 0x6000, buf, 0), 0);
	CHECK_INT(t, kd_memory_read(&f.memory, 0x1000, buf, SIZE_MAX), -ENXIO);
	CHECK_INT(t, kd_memory_read(&f.memory, UINT64_MAX, buf, 2), -ENXIO);
}

static void check_get(struct test *t, struct kd_window *w, kd_paddr_t addr, size_t size)
{
	const void *p = NULL;

	CHECK_INT(t, kd_window_get(w, addr, size, &p), 0);
	for (size_t i = 0; p && i < size; i++)
		if (((const uint8_t *)p)[i] != byte_at(addr + i)) {
			test_failed(t, __FILE__, __LINE__, "wrong byte at 0x%jx",
				    (uintmax_t)(addr + i));
			break;
		}
}

static void walk(struct test *t, struct fake *f, bool no_map)
{
	struct kd_window w;
	const void *p = NULL;

	CHECK_INT(t, kd_window_init(&w, &f->memory, 2 * PAGE, no_map), 0);
	for (kd_paddr_t a = 0x1000; a < 0x5000; a += 64)
		check_get(t, &w, a, 64);
	check_get(t, &w, 0x1ff0, 2 * PAGE);
	check_get(t, &w, 0x87ff, 1);
	check_get(t, &w, 0x1000, 1);
	CHECK_INT(t, kd_window_get(&w, 0x1000, 2 * PAGE + 1, &p), -EINVAL);
	CHECK_INT(t, kd_window_get(&w, 0x1000, 0, &p), -EINVAL);
	CHECK_INT(t, kd_window_get(&w, 0x4ff0, 32, &p), -ENXIO);
	CHECK_INT(t, kd_window_get(&w, 0x6000, 1, &p), -ENXIO);
	CHECK_INT(t, kd_window_get(&w, UINT64_MAX, 2, &p), -ENXIO);
	CHECK(t, !p);
	kd_window_done(&w);
	CHECK_INT(t, f->n_maps, f->n_unmaps);
}

static void window_maps(struct test *t)
{
	struct fake f = fake_new(true);

	walk(t, &f, false);
	CHECK(t, f.n_maps > 0);
	CHECK_INT(t, f.n_reads, 0);
}

static void window_copies(struct test *t)
{
	struct fake told = fake_new(true), cannot = fake_new(false);

	walk(t, &told, true);
	CHECK_INT(t, told.n_maps, 0);
	walk(t, &cannot, false);
	/* four pages, then a few more requests: not one read a request */
	CHECK(t, cannot.n_reads < 12);
}

static void window_short_maps(struct test *t)
{
	struct fake f = fake_new(true);

	f.map_limit = 100;
	walk(t, &f, false);
	CHECK(t, f.n_reads > 0);
}

static void window_asks_for_no_more(struct test *t)
{
	struct fake f = fake_new(false);
	struct kd_window w;
	const void *p;

	f.poisoned = 0x3000;
	CHECK_INT(t, kd_window_init(&w, &f.memory, 4 * PAGE, false), 0);
	check_get(t, &w, 0x2800, 64);
	CHECK_INT(t, f.last_read.start, 0x2000);
	CHECK_INT(t, f.last_read.end, 0x3000);
	CHECK_INT(t, kd_window_get(&w, 0x3000, 64, &p), -EIO);
	/* what the failed read left in the buffer must not be lent */
	check_get(t, &w, 0x2800, 64);
	check_get(t, &w, 0x4000, 64);
	CHECK_INT(t, f.last_read.start, 0x4000);
	check_get(t, &w, 0x8700, 64);
	CHECK_INT(t, f.last_read.end, 0x8800);
	kd_window_done(&w);
}

static const struct test_case cases[] = {
	{ "find at every edge", find },
	{ "read stays inside one extent", read_edges },
	{ "a window maps", window_maps },
	{ "a window copies where it cannot map", window_copies },
	{ "a window copies where a map is too short", window_short_maps },
	{ "a window touches only pages asked for", window_asks_for_no_more },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
