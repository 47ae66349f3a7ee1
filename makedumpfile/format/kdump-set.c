/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Split dumps: see kdump-set.h. A frame belongs to one part; reads and questions are
 * handed on. Called by the input.
 */
#include "makedumpfile/format/kdump-set.h"

#include <string.h>

struct kd_kdump_set {
	struct kd_memory memory; /* first: the ops are given a pointer to it */
	struct kd_kdump *parts[KD_KDUMP_SET_MAX];
	size_t n;
	bool whole;
};

/* The first part whose frames end behind @pfn, or NULL. */
static const struct kd_kdump *part_of(const struct kd_kdump_set *set, kd_pfn_t pfn)
{
	for (size_t i = 0; i < set->n; i++)
		if (pfn < kd_kdump_facts(set->parts[i])->end)
			return set->parts[i];
	return NULL;
}

static int set_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	const struct kd_kdump_set *set = (const struct kd_kdump_set *)m;
	uint8_t *out = buf;

	while (size) {
		const struct kd_kdump *k = part_of(set, addr / m->page_size);
		const struct kd_memory *part;
		uint64_t end;
		size_t n;
		int r;

		if (!k || addr / m->page_size < kd_kdump_facts(k)->start)
			return -ENODATA;
		part = kd_kdump_memory(k);
		end = kd_kdump_facts(k)->end * m->page_size;
		n = (size_t)MIN((uint64_t)size, end - addr);
		r = part->ops->read(part, addr, out, n);
		if (r < 0)
			return r;
		addr += n;
		out += n;
		size -= n;
	}
	return 0;
}

static int set_present(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	const struct kd_kdump_set *set = (const struct kd_kdump_set *)m;
	int r = 0;

	for (size_t i = 0; i < set->n && r == 0; i++) {
		const struct kd_memory *part = kd_kdump_memory(set->parts[i]);

		r = part->ops->present(part, from, ret_end);
	}
	return r;
}

static const struct kd_memory_ops set_ops = {
	.read = set_read,
	.present = set_present,
};

/* A part of no frames goes before the one that begins there. */
static bool is_before(const struct kd_kdump *a, const struct kd_kdump *b)
{
	const struct kd_kdump_facts *x = kd_kdump_facts(a), *y = kd_kdump_facts(b);

	return x->start != y->start ? x->start < y->start : x->end < y->end;
}

static void sort(struct kd_kdump **parts, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct kd_kdump *k = parts[i];
		size_t j = i;

		for (; j && is_before(k, parts[j - 1]); j--)
			parts[j] = parts[j - 1];
		parts[j] = k;
	}
}

static bool same_dump(const struct kd_kdump *x, const struct kd_kdump *y)
{
	const struct kd_kdump_facts *a = kd_kdump_facts(x), *b = kd_kdump_facts(y);

	return a->split && b->split && a->max_mapnr == b->max_mapnr &&
	       kd_kdump_memory(x)->page_size == kd_kdump_memory(y)->page_size &&
	       a->crash_time == b->crash_time &&
	       memcmp(a->utsname, b->utsname, sizeof(a->utsname)) == 0;
}

static int check(struct kd_kdump_set *set, struct kd_error *err)
{
	kd_pfn_t next = 0;

	set->whole = true;
	for (size_t i = 0; i < set->n; i++) {
		const struct kd_kdump_facts *f = kd_kdump_facts(set->parts[i]);

		if (!same_dump(set->parts[0], set->parts[i]))
			return kd_fail_msg(err, -EBADMSG,
					   "not the parts of one split dump");
		if (f->start < next)
			return kd_fail_msg(err, -EBADMSG,
					   "two parts have page frame 0x%llx",
					   (unsigned long long)f->start);
		set->whole &= f->start == next && !kd_kdump_incomplete(set->parts[i]);
		next = f->end;
	}
	set->whole &= next == kd_kdump_facts(set->parts[0])->max_mapnr;
	return 0;
}

int kd_kdump_set_new(struct kd_kdump **parts, size_t n, struct kd_kdump_set **ret,
		     struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_kdump_set *set = calloc(1, sizeof(*set));
	int r;

	if (n == 0 || n > KD_KDUMP_SET_MAX)
		return kd_fail(err, -E2BIG, "%zu parts", n);
	if (!set)
		return kd_fail(err, -ENOMEM, "split dump");
	for (size_t i = 0; i < n; i++)
		set->parts[i] = parts[i];
	set->n = n;
	sort(set->parts, n);
	r = check(set, err);
	if (r < 0)
		return r;
	set->memory = *kd_kdump_memory(set->parts[0]);
	set->memory.ops = &set_ops;
	*ret = TAKE_PTR(set);
	return 0;
}

void kd_kdump_set_free(struct kd_kdump_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n; i++)
		kd_kdump_free(set->parts[i]);
	free(set);
}

const struct kd_memory *kd_kdump_set_memory(const struct kd_kdump_set *set)
{
	return &set->memory;
}

const struct kd_kdump *kd_kdump_set_first(const struct kd_kdump_set *set)
{
	return set->parts[0];
}

bool kd_kdump_set_whole(const struct kd_kdump_set *set)
{
	return set->whole;
}
