/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Check of a whole kdump-compressed file: every descriptor sane, every payload inside
 * the file and inflating. Memory is bounded, so that a capture kernel can run it over
 * what it has just written, from the disk and not from its own page cache.
 */
#include <fcntl.h>

#include "base/io.h"
#include "makedumpfile/format/kdump-file.h"

#define DESC_BATCH  1024
#define WINDOW_SIZE ((size_t)256 << 10)
/* Clean page cache behind the check is dropped each time this much has gone by. */
#define DROP_EVERY  ((uint64_t)8 << 20)

/**
 * @next: index of the descriptor that comes next; @have: of the batch's end
 * @progress: NULL, or told with @context how far it is
 */
struct check {
	const struct kd_kdump *file;
	struct kd_kdump_check counts;
	struct kd_kdump_pages pages;
	struct kd_kdump_desc descs[DESC_BATCH];
	uint64_t next;
	uint64_t have;
	uint64_t dropped;
	uint8_t *page;
	void (*progress)(void *context, uint64_t done, uint64_t all);
	void *context;
};

static void check_free(struct check *c)
{
	if (!c)
		return;
	kd_kdump_pages_done(&c->pages);
	free(c->page);
	free(c);
}
KD_DEFINE_GUARD(struct check, check_free)

static void drop_cache(const struct kd_kdump *k)
{
	(void)posix_fadvise(k->fd, 0, 0, POSIX_FADV_DONTNEED);
}

static int check_page(struct check *c)
{
	const struct kd_kdump *k = c->file;
	uint64_t i = c->next++;
	struct kd_kdump_desc *d = &c->descs[i % DESC_BATCH];
	int r;

	if (i == c->have) {
		size_t n = (size_t)MIN(k->cursor->kept.total - i, (uint64_t)DESC_BATCH);

		c->have += n;
		for (size_t j = 0; j < n; j++)
			c->descs[j] = (struct kd_kdump_desc) { 0 };
		/* A file cut inside of the batch leaves its end as never written. */
		r = kd_kdump_read_descs(k, i, c->descs, n);
		if (r < 0 && r != -EBADMSG)
			return r;
	}
	if (d->offset > c->dropped + DROP_EVERY) {
		drop_cache(k);
		c->dropped = d->offset;
	}
	r = kd_kdump_pages_read(&c->pages, d, c->page);
	/* Said to be unreadable by who wrote it: true, so not wrong. */
	return r == -EIO && kd_kdump_desc_is_unreadable(d) ? 0 : r;
}

static int check_pages(struct check *c, struct kd_error *err)
{
	struct kd_kdump_cursor *cur = c->file->cursor;
	struct kd_error first = { 0 };
	kd_pfn_t pfn = 0;
	uint64_t unused;
	int r;

	for (;; pfn++) {
		r = kd_kdump_bitmap_next(&cur->kept, pfn, /* value= */ true, &pfn);
		if (r < 0)
			return kd_fail(err, r, "bitmap");
		if (pfn == cur->kept.end)
			break;
		if (c->progress && c->counts.pages % DESC_BATCH == 0)
			c->progress(c->context, c->counts.pages, cur->kept.total);
		c->counts.pages++;
		r = check_page(c);
		if (r == 0)
			r = kd_kdump_bitmap_rank(&cur->exists, pfn, &unused);
		if (r == -ENOMEM || r == -ENOTSUP)
			return kd_fail(err, r, "page frame 0x%llx",
				       (unsigned long long)pfn);
		if (r < 0 && c->counts.bad++ == 0)
			kd_fail(&first, r, "page frame 0x%llx", (unsigned long long)pfn);
	}
	if (c->counts.bad == 0)
		return 0;
	if (err)
		*err = first;
	return kd_fail(err, -EBADMSG, "%llu of %llu pages are wrong",
		       (unsigned long long)c->counts.bad,
		       (unsigned long long)c->counts.pages);
}

int kd_kdump_verify_told(const struct kd_kdump *k,
			 void (*progress)(void *context, uint64_t done, uint64_t all),
			 void *context, struct kd_kdump_check *ret, struct kd_error *err)
{
	_cleanup_(check_freep) struct check *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return kd_fail(err, -ENOMEM, "check");
	c->file = k;
	c->progress = progress;
	c->context = context;
	c->page = malloc(k->memory.page_size);
	if (!c->page)
		return kd_fail(err, -ENOMEM, "check");
	r = kd_kdump_pages_init(&c->pages, k->fd, k->file_size, k->memory.page_size,
				WINDOW_SIZE);
	if (r < 0)
		return kd_fail(err, r, "check");

	drop_cache(k);
	r = check_pages(c, err);
	if (r == 0 || r == -EBADMSG)
		*ret = c->counts;
	return r;
}

int kd_kdump_verify(const struct kd_kdump *k, struct kd_kdump_check *ret,
		    struct kd_error *err)
{
	return kd_kdump_verify_told(k, NULL, NULL, ret, err);
}
