/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparison of two dumps: see diff.h. Both sides' runs of present frames are walked
 * in step, so that holes cost nothing however large they are. Called by run-diff.c.
 */
#include "makedumpfile/inspect/diff.h"

#include <string.h>

/** One dump's run of frames at hand, [start, end); at its end both are UINT64_MAX. */
struct side {
	const struct kd_memory *memory;
	kd_pfn_t start;
	kd_pfn_t end;
	uint8_t *page;
};

/** @kind, [start, end): the run being gathered */
struct diff {
	struct side a, b;
	void (*run)(void *context, enum kd_diff_kind kind, kd_pfn_t start, kd_pfn_t end);
	void *context;
	struct kd_diff_counts counts;
	enum kd_diff_kind kind;
	kd_pfn_t start;
	kd_pfn_t end;
};

static void diff_done(struct diff *d)
{
	free(d->a.page);
	free(d->b.page);
}

static int next_run(struct side *s, kd_pfn_t from)
{
	kd_pfn_t end;
	int r = kd_memory_present(s->memory, &from, &end);

	s->start = r > 0 ? from : UINT64_MAX;
	s->end = r > 0 ? end : UINT64_MAX;
	return MIN(r, 0);
}

/* Frames before @pfn are dealt with. */
static int advance(struct side *s, kd_pfn_t pfn)
{
	if (s->start >= pfn)
		return 0;
	if (pfn < s->end) {
		s->start = pfn;
		return 0;
	}
	return next_run(s, pfn);
}

static void tell(struct diff *d)
{
	if (d->run && d->kind != KD_DIFF_EQUAL && d->start < d->end)
		d->run(d->context, d->kind, d->start, d->end);
}

static void add(struct diff *d, enum kd_diff_kind kind, kd_pfn_t start, kd_pfn_t end)
{
	d->counts.pages[kind] += end - start;
	if (kind == d->kind && start == d->end) {
		d->end = end;
		return;
	}
	tell(d);
	d->kind = kind;
	d->start = start;
	d->end = end;
}

/* A page at the edge of memory may have bytes on either side of it: zeros. */
static int read_page(const struct side *s, kd_pfn_t pfn)
{
	uint64_t size = s->memory->page_size;
	struct kd_extent want = { pfn * size, pfn * size + size };
	const struct kd_extent *e = kd_memory_find(s->memory, want.start);

	if (e && e->end >= want.end)
		return s->memory->ops->read(s->memory, want.start, s->page, (size_t)size);
	memset(s->page, 0, (size_t)size);
	if (!e)
		e = kd_memory_find(s->memory, want.end - 1);
	if (!e)
		return 0;
	want.start = MAX(want.start, e->start);
	want.end = MIN(want.end, e->end);
	return s->memory->ops->read(s->memory, want.start, s->page + want.start % size,
				    (size_t)(want.end - want.start));
}

static void compare(struct diff *d, kd_pfn_t start, kd_pfn_t end)
{
	for (kd_pfn_t pfn = start; pfn < end; pfn++) {
		enum kd_diff_kind kind = KD_DIFF_EQUAL;

		if (read_page(&d->a, pfn) < 0 || read_page(&d->b, pfn) < 0)
			kind = KD_DIFF_UNREADABLE;
		else if (memcmp(d->a.page, d->b.page, d->a.memory->page_size) != 0)
			kind = KD_DIFF_DIFFERENT;
		add(d, kind, pfn, pfn + 1);
	}
}

static int walk(struct diff *d)
{
	int r = next_run(&d->a, 0);

	if (r == 0)
		r = next_run(&d->b, 0);
	while (r == 0 && (d->a.start != UINT64_MAX || d->b.start != UINT64_MAX)) {
		kd_pfn_t start = MIN(d->a.start, d->b.start), end;

		if (d->a.start == d->b.start) {
			end = MIN(d->a.end, d->b.end);
			compare(d, start, end);
		} else if (d->a.start < d->b.start) {
			end = MIN(d->a.end, d->b.start);
			add(d, KD_DIFF_ONLY_A, start, end);
		} else {
			end = MIN(d->b.end, d->a.start);
			add(d, KD_DIFF_ONLY_B, start, end);
		}
		r = advance(&d->a, end);
		if (r == 0)
			r = advance(&d->b, end);
	}
	tell(d);
	return r;
}

int kd_diff(const struct kd_input *a, const struct kd_input *b,
	    void (*run)(void *context, enum kd_diff_kind kind, kd_pfn_t start,
			kd_pfn_t end),
	    void *context, struct kd_diff_counts *ret, struct kd_error *err)
{
	_cleanup_(diff_done) struct diff d = { .a = { .memory = a->memory },
					       .b = { .memory = b->memory },
					       .run = run,
					       .context = context };
	int r;

	if (a->memory->page_size != b->memory->page_size)
		return kd_fail_msg(err, -EINVAL, "pages of %u and of %u bytes",
				   a->memory->page_size, b->memory->page_size);
	d.a.page = malloc(a->memory->page_size);
	d.b.page = malloc(b->memory->page_size);
	if (!d.a.page || !d.b.page)
		return kd_fail(err, -ENOMEM, "comparison");
	r = walk(&d);
	if (r < 0)
		return kd_fail(err, r, "bitmap");
	*ret = d.counts;
	return 0;
}

bool kd_diff_none(const struct kd_diff_counts *counts)
{
	for (size_t i = 0; i < KD_DIFF_KINDS; i++)
		if (i != KD_DIFF_EQUAL && counts->pages[i])
			return false;
	return true;
}

static const struct {
	const char *name, *words;
} kinds[] = {
	[KD_DIFF_EQUAL] = { "equal", "equal" },
	[KD_DIFF_ONLY_A] = { "only_a", "only in the first" },
	[KD_DIFF_ONLY_B] = { "only_b", "only in the second" },
	[KD_DIFF_DIFFERENT] = { "different", "different" },
	[KD_DIFF_UNREADABLE] = { "unreadable", "unreadable" },
};

const char *kd_diff_words(enum kd_diff_kind kind)
{
	return kinds[kind].words;
}

const char *kd_diff_name(enum kd_diff_kind kind)
{
	return kinds[kind].name;
}
