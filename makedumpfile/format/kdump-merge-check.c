/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether files are the parts of one split dump, and all of them: see kdump-merge.h.
 * Writes nothing, so that an output need not exist before the answer is yes. Called by
 * run-reassemble.c.
 */
#include <string.h>

#include "makedumpfile/format/kdump-file.h"
#include "makedumpfile/format/kdump-merge.h"

#define CHUNK ((size_t)256 << 10)

static const struct kd_kdump_facts *facts(const struct kd_kdump_part *p)
{
	return kd_kdump_facts(p->kdump);
}

/* By the first frame; a part of no frames goes before the one that begins there. */
static bool is_before(const struct kd_kdump_part *a, const struct kd_kdump_part *b)
{
	const struct kd_kdump_facts *x = facts(a), *y = facts(b);

	return x->start != y->start ? x->start < y->start : x->end < y->end;
}

static void sort(struct kd_kdump_part *parts, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct kd_kdump_part p = parts[i];
		size_t j = i;

		for (; j && is_before(&p, &parts[j - 1]); j--)
			parts[j] = parts[j - 1];
		parts[j] = p;
	}
}

/* In what the headers of two parts differ, in words; NULL when in nothing. */
static const char *difference(const struct kd_kdump *a, const struct kd_kdump *b)
{
	const struct kd_kdump_facts *x = &a->facts, *y = &b->facts;

	if (a->memory.page_size != b->memory.page_size)
		return "page size";
	if (x->max_mapnr != y->max_mapnr)
		return "number of page frames";
	if (memcmp(x->utsname, y->utsname, sizeof(x->utsname)) != 0)
		return "kernel and host";
	if (x->crash_time != y->crash_time)
		return "time";
	if (x->phys_base != y->phys_base)
		return "phys_base";
	if (x->level != y->level)
		return "dump level";
	if (a->notes_size != b->notes_size ||
	    (a->notes_size && memcmp(a->notes, b->notes, a->notes_size) != 0))
		return "notes";
	if (a->info_size != b->info_size ||
	    (a->info_size && memcmp(a->info, b->info, a->info_size) != 0))
		return "VMCOREINFO";
	return NULL;
}

static int check_frames(const struct kd_kdump_merge *m, struct kd_error *err)
{
	const struct kd_kdump_part *last = &m->parts[m->n - 1];
	kd_pfn_t next = 0, max = facts(last)->max_mapnr;

	for (size_t i = 0; i < m->n; i++) {
		const struct kd_kdump_facts *f = facts(&m->parts[i]);

		if (f->start < next)
			return kd_fail_msg(err, -EBADMSG,
					   "%s has page frames that %s has, too",
					   m->parts[i].name, m->parts[i - 1].name);
		if (f->start > next)
			return kd_fail_msg(err, -EBADMSG,
					   "%s begins at page frame 0x%llx: the part "
					   "with frames 0x%llx to 0x%llx is missing",
					   m->parts[i].name, (unsigned long long)f->start,
					   (unsigned long long)next,
					   (unsigned long long)f->start - 1);
		next = f->end;
	}
	if (next < max)
		return kd_fail_msg(err, -EBADMSG,
				   "%s ends before page frame 0x%llx: the part with "
				   "frames up to 0x%llx is missing",
				   last->name, (unsigned long long)next,
				   (unsigned long long)max - 1);
	return 0;
}

static int read_bits(const struct kd_kdump_part *p, uint64_t offset, uint8_t *buf,
		     size_t size, struct kd_error *err)
{
	int r = kd_file_view_read_all(p->kdump->file, buf, size,
				      p->kdump->bitmap + offset);

	return r < 0 ? kd_fail(err, r, "%s: first bitmap", p->name) : 0;
}

/* Of what memory there is; what is kept is each part's own affair. */
static int compare_bitmaps(const struct kd_kdump_part *a, const struct kd_kdump_part *b,
			   uint8_t *buf, struct kd_error *err)
{
	uint64_t all = (facts(a)->max_mapnr + 7) / 8;
	int r = 0;

	for (uint64_t at = 0; at < all; at += CHUNK) {
		size_t n = (size_t)MIN((uint64_t)CHUNK, all - at);

		r = read_bits(a, at, buf, n, err);
		if (r == 0)
			r = read_bits(b, at, buf + CHUNK, n, err);
		if (r < 0)
			return r;
		if (memcmp(buf, buf + CHUNK, n) != 0)
			return kd_fail_msg(err, -EBADMSG,
					   "%s and %s are not of one dump: they differ "
					   "in what memory there is",
					   a->name, b->name);
	}
	return 0;
}

int kd_kdump_merge_check(struct kd_kdump_merge *m, struct kd_error *err)
{
	_cleanup_(kd_freep) uint8_t *buf = malloc(2 * CHUNK);
	const struct kd_kdump_part *first = m->parts;
	int r;

	if (!buf)
		return kd_fail(err, -ENOMEM, "bitmaps");
	if (m->n == 0)
		return kd_fail(err, -EINVAL, "no parts");
	for (size_t i = 0; i < m->n; i++) {
		const char *what;

		if (!facts(&m->parts[i])->split)
			return kd_fail_msg(err, -EBADMSG, "%s is no part of a split dump",
					   m->parts[i].name);
		what = difference(first->kdump, m->parts[i].kdump);
		if (what)
			return kd_fail_msg(err, -EBADMSG,
					   "%s and %s are not of one dump: they differ "
					   "in their %s",
					   first->name, m->parts[i].name, what);
	}
	sort(m->parts, m->n);
	r = check_frames(m, err);
	for (size_t i = 1; r == 0 && i < m->n; i++)
		r = compare_bitmaps(first, &m->parts[i], buf, err);
	return r;
}
