/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LZO1X-1: what "makedumpfile -l" writes. Trusts nothing about the bytes it inflates.
 * The only file that knows liblzo2; called through the table in codec.c.
 */
#include "makedumpfile/codec/codec-private.h"

#include <lzo/lzo1x.h>
#include <string.h>

/* A page has no more to remember than its own bytes: with 2^11 places for that, output grows
 * by a thousandth and each page saves the clearing of 28 KiB, which costs as much as a
 * third of its compression where the CPU has no fast string operations. Larger pages keep
 * the 2^14 places of lzo1x_1_compress(). */
#define SMALL_PAGE 4096

/* lzo1x_1_compress() takes no limit: its output may be this much larger (lzo's
 * LZO.FAQ: "how much can my data expand"). */
#define WORST_CASE(size) ((size) + (size) / 16 + 64 + 3)

/* @scratch takes the output of pages that grow, since the caller's room does not */
struct context {
	uint8_t *scratch;
	size_t scratch_size;
	lzo_align_t work[LZO1X_1_MEM_COMPRESS / sizeof(lzo_align_t) + 1];
};

static void context_free(void *context)
{
	struct context *c = context;

	if (!c)
		return;
	free(c->scratch);
	free(c);
}

static void context_freep(struct context **c)
{
	context_free(*c);
}

static int context_new(_unused_ int level, size_t page_size, void **ret)
{
	_cleanup_(context_freep) struct context *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	if (lzo_init() != LZO_E_OK)
		return -ENOTSUP;
	c->scratch_size = WORST_CASE(page_size);
	c->scratch = malloc(c->scratch_size);
	if (!c->scratch)
		return -ENOMEM;
	*ret = TAKE_PTR(c);
	return 0;
}

static ssize_t compress_page(void *context, const void *src, size_t size, void *dst,
			     size_t room)
{
	struct context *c = context;
	lzo_uint n = c->scratch_size;
	int r;

	if (WORST_CASE(size) > c->scratch_size)
		return -EINVAL;
	r = size <= SMALL_PAGE ? lzo1x_1_11_compress(src, size, c->scratch, &n, c->work)
			       : lzo1x_1_compress(src, size, c->scratch, &n, c->work);
	if (r != LZO_E_OK || n > room)
		return 0;
	memcpy(dst, c->scratch, n);
	return (ssize_t)n;
}

static int decompress_page(_unused_ void *context, const void *src, size_t size,
			   void *dst, size_t room)
{
	lzo_uint n = room;

	if (lzo1x_decompress_safe(src, size, dst, &n, NULL) != LZO_E_OK || n != room)
		return -EBADMSG;
	return 0;
}

const struct kd_codec_ops kd_codec_lzo = {
	.id = KD_CODEC_LZO,
	.name = "lzo",
	.context_new = context_new,
	.context_free = context_free,
	.compress = compress_page,
	.decompress = decompress_page,
};
