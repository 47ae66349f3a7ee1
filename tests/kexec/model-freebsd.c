/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FreeBSD's kexec_load(2), the page and the code: see model-freebsd.h.
 */
#include "tests/kexec/model-freebsd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* malloc(9) of a page list for more than this is no wait but the end. */
#define ABSURD (1ull << 44)

static struct model_answer returns(int code)
{
	return (struct model_answer) { .verdict = MODEL_RETURNS, .code = code };
}

static struct model_answer other(enum model_verdict verdict, const char *why)
{
	return (struct model_answer) { verdict, -ENOTRECOVERABLE, why };
}

/* @code: what a reader of other pages would expect */
static struct model_answer unsaid(int code, const char *why)
{
	return (struct model_answer) { MODEL_UNSAID, code, why };
}

/* copyin(9): what this process itself could not read. */
static bool readable(const void *buf, size_t size)
{
	uint8_t byte;

	for (size_t at = 0; at < size; at += KD_FREEBSD_PAGE) {
		struct iovec here = { &byte, 1 };
		struct iovec there = { (uint8_t *)buf + at, 1 };

		if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) != 1)
			return false;
	}
	return true;
}

static uint64_t sum_of(const void *buf, size_t size)
{
	const uint8_t *p = buf;
	uint64_t sum = 0xcbf29ce484222325;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ p[i]) * 0x100000001b3;
	return sum;
}

static int by_address(const void *a, const void *b)
{
	const struct kd_freebsd_segment *x = a, *y = b;

	return x->mem < y->mem ? -1 : x->mem > y->mem;
}

static struct model_image image_of(uint64_t entry, unsigned long n,
				   const struct kd_freebsd_segment *sorted)
{
	struct model_image image = { .entry = entry, .n = n };

	for (size_t i = 0; i < n; i++)
		image.parts[i] =
			(struct model_part) { sorted[i].mem, sorted[i].memsz,
					      sorted[i].bufsz,
					      sum_of(sorted[i].buf, sorted[i].bufsz) };
	return image;
}

static bool unaligned(const struct kd_freebsd_segment *s)
{
	return ((s->mem | s->memsz) & (KD_FREEBSD_PAGE - 1)) != 0;
}

static bool wraps(const struct kd_freebsd_segment *s)
{
	return s->mem + s->memsz < s->mem;
}

/* In the list, wherever entries of it meet. */
static bool covered(const struct model_freebsd *m, const struct kd_freebsd_segment *s)
{
	uint64_t at = s->mem, end = s->mem + s->memsz;
	bool moved = true;

	while (at < end && moved) {
		moved = false;
		for (size_t i = 0; i < m->n_segs; i++)
			if (at >= m->segs[i].start && at < m->segs[i].end) {
				at = m->segs[i].end;
				moved = true;
			}
	}
	return at >= end;
}

static struct model_answer page_segment(const struct model_freebsd *m,
					const struct kd_freebsd_segment *s)
{
	if (s->bufsz > s->memsz)
		return returns(-EINVAL);
	if (unaligned(s))
		return unsaid(-EINVAL, "must be page aligned; no error is named");
	if (s->memsz == 0)
		return unsaid(0, "empty segments are not spoken of");
	if (wraps(s))
		return unsaid(-EINVAL, "addresses that wrap are not spoken of");
	if (!covered(m, s))
		return unsaid(-EINVAL, "must be in vm.phys_segs; no error is named");
	if (!readable(s->buf, s->bufsz))
		return unsaid(-EFAULT, "bad buffers are not spoken of");
	return returns(0);
}

static struct model_answer page_segments(const struct model_freebsd *m,
					 unsigned long count,
					 const struct kd_freebsd_segment *sorted)
{
	uint64_t need = 0;

	for (unsigned long i = 0; i < count; i++) {
		struct model_answer a = page_segment(m, &sorted[i]);

		if (a.verdict != MODEL_RETURNS || a.code != 0)
			return a;
		if (i && sorted[i].mem < sorted[i - 1].mem + sorted[i - 1].memsz)
			return unsaid(-EINVAL, "overlaps are not spoken of");
		need += sorted[i].memsz;
	}
	if (need > m->free)
		return unsaid(-ENOMEM, "too little memory is not spoken of");
	return returns(0);
}

