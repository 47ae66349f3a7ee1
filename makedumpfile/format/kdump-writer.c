/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers, bitmaps and the end of kdump-compressed files: see kdump-writer.h and
 * docs/format-kdump.md; pages are kdump-lane.c's. Checks what its caller promised
 * (bitmaps, counts): only a file that keeps all of it loses the INCOMPLETE flag.
 * Called by dump-write.c.
 */
#include <string.h>

#include "base/parallel.h"
#include "makedumpfile/format/kdump-writing.h"

static uint64_t blocks_for(uint64_t bytes, uint32_t block_size)
{
	return bytes / block_size + (bytes % block_size != 0);
}

static int check_info(const struct kd_kdump_info *info, struct kd_error *err)
{
	uint64_t half = blocks_for(info->max_mapnr / 8 + 1, info->page_size ?: 1);

	if (!kd_is_power_of_2(info->page_size) || info->page_size < KD_KDUMP_BLOCK_MIN ||
	    info->page_size > KD_KDUMP_BLOCK_MAX)
		return kd_fail_msg(err, -EINVAL, "no page size: %u", info->page_size);
	if (info->max_mapnr == 0 || half > INT32_MAX / 2)
		return kd_fail_msg(err, -EINVAL, "no count of page frames: %llu",
				   (unsigned long long)info->max_mapnr);
	if (info->split &&
	    (info->start_pfn > info->end_pfn || info->end_pfn > info->max_mapnr))
		return kd_fail_msg(err, -EINVAL, "a part from frame %llu to %llu",
				   (unsigned long long)info->start_pfn,
				   (unsigned long long)info->end_pfn);
	if (info->notes_size > INT32_MAX)
		return kd_fail_msg(err, -EFBIG, "notes of %zu bytes", info->notes_size);
	if (info->info_offset > info->notes_size ||
	    info->info_size > info->notes_size - info->info_offset)
		return kd_fail_msg(err, -EINVAL, "VMCOREINFO outside of the notes");
	return 0;
}

/* Read from a crashed machine's memory, or not at all: names may have lost their NULs.
 * libkdumpfile, and drgn with it, takes a header for garbage and forgets even the
 * machine when one of these is empty. */
static void mend_names(struct kd_kdump_header *h)
{
	static const char *const unknown[ARRAY_SIZE(h->utsname)] = {
		"Linux", NULL, "unknown", "unknown", NULL, NULL,
	};

	for (size_t i = 0; i < ARRAY_SIZE(h->utsname); i++) {
		h->utsname[i][sizeof(h->utsname[i]) - 1] = '\0';
		if (h->utsname[i][0] == '\0' && unknown[i])
			memcpy(h->utsname[i], unknown[i], strlen(unknown[i]));
	}
}

static uint32_t status(const struct kd_kdump_info *info)
{
	return (uint32_t)info->codec |
	       (info->no_vmemmap ? KD_KDUMP_STATUS_NO_VMEMMAP : 0);
}

static void fill_header(const struct kd_kdump_info *info, uint32_t sub_blocks,
			uint32_t bitmap_blocks, struct kd_kdump_header *h)
{
	*h = (struct kd_kdump_header) {
		.version = KD_KDUMP_VERSION,
		.seconds = info->crash_time,
		.status = status(info) | KD_KDUMP_STATUS_INCOMPLETE,
		.block_size = info->page_size,
		.sub_blocks = sub_blocks,
		.bitmap_blocks = bitmap_blocks,
		.max_mapnr = (uint32_t)MIN(info->max_mapnr, (uint64_t)UINT32_MAX),
		.n_cpus = info->n_cpus,
	};
	memcpy(h->signature, KD_KDUMP_SIGNATURE, sizeof(h->signature));
	static_assert(sizeof(h->utsname) == sizeof(info->utsname), "six fields of 65");
	memcpy(h->utsname, info->utsname, sizeof(h->utsname));
	mend_names(h);
}

