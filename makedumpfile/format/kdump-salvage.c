/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Salvage of kdump-compressed files: see kdump-salvage.h. First every page is checked,
 * and the bitmap of good ones goes where the new file has it; read back from there, it
 * says how many descriptors there are and which payloads to copy.
 */
#include "makedumpfile/format/kdump-salvage.h"

#include <string.h>

#include "base/io.h"
#include "makedumpfile/format/kdump-file.h"
#include "makedumpfile/format/payload-copy.h"

#define DESC_BATCH 2048

/**
 * @sub_blocks, @half: blocks of the second header, bytes of each bitmap
 * @bitmap, @descs: offsets in the new file
 * @erase: text about erased data, @erase_size bytes; none where it cannot be read
 * @good:  its second bitmap
 * @n_descs: made so far, the last of them in @batch
 * @source: descriptors of the source from @first_source on
 */
struct salvage {
	const struct kd_kdump *from;
	int fd;
	struct kd_file_view out;
	uint32_t sub_blocks;
	uint64_t half;
	uint64_t bitmap;
	uint64_t descs;
	char *erase;
	size_t erase_size;
	struct kd_kdump_bitmap good;
	struct kd_kdump_bits good_bits, kept_bits;
	struct kd_payload_copy copy;
	uint64_t n_descs;
	uint64_t first_source;
	struct kd_kdump_desc batch[DESC_BATCH], source[DESC_BATCH];
};

static void salvage_free(struct salvage *s)
{
	if (!s)
		return;
	kd_kdump_bits_done(&s->good_bits);
	kd_kdump_bits_done(&s->kept_bits);
	kd_kdump_bitmap_done(&s->good);
	kd_payload_copy_done(&s->copy);
	free(s->erase);
	free(s);
}
KD_DEFINE_GUARD(struct salvage, salvage_free)

static uint64_t blocks(uint64_t bytes, uint64_t block)
{
	return bytes / block + (bytes % block != 0);
}

/* VMCOREINFO that is not inside of the notes goes behind them. */
static size_t own_info(const struct kd_kdump *k)
{
	return k->info && k->info == k->info_own ? k->info_size : 0;
}

/* What it says was erased is so whether it is known or not: not being told is no reason
 * to lose the pages. */
static int read_erase(struct salvage *s)
{
	uint64_t size = s->from->facts.erase_size;

	if (!size || size > KD_KDUMP_ERASE_MAX)
		return 0;
	s->erase = malloc((size_t)size);
	if (!s->erase)
		return -ENOMEM;
	if (kd_kdump_read_erase(s->from, s->erase) == 0)
		s->erase_size = (size_t)size;
	return 0;
}

static void plan(struct salvage *s)
{
	const struct kd_kdump *k = s->from;
	uint64_t block = k->memory.page_size;

	s->sub_blocks = (uint32_t)blocks(sizeof(struct kd_kdump_sub_header) +
						 k->notes_size + own_info(k) +
						 s->erase_size,
					 block);
	s->half = block * blocks(k->facts.max_mapnr / 8 + 1, block);
	s->bitmap = block * (1 + (uint64_t)s->sub_blocks);
	s->descs = s->bitmap + 2 * s->half;
}

static int write_first_header(const struct salvage *s, bool whole)
{
	const struct kd_kdump *k = s->from;
	struct kd_kdump_header h = {
		.version = KD_KDUMP_VERSION,
		.seconds = k->facts.crash_time,
		.status = k->facts.status | KD_KDUMP_STATUS_INCOMPLETE,
		.block_size = k->memory.page_size,
		.sub_blocks = s->sub_blocks,
		.bitmap_blocks = (uint32_t)(2 * s->half / k->memory.page_size),
		.max_mapnr = (uint32_t)MIN(k->facts.max_mapnr, (uint64_t)UINT32_MAX),
		.n_cpus = k->facts.n_cpus,
	};

	if (whole)
		h.status &= ~KD_KDUMP_STATUS_INCOMPLETE;
	memcpy(h.signature, KD_KDUMP_SIGNATURE, sizeof(h.signature));
	memcpy(h.utsname, k->facts.utsname, sizeof(h.utsname));
	return kd_pwrite_full(s->fd, &h, sizeof(h), 0);
}

