/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pieces of an ELF dump: see elf-plan.h. Trusts no run to come in order or twice
 * alike. Called by elf-writer.c.
 */
#include "makedumpfile/format/elf-plan.h"

/** A walk over runs, adjacent ones joined. @gap: pages between this one and the last. */
struct walk {
	const struct kd_runs *runs;
	kd_pfn_t start;
	kd_pfn_t end;
	uint64_t gap;
};

/* 1 and the next run, 0 at the end. */
static int next(struct walk *w)
{
	kd_pfn_t from = w->end, end;
	int r = w->runs->next(w->runs, &from, &end);

	if (r <= 0)
		return r;
	if (from < w->end || end <= from)
		return -EINVAL;
	w->gap = from - w->end;
	w->start = from;
	w->end = end;
	return 1;
}

uint64_t kd_elf_plan_gap(const uint64_t gaps[KD_ELF_GAP_CLASSES], uint64_t runs,
			 uint64_t max)
{
	unsigned int i = 0;

	while (i + 1 < KD_ELF_GAP_CLASSES && runs > max)
		runs -= gaps[i++];
	return (uint64_t)1 << i;
}

/* Fills @gaps, zeros before. */
static int count(const struct kd_runs *runs, uint64_t gaps[KD_ELF_GAP_CLASSES],
		 uint64_t *ret_runs, uint64_t *ret_kept)
{
	struct walk w = { .runs = runs };
	uint64_t n = 0, kept = 0;
	int r;

	while ((r = next(&w)) > 0) {
		if (n && w.gap)
			gaps[63 - __builtin_clzll(w.gap)]++;
		n += !n || w.gap;
		kept += w.end - w.start;
	}
	*ret_runs = n;
	*ret_kept = kept;
	return r;
}

/* @room: pieces that fit; a walk that has more the second time is refused. */
static int fill(struct kd_elf_plan *p, const struct kd_runs *runs, size_t room)
{
	struct walk w = { .runs = runs };
	uint64_t kept = 0;
	int r;

	while ((r = next(&w)) > 0) {
		if (p->n && w.gap < p->gap) {
			p->n_pages += w.gap;
		} else {
			if (p->n == room)
				return -EINVAL;
			p->pieces[p->n++] = (struct kd_elf_piece) { w.start, p->n_pages };
		}
		p->n_pages += w.end - w.start;
		kept += w.end - w.start;
	}
	p->pieces[p->n] = (struct kd_elf_piece) { UINT64_MAX, p->n_pages };
	return r == 0 && kept != p->n_kept ? -EINVAL : r;
}

static uint64_t pieces_left(const uint64_t gaps[KD_ELF_GAP_CLASSES], uint64_t runs,
			    uint64_t gap)
{
	for (unsigned int i = 0; (uint64_t)1 << i < gap; i++)
		runs -= gaps[i];
	return runs;
}

int kd_elf_plan_init(struct kd_elf_plan *ret, const struct kd_runs *runs, size_t max,
		     struct kd_error *err)
{
	_cleanup_(kd_elf_plan_done) struct kd_elf_plan p = { 0 };
	uint64_t gaps[KD_ELF_GAP_CLASSES] = { 0 }, n = 0;
	int r;

	r = count(runs, gaps, &n, &p.n_kept);
	if (r < 0)
		return kd_fail(err, r, "runs of kept pages");
	p.gap = kd_elf_plan_gap(gaps, n, max);
	n = pieces_left(gaps, n, p.gap);
	p.pieces = calloc((size_t)n + 1, sizeof(*p.pieces));
	if (!p.pieces)
		return kd_fail(err, -ENOMEM, "%llu segments", (unsigned long long)n);
	r = fill(&p, runs, (size_t)n);
	if (r < 0)
		return kd_fail(err, r, "runs of kept pages");
	*ret = p;
	p.pieces = NULL;
	return 0;
}

int kd_elf_plan_gaps(const struct kd_elf_plan *p, const struct kd_runs *runs,
		     int (*gap)(void *context, uint64_t before, uint64_t n),
		     void *context)
{
	struct walk w = { .runs = runs };
	uint64_t before = 0;
	int r;

	while ((r = next(&w)) > 0) {
		if (before && w.gap && w.gap < p->gap) {
			r = gap(context, before, w.gap);
			if (r < 0)
				return r;
			before += w.gap;
		}
		before += w.end - w.start;
	}
	return r;
}

void kd_elf_plan_done(struct kd_elf_plan *p)
{
	free(p->pieces);
	*p = (struct kd_elf_plan) { 0 };
}

static bool inside(const struct kd_elf_plan *p, size_t i, kd_pfn_t pfn)
{
	const struct kd_elf_piece *piece = &p->pieces[i];

	return i < p->n && pfn >= piece->start &&
	       pfn - piece->start < piece[1].before - piece->before;
}

/* The last piece that starts at or before @pfn; 0 when none does. */
static size_t search(const struct kd_elf_plan *p, kd_pfn_t pfn)
{
	size_t low = 0, high = p->n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (p->pieces[middle].start <= pfn)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int kd_elf_plan_find(const struct kd_elf_plan *p, kd_pfn_t pfn, size_t *at, uint64_t *ret)
{
	size_t i = *at;

	if (!inside(p, i, pfn)) {
		i++;
		if (i >= p->n || !inside(p, i, pfn))
			i = search(p, pfn);
		if (!inside(p, i, pfn))
			return -ENXIO;
		*at = i;
	}
	*ret = p->pieces[i].before + (pfn - p->pieces[i].start);
	return 0;
}