static struct model_answer page_load(struct model_freebsd *m, uint64_t entry,
				     unsigned long count,
				     struct kd_freebsd_segment *sorted)
{
	struct model_answer a;

	if (count) {
		a = page_segments(m, count, sorted);
		if (a.verdict != MODEL_RETURNS || a.code != 0)
			return a;
		if (m->la57)
			return returns(-EINVAL); /* "machine-dependent load error" */
		m->image = image_of(entry, count, sorted);
	}
	m->staged = m->registered = count != 0;
	return returns(0);
}

/* segment_fits(): @end counts as inside, and the sum may wrap. */
static bool snapshot_fits(const struct model_freebsd *m,
			  const struct kd_freebsd_segment *s)
{
	for (size_t i = 0; i < m->n_segs; i++)
		if (s->mem >= m->segs[i].start && s->mem + s->memsz - 1 <= m->segs[i].end)
			return true;
	return false;
}

/* What comes after "out:" once the image is mapped. */
static struct model_answer snapshot_clean_up(const struct model_freebsd *m, int code)
{
	if (!m->staged)
		return other(MODEL_PANICS,
			     "unmaps by the size of kexec_obj, which is NULL");
	return returns(code);
}

static struct model_answer snapshot_stage(struct model_freebsd *m, unsigned long count,
					  const struct kd_freebsd_segment *sorted)
{
	uint64_t pages = 0, bytes = 0;

	for (unsigned long i = 0; i < count; i++) {
		if (!snapshot_fits(m, &sorted[i]) || sorted[i].bufsz > sorted[i].memsz)
			return returns(-EINVAL);
		pages += sorted[i].memsz / KD_FREEBSD_PAGE;
		bytes += sorted[i].memsz;
	}
	for (unsigned long i = 0; i < count; i++)
		if (wraps(&sorted[i]))
			return other(MODEL_PANICS,
				     "a target that PHYS_TO_VM_PAGE() has no page for");
	if (pages > ABSURD / KD_FREEBSD_PAGE)
		return other(MODEL_PANICS, "a page list larger than the kernel's memory");
	if (pages > m->free / KD_FREEBSD_PAGE)
		return other(MODEL_HANGS, "VM_ALLOC_WAITOK");
	for (unsigned long i = 0; i < count; i++)
		if (!readable(sorted[i].buf, sorted[i].bufsz))
			return snapshot_clean_up(m, -EFAULT);
	if (bytes != pages * KD_FREEBSD_PAGE)
		return other(MODEL_CORRUPTS, "copies past its pages");
	for (unsigned long i = 0; i < count; i++)
		if (unaligned(&sorted[i]))
			return other(MODEL_CORRUPTS, "its last page may hold another's");
	if (m->la57)
		return snapshot_clean_up(m, -EINVAL);
	return returns(0);
}

static struct model_answer snapshot_load(struct model_freebsd *m, uint64_t entry,
					 unsigned long count,
					 struct kd_freebsd_segment *sorted)
{
	struct model_answer a = count ? snapshot_stage(m, count, sorted) : returns(0);
	unsigned long kept = 0;

	if (a.verdict != MODEL_RETURNS || a.code != 0)
		return a;
	if (m->staged && m->invariants)
		return other(MODEL_PANICS, "KASSERT: stage_addr is never set");
	/* kexec_do_reboot and kexec_load_md() stop at the first size of 0 */
	while (kept < count && sorted[kept].memsz)
		kept++;
	m->image = image_of(entry, kept, sorted);
	if (count == 0)
		m->stale = m->stale || m->registered; /* deregistered, tag kept */
	m->registered = count != 0 && !m->stale;
	m->staged = count != 0;
	return returns(0);
}

struct model_answer model_freebsd_load(struct model_freebsd *m, uint64_t entry,
				       unsigned long count,
				       const struct kd_freebsd_segment *segments,
				       unsigned long flags)
{
	struct kd_freebsd_segment sorted[KD_FREEBSD_SEGMENT_MAX];
	bool page = m->reading == MODEL_PAGE;

	m->calls++;
	if (m->unprivileged)
		return page ? unsaid(-EPERM, "who may is not said") : returns(-EPERM);
	if (count > KD_FREEBSD_SEGMENT_MAX)
		return returns(-EINVAL);
	if (m->busy)
		return returns(-EBUSY);
	if (page && flags != 0)
		return unsaid(-EINVAL, "must be 0; no error is named");
	if (count && !readable(segments, count * sizeof(*segments)))
		return page ? unsaid(-EFAULT, "bad pointers are not spoken of")
			    : returns(-EFAULT);
	if (count) {
		memcpy(sorted, segments, count * sizeof(*segments));
		qsort(sorted, count, sizeof(*sorted), by_address);
	}
	return page ? page_load(m, entry, count, sorted)
		    : snapshot_load(m, entry, count, sorted);
}