static int write_second_header(const struct salvage *s)
{
	const struct kd_kdump *k = s->from;
	uint64_t at = k->memory.page_size + sizeof(struct kd_kdump_sub_header);
	uint64_t erase = at + k->notes_size + own_info(k);
	struct kd_kdump_sub_header h = {
		.phys_base = k->facts.phys_base,
		.dump_level = k->facts.level,
		.split = k->facts.split,
		.info_offset = k->info_size ? at + k->notes_size : 0,
		.info_size = k->info_size,
		.notes_offset = k->notes_size ? at : 0,
		.notes_size = k->notes_size,
		.erase_offset = s->erase_size ? erase : 0,
		.erase_size = s->erase_size,
		.max_mapnr = k->facts.max_mapnr,
	};
	int r;

	if (k->facts.split) {
		h.start_pfn = h.start_pfn_old = k->start;
		h.end_pfn = h.end_pfn_old = k->end;
	}
	if (k->info_size && !own_info(k))
		h.info_offset = at + (uint64_t)(k->info - k->notes);
	r = kd_pwrite_full(s->fd, &h, sizeof(h), k->memory.page_size);
	if (r == 0 && k->notes_size)
		r = kd_pwrite_full(s->fd, k->notes, k->notes_size, at);
	if (r == 0 && own_info(k))
		r = kd_pwrite_full(s->fd, k->info, k->info_size, at + k->notes_size);
	if (r == 0 && s->erase_size)
		r = kd_pwrite_full(s->fd, s->erase, s->erase_size, erase);
	return r;
}

/* Zeros stay holes: a few bytes of header may claim gigabytes of bitmap. */
static int put_words(const struct salvage *s, uint64_t bitmap, kd_pfn_t first,
		     const uint64_t *words, size_t n)
{
	uint64_t room = first / 8 < s->half ? s->half - first / 8 : 0;
	size_t i = 0;

	while (i < n && !words[i])
		i++;
	if (i == n)
		return 0;
	return kd_pwrite_full(s->fd, words, (size_t)MIN((uint64_t)n * 8, room),
			      bitmap + first / 8);
}

static int put_good(void *context, kd_pfn_t first, const uint64_t *good, size_t n_words)
{
	const struct salvage *s = context;

	return put_words(s, s->bitmap + s->half, first, good, n_words);
}

static int write_exists(const struct salvage *s)
{
	_cleanup_(kd_kdump_bits_done) struct kd_kdump_bits bits = { 0 };
	const struct kd_kdump_bitmap *map = &s->from->exists;
	const uint64_t *words;
	int r;

	r = kd_kdump_bits_init(&bits, map);
	for (uint64_t i = 0; i < map->n_blocks && r == 0; i++) {
		if (kd_kdump_bitmap_empty(map, i))
			continue;
		r = kd_kdump_bits_block(&bits, i, &words);
		if (r == 0)
			r = put_words(s, s->bitmap, i * map->block_bits, words,
				      (size_t)(map->block_bits / 64));
	}
	return r;
}

/* The check's answer, read back; what it did not say is a hole: no page. */
static int open_good(struct salvage *s)
{
	int r;

	if (ftruncate(s->fd, (off_t)s->descs) < 0)
		return -errno;
	r = kd_file_view_init(&s->out, s->fd);
	if (r < 0)
		return r;
	s->good = (struct kd_kdump_bitmap) { .file = &s->out,
					     .offset = s->bitmap + s->half,
					     .start = s->from->start,
					     .end = s->from->end };
	r = kd_kdump_bitmap_init(&s->good);
	if (r == 0)
		r = kd_kdump_bits_init(&s->good_bits, &s->good);
	if (r == 0)
		r = kd_kdump_bits_init(&s->kept_bits, &s->from->kept);
	if (r < 0)
		return r;
	return kd_payload_copy_init(&s->copy, s->from->file, s->from->memory.page_size,
				    s->fd,
				    s->descs + s->good.total * sizeof(s->batch[0]));
}