static void fill_sub_header(const struct kd_kdump_info *info,
			    struct kd_kdump_sub_header *s)
{
	uint64_t notes = info->page_size + sizeof(*s);

	*s = (struct kd_kdump_sub_header) {
		.phys_base = info->phys_base,
		.dump_level = (uint32_t)info->dump_level,
		.info_offset = info->info_size ? notes + info->info_offset : 0,
		.info_size = info->info_size,
		.notes_offset = info->notes_size ? notes : 0,
		.notes_size = info->notes_size,
		.max_mapnr = info->max_mapnr,
	};
	if (info->split) {
		s->split = 1;
		s->start_pfn = s->start_pfn_old = info->start_pfn;
		s->end_pfn = s->end_pfn_old = info->end_pfn;
	}
}

int kd_kdump_put(struct kd_kdump_writer *w, uint64_t offset, const void *data,
		 size_t size)
{
	int r = w->sink->ops->write(w->sink, offset, data, size);

	return r < 0 ? kd_first_error(&w->error, r) : 0;
}

/* All blocks before the bitmaps in one piece: a stream's records stay large. */
static int write_headers(struct kd_kdump_writer *w, const struct kd_kdump_info *info)
{
	size_t erase_size = info->erase_info ? strlen(info->erase_info) : 0;
	size_t fixed = sizeof(struct kd_kdump_sub_header) + info->notes_size;
	size_t sub_size = fixed + erase_size;
	uint64_t sub_blocks = blocks_for(sub_size, info->page_size);
	_cleanup_(kd_freep) uint8_t *blocks = NULL;
	size_t block = info->page_size;
	struct kd_kdump_sub_header s;
	struct kd_kdump_header h;

	w->bitmap = block * (1 + sub_blocks);
	w->bitmap_half = block * blocks_for(info->max_mapnr / 8 + !!(info->max_mapnr % 8),
					    info->page_size);
	w->descs = w->bitmap + 2 * w->bitmap_half;
	blocks = calloc(1, w->bitmap);
	if (!blocks)
		return -ENOMEM;
	fill_header(info, (uint32_t)sub_blocks, (uint32_t)(2 * w->bitmap_half / block),
		    &h);
	fill_sub_header(info, &s);
	memcpy(blocks, &h, sizeof(h));
	s.erase_size = erase_size;
	s.erase_offset = erase_size ? block + fixed : 0;
	memcpy(blocks + block, &s, sizeof(s));
	if (info->notes_size)
		memcpy(blocks + block + sizeof(s), info->notes, info->notes_size);
	if (erase_size)
		memcpy(blocks + block + fixed, info->erase_info, erase_size);
	return kd_kdump_put(w, 0, blocks, w->bitmap);
}

static const struct kd_writer_ops writer_ops;

static int prepare(struct kd_kdump_writer *w, const struct kd_kdump_info *info,
		   struct kd_error *err)
{
	int r;

	*w = (struct kd_kdump_writer) {
		.writer.ops = &writer_ops,
		.sink = w->sink,
		.codec = kd_codec_find(info->codec),
		.codec_level = info->codec_level,
		.status = status(info),
		.page_size = info->page_size,
		.buffer = MAX(info->buffer, (size_t)KD_KDUMP_BUFFER_MIN),
		.max_mapnr = info->max_mapnr,
		.start_pfn = info->split ? info->start_pfn : 0,
		.end_pfn = info->split ? info->end_pfn : info->max_mapnr,
		.reread = info->reread,
		.context = info->context,
	};
	if (!w->codec)
		return kd_fail_msg(err, -ENOTSUP, "codec 0x%x is not in this build",
				   (unsigned int)info->codec);
	if (w->codec_level == KD_CODEC_LEVEL_DEFAULT)
		w->codec_level = w->codec->level_default;
	if (w->codec_level < w->codec->level_min || w->codec_level > w->codec->level_max)
		return kd_fail_msg(err, -EINVAL, "%s has levels from %d to %d, not %d",
				   w->codec->name, w->codec->level_min,
				   w->codec->level_max, w->codec_level);
	if (!info->dedup_entries || !info->reread)
		return 0;
	r = kd_dedup_new(info->dedup_entries, &w->dedup);
	return r < 0 ? kd_fail(err, r, "table of pages") : 0;
}

