/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writer of kdump-compressed files: see kdump-writer.h and docs/format-kdump.md.
 * Memory is allocated once, before the first page. Checks what its caller promised
 * (bitmaps, counts): only a file that keeps all of it loses the INCOMPLETE flag.
 * Called by dump.c.
 */
#include "makedumpfile/format/kdump-writer.h"

#include <string.h>

#include "makedumpfile/format/kdump-format.h"

/* Descriptors are gathered and written apart from the payloads: 2048 are 48 KiB, whole
 * blocks of any file system. They are written after the payloads they point to, so
 * that none of a file cut by a failing write points to nothing. */
#define DESC_BATCH 2048

/**
 * @bitmap:  offset of the first bitmap; @bitmap_half: bytes of each;
 * @bitmap_pos: bytes of each written so far; @n_kept: bits set in the second one
 * @desc_end: where the next batch of descriptors goes
 * @data_end: where the next payload goes
 * @zero:    offset of the payload all zero pages share
 * @out:     one page: compressed output, zeros before the first page
 * @error:   first failure; sticks
 */
struct kd_kdump_writer {
	struct kd_sink *sink;
	const struct kd_codec_ops *codec;
	void *context;
	size_t page_size;
	uint64_t max_mapnr;
	uint64_t n_described;
	uint64_t bitmap;
	uint64_t bitmap_half;
	uint64_t bitmap_pos;
	uint64_t n_kept;
	uint64_t desc_end;
	uint64_t data_end;
	uint64_t zero;
	struct kd_kdump_counts counts;
	uint8_t *out;
	int error;
	size_t n_descs;
	struct kd_kdump_desc descs[DESC_BATCH];
};

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
	if (info->n_described > info->max_mapnr)
		return kd_fail_msg(err, -EINVAL, "more pages kept than there are");
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

