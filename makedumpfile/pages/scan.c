/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pass, in ascending order, one decode a page; spans that go are dropped whole. The
 * tails of a span that stays are looked at one by one: a poisoned one must not be read.
 */
#include "makedumpfile/pages/scan.h"

int kd_scan_init(struct kd_scan *ret, const struct kd_memory *memory,
		 struct kd_memmap *memmap, const struct kd_layout *layout,
		 unsigned int level, struct kd_error *err)
{
	struct kd_scan s = { .memory = memory, .memmap = memmap, .level = level };
	int r;

	if (memmap) {
		r = kd_page_format_init(&s.format, layout, err);
		if (r < 0)
			return r;
		kd_class_rules_init(&s.rules, layout,
				    (unsigned int)__builtin_ctz(memory->page_size));
	}
	*ret = s;
	return 0;
}

void kd_scan_restart(struct kd_scan *s)
{
	s->span_end = 0;
	s->counts = (struct kd_scan_counts) { 0 };
}

kd_pfn_t kd_scan_max_pfn(const struct kd_memory *memory)
{
	kd_paddr_t end;

	if (!memory->n_extents)
		return 0;
	end = memory->extents[memory->n_extents - 1].end;
	return end / memory->page_size + (end % memory->page_size != 0);
}

/* [from, to) are all of one class. */
static void judge(struct kd_scan *s, struct kd_keepmap *keep, kd_pfn_t from, kd_pfn_t to,
		  enum kd_page_class class)
{
	s->counts.seen[class] += to - from;
	if (kd_policy_keep(class, s->level))
		s->counts.kept[class] += to - from;
	else
		kd_keepmap_clear(keep, from, to);
}

static void start_span(struct kd_scan *s, kd_pfn_t pfn, const struct kd_verdict *v)
{
	s->span_end = pfn + (UINT64_C(1) << v->order);
	s->span_class = v->class;
	s->span_kept = kd_policy_keep(v->class, s->level);
	/* a hugetlb page carries the mark on its head, whichever part is broken
	 * (mm/memory-failure.c, folio_set_hugetlb_hwpoison()) */
	if (v->poisoned && v->class == KD_CLASS_HUGETLB && s->span_kept) {
		s->span_class = KD_CLASS_HWPOISON;
		s->span_kept = false;
	}
}

/* Whether a page of @class within a span of @span is a part of it: tails of compound
 * pages are marked, the rest of a free block is not. */
static bool belongs(enum kd_page_class span, enum kd_page_class class)
{
	return class == KD_CLASS_TAIL || span == KD_CLASS_FREE ||
	       span == KD_CLASS_UNACCEPTED;
}

/* The struct pages of [pfn, end) are at @raw. */
static void judge_pages(struct kd_scan *s, struct kd_keepmap *keep, kd_pfn_t pfn,
			kd_pfn_t end, const uint8_t *raw)
{
	struct kd_page page, next;
	struct kd_verdict v;
	uint64_t n;

	for (; pfn < end; pfn += n, raw += n * s->format.size) {
		bool has_next = pfn + 1 < end;

		kd_page_decode(&s->format, raw, &page);
		/* only heads are asked for their second page */
		has_next = has_next && (page.flags & s->rules.head);
		if (has_next)
			kd_page_decode(&s->format, raw + s->format.size, &next);
		v = kd_classify(&s->rules, pfn, &page, has_next ? &next : NULL);
		if (pfn < s->span_end && belongs(s->span_class, v.class))
			v.class = s->span_class;
		else
			start_span(s, pfn, &v);

		if (s->span_kept) {
			n = 1;
			if (v.poisoned)
				v.class = KD_CLASS_HWPOISON;
		} else {
			n = MIN(s->span_end, end) - pfn;
			v.class = s->span_class;
		}
		judge(s, keep, pfn, pfn + n, v.class);
	}
}

/* Frames [from, to) exist, all of them. */
static void judge_run(struct kd_scan *s, struct kd_keepmap *keep, kd_pfn_t from,
		      kd_pfn_t to)
{
	const uint8_t *raw;
	uint64_t n;

	while (from < to) {
		if (from < s->span_end && !s->span_kept) {
			kd_pfn_t end = MIN(s->span_end, to);

			judge(s, keep, from, end, s->span_class);
			from = end;
			continue;
		}
		if (kd_memmap_get(s->memmap, from, &raw, &n) < 0) {
			n = MIN(n, to - from);
			judge(s, keep, from, from + n, KD_CLASS_UNKNOWN);
			from += n;
			continue;
		}
		n = MIN(n, to - from);
		judge_pages(s, keep, from, from + n, raw);
		from += n;
	}
}

int kd_scan_range(struct kd_scan *s, kd_pfn_t first, kd_pfn_t end,
		  struct kd_keepmap *exists, struct kd_keepmap *keep)
{
	uint32_t page_size = s->memory->page_size;
	kd_pfn_t done = first;
	int r;

	r = kd_keepmap_start(exists, first, end);
	if (r == 0)
		r = kd_keepmap_start(keep, first, end);
	if (r < 0)
		return r;

	for (size_t i = 0; i < s->memory->n_extents; i++) {
		const struct kd_extent *e = &s->memory->extents[i];
		/* a page of which only a part exists counts; two extents may share it */
		kd_pfn_t from = MAX(e->start / page_size, done);
		kd_pfn_t to = MIN(e->end / page_size + (e->end % page_size != 0), end);

		if (from >= to)
			continue;
		kd_keepmap_set(exists, from, to);
		kd_keepmap_set(keep, from, to);
		if (s->memmap)
			judge_run(s, keep, from, to);
		else
			judge(s, keep, from, to, KD_CLASS_UNKNOWN);
		done = to;
	}
	return 0;
}
