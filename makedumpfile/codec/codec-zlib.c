/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zlib: one zlib stream a page, the codec every reader has. Trusts nothing about the
 * bytes it inflates. The only file of the dump that knows zlib; called through the
 * table in codec.c.
 */
#include "makedumpfile/codec/codec-private.h"

#include <string.h>
#include <zlib.h>

#include "makedumpfile/codec/compressible.h"

#define MEMORY_LEVEL 8 /* zlib.h's default */

/* Both streams are made once and reset for each page: making one costs more than
 * compressing a page. */
struct context {
	z_stream deflater, inflater;
	bool has_deflater, has_inflater;
};

static void context_free(void *context)
{
	struct context *c = context;

	if (!c)
		return;
	if (c->has_deflater)
		(void)deflateEnd(&c->deflater);
	if (c->has_inflater)
		(void)inflateEnd(&c->inflater);
	free(c);
}

static void context_freep(struct context **c)
{
	context_free(*c);
}

/* A window larger than the page is never looked at, but would be cleared each time.
 * zlib takes 9 to 15 bits. */
static int window_bits(size_t page_size)
{
	int bits = 9;

	while (bits < MAX_WBITS && ((size_t)1 << bits) < page_size)
		bits++;
	return bits;
}

static int context_new(int level, size_t page_size, void **ret)
{
	_cleanup_(context_freep) struct context *c = calloc(1, sizeof(*c));
	int z;

	if (!c)
		return -ENOMEM;
	z = deflateInit2(&c->deflater, level, Z_DEFLATED, window_bits(page_size),
			 MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
	if (z != Z_OK)
		return z == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
	c->has_deflater = true;
	if (inflateInit2(&c->inflater, MAX_WBITS) != Z_OK)
		return -ENOMEM;
	c->has_inflater = true;
	*ret = TAKE_PTR(c);
	return 0;
}

static ssize_t compress_page(void *context, const void *src, size_t size, void *dst,
			     size_t room)
{
	struct context *c = context;
	z_stream *z = &c->deflater;

	/* deflating noise takes as long as any page, a hundred times the sample's */
	if (kd_page_is_noise(src, size) || deflateReset(z) != Z_OK)
		return 0;
	z->next_in = (Bytef *)src;
	z->avail_in = (uInt)size;
	z->next_out = dst;
	z->avail_out = (uInt)room;
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		return 0;
	return (ssize_t)(room - z->avail_out);
}

static int decompress_page(void *context, const void *src, size_t size, void *dst,
			   size_t room)
{
	struct context *c = context;
	z_stream *z = &c->inflater;

	if (inflateReset(z) != Z_OK)
		return -EBADMSG;
	z->next_in = (Bytef *)src;
	z->avail_in = (uInt)size;
	z->next_out = dst;
	z->avail_out = (uInt)room;
	if (inflate(z, Z_FINISH) != Z_STREAM_END || z->avail_out != 0)
		return -EBADMSG;
	return 0;
}

const struct kd_codec_ops kd_codec_zlib = {
	.id = KD_CODEC_ZLIB,
	.name = "zlib",
	.level_min = 1,
	.level_max = 9,
	.level_default = 1,
	.context_new = context_new,
	.context_free = context_free,
	.compress = compress_page,
	.decompress = decompress_page,
};
