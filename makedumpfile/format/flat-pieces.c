/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of a flattened stream: see flat-pieces.h. Writers do not send a byte twice, but
 * older makedumpfiles did; then a sweep over the pieces by offset keeps those that reach
 * over its place in a heap, the latest in front. Called by flat-file.c.
 */
#include "makedumpfile/format/flat-pieces.h"

#include <stdlib.h>

#include "base/error.h"

/** @heap: numbers of @n pieces of @in, the one whose data is last in front */
struct sweep {
	const struct kd_flat_piece *in;
	size_t *heap;
	size_t n;
};

void kd_flat_pieces_done(struct kd_flat_pieces *p)
{
	free(p->items);
	*p = (struct kd_flat_pieces) { 0 };
}

int kd_flat_pieces_add(struct kd_flat_pieces *p, struct kd_flat_piece piece)
{
	if (p->n == p->capacity) {
		size_t more = p->capacity ? 2 * p->capacity : 64;
		struct kd_flat_piece *items = reallocarray(p->items, more,
							   sizeof(*items));

		if (!items)
			return -ENOMEM;
		p->items = items;
		p->capacity = more;
	}
	p->items[p->n++] = piece;
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct kd_flat_piece *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static bool overlap(const struct kd_flat_pieces *p)
{
	for (size_t i = 1; i < p->n; i++)
		if (p->items[i].start < p->items[i - 1].end)
			return true;
	return false;
}

static void swap(size_t *a, size_t *b)
{
	size_t t = *a;

	*a = *b;
	*b = t;
}

static void push(struct sweep *s, size_t piece)
{
	size_t i = s->n++;

	s->heap[i] = piece;
	while (i && s->in[s->heap[i]].data > s->in[s->heap[(i - 1) / 2]].data) {
		swap(&s->heap[i], &s->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void pop(struct sweep *s)
{
	size_t i = 0, child;

	s->heap[0] = s->heap[--s->n];
	while ((child = 2 * i + 1) < s->n) {
		if (child + 1 < s->n &&
		    s->in[s->heap[child + 1]].data > s->in[s->heap[child]].data)
			child++;
		if (s->in[s->heap[i]].data >= s->in[s->heap[child]].data)
			break;
		swap(&s->heap[i], &s->heap[child]);
		i = child;
	}
}

/* [at, end) of @from goes out, joined to the piece before where it goes on. */
static int emit(struct kd_flat_pieces *out, const struct kd_flat_piece *from, uint64_t at,
		uint64_t end)
{
	struct kd_flat_piece piece = { at, end, from->data + (at - from->start) };
	struct kd_flat_piece *last = out->n ? &out->items[out->n - 1] : NULL;

	if (last && last->end == at &&
	    last->data + (last->end - last->start) == piece.data) {
		last->end = end;
		return 0;
	}
	return kd_flat_pieces_add(out, piece);
}

static int resolve(const struct kd_flat_pieces *p, struct sweep *s,
		   struct kd_flat_pieces *out)
{
	uint64_t at = 0;
	size_t i = 0;
	int r = 0;

	while (r == 0 && (s->n || i < p->n)) {
		const struct kd_flat_piece *top;
		uint64_t end;

		if (!s->n)
			at = p->items[i].start;
		while (i < p->n && p->items[i].start <= at)
			push(s, i++);
		top = &p->items[s->heap[0]];
		if (top->end <= at) {
			pop(s);
			continue;
		}
		end = i < p->n ? MIN(top->end, p->items[i].start) : top->end;
		r = emit(out, top, at, end);
		at = end;
	}
	return r;
}

int kd_flat_pieces_settle(struct kd_flat_pieces *p)
{
	_cleanup_(kd_flat_pieces_done) struct kd_flat_pieces out = { 0 };
	_cleanup_(kd_freep) size_t *heap = NULL;
	struct sweep s = { .in = p->items };
	int r;

	if (!p->n)
		return 0;
	qsort(p->items, p->n, sizeof(*p->items), by_start);
	if (!overlap(p))
		return 0;
	heap = calloc(p->n, sizeof(*heap));
	if (!heap)
		return -ENOMEM;
	s.heap = heap;
	r = resolve(p, &s, &out);
	if (r < 0)
		return r;
	kd_flat_pieces_done(p);
	*p = out;
	out = (struct kd_flat_pieces) { 0 };
	return 0;
}

size_t kd_flat_pieces_after(const struct kd_flat_pieces *p, uint64_t offset)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (offset >= p->items[mid].end)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