bool model_freebsd_reboot(const struct model_freebsd *m, int howto)
{
	return (howto & KD_FREEBSD_RB_KEXEC) && m->staged && m->registered;
}

bool model_image_same(const struct model_image *a, const struct model_image *b)
{
	return a->entry == b->entry && a->n == b->n &&
	       memcmp(a->parts, b->parts, a->n * sizeof(a->parts[0])) == 0;
}

const char *model_verdict_name(enum model_verdict verdict)
{
	static const char *const names[] = {
		[MODEL_RETURNS] = "returns", [MODEL_UNSAID] = "unsaid",
		[MODEL_PANICS] = "panics",   [MODEL_CORRUPTS] = "corrupts",
		[MODEL_HANGS] = "hangs",
	};

	return names[verdict];
}

static int call_load(void *context, uint64_t entry, unsigned long count,
		     struct kd_freebsd_segment *segments, unsigned long flags)
{
	struct model_freebsd *m = context;

	m->last = model_freebsd_load(m, entry, count, segments, flags);
	return m->last.code;
}

static int call_reboot(void *context, int howto)
{
	struct model_freebsd *m = context;

	m->restarts++;
	m->jumps += model_freebsd_reboot(m, howto);
	return -EPERM; /* it came back */
}

static ssize_t phys_segs(const struct model_freebsd *m, char *buf, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < m->n_segs; i++) {
		char line[160];
		int n = snprintf(line, sizeof(line),
				 "\nSEGMENT %zu:\n\nstart:     %#" PRIx64
				 "\nend:       %#" PRIx64
				 "\ndomain:    0\nfree list: 0xffffffff81e30a10\n",
				 i, m->segs[i].start, m->segs[i].end);

		if (used + (size_t)n + 1 > size)
			return -ENOMEM;
		memcpy(buf + used, line, (size_t)n + 1);
		used += (size_t)n;
	}
	return (ssize_t)used + 1; /* with its NUL */
}

static ssize_t call_sysctl(void *context, const char *name, void *buf, size_t size)
{
	const struct model_freebsd *m = context;
	uint32_t value;

	if (strcmp(name, "vm.phys_segs") == 0)
		return phys_segs(m, buf, size);
	if (strcmp(name, "vm.pmap.la57") == 0)
		value = m->la57;
	else if (strcmp(name, "vm.stats.vm.v_free_count") == 0)
		value = (uint32_t)(m->free / KD_FREEBSD_PAGE);
	else
		return -ENOENT;
	memcpy(buf, &value, sizeof(value));
	return sizeof(value);
}

static int call_lock(void *context, const void *buf, size_t size)
{
	struct model_freebsd *m = context;

	if (!readable(buf, size))
		return -ENOMEM;
	m->locked += (int64_t)size;
	return 0;
}

static void call_unlock(void *context, const void *buf, size_t size)
{
	(void)buf;
	((struct model_freebsd *)context)->locked -= (int64_t)size;
}

static int call_claim(void *context)
{
	struct model_freebsd *m = context;

	if (m->claimed)
		return -EEXIST;
	m->claimed = true;
	return 0;
}

static void call_release(void *context)
{
	((struct model_freebsd *)context)->claimed = false;
}

static int call_claimed(void *context)
{
	return ((struct model_freebsd *)context)->claimed;
}

struct kd_freebsd model_freebsd_calls(struct model_freebsd *m)
{
	static const struct kd_freebsd_calls calls = {
		.kexec_load = call_load,
		.reboot = call_reboot,
		.sysctl = call_sysctl,
		.lock = call_lock,
		.unlock = call_unlock,
		.claim = call_claim,
		.release = call_release,
		.claimed = call_claimed,
	};

	return (struct kd_freebsd) { .calls = &calls, .context = m };
}
