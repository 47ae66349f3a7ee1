/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Check of a whole kdump-compressed file: every descriptor sane, every payload inside
 * the file and inflating. Memory is bounded, so that a capture kernel can run it over
 * what it has just written, from the disk and not from its own page cache. Threads take
 * blocks of the bitmap, whose index tells where their descriptors begin.
 */
#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"
#include "makedumpfile/format/kdump-file.h"
#include "makedumpfile/format/kdump-known.h"

#define DESC_BATCH  1024
#define WINDOW_SIZE ((size_t)256 << 10)
/* Clean page cache behind the check is dropped each time this much has gone by. */
#define DROP_EVERY  ((uint64_t)8 << 20)

/**
 * @data:  where payloads may begin: behind the last descriptor
 * @next:  the block nobody has taken yet; @done: pages
 * @stop:  somebody failed
 */
struct check {
	const struct kd_kdump *file;
	const struct kd_kdump_verify *how;
	unsigned int threads;
	uint64_t data;
	_Atomic uint64_t next;
	_Atomic uint64_t done;
	atomic_bool stop;
	struct worker *workers[KD_PARALLEL_MAX];
};

/**
 * One thread's part.
 *
 * @descs: [first_desc, first_desc + n_descs) of the file
 * @told:  of counts.pages, how many are in the sum of all
 * @first: what was wrong with counts.first_bad; @error: that what ended it
 * @good:  of the current block
 */
struct worker {
	struct check *check;
	bool tells;
	struct kd_kdump_bits kept, exists;
	struct kd_kdump_pages pages;
	struct kd_kdump_known known;
	struct kd_kdump_desc descs[DESC_BATCH];
	uint64_t first_desc;
	uint64_t n_descs;
	uint64_t dropped;
	uint64_t told;
	struct kd_kdump_check counts;
	int first;
	struct kd_error error;
	uint8_t *page;
	uint64_t *good;
};

static void worker_free(struct worker *w)
{
	if (!w)
		return;
	kd_kdump_bits_done(&w->kept);
	kd_kdump_bits_done(&w->exists);
	kd_kdump_pages_done(&w->pages);
	free(w->page);
	free(w->good);
	free(w);
}
KD_DEFINE_GUARD(struct worker, worker_free)

static int worker_new(struct check *c, struct worker **ret)
{
	const struct kd_kdump *k = c->file;
	_cleanup_(worker_freep) struct worker *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->check = c;
	w->page = malloc(k->memory.page_size);
	w->good = malloc((size_t)(k->kept.block_bits / 8));
	if (!w->page || !w->good)
		return -ENOMEM;
	r = kd_kdump_pages_init(&w->pages, k->file, k->memory.page_size, WINDOW_SIZE);
	if (r == 0)
		r = kd_kdump_bits_init(&w->kept, &k->kept);
	if (r == 0)
		r = kd_kdump_bits_init(&w->exists, &k->exists);
	if (r == 0)
		*ret = TAKE_PTR(w);
	return r;
}

static void check_done(struct check *c)
{
	for (size_t i = 0; i < KD_PARALLEL_MAX; i++)
		worker_free(c->workers[i]);
}

static int load_descs(struct worker *w, uint64_t i, uint64_t end)
{
	uint64_t n = MIN(end - i, (uint64_t)DESC_BATCH);
	int r;

	if (i >= w->first_desc && i - w->first_desc < w->n_descs)
		return 0;
	memset(w->descs, 0, sizeof(w->descs));
	w->first_desc = i;
	w->n_descs = n;
	/* A file cut inside of the batch leaves its end as never written. */
	r = kd_kdump_read_descs(w->check->file, i, w->descs, (size_t)n);
	return r == -EBADMSG ? 0 : r;
}

/* 0, or what is wrong with the page; 1 for one that its writer could not read. */
static int check_page(struct worker *w, const struct kd_kdump_desc *d, kd_pfn_t pfn)
{
	int r;

	if (d->offset > w->dropped + DROP_EVERY) {
		(void)kd_file_view_drop(w->check->file->file);
		w->dropped = d->offset;
	}
	r = kd_kdump_bits_test(&w->exists, pfn);
	if (r <= 0)
		return r < 0 ? r : -EBADMSG;
	if (kd_kdump_desc_is_unreadable(d))
		return 1;
	if (d->offset && d->offset < w->check->data)
		return -EBADMSG;
	if (kd_kdump_is_known(&w->known, d))
		return 0;
	r = kd_kdump_pages_read(&w->pages, d, w->page);
	if (r == 0)
		kd_kdump_known_add(&w->known, d);
	return r;
}

static void tell(struct worker *w)
{
	struct check *c = w->check;
	uint64_t done = atomic_fetch_add(&c->done, w->counts.pages - w->told);

	done += w->counts.pages - w->told;
	w->told = w->counts.pages;
	if (w->tells && c->how->progress)
		c->how->progress(c->how->context, done, c->file->kept.total);
}