static void fill_header(const struct kd_kdump_info *info, uint32_t sub_blocks,
			uint32_t bitmap_blocks, struct kd_kdump_header *h)
{
	*h = (struct kd_kdump_header) {
		.version = KD_KDUMP_VERSION,
		.seconds = info->crash_time,
		.status = (uint32_t)info->codec | KD_KDUMP_STATUS_INCOMPLETE,
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
}

static int put(struct kd_kdump_writer *w, uint64_t offset, const void *data, size_t size)
{
	int r = w->sink->ops->write(w->sink, offset, data, size);

	if (r < 0 && !w->error)
		w->error = r;
	return r;
}

/* Zeros up to the next block; @w->out is still all zeros while headers are written. */
static int pad(struct kd_kdump_writer *w, uint64_t from, uint64_t to)
{
	return to > from ? put(w, from, w->out, (size_t)(to - from)) : 0;
}

static int write_headers(struct kd_kdump_writer *w, const struct kd_kdump_info *info)
{
	struct kd_kdump_header h;
	struct kd_kdump_sub_header s;
	uint64_t sub_size = sizeof(s) + info->notes_size, block = info->page_size;
	uint64_t sub_blocks = blocks_for(sub_size, info->page_size);
	int r;

	w->bitmap = block * (1 + sub_blocks);
	w->bitmap_half = block * blocks_for(info->max_mapnr / 8 + !!(info->max_mapnr % 8),
					    info->page_size);
	w->desc_end = w->bitmap + 2 * w->bitmap_half;
	w->zero = w->desc_end + info->n_described * sizeof(struct kd_kdump_desc);
	w->data_end = w->zero + block;

	fill_header(info, (uint32_t)sub_blocks, (uint32_t)(2 * w->bitmap_half / block),
		    &h);
	fill_sub_header(info, &s);
	if ((r = put(w, 0, &h, sizeof(h))) < 0 || (r = pad(w, sizeof(h), block)) < 0 ||
	    (r = put(w, block, &s, sizeof(s))) < 0)
		return r;
	if (info->notes_size) {
		r = put(w, block + sizeof(s), info->notes, info->notes_size);
		if (r < 0)
			return r;
	}
	return pad(w, block + sub_size, w->bitmap);
}

int kd_kdump_writer_new(const struct kd_kdump_info *info, struct kd_sink *sink,
			struct kd_kdump_writer **ret, struct kd_error *err)
{
	_cleanup_(kd_kdump_writer_freep) struct kd_kdump_writer *w = NULL;
	const struct kd_codec_ops *codec = kd_codec_find(info->codec);
	int level = info->codec_level, r;

	r = check_info(info, err);
	if (r < 0)
		return r;
	if (!codec)
		return kd_fail_msg(err, -ENOTSUP, "codec 0x%x is not in this build",
				   (unsigned int)info->codec);
	if (!sink->ops->rewrite)
		return kd_fail_msg(err, -ESPIPE,
				   "the output cannot go back to its start");
	if (level == KD_CODEC_LEVEL_DEFAULT)
		level = codec->level_default;

	w = calloc(1, sizeof(*w));
	if (!w)
		return kd_fail(err, -ENOMEM, "dump writer");
	w->sink = sink;
	w->page_size = info->page_size;
	w->max_mapnr = info->max_mapnr;
	w->n_described = info->n_described;
	w->out = calloc(1, info->page_size);
	if (!w->out)
		return kd_fail(err, -ENOMEM, "dump writer");
	r = codec->context_new(level, info->page_size, &w->context);
	if (r < 0)
		return kd_fail(err, r, "%s level %d", codec->name, level);
	w->codec = codec;

	r = write_headers(w, info);
	if (r < 0)
		return kd_fail(err, r, "dump header");
	*ret = TAKE_PTR(w);
	return 0;
}

void kd_kdump_writer_free(struct kd_kdump_writer *w)
{
	if (!w)
		return;
	if (w->codec)
		w->codec->context_free(w->context);
	free(w->out);
	free(w);
}

/* Bits of both bitmaps in order, @kept within @exists, none past the last frame. */
static int count_bits(const struct kd_kdump_writer *w, const uint8_t *exists,
		      const uint8_t *kept, size_t size, uint64_t *ret)
{
	uint64_t n = 0, wrong = 0, first = w->bitmap_pos * 8;
	uint64_t inside = w->max_mapnr > first ? w->max_mapnr - first : 0;
	size_t i = 0;

	for (; i + sizeof(uint64_t) <= size; i += sizeof(uint64_t)) {
		uint64_t e, k;

		memcpy(&e, exists + i, sizeof(e));
		memcpy(&k, kept + i, sizeof(k));
		wrong |= k & ~e;
		n += (uint64_t)__builtin_popcountll(k);
	}
	for (; i < size; i++) {
		wrong |= kept[i] & (uint8_t)~exists[i];
		n += (uint64_t)__builtin_popcount(kept[i]);
	}
	for (i = (size_t)MIN(inside / 8, (uint64_t)size); i < size; i++) {
		unsigned int used = i == inside / 8 ? (unsigned int)(inside % 8) : 0;

		wrong |= (uint64_t)exists[i] >> used;
	}
	if (wrong)
		return -EINVAL;
	*ret = n;
	return 0;
}

int kd_kdump_writer_bitmaps(struct kd_kdump_writer *w, kd_pfn_t first,
			    const uint8_t *exists, const uint8_t *kept, size_t size)
{
	uint64_t n, at = w->bitmap + w->bitmap_pos, half = w->bitmap_half;
	int r;

	if (w->error)
		return w->error;
	if (first != w->bitmap_pos * 8 || size > half - w->bitmap_pos ||
	    count_bits(w, exists, kept, size, &n) < 0) {
		w->error = -EINVAL;
		return -EINVAL;
	}
	if ((r = put(w, at, exists, size)) < 0 || (r = put(w, at + half, kept, size)) < 0)
		return r;
	w->bitmap_pos += size;
	w->n_kept += n;
	return 0;
}

/* The rest of both bitmaps' last blocks, and the zero page, before the first payload. */
static int start_data(struct kd_kdump_writer *w)
{
	uint64_t at = w->bitmap + w->bitmap_pos, half = w->bitmap_half;
	int r;

	if (w->bitmap_pos * 8 < w->max_mapnr || w->n_kept != w->n_described) {
		w->error = -EINVAL;
		return -EINVAL;
	}
	if ((r = pad(w, at, w->bitmap + half)) < 0 ||
	    (r = pad(w, at + half, w->bitmap + 2 * half)) < 0)
		return r;
	w->bitmap_pos = half;
	return put(w, w->zero, w->out, w->page_size);
}

static int flush_descs(struct kd_kdump_writer *w)
{
	size_t size = w->n_descs * sizeof(w->descs[0]);
	int r;

	if (!w->n_descs)
		return 0;
	r = put(w, w->desc_end, w->descs, size);
	w->n_descs = 0;
	w->desc_end += size;
	return r;
}

/* A page of an ELF core need not be aligned in memory: the copies become loads. */
static bool is_zero(const uint8_t *page, size_t size)
{
	uint64_t w[8];

	for (size_t i = 0; i < size; i += sizeof(w)) {
		memcpy(w, page + i, sizeof(w));
		if (w[0] | w[1] | w[2] | w[3] | w[4] | w[5] | w[6] | w[7])
			return false;
	}
	return true;
}

static int put_payload(struct kd_kdump_writer *w, const void *page,
		       struct kd_kdump_desc *ret)
{
	struct kd_kdump_desc d = { .offset = w->data_end };
	const void *payload = w->out;
	ssize_t n;
	int r;

	n = w->codec->compress(w->context, page, w->page_size, w->out, w->page_size - 1);
	if (n > 0) {
		d.size = (uint32_t)n;
		d.flags = (uint32_t)w->codec->id;
	} else {
		d.size = (uint32_t)w->page_size;
		payload = page;
		w->counts.raw++;
	}
	r = put(w, d.offset, payload, d.size);
	if (r < 0)
		return r;
	w->data_end += d.size;
	w->counts.payload_bytes += d.size;
	*ret = d;
	return 0;
}

int kd_kdump_writer_page(struct kd_kdump_writer *w, const void *page)
{
	struct kd_kdump_desc *d = &w->descs[w->n_descs];
	int r;

	if (w->error)
		return w->error;
	if (w->counts.pages == 0 && (r = start_data(w)) < 0)
		return r;
	if (w->counts.pages == w->n_described) {
		w->error = -EINVAL;
		return -EINVAL;
	}

	if (!page) {
		*d = kd_kdump_desc_unreadable();
		w->counts.unreadable++;
	} else if (is_zero(page, w->page_size)) {
		*d = (struct kd_kdump_desc) { .offset = w->zero,
					      .size = (uint32_t)w->page_size };
		w->counts.zero++;
	} else if ((r = put_payload(w, page, d)) < 0) {
		return r;
	}
	w->counts.pages++;
	return ++w->n_descs == DESC_BATCH ? flush_descs(w) : 0;
}

void kd_kdump_writer_counts(const struct kd_kdump_writer *w, struct kd_kdump_counts *ret)
{
	*ret = w->counts;
}

static int sync_sink(struct kd_kdump_writer *w)
{
	int r = w->sink->ops->sync(w->sink);

	if (r < 0 && !w->error)
		w->error = r;
	return r;
}

static int clear_incomplete(struct kd_kdump_writer *w)
{
	uint32_t status = (uint32_t)w->codec->id;

	return w->sink->ops->rewrite(w->sink, offsetof(struct kd_kdump_header, status),
				     &status, sizeof(status));
}

int kd_kdump_writer_finish(struct kd_kdump_writer *w, bool complete, struct kd_error *err)
{
	int r;

	/* A dump of no page still has its bitmaps. */
	if (!w->error && w->counts.pages == 0 && complete)
		(void)start_data(w);
	/* What came before a failure is worth its descriptors and its sync. */
	(void)flush_descs(w);
	(void)sync_sink(w);
	if (w->error)
		return kd_fail(err, w->error, "dump");
	if (!complete)
		return 0;
	if (w->counts.pages != w->n_described)
		return kd_fail_msg(err, -EINVAL, "%llu pages were announced, %llu came",
				   (unsigned long long)w->n_described,
				   (unsigned long long)w->counts.pages);
	r = clear_incomplete(w);
	if (r < 0 || (r = sync_sink(w)) < 0)
		return kd_fail(err, r, "dump header");
	return 0;
}
