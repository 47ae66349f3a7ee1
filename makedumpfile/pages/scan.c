/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pass over a range, one decode a page; spans that go are dropped whole. The tails
 * of a span that stays are looked at one by one: a poisoned one must not be read. Where
 * spans overlap, as only damage makes them, the one met first wins.
 */
#include "makedumpfile/pages/scan.h"

#include "makedumpfile/pages/look-back.h"

int kd_scan_init(struct kd_scan *ret, const struct kd_memory *memory,
		 const struct kd_memmap *memmap, const struct kd_layout *layout,
		 const struct kd_policy *policy, struct kd_error *err)
{
	struct kd_scan s = { .memory = memory, .memmap = memmap, .policy = *policy };
	int r;

	if (memmap) {
		r = kd_page_format_init(&s.format, layout, err);
		if (r < 0)
			return r;
		kd_class_rules_init(&s.rules, layout,
				    (unsigned int)__builtin_ctz(memory->page_size));
	}
	for (size_t i = 0; i < KD_CLASS_COUNT; i++)
		s.keeps[i] = kd_policy_keep(policy, (enum kd_page_class)i);
	if (memmap) {
		kd_plain_init(&s.plain, &s.format, &s.rules, s.keeps);
		if (policy->exclude & KD_EXCLUDE_GUEST)
			kd_guest_rule_init(&s.guest, layout);
	}
	/* it goes by struct page alone, and by the machine, not by what the input has */
	s.plain.usable &= !memory->ops->present && !s.guest.flag;
	*ret = s;
	return 0;
}

kd_pfn_t kd_scan_max_pfn(const struct kd_memory *memory)
{
	kd_paddr_t end;

	if (!memory->n_extents)
		return 0;
	end = memory->extents[memory->n_extents - 1].end;
	return end / memory->page_size + (end % memory->page_size != 0);
}

int kd_scanner_init(struct kd_scanner *s, const struct kd_scan *scan)
{
	*s = (struct kd_scanner) { .scan = scan };
	return scan->memmap ? kd_memmap_view_init(&s->view, scan->memmap) : 0;
}

void kd_scanner_done(struct kd_scanner *s)
{
	if (s->scan && s->scan->memmap)
		kd_memmap_view_done(&s->view);
	*s = (struct kd_scanner) { 0 };
}

/* [from, to) are all of one class. What the input lacks is clear in @keep already. */
static void judge(struct kd_scanner *s, struct kd_keepmap *keep, kd_pfn_t from,
		  kd_pfn_t to, enum kd_page_class class)
{
	s->counts.seen[class] += to - from;
	if (!s->scan->keeps[class])
		kd_keepmap_clear(keep, from, to);
	else if (s->scan->memory->ops->present)
		s->counts.kept[class] += kd_keepmap_count_range(keep, from, to);
	else
		s->counts.kept[class] += to - from;
}

static void start_span(struct kd_scanner *s, kd_pfn_t pfn, const struct kd_verdict *v)
{
	s->span_end = pfn + (UINT64_C(1) << v->order);
	s->span_class = v->class;
	s->span_kept = s->scan->keeps[v->class];
	/* a hugetlb page carries the mark on its head, whichever part is broken
	 * (mm/memory-failure.c, folio_set_hugetlb_hwpoison()) */
	if (v->poisoned && v->class == KD_CLASS_HUGETLB && s->span_kept) {
		s->span_class = KD_CLASS_HWPOISON;
		s->span_kept = false;
	}
}

/*
 * The frames of a kept span that follow its first: [pfn, end), struct pages at @raw. A
 * page that is no part of it ends the span. Tails of compound pages are marked, the rest
 * of a free block is not, and a vmemmap-optimised hugetlb page shows its head again.
 * Returns how many were judged.
 */
static uint64_t judge_kept_span(struct kd_scanner *s, struct kd_keepmap *keep,
				kd_pfn_t pfn, kd_pfn_t end, const uint8_t *raw)
{
	const struct kd_scan *scan = s->scan;
	enum kd_page_class class = s->span_class;
	bool any = class == KD_CLASS_FREE || class == KD_CLASS_UNACCEPTED;
	uint64_t again = class == KD_CLASS_HUGETLB ? scan->rules.head : 0;
	kd_pfn_t from = pfn, at;

	for (at = pfn; at < end; at++, raw += scan->format.size) {
		uint64_t flags = kd_page_flags(&scan->format, raw);

		if (!any && !kd_page_is_tail(&scan->format, raw) && !(flags & again)) {
			s->span_end = at;
			break;
		}
		if (!(flags & scan->rules.hwpoison))
			continue;
		judge(s, keep, from, at, class);
		judge(s, keep, at, at + 1, KD_CLASS_HWPOISON);
		from = at + 1;
	}
	judge(s, keep, from, at, class);
	return at - pfn;
}

/* The frame @pfn, in no span, and what it is the first of; [pfn, end) are at @raw.
 * Returns how many were judged. */
