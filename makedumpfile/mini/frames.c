/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open addressing, half full at most: see frames.h. Trusts no frame number. Called by
 * seen.c and the selection.
 */
#include "makedumpfile/mini/frames.h"

#define EMPTY UINT64_MAX

int kd_frames_init(struct kd_frames *f, size_t max, struct kd_error *err)
{
	size_t n = 4;

	while (n < 2 * max)
		n *= 2;
	*f = (struct kd_frames) { .n_slots = n, .max = max };
	f->slots = malloc(n * sizeof(*f->slots));
	if (!f->slots)
		return kd_fail(err, -ENOMEM, "set of page frames");
	for (size_t i = 0; i < n; i++)
		f->slots[i] = EMPTY;
	return 0;
}

void kd_frames_done(struct kd_frames *f)
{
	free(f->slots);
	*f = (struct kd_frames) { .slots = NULL };
}

bool kd_frames_add(struct kd_frames *f, kd_pfn_t pfn)
{
	/* neighbours are added together: spread them by the golden ratio */
	size_t i = (size_t)((pfn * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

	if (pfn == EMPTY || f->sealed)
		return false;
	for (;; i++) {
		kd_pfn_t *slot = &f->slots[i & (f->n_slots - 1)];

		if (*slot == pfn)
			return true;
		if (*slot != EMPTY)
			continue;
		if (f->n == f->max) {
			f->full = true;
			return false;
		}
		*slot = pfn;
		f->n++;
		return true;
	}
}

static int compare(const void *a, const void *b)
{
	kd_pfn_t x = *(const kd_pfn_t *)a, y = *(const kd_pfn_t *)b;

	return x < y ? -1 : x > y;
}

void kd_frames_seal(struct kd_frames *f)
{
	size_t n = 0;

	if (f->sealed)
		return;
	for (size_t i = 0; i < f->n_slots; i++)
		if (f->slots[i] != EMPTY)
			f->slots[n++] = f->slots[i];
	qsort(f->slots, n, sizeof(*f->slots), compare);
	f->sealed = true;
}

bool kd_frames_next(const struct kd_frames *f, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (f->slots[mid] < *from)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == f->n)
		return false;
	*from = f->slots[low];
	for (high = low + 1; high < f->n && f->slots[high] == f->slots[high - 1] + 1;)
		high++;
	*ret_end = f->slots[high - 1] + 1;
	return true;
}