static int flush_descs(struct salvage *s)
{
	uint64_t at = s->descs + (s->n_descs - 1) / DESC_BATCH * sizeof(s->batch);
	size_t n = s->n_descs ? (size_t)((s->n_descs - 1) % DESC_BATCH + 1) : 0;

	return n ? kd_pwrite_full(s->fd, s->batch, n * sizeof(s->batch[0]), at) : 0;
}

/* The source's descriptors around its kept page number @i. */
static int load_source(struct salvage *s, uint64_t i)
{
	uint64_t first = i - i % DESC_BATCH, left = s->from->kept.total - first;
	int r;

	if (first == s->first_source)
		return 0;
	s->first_source = first;
	memset(s->source, 0, sizeof(s->source));
	r = kd_kdump_read_descs(s->from, first, s->source,
				(size_t)MIN(left, (uint64_t)DESC_BATCH));
	return r == -EBADMSG ? 0 : r; /* cut: the good ones are there */
}

static int copy_page(struct salvage *s, kd_pfn_t pfn)
{
	uint64_t i;
	int r;

	r = kd_kdump_bits_rank(&s->kept_bits, pfn, &i);
	if (r == 0)
		r = load_source(s, i);
	if (r == 0)
		r = kd_payload_copy_page(&s->copy, &s->source[i % DESC_BATCH],
					 &s->batch[s->n_descs % DESC_BATCH]);
	if (r < 0)
		return r;
	return ++s->n_descs % DESC_BATCH == 0 ? flush_descs(s) : 0;
}

static int copy_pages(struct salvage *s)
{
	kd_pfn_t pfn = 0;
	int r;

	for (;; pfn++) {
		r = kd_kdump_bits_next(&s->good_bits, pfn, /* value= */ true, &pfn);
		if (r < 0 || pfn == s->good.end)
			break;
		r = copy_page(s, pfn);
		if (r < 0)
			return r;
	}
	if (r == 0 && s->n_descs % DESC_BATCH)
		r = flush_descs(s);
	return r < 0 ? r : kd_payload_copy_flush(&s->copy);
}

static int finish(const struct salvage *s, bool whole)
{
	int r;

	if (fsync(s->fd) < 0)
		return -errno;
	if (!whole)
		return 0;
	r = write_first_header(s, whole);
	return r == 0 && fsync(s->fd) < 0 ? -errno : r;
}

int kd_kdump_salvage(const struct kd_kdump *from, int fd, bool cut,
		     const struct kd_kdump_verify *how, struct kd_salvage_counts *ret,
		     struct kd_error *err)
{
	_cleanup_(salvage_freep) struct salvage *s = calloc(1, sizeof(*s));
	struct kd_salvage_counts counts = { .kept = from->kept.total };
	struct kd_kdump_verify check = *how;
	struct kd_kdump_check found;
	int r;

	if (!s)
		return kd_fail(err, -ENOMEM, "salvage");
	s->from = from;
	s->fd = fd;
	s->first_source = UINT64_MAX;
	r = read_erase(s);
	if (r < 0)
		return kd_fail(err, r, "salvage");
	plan(s);
	if ((r = write_first_header(s, /* whole= */ false)) < 0 ||
	    (r = write_second_header(s)) < 0 || (r = write_exists(s)) < 0)
		return kd_fail(err, r, "headers");
	check.block = put_good;
	check.context = s;
	r = kd_kdump_verify_with(from, &check, &found, err);
	if (r < 0 && r != -EBADMSG)
		return r;
	kd_error_reset(err);
	if ((r = open_good(s)) < 0 || (r = copy_pages(s)) < 0)
		return kd_fail(err, r, "pages");
	counts.saved = s->n_descs;
	counts.payload_bytes = s->copy.written;
	counts.whole = counts.saved == counts.kept && !cut && !kd_kdump_incomplete(from);
	r = finish(s, counts.whole);
	if (r < 0)
		return kd_fail(err, r, "end");
	*ret = counts;
	return 0;
}