int kd_kdump_writer_new(const struct kd_kdump_info *info, struct kd_sink *sink,
			struct kd_kdump_writer **ret, struct kd_error *err)
{
	_cleanup_(kd_kdump_writer_freep) struct kd_kdump_writer *w = NULL;
	int r;

	r = check_info(info, err);
	if (r == 0)
		r = kd_sink_check_rewrite(sink, err);
	if (r < 0)
		return r;
	w = calloc(1, sizeof(*w));
	if (!w)
		return kd_fail(err, -ENOMEM, "dump writer");
	w->writer.ops = &writer_ops;
	w->sink = sink;
	r = prepare(w, info, err);
	if (r < 0)
		return r;
	r = kd_sink_hold(sink, offsetof(struct kd_kdump_header, status),
			 sizeof(w->status));
	if (r == 0)
		r = write_headers(w, info);
	if (r < 0)
		return kd_fail(err, r, "dump header");
	*ret = TAKE_PTR(w);
	return 0;
}

struct kd_writer *kd_kdump_writer_base(struct kd_kdump_writer *w)
{
	return &w->writer;
}

static void writer_free(struct kd_writer *writer)
{
	struct kd_kdump_writer *w = (struct kd_kdump_writer *)writer;

	kd_dedup_free(w->dedup);
	free(w);
}

void kd_kdump_writer_bitmap_places(const struct kd_kdump_writer *w, uint64_t ret[2])
{
	ret[0] = w->bitmap;
	ret[1] = w->bitmap + w->bitmap_half;
}

/* Bits [from, to) that are set. */
static uint64_t count_set(const uint8_t *bits, uint64_t from, uint64_t to)
{
	uint64_t n = 0, word;

	for (; from < to && from % 8; from++)
		n += bits[from / 8] >> (from % 8) & 1;
	for (; from + 64 <= to; from += 64) {
		memcpy(&word, bits + from / 8, sizeof(word));
		n += (uint64_t)__builtin_popcountll(word);
	}
	for (; from < to; from++)
		n += bits[from / 8] >> (from % 8) & 1;
	return n;
}

/* Whether the bits of @kept are within @exists, and none is past the last frame. */
static bool bits_fit(const struct kd_kdump_writer *w, const uint8_t *exists,
		     const uint8_t *kept, size_t size)
{
	uint64_t first = w->bitmap_pos * 8;
	uint64_t inside = w->max_mapnr > first ? w->max_mapnr - first : 0;
	uint8_t wrong = 0;

	for (size_t i = 0; i < size; i++)
		wrong |= kept[i] & (uint8_t)~exists[i];
	for (size_t i = (size_t)MIN(inside / 8, (uint64_t)size); i < size; i++)
		wrong |= (uint8_t)(exists[i] >> (i == inside / 8 ? inside % 8 : 0));
	return !wrong;
}

int kd_kdump_writer_bitmaps(struct kd_kdump_writer *w, kd_pfn_t first,
			    const uint8_t *exists, const uint8_t *kept, size_t size)
{
	uint64_t at = w->bitmap + w->bitmap_pos, half = w->bitmap_half;
	kd_pfn_t from = MAX(w->start_pfn, first), to;
	int r;

	if (w->error)
		return w->error;
	if (w->ready || first != w->bitmap_pos * 8 || size > half - w->bitmap_pos ||
	    !bits_fit(w, exists, kept, size))
		return kd_first_error(&w->error, -EINVAL);
	to = MIN(w->end_pfn, first + size * 8);
	if ((r = kd_kdump_put(w, at, exists, size)) < 0 ||
	    (r = kd_kdump_put(w, at + half, kept, size)) < 0)
		return r;
	w->bitmap_pos += size;
	if (from < to)
		w->n_kept += count_set(kept, from - first, to - first);
	return 0;
}

