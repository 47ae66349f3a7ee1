/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zstd: one frame a page, as readers of the kdump-compressed format expect. Trusts
 * nothing about the bytes it inflates. The only file that knows libzstd; called
 * through the table in codec.c.
 */
#include "makedumpfile/codec/codec-private.h"

#include <string.h>
#include <zstd.h>

#include "makedumpfile/codec/compressible.h"
#include "makedumpfile/codec/zstd-quick.h"

/*
 * Level 0 is automatic. Measured on kernel memory, one CPU, which is what a capture kernel
 * has: frames of our own take 2/3 of the time of -1, which takes 2/3 of that of 1. Huffman
 * codes, which neither of the first two uses, would save 3 % of a dump, from machine code
 * above all, for 15 % more time to write it and to read it back.
 */
#define LEVEL_AUTOMATIC 0
#define LEVEL_MIN	(-50)
#define LEVEL_MAX	19

/* Of pages larger than our own frames have */
#define LEVEL_REPEATS (-1)

/* @quick: NULL when a level was asked for; @compressor: NULL where there is @quick */
struct context {
	struct kd_zstd_quick *quick;
	ZSTD_CCtx *compressor;
	ZSTD_DCtx *inflater;
};

static void context_free(void *context)
{
	struct context *c = context;

	if (!c)
		return;
	kd_zstd_quick_free(c->quick);
	(void)ZSTD_freeCCtx(c->compressor);
	(void)ZSTD_freeDCtx(c->inflater);
	free(c);
}

static void context_freep(struct context **c)
{
	context_free(*c);
}

/* The checksum makes the frame tell of a flipped bit, which inflating alone would
 * mostly miss; it costs 4 bytes and some 4 % of the time. */
static bool set_parameters(ZSTD_CCtx *cctx, int level)
{
	return !ZSTD_isError(
		       ZSTD_CCtx_setParameter(cctx, ZSTD_c_compressionLevel, level)) &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(cctx, ZSTD_c_checksumFlag, 1)) &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(cctx, ZSTD_c_contentSizeFlag, 1));
}

/* The library allocates its tables at the first frame, fitted to level and source
 * size, and keeps them: have that happen before the first page. */
static int warm_up(ZSTD_CCtx *cctx, size_t page_size)
{
	_cleanup_(kd_freep) char *page = calloc(2, page_size);
	size_t n;

	if (!page)
		return -ENOMEM;
	n = ZSTD_compress2(cctx, page + page_size, page_size, page, page_size);
	return ZSTD_isError(n) ? -ENOMEM : 0;
}

static int compressor_new(int level, size_t page_size, ZSTD_CCtx **ret)
{
	ZSTD_CCtx *cctx = ZSTD_createCCtx();
	int r;

	if (!cctx)
		return -ENOMEM;
	if (!set_parameters(cctx, level))
		r = -EINVAL;
	else
		r = warm_up(cctx, page_size);
	if (r < 0) {
		(void)ZSTD_freeCCtx(cctx);
		return r;
	}
	*ret = cctx;
	return 0;
}

static int automatic_new(struct context *c, size_t page_size)
{
	int r = kd_zstd_quick_new(page_size, &c->quick);

	return r == -EINVAL ? compressor_new(LEVEL_REPEATS, page_size, &c->compressor)
			    : r;
}

static int context_new(int level, size_t page_size, void **ret)
{
	_cleanup_(context_freep) struct context *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return -ENOMEM;
	c->inflater = ZSTD_createDCtx();
	if (!c->inflater)
		return -ENOMEM;
	if (level == LEVEL_AUTOMATIC)
		r = automatic_new(c, page_size);
	else
		r = compressor_new(level, page_size, &c->compressor);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(c);
	return 0;
}

static ssize_t compress_page(void *context, const void *src, size_t size, void *dst,
			     size_t room)
{
	struct context *c = context;
	size_t n;

	if (kd_page_is_noise(src, size))
		return 0;
	if (c->quick)
		return (ssize_t)kd_zstd_quick_page(c->quick, src, size, dst, room);
	n = ZSTD_compress2(c->compressor, dst, room, src, size);

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
	.level_default = LEVEL_AUTOMATIC,
	.context_new = context_new,
	.context_free = context_free,
	.compress = compress_page,
	.decompress = decompress_page,
};