static int count_page(struct worker *w, uint64_t desc, uint64_t end, kd_pfn_t pfn)
{
	int r;

	if (w->counts.pages % DESC_BATCH == 0)
		tell(w);
	w->counts.pages++;
	r = load_descs(w, desc, end);
	if (r == 0)
		r = check_page(w, &w->descs[desc - w->first_desc], pfn);
	if (r == -ENOMEM || r == -ENOTSUP)
		return kd_fail(&w->error, r, "page frame 0x%llx",
			       (unsigned long long)pfn);
	if (r == 0)
		w->good[pfn % w->kept.map->block_bits / 64] |= (uint64_t)1 << pfn % 64;
	if (r > 0)
		w->counts.unreadable++;
	if (r < 0 && w->counts.bad++ == 0) {
		w->counts.first_bad = pfn;
		w->first = r;
	}
	return 0;
}

static int check_block(struct worker *w, uint64_t block)
{
	const struct kd_kdump_bitmap *map = w->kept.map;
	const struct kd_kdump_verify *how = w->check->how;
	uint64_t desc = map->ranks[block], end = map->ranks[block + 1];
	kd_pfn_t first = block * map->block_bits;
	size_t n_words = (size_t)(map->block_bits / 64);
	const uint64_t *words;
	int r;

	if (desc == end)
		return 0;
	r = kd_kdump_bits_block(&w->kept, block, &words);
	if (r < 0)
		return kd_fail(&w->error, r, "bitmap");
	memset(w->good, 0, n_words * sizeof(*w->good));
	for (size_t i = 0; i < n_words && desc < end; i++) {
		for (uint64_t bits = words[i]; bits && desc < end; bits &= bits - 1) {
			kd_pfn_t pfn = first + i * 64 + (uint64_t)__builtin_ctzll(bits);

			r = count_page(w, desc++, end, pfn);
			if (r < 0)
				return r;
		}
	}
	if (!how->block)
		return 0;
	r = how->block(how->context, first, w->good, n_words);
	return r < 0 ? kd_fail(&w->error, r, "page frame 0x%llx",
			       (unsigned long long)first)
		     : 0;
}

static int work(void *context, unsigned int number)
{
	struct check *c = context;
	struct worker *w = c->workers[number];
	int r = 0;

	w->tells = number + 1 == c->threads;
	while (r == 0 && !atomic_load(&c->stop)) {
		uint64_t block = atomic_fetch_add(&c->next, 1);

		if (block >= c->file->kept.n_blocks)
			break;
		r = check_block(w, block);
	}
	if (r < 0)
		atomic_store(&c->stop, true);
	tell(w);
	return r;
}

static int sum(struct check *c, struct kd_kdump_check *ret, struct kd_error *err)
{
	struct kd_kdump_check all = { .first_bad = UINT64_MAX };
	int first = 0;

	for (unsigned int i = 0; i < c->threads; i++) {
		const struct worker *w = c->workers[i];

		all.pages += w->counts.pages;
		all.bad += w->counts.bad;
		all.unreadable += w->counts.unreadable;
		if (w->counts.bad && w->counts.first_bad < all.first_bad) {
			all.first_bad = w->counts.first_bad;
			first = w->first;
		}
	}
	*ret = all;
	if (!all.bad)
		return 0;
	(void)kd_fail(err, first, "page frame 0x%llx", (unsigned long long)all.first_bad);
	return kd_fail(err, -EBADMSG, "%llu of %llu pages are wrong",
		       (unsigned long long)all.bad, (unsigned long long)all.pages);
}

int kd_kdump_verify_with(const struct kd_kdump *k, const struct kd_kdump_verify *how,
			 struct kd_kdump_check *ret, struct kd_error *err)
{
	_cleanup_(check_done) struct check c = { .file = k, .how = how };
	int r;

	c.threads = MAX(1U, MIN(how->threads, (unsigned int)KD_PARALLEL_MAX));
	c.threads = (unsigned int)MIN((uint64_t)c.threads,
				      MAX(k->kept.n_blocks, (uint64_t)1));
	c.data = k->descs + k->kept.total * sizeof(struct kd_kdump_desc);
	for (unsigned int i = 0; i < c.threads; i++) {
		r = worker_new(&c, &c.workers[i]);
		if (r < 0)
			return kd_fail(err, r, "check");
	}
	(void)kd_file_view_drop(k->file);
	r = kd_parallel(c.threads, work, &c);
	if (r < 0) {
		for (unsigned int i = 0; i < c.threads; i++)
			if (err && c.workers[i]->error.code == r) {
				*err = c.workers[i]->error;
				break;
			}
		return r;
	}
	return sum(&c, ret, err);
}

int kd_kdump_verify(const struct kd_kdump *k, struct kd_kdump_check *ret,
		    struct kd_error *err)
{
	const struct kd_kdump_verify how = { .threads = 1 };

	return kd_kdump_verify_with(k, &how, ret, err);
}
