/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical ranges to erase, and the erasing: see erase.h. One sorted list for each fill;
 * zeros are laid down first and X over them, so that no range is ever split. Trusts
 * nothing about the ranges. Read-only once sealed, hence free for all threads.
 */
#include "makedumpfile/erase/erase.h"

#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"

#define N_FILLS	   2
#define FIRST_ROOM 64

/** [@start, @end) in bytes. */
struct range {
	kd_paddr_t start;
	kd_paddr_t end;
};

struct ranges {
	struct range *items;
	size_t n;
	size_t room;
};

/** @lists: by enum kd_erase_fill; sorted, disjoint and not adjacent once sealed */
struct kd_erase {
	uint32_t page_size;
	struct ranges lists[N_FILLS];
	struct kd_strbuf text;
};

int kd_erase_new(uint32_t page_size, struct kd_erase **ret)
{
	struct kd_erase *e = calloc(1, sizeof(*e));

	if (!e)
		return -ENOMEM;
	e->page_size = page_size;
	kd_strbuf_init(&e->text, KD_ERASE_MAX_TEXT);
	*ret = e;
	return 0;
}

void kd_erase_free(struct kd_erase *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < N_FILLS; i++)
		free(e->lists[i].items);
	kd_strbuf_done(&e->text);
	free(e);
}

static int compare(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void merge(struct ranges *l)
{
	size_t kept = 0;

	if (!l->n)
		return;
	qsort(l->items, l->n, sizeof(*l->items), compare);
	for (size_t i = 1; i < l->n; i++) {
		if (l->items[i].start <= l->items[kept].end)
			l->items[kept].end = MAX(l->items[kept].end, l->items[i].end);
		else
			l->items[++kept] = l->items[i];
	}
	l->n = kept + 1;
}

static int make_room(struct ranges *l)
{
	size_t room = l->room ? l->room * 2 : FIRST_ROOM;
	struct range *items;

	if (l->n < l->room)
		return 0;
	/* a list that holds the same again and again shrinks here; halving at least keeps
	 * the sorting off the common path */
	merge(l);
	if (l->n <= l->room / 2 && l->room)
		return 0;
	if (l->n >= KD_ERASE_MAX_RANGES)
		return -E2BIG;
	items = reallocarray(l->items, room, sizeof(*items));
	if (!items)
		return -ENOMEM;
	l->items = items;
	l->room = room;
	return 0;
}

int kd_erase_add(struct kd_erase *e, kd_paddr_t addr, uint64_t size,
		 enum kd_erase_fill fill)
{
	struct ranges *l = &e->lists[fill];
	kd_paddr_t end;
	int r;

	if (!size)
		return 0;
	if (__builtin_add_overflow(addr, size, &end))
		return -ERANGE;
	r = make_room(l);
	if (r < 0)
		return r;
	l->items[l->n++] = (struct range) { addr, end };
	return 0;
}

int kd_erase_tell(struct kd_erase *e, const char *expression, uint64_t size,
		  enum kd_erase_fill fill)
{
	if (fill == KD_ERASE_ZERO)
		kd_strbuf_addf(&e->text, "erase %s nullify\n", expression);
	else
		kd_strbuf_addf(&e->text, "erase %s size %" PRIu64 "\n", expression, size);
	return e->text.status;
}

void kd_erase_seal(struct kd_erase *e)
{
	for (size_t i = 0; i < N_FILLS; i++)
		merge(&e->lists[i]);
}

/* The first range that ends behind @addr, or one past the last. */
static size_t find(const struct ranges *l, kd_paddr_t addr)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->items[mid].end <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Where the frame begins; false for one beyond all addresses. */
static bool page_range(const struct kd_erase *e, kd_pfn_t pfn, struct range *ret)
{
	return !__builtin_mul_overflow(pfn, e->page_size, &ret->start) &&
	       !__builtin_add_overflow(ret->start, e->page_size, &ret->end);
}

bool kd_erase_touches(const struct kd_erase *e, kd_pfn_t pfn)
{
	struct range page;

	if (!e || !page_range(e, pfn, &page))
		return false;
	for (size_t i = 0; i < N_FILLS; i++) {
		const struct ranges *l = &e->lists[i];
		size_t at = find(l, page.start);

		if (at < l->n && l->items[at].start < page.end)
			return true;
	}
	return false;
}

static void fill_page(const struct ranges *l, struct range page, char *bytes, int value)
{
	for (size_t i = find(l, page.start); i < l->n; i++) {
		kd_paddr_t from = MAX(l->items[i].start, page.start);
		kd_paddr_t to = MIN(l->items[i].end, page.end);

		if (from >= page.end)
			return;
		memset(bytes + (from - page.start), value, to - from);
	}
}

void kd_erase_apply(const struct kd_erase *e, kd_pfn_t pfn, void *page)
{
	struct range where;

	if (!e || !page_range(e, pfn, &where))
		return;
	fill_page(&e->lists[KD_ERASE_ZERO], where, page, 0);
	fill_page(&e->lists[KD_ERASE_X], where, page, 'X');
}

const char *kd_erase_text(const struct kd_erase *e, size_t *ret_size)
{
	if (ret_size)
		*ret_size = e->text.length;
	return kd_strbuf_text(&e->text);
}

void kd_erase_count(const struct kd_erase *e, uint64_t *ret_bytes, size_t *ret_ranges)
{
	*ret_bytes = 0;
	*ret_ranges = 0;
	for (size_t i = 0; i < N_FILLS; i++) {
		for (size_t j = 0; j < e->lists[i].n; j++)
			*ret_bytes += e->lists[i].items[j].end -
				      e->lists[i].items[j].start;
		*ret_ranges += e->lists[i].n;
	}
}
