/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages of a kdump-compressed file: see kdump-pages.h. A descriptor is checked against
 * the file's size and the page's before anything is read. Called by the reader.
 */
#include "makedumpfile/format/kdump-pages.h"

/* The bits of a descriptor's flags that name a codec; no other has a meaning. */
#define CODEC_FLAGS \
	((uint32_t)(KD_CODEC_ZLIB | KD_CODEC_LZO | KD_CODEC_SNAPPY | KD_CODEC_ZSTD))

int kd_kdump_pages_init(struct kd_kdump_pages *p, const struct kd_file_view *file,
			uint32_t page_size, size_t window_size)
{
	uint8_t *window;

	if (window_size < page_size)
		window_size = page_size;
	window = malloc(window_size);
	if (!window)
		return -ENOMEM;
	*p = (struct kd_kdump_pages) { .file = file,
				       .page_size = page_size,
				       .window = window,
				       .window_size = window_size,
				       .ahead = page_size };
	return 0;
}

void kd_kdump_pages_done(struct kd_kdump_pages *p)
{
	for (size_t i = 0; i < KD_KDUMP_CODECS; i++)
		if (p->codecs[i].ops)
			p->codecs[i].ops->context_free(p->codecs[i].context);
	free(p->window);
	*p = (struct kd_kdump_pages) { .window = NULL };
}

int kd_kdump_pages_check(const struct kd_kdump_pages *p, const struct kd_kdump_desc *d)
{
	uint32_t codec = d->flags & CODEC_FLAGS;

	if (kd_kdump_desc_is_absent(d))
		return -ENODATA;
	if (kd_kdump_desc_is_unreadable(d))
		return -EIO;
	if (d->offset < sizeof(struct kd_kdump_header) ||
	    !kd_file_view_holds(p->file, d->offset, d->size))
		return -EBADMSG;
	if (d->size == 0 || d->size > p->page_size || (codec & (codec - 1)))
		return -EBADMSG;
	return codec == 0 && d->size != p->page_size ? -EBADMSG : 0;
}

static int find_codec(struct kd_kdump_pages *p, enum kd_codec_id id, size_t *ret)
{
	const struct kd_codec_ops *ops = kd_codec_find(id);
	size_t i = 0;
	int r;

	if (!ops)
		return -ENOTSUP;
	while (i < KD_KDUMP_CODECS && p->codecs[i].ops && p->codecs[i].ops != ops)
		i++;
	if (i == KD_KDUMP_CODECS)
		return -ENOTSUP;
	if (!p->codecs[i].ops) {
		r = ops->context_new(ops->level_default, p->page_size,
				     &p->codecs[i].context);
		if (r < 0)
			return r;
		p->codecs[i].ops = ops;
	}
	*ret = i;
	return 0;
}

/* Forward by less than a window is reading in order, lanes of a writer mixed in. */
static void look_ahead(struct kd_kdump_pages *p, uint64_t offset)
{
	bool on = offset >= p->window_offset &&
		  offset - p->window_offset < 2 * p->window_size;

	p->ahead = on ? MIN(2 * p->ahead, p->window_size) : p->page_size;
}

/* Through the window: payloads mostly lie one behind the other. */
int kd_kdump_pages_payload(struct kd_kdump_pages *p, const struct kd_kdump_desc *d,
			   const uint8_t **ret)
{
	ssize_t n;

	if (d->offset < p->window_offset ||
	    d->offset + d->size > p->window_offset + p->window_used) {
		look_ahead(p, d->offset);
		p->window_used = 0;
		n = kd_file_view_read(p->file, p->window, p->ahead, d->offset);
		if (n < 0)
			return (int)n;
		p->window_offset = d->offset;
		p->window_used = (size_t)n;
		if ((size_t)n < d->size)
			return -EBADMSG;
	}
	*ret = p->window + (d->offset - p->window_offset);
	return 0;
}

/* Past the window: the one zero page that all others point back to would move it to
 * and fro. */
static int read_raw(const struct kd_kdump_pages *p, const struct kd_kdump_desc *d,
		    void *page)
{
	return kd_file_view_read_all(p->file, page, d->size, d->offset);
}

int kd_kdump_pages_read(struct kd_kdump_pages *p, const struct kd_kdump_desc *desc,
			void *page)
{
	const uint8_t *payload = NULL;
	size_t i;
	int r;

	r = kd_kdump_pages_check(p, desc);
	if (r < 0)
		return r;
	if (!(desc->flags & CODEC_FLAGS))
		return read_raw(p, desc, page);
	r = find_codec(p, (enum kd_codec_id)(desc->flags & CODEC_FLAGS), &i);
	if (r < 0)
		return r;
	r = kd_kdump_pages_payload(p, desc, &payload);
	if (r < 0)
		return r;
	return p->codecs[i].ops->decompress(p->codecs[i].context, payload, desc->size,
					    page, p->page_size);
}
