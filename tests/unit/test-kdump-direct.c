/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/format, writing past the page cache: payloads in whole blocks, apart from
 * all else, and a dump that reads as any other.
 */
#include "makedumpfile/format/kdump-format.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

/* One page of headers and one of notes, bitmaps of a page each, the zero page. */
#define FIXED UINT64_C(0x5000)

/** A sink that remembers what it was given. @aligned: in memory, to blocks */
struct watched {
	struct memory_sink memory;
	unsigned int n;
	struct {
		uint64_t offset, size;
		bool aligned;
	} writes[64];
};

static int watched_write(struct kd_sink *s, uint64_t offset, const void *data,
			 size_t size)
{
	struct watched *w = (struct watched *)s;

	if (w->n == ARRAY_SIZE(w->writes))
		return -ENOBUFS;
	w->writes[w->n].offset = offset;
	w->writes[w->n].size = size;
	w->writes[w->n++].aligned = (uintptr_t)data % KD_SINK_BLOCK == 0;
	return memory_sink_write(s, offset, data, size);
}

/* What lies behind @data is whole blocks, in no page of a page cache with anything else. */
static void check_writes(struct test *t, const struct watched *w, uint64_t data)
{
	unsigned int payloads = 0;

	for (unsigned int i = 0; i < w->n; i++) {
		uint64_t at = w->writes[i].offset, size = w->writes[i].size;

		if (at + size <= data)
			continue;
		payloads++;
		CHECK(t, at >= kd_align_up(data, KD_SINK_PAGE));
		CHECK_INT(t, at % KD_SINK_BLOCK, 0);
		CHECK_INT(t, size % KD_SINK_BLOCK, 0);
		CHECK(t, w->writes[i].aligned);
	}
	CHECK(t, payloads > 0);
}

static void check_pages(struct test *t, const struct memory_sink *m,
			const struct sample *s)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	uint8_t page[4096], want[4096];
	struct kd_kdump_check found;

	CHECK_INT(t, sample_open_bytes(m, &k, NULL), 0);
	if (!k)
		return;
	CHECK(t, !kd_kdump_incomplete(k));
	CHECK_INT(t, kd_kdump_verify(k, &found, NULL), 0);
	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++) {
		int r = sample_read(k, pfn * 4096, page, sizeof(page));

		CHECK_INT(t, r, sample_expected(pfn, s->whole));
		if (r < 0)
			continue;
		sample_fill(pfn, s->whole, want, sizeof(want));
		CHECK(t, memcmp(page, want, sizeof(page)) == 0);
	}
}

static void whole_blocks(struct test *t)
{
	static const size_t buffers[] = { 0, KD_KDUMP_BUFFER_MIN + 1,
					  KD_KDUMP_BUFFER_MAX };
	static const struct kd_sink_ops ops = { .write = watched_write,
						.rewrite = memory_sink_rewrite,
						.sync = memory_sink_sync,
						.free = memory_sink_free };

	for (size_t i = 0; i < ARRAY_SIZE(buffers); i++) {
		struct watched w = { .n = 0 };
		struct sample s;

		memory_sink_init(&w.memory);
		w.memory.sink.ops = &ops;
		w.memory.sink.direct = true;
		sample_init(&s);
		s.info.buffer = buffers[i];
		CHECK_INT(t, sample_write(&s, &w.memory.sink, NULL), 0);
		check_writes(t, &w, FIXED + sizeof(struct kd_kdump_desc) * s.n_described);
		check_pages(t, &w.memory, &s);
		memory_sink_done(&w.memory);
	}
}

/* Nothing is padded then. */
static void through_the_cache(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	CHECK_INT(t, m.size,
		  FIXED + sizeof(struct kd_kdump_desc) * s.n_described +
			  s.counts.payload_bytes);
	check_pages(t, &m, &s);
}

static const struct test_case cases[] = {
	{ "whole blocks past the page cache", whole_blocks },
	{ "no gaps through it", through_the_cache },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
