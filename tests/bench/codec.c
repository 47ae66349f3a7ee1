/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each codec costs on the pages of a dump, and nothing else: all pages are in memory
 * first, zero pages left out as the writer does. Prints a line per codec: its name, CPU
 * nanoseconds a page to compress and to inflate, and compressed bytes a page. Run by
 * tests/bench/copy.
 */
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "base/zero.h"
#include "makedumpfile/format/kdump-format.h"
#include "makedumpfile/format/kdump-reader.h"

#define ROUNDS 5

/* @packed: what became of them, one behind the other, @sizes bytes each; 0 of one that
 * did not shrink */
struct pages {
	uint8_t *data, *packed;
	ssize_t *sizes;
	size_t page_size, n;
};

struct cost {
	double compress, inflate;
	size_t bytes;
};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int load(const struct kd_memory *memory, struct pages *ret)
{
	size_t size = memory->page_size;
	uint64_t bytes = 0;

	for (size_t i = 0; i < memory->n_extents; i++)
		bytes += memory->extents[i].end - memory->extents[i].start;
	ret->data = malloc(bytes);
	ret->packed = malloc(bytes);
	ret->sizes = calloc(bytes / size, sizeof(ret->sizes[0]));
	if (!ret->data || !ret->packed || !ret->sizes)
		return -ENOMEM;
	ret->page_size = size;
	for (size_t i = 0; i < memory->n_extents; i++) {
		const struct kd_extent *e = &memory->extents[i];

		for (kd_paddr_t at = e->start; at + size <= e->end; at += size) {
			uint8_t *page = ret->data + ret->n * size;

			if (kd_memory_read(memory, at, page, size) == 0 &&
			    !kd_page_is_zero(page, size))
				ret->n++;
		}
	}
	return ret->n ? 0 : -ENODATA;
}

static struct cost pass(const struct kd_codec_ops *ops, void *context, struct pages *p)
{
	double start = now(), middle;
	struct cost cost = { 0 };
	size_t size = p->page_size, at = 0;
	uint8_t page[KD_KDUMP_BLOCK_MAX];

	for (size_t i = 0; i < p->n; i++) {
		p->sizes[i] = ops->compress(context, p->data + i * size, size,
					    p->packed + at, size - 1);
		at += p->sizes[i] > 0 ? (size_t)p->sizes[i] : 0;
		cost.bytes += p->sizes[i] > 0 ? (size_t)p->sizes[i] : size;
	}
	middle = now();
	at = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (p->sizes[i] <= 0)
			continue;
		(void)ops->decompress(context, p->packed + at, (size_t)p->sizes[i], page,
				      size);
		at += (size_t)p->sizes[i];
	}
	cost.compress = middle - start;
	cost.inflate = now() - middle;
	return cost;
}

static int measure(const struct kd_codec_ops *ops, int level, struct pages *p)
{
	struct cost best = { 1e18, 1e18, 0 };
	void *context;

	if (ops->context_new(level, p->page_size, &context) < 0)
		return -ENOMEM;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct cost cost = pass(ops, context, p);

		best.compress = MIN(best.compress, cost.compress);
		best.inflate = MIN(best.inflate, cost.inflate);
		best.bytes = cost.bytes;
	}
	ops->context_free(context);
	(void)printf("%s %.0f %.0f %.1f\n", ops->name, best.compress / (double)p->n,
		     best.inflate / (double)p->n, (double)best.bytes / (double)p->n);
	return 0;
}

static int measure_all(struct pages *p)
{
	static const enum kd_codec_id ids[] = { KD_CODEC_ZSTD, KD_CODEC_LZO,
						KD_CODEC_ZLIB, KD_CODEC_SNAPPY };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ids) && r == 0; i++) {
		const struct kd_codec_ops *ops = kd_codec_find(ids[i]);

		if (ops)
			r = measure(ops, ops->level_default, p);
	}
	return r;
}

int main(int argc, char *argv[])
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	struct kd_error err = { 0 };
	struct pages p = { 0 };
	int r;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: bench-codec DUMP\n");
		return EXIT_FAILURE;
	}
	r = kd_kdump_open_at(AT_FDCWD, argv[1], &k, &err);
	if (r == 0)
		r = load(kd_kdump_memory(k), &p);
	if (r == 0)
		r = measure_all(&p);
	free(p.data);
	free(p.packed);
	free(p.sizes);
	if (r < 0)
		(void)fprintf(stderr, "%s: %s %s\n", argv[1], strerror(-r), err.message);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
