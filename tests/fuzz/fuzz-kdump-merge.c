/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: parts of a split dump joined. Input is a text that changes three good
 * parts: "<part> " and a line of changed-dump.h does that to part 0 to 2, "<part> leave"
 * leaves it out. A page of the result is the one its part has, or none.
 */
#include <fcntl.h>
#include <stdio.h>

#include "makedumpfile/format/kdump-merge.h"
#include "makedumpfile/sink/sink-limit.h"
#include "tests/fuzz/changed-dump.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/sample-dump.h"

#define PARTS  3U
#define FRAMES 48U
#define DISK   ((uint64_t)4 << 20)

struct parts {
	struct memory_sink bytes[PARTS];
	bool left_out[PARTS];
	struct kd_kdump *readers[PARTS];
	struct kd_kdump_part items[PARTS];
	size_t n;
};

static void parts_done(struct parts *p)
{
	for (size_t i = 0; i < PARTS; i++) {
		memory_sink_done(&p->bytes[i]);
		kd_kdump_free(p->readers[i]);
	}
}

/* The good parts are written once: doing so takes longer than all that is done to them. */
static void make(struct parts *p)
{
	static const kd_pfn_t starts[PARTS + 1] = { 0, 16, 19, FRAMES };
	static struct memory_sink good[PARTS];

	for (size_t i = 0; i < PARTS; i++) {
		struct sample s;

		if (!good[i].size) {
			memory_sink_init(&good[i]);
			sample_init_frames(&s, FRAMES);
			sample_split(&s, starts[i], starts[i + 1]);
			if (sample_write(&s, &good[i].sink, NULL) < 0)
				abort();
		}
		memory_sink_init(&p->bytes[i]);
		(void)memory_sink_put(&p->bytes[i], 0, good[i].data, good[i].size);
	}
}

static void change(void *context, char *line)
{
	struct parts *p = context;
	uint64_t part;

	if (!changed_dump_number(&line, &part) || part >= PARTS || !line)
		return;
	if (strcmp(line, "leave") == 0)
		p->left_out[part] = true;
	changed_dump_line(&p->bytes[part], line);
}

static void open_parts(struct parts *p)
{
	for (size_t i = 0; i < PARTS; i++) {
		_cleanup_(kd_closep) int fd = sample_file(p->bytes[i].data,
							  p->bytes[i].size);

		if (p->left_out[i] || fd < 0 || sample_open(fd, &p->readers[i], NULL) < 0)
			continue;
		p->items[p->n++] = (struct kd_kdump_part) { .kdump = p->readers[i],
							    .name = "part" };
	}
}

static bool read_page(const struct kd_kdump *k, kd_pfn_t pfn, uint8_t *page)
{
	const struct kd_memory *m = kd_kdump_memory(k);

	return m->page_size == 4096 && m->ops->read(m, pfn * 4096, page, 4096) == 0;
}

static void compare(const struct parts *p, const struct kd_kdump *whole)
{
	uint8_t page[4096], want[4096];

	for (kd_pfn_t pfn = 0; pfn < FRAMES; pfn++) {
		bool found = false;

		if (!read_page(whole, pfn, page))
			continue;
		for (size_t i = 0; i < p->n; i++)
			found |= read_page(p->items[i].kdump, pfn, want) &&
				 memcmp(page, want, sizeof(page)) == 0;
		if (!found)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(parts_done) struct parts p = { .n = 0 };
	_cleanup_(memory_sink_done) struct memory_sink out;
	_cleanup_(kd_kdump_freep) struct kd_kdump *whole = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_kdump_merge merge = { .parts = p.items };
	struct kd_kdump_merged done;
	struct kd_sink_limit disk;

	memory_sink_init(&out);
	kd_sink_limit_init(&disk, &out.sink, DISK);
	make(&p);
	changed_dump_lines((const char *)data, size, change, &p);
	open_parts(&p);
	merge.n = p.n;
	if (kd_kdump_merge_check(&merge, NULL) < 0 ||
	    kd_kdump_merge_write(&merge, &disk.sink, &done, NULL) < 0)
		return 0;
	fd = sample_file(out.data, out.size);
	if (fd < 0)
		return 0;
	/* a dump that was just joined opens, marked unless it is whole */
	if (sample_open(fd, &whole, NULL) < 0 ||
	    kd_kdump_incomplete(whole) != !done.whole)
		abort();
	compare(&p, whole);
	return 0;
}