/* The one zero page comes before all payloads, where those who join the parts of a split
 * dump look for it. */
static int start_data(struct kd_kdump_writer *w)
{
	_cleanup_(kd_freep) uint8_t *zero = calloc(1, w->page_size);
	uint64_t pos = w->bitmap_pos;
	uint64_t tail = pos * 8 < w->max_mapnr ? 0 : w->bitmap_half - pos;
	int r = 0;

	if (!zero)
		return kd_first_error(&w->error, -ENOMEM);
	/* Readers look at whole bitmaps, which end in less than a page of zeros. */
	if (w->sink->dense && tail &&
	    ((r = kd_kdump_put(w, w->bitmap + pos, zero, tail)) < 0 ||
	     (r = kd_kdump_put(w, w->bitmap + w->bitmap_half + pos, zero, tail)) < 0))
		return r;
	r = kd_kdump_put(w, w->zero, zero, w->page_size);
	/* from here on blocks are written whole, and may go past the page cache */
	w->data_end = kd_align_up(w->zero + w->page_size,
				  w->sink->direct ? KD_SINK_PAGE : 1);
	w->ready = r == 0;
	return r;
}

int kd_kdump_writer_describe(struct kd_kdump_writer *w, uint64_t n, bool in_place)
{
	/* bitmaps in place have what they need; the rest of them are holes */
	uint64_t from = in_place ? w->descs : 0;
	int r;

	if (w->error)
		return w->error;
	if (w->ready || n > w->end_pfn - w->start_pfn ||
	    (!in_place && (w->bitmap_pos * 8 < w->max_mapnr || w->n_kept != n)))
		return kd_first_error(&w->error, -EINVAL);
	w->n_described = n;
	w->zero = w->descs + n * sizeof(struct kd_kdump_desc);
	if (w->sink->ops->reserve) {
		r = w->sink->ops->reserve(w->sink, from, w->zero + w->page_size - from);
		if (r < 0)
			return kd_first_error(&w->error, r);
	}
	return start_data(w);
}

static void writer_counts(const struct kd_writer *writer, struct kd_write_counts *ret)
{
	const struct kd_kdump_totals *t =
		&((const struct kd_kdump_writer *)writer)->totals;

	*ret = (struct kd_write_counts) {
		.pages = t->pages,
		.zero = t->zero,
		.shared = t->shared,
		.raw = t->raw,
		.unreadable = t->unreadable,
		.payload_bytes = t->payload_bytes,
	};
}

static int sync_sink(struct kd_kdump_writer *w)
{
	int r = w->sink->ops->sync(w->sink);

	return r < 0 ? kd_first_error(&w->error, r) : 0;
}

static int clear_incomplete(struct kd_kdump_writer *w)
{
	return w->sink->ops->rewrite(w->sink, offsetof(struct kd_kdump_header, status),
				     &w->status, sizeof(w->status));
}

static int writer_finish(struct kd_writer *writer, bool complete, struct kd_error *err)
{
	struct kd_kdump_writer *w = (struct kd_kdump_writer *)writer;
	int r;

	(void)sync_sink(w);
	if (w->error)
		return kd_fail(err, w->error, "dump");
	if (!complete)
		return 0;
	if (!w->ready || w->totals.pages != w->n_described)
		return kd_fail_msg(err, -EINVAL, "%llu pages were announced, %llu came",
				   (unsigned long long)w->n_described,
				   (unsigned long long)w->totals.pages);
	r = clear_incomplete(w);
	if (r < 0 || (r = sync_sink(w)) < 0)
		return kd_fail(err, r, "dump header");
	return 0;
}

static const struct kd_writer_ops writer_ops = {
	.lane_new = kd_kdump_lane_new,
	.counts = writer_counts,
	.finish = writer_finish,
	.free = writer_free,
};