static uint64_t judge_first(struct kd_scanner *s, struct kd_keepmap *keep, kd_pfn_t pfn,
			    kd_pfn_t end, const uint8_t *raw)
{
	const struct kd_scan *scan = s->scan;
	struct kd_page page, next;
	struct kd_verdict v;
	uint64_t n = 1;
	bool head;

	kd_page_decode(&scan->format, raw, &page);
	/* only heads are asked for their second page */
	head = pfn + 1 < end && (page.flags & scan->rules.head);
	if (head)
		kd_page_decode(&scan->format, raw + scan->format.size, &next);
	v = kd_classify(&scan->rules, pfn, &page, head ? &next : NULL);
	if (scan->guest.flag &&
	    (v.class == KD_CLASS_CACHE || v.class == KD_CLASS_CACHE_PRIVATE) &&
	    kd_guest_page(&scan->guest, scan->memmap->xlat, &s->guest, page.mapping))
		v.class = KD_CLASS_GUEST;
	start_span(s, pfn, &v);
	if (!s->span_kept) {
		v.class = s->span_class;
		n = MIN(s->span_end, end) - pfn;
	} else if (v.poisoned) {
		v.class = KD_CLASS_HWPOISON;
	}
	judge(s, keep, pfn, pfn + n, v.class);
	return n;
}

static void count_plain(struct kd_scanner *s)
{
	for (size_t i = 0; i < KD_PLAIN_KEYS; i++) {
		uint8_t class = s->scan->plain.class[i];

		s->counts.seen[class] += s->plain[i];
		s->counts.kept[class] += s->scan->keeps[class] ? s->plain[i] : 0;
		s->plain[i] = 0;
	}
}

/* The struct pages of [pfn, end) are at @raw. */
static void judge_pages(struct kd_scanner *s, struct kd_keepmap *keep, kd_pfn_t pfn,
			kd_pfn_t end, const uint8_t *raw)
{
	size_t size = s->scan->format.size;

	while (pfn < end) {
		uint64_t n = 0;

		if (pfn < s->span_end && s->span_kept)
			n = judge_kept_span(s, keep, pfn, MIN(s->span_end, end), raw);
		else if (s->scan->plain.usable)
			n = kd_plain_run(&s->scan->plain, pfn, end, raw, keep, s->plain);
		if (!n)
			n = judge_first(s, keep, pfn, end, raw);
		pfn += n;
		raw += n * size;
	}
}

/* Frames [from, to) exist, all of them. */
static void judge_run(struct kd_scanner *s, struct kd_keepmap *keep, kd_pfn_t from,
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
		if (kd_memmap_get(&s->view, from, &raw, &n) < 0) {
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

/* Keep [from, to), as far as the input has it. */
static int keep_present(struct kd_scanner *s, struct kd_keepmap *keep, kd_pfn_t from,
			kd_pfn_t to)
{
	const struct kd_memory *memory = s->scan->memory;
	uint64_t have = 0;
	kd_pfn_t at = from, end;

	if (!memory->ops->present) {
		kd_keepmap_set(keep, from, to);
		return 0;
	}
	while (at < to) {
		int r = memory->ops->present(memory, &at, &end);

		if (r < 0)
			return r;
		/* an implementation that does not move on is one that is done */
		if (r == 0 || at >= to || end <= at)
			break;
		end = MIN(end, to);
		have += kd_keepmap_set(keep, at, end);
		at = end;
	}
	s->counts.absent += to - from - have;
	return 0;
}

/* The first extent that ends behind frame @pfn's first byte. */
static size_t first_extent(const struct kd_memory *m, kd_pfn_t pfn)
{
	size_t low = 0, high = m->n_extents;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if ((m->extents[mid].end - 1) / m->page_size < pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool kd_scan_empty(const struct kd_scan *scan, kd_pfn_t first, kd_pfn_t end)
{
	const struct kd_memory *m = scan->memory;
	size_t i = first_extent(m, first);

	return i == m->n_extents || m->extents[i].start / m->page_size >= end;
}

int kd_scanner_range(struct kd_scanner *s, kd_pfn_t first, kd_pfn_t end,
		     struct kd_keepmap *exists, struct kd_keepmap *keep)
{
	const struct kd_memory *memory = s->scan->memory;
	uint32_t page_size = memory->page_size;
	kd_pfn_t done = first;
	int r;

	r = kd_keepmap_start(exists, first, end);
	if (r == 0)
		r = kd_keepmap_start(keep, first, end);
	if (r < 0)
		return r;

	s->span_end = 0;
	for (size_t i = first_extent(memory, first); i < memory->n_extents; i++) {
		const struct kd_extent *e = &memory->extents[i];
		/* a page of which only a part exists counts; two extents may share it */
		kd_pfn_t from = MAX(e->start / page_size, done);
		kd_pfn_t to = MIN(e->end / page_size + (e->end % page_size != 0), end);

		if (from >= end)
			break;
		if (from >= to)
			continue;
		kd_keepmap_set(exists, from, to);
		r = keep_present(s, keep, from, to);
		if (r < 0)
			return r;
		if (s->scan->memmap) {
			struct kd_verdict v;
			kd_pfn_t head;

			if (done == first &&
			    kd_look_back(s->scan, &s->view, first, from, &head, &v))
				start_span(s, head, &v);
			judge_run(s, keep, from, to);
		} else {
			judge(s, keep, from, to, KD_CLASS_UNKNOWN);
		}
		done = to;
	}
	count_plain(s);
	return 0;
}
