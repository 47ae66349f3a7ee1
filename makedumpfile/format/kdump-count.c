/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A census of descriptors: see kdump-count.h. Offsets seen are bits of a map of fixed
 * size, of which the kernel only gives what is touched. Called by inspect/describe.c.
 */
#include "makedumpfile/format/kdump-count.h"

#include <string.h>

#include "makedumpfile/format/kdump-file.h"

#define DESC_BATCH 4096
#define MAP_BYTES  ((size_t)32 << 20)
/* No payload is smaller, so that two never share a bit. */
#define UNIT_MIN   8U

/** @unit: bytes of the file a bit of @map stands for; @zero: offset of the zero page, 0
 *  without */
struct census {
	const struct kd_kdump *file;
	struct kd_kdump_pages pages;
	struct kd_kdump_census counts;
	uint8_t *map;
	uint64_t unit;
	uint64_t zero;
	struct kd_kdump_desc descs[DESC_BATCH];
};

static void census_free(struct census *c)
{
	if (!c)
		return;
	kd_kdump_pages_done(&c->pages);
	free(c->map);
	free(c);
}
KD_DEFINE_GUARD(struct census, census_free)

/* Writers put the page of zeros first behind the descriptors. */
static void find_zero(struct census *c)
{
	const struct kd_kdump *k = c->file;
	uint64_t at = k->descs + k->kept.total * sizeof(c->descs[0]);
	uint8_t *page = c->pages.window;

	if (kd_file_view_read_all(k->file, page, k->memory.page_size, at) == 0 &&
	    page[0] == 0 && memcmp(page, page + 1, k->memory.page_size - 1) == 0)
		c->zero = at;
}

static bool seen(struct census *c, uint64_t offset)
{
	uint64_t bit = offset / c->unit;
	uint8_t mask = (uint8_t)(1U << bit % 8), *byte = &c->map[bit / 8];
	bool was = *byte & mask;

	*byte |= mask;
	return was;
}

static void count_codec(struct kd_kdump_census *n, uint32_t flags)
{
	if (flags & KD_CODEC_ZLIB)
		n->zlib++;
	else if (flags & KD_CODEC_LZO)
		n->lzo++;
	else if (flags & KD_CODEC_SNAPPY)
		n->snappy++;
	else if (flags & KD_CODEC_ZSTD)
		n->zstd++;
	else
		n->raw++;
}

static void count_desc(struct census *c, const struct kd_kdump_desc *d)
{
	struct kd_kdump_census *n = &c->counts;
	bool outside = !kd_file_view_holds(c->file->file, d->offset, d->size);

	if (kd_kdump_desc_is_absent(d) || (d->offset && d->size && outside)) {
		n->missing++;
	} else if (kd_kdump_desc_is_unreadable(d)) {
		n->unreadable++;
	} else if (kd_kdump_pages_check(&c->pages, d) < 0) {
		n->corrupt++;
	} else if (c->zero && d->offset == c->zero && d->flags == 0) {
		n->zero++;
	} else {
		count_codec(n, d->flags);
		if (seen(c, d->offset))
			n->shared++;
		else
			n->payload_bytes += d->size;
	}
}

static int count_all(struct census *c)
{
	const struct kd_kdump *k = c->file;

	for (uint64_t i = 0; i < k->kept.total;) {
		size_t n = (size_t)MIN(k->kept.total - i, (uint64_t)DESC_BATCH);
		int r;

		memset(c->descs, 0, sizeof(c->descs));
		r = kd_kdump_read_descs(k, i, c->descs, n);
		if (r < 0 && r != -EBADMSG)
			return r;
		for (size_t j = 0; j < n; j++)
			count_desc(c, &c->descs[j]);
		i += n;
	}
	return 0;
}

int kd_kdump_count(const struct kd_kdump *k, struct kd_kdump_census *ret,
		   struct kd_error *err)
{
	_cleanup_(census_freep) struct census *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return kd_fail(err, -ENOMEM, "descriptors");
	c->file = k;
	c->unit = UNIT_MIN;
	while (k->file->size / c->unit >= (uint64_t)MAP_BYTES * 8)
		c->unit *= 2;
	c->map = calloc(1, MAP_BYTES);
	r = c->map ? kd_kdump_pages_init(&c->pages, k->file, k->memory.page_size, 0)
		   : -ENOMEM;
	if (r < 0)
		return kd_fail(err, r, "descriptors");
	find_zero(c);
	r = count_all(c);
	if (r < 0)
		return kd_fail(err, r, "descriptors");
	*ret = c->counts;
	return 0;
}
