/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks of whole dumps: see verify.h. A kdump-compressed file has its own, stricter
 * than reading; of an ELF core every byte is read. Called by run-verify.c.
 */
#include "makedumpfile/inspect/verify.h"

#include <pthread.h>

#include "base/parallel.h"
#include "makedumpfile/format/kdump-reader.h"

#define CHUNK ((size_t)1 << 20)

/**
 * @lock:  taken for a chunk, of what follows
 * @from, @end: frames of the run at hand that nobody has taken yet
 * @error: of finding the next one
 */
struct reading {
	const struct kd_memory *memory;
	pthread_mutex_t lock;
	kd_pfn_t from, end;
	int error;
	struct kd_verify_report report;
};

/* The next frames to read; false at the end. */
static bool take_chunk(struct reading *c, kd_pfn_t *ret_start, kd_pfn_t *ret_end)
{
	uint64_t frames = MAX(CHUNK / c->memory->page_size, (size_t)1);
	int r = 1;

	(void)pthread_mutex_lock(&c->lock);
	if (c->from == c->end)
		r = kd_memory_present(c->memory, &c->from, &c->end);
	if (r > 0) {
		*ret_start = c->from;
		*ret_end = c->from + MIN(frames, c->end - c->from);
		c->from = *ret_end;
	}
	c->error = MIN(r, 0);
	(void)pthread_mutex_unlock(&c->lock);
	return r > 0;
}

static void add_chunk(struct reading *c, uint64_t pages, uint64_t bad, kd_pfn_t first)
{
	(void)pthread_mutex_lock(&c->lock);
	c->report.pages += pages;
	if (bad && (!c->report.bad || first < c->report.first_bad))
		c->report.first_bad = first;
	c->report.bad += bad;
	(void)pthread_mutex_unlock(&c->lock);
}

/* Memory may begin and end inside of a frame, or be two pieces of one. */
static int read_frame(const struct kd_memory *m, kd_pfn_t pfn, uint8_t *buf)
{
	kd_paddr_t at = pfn * m->page_size, end = at + m->page_size;

	while (at < end) {
		const struct kd_extent *e = kd_memory_find(m, at);
		uint64_t n = e ? MIN(end, e->end) - at : 1;
		int r = e ? m->ops->read(m, at, buf, (size_t)n) : 0;

		if (r < 0)
			return r;
		at += n;
	}
	return 0;
}

static void read_chunk(struct reading *c, kd_pfn_t start, kd_pfn_t end, uint8_t *buf)
{
	const struct kd_memory *m = c->memory;
	uint64_t bad = 0;
	kd_pfn_t first = 0;

	/* one read where that goes, page by page only where it does not */
	if (kd_memory_read(m, start * m->page_size, buf,
			   (size_t)(end - start) * m->page_size) < 0)
		for (kd_pfn_t pfn = start; pfn < end; pfn++)
			if (read_frame(m, pfn, buf) < 0 && bad++ == 0)
				first = pfn;
	add_chunk(c, end - start, bad, first);
}

static int read_all(void *context, unsigned int worker _unused_)
{
	struct reading *c = context;
	_cleanup_(kd_freep)
		uint8_t *buf = malloc(MAX(CHUNK, (size_t)c->memory->page_size));
	kd_pfn_t start, end;

	if (!buf)
		return -ENOMEM;
	while (take_chunk(c, &start, &end))
		read_chunk(c, start, end, buf);
	return c->error;
}

static int verify_memory(const struct kd_memory *m, unsigned int threads,
			 struct kd_verify_report *ret, struct kd_error *err)
{
	struct reading c = { .memory = m };
	int r;

	(void)pthread_mutex_init(&c.lock, NULL);
	r = kd_parallel(threads, read_all, &c);
	(void)pthread_mutex_destroy(&c.lock);
	if (r < 0)
		return kd_fail(err, r, "memory");
	*ret = c.report;
	if (!ret->bad)
		return 0;
	(void)kd_fail(err, -EIO, "page frame 0x%llx", (unsigned long long)ret->first_bad);
	return kd_fail(err, -EBADMSG, "%llu of %llu pages are wrong",
		       (unsigned long long)ret->bad, (unsigned long long)ret->pages);
}

static int verify_kdump(const struct kd_kdump *k, unsigned int threads,
			struct kd_verify_report *ret, struct kd_error *err)
{
	const struct kd_kdump_verify how = { .threads = threads };
	struct kd_kdump_check found;
	int r = kd_kdump_verify_with(k, &how, &found, err);

	if (r == 0 || r == -EBADMSG)
		*ret = (struct kd_verify_report) { .pages = found.pages,
						   .bad = found.bad,
						   .unreadable = found.unreadable,
						   .first_bad = found.first_bad };
	return r;
}

int kd_dump_verify(const struct kd_input *input, unsigned int threads,
		   struct kd_verify_report *ret, struct kd_error *err)
{
	int r = input->kdump ? verify_kdump(input->kdump, threads, ret, err)
			     : verify_memory(input->memory, threads, ret, err);

	if (r == 0 && input->incomplete)
		return kd_fail_msg(err, -EBADMSG, "the dump is not complete%s%s",
				   input->oddities[0] ? ": " : "", input->oddities);
	return r;
}
