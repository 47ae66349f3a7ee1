/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small machine for the tests of format/: what each of its page frames holds follows
 * from the frame's number, so a reader's answer can be checked without a stored copy.
 * Also opens bytes in memory as the file that readers want.
 */
#pragma once

#include "base/io.h"
#include "makedumpfile/format/kdump-reader.h"
#include "makedumpfile/format/kdump-writer.h"
#include "tests/unit/memory-sink.h"

#define SAMPLE_FRAMES 301U /* no multiple of 8, nor of 64 */
#define SAMPLE_INFO                               \
	"OSRELEASE=6.1.0-sample\nPAGESIZE=4096\n" \
	"CRASHTIME=1700000000\n"

enum sample_page {
	SAMPLE_HOLE,	   /* no memory there */
	SAMPLE_EXCLUDED,   /* memory, left out of the dump */
	SAMPLE_ZERO,	   /* all zeros */
	SAMPLE_TEXT,	   /* shrinks */
	SAMPLE_NOISE,	   /* does not shrink */
	SAMPLE_UNREADABLE, /* kept, but reading it failed */
};

/**
 * How to write the sample.
 *
 * @whole:    no page is unreadable
 * @complete: what the writer's finish() is told
 * @frames:   one past the last page frame
 * @n_described: kept pages, counted
 */
struct sample {
	uint32_t page_size;
	enum kd_codec_id codec;
	bool whole;
	bool complete;
	kd_pfn_t frames;
	struct kd_write_counts counts;
	uint64_t n_described;
	char notes[256];
	struct kd_kdump_info info;
	uint8_t exists[SAMPLE_FRAMES / 8 + 1];
	uint8_t kept[SAMPLE_FRAMES / 8 + 1];
};

/** What frame @pfn is; with @whole none is unreadable. */
enum sample_page sample_kind(kd_pfn_t pfn, bool whole);

/** What reading frame @pfn of a dump must give: 0, -ENODATA or -EIO. */
int sample_expected(kd_pfn_t pfn, bool whole);

/** The bytes of frame @pfn. */
void sample_fill(kd_pfn_t pfn, bool whole, uint8_t *page, size_t size);

/** Defaults: 4 KiB pages, zstd, complete. */
void sample_init(struct sample *s);
/** The same of a machine that has only the first @frames <= SAMPLE_FRAMES of it. */
void sample_init_frames(struct sample *s, kd_pfn_t frames);

/** Make it the part with the frames [start, end) of a split dump. */
void sample_split(struct sample *s, kd_pfn_t start, kd_pfn_t end);

/** Give @w each kept page, in batches. Returns the first error. */
int sample_pages(struct sample *s, struct kd_writer *w);

/** Write all of @s into @sink. On failure what a program would do is done: the dump is
 *  finished as incomplete. Returns the first error. */
int sample_write(struct sample *s, struct kd_sink *sink, struct kd_error *err);

/** The same into memory: @ret is initialised in any case. */
int sample_make(struct sample *s, struct memory_sink *ret);

/** A descriptor of an anonymous file with those bytes, or negative errno. */
int sample_file(const void *data, size_t size);

/** Open an anonymous file as a dump. */
int sample_open(int fd, struct kd_kdump **ret, struct kd_error *err);

/** Open what was written into memory as a dump. */
int sample_open_bytes(const struct memory_sink *m, struct kd_kdump **ret,
		      struct kd_error *err);

/** Read of a dump, straight from its reader. */
int sample_read(const struct kd_kdump *k, kd_paddr_t addr, void *buf, size_t size);
