/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snappy: what "makedumpfile -p" writes. Trusts nothing about the bytes it inflates. The
 * only file that knows libsnappy, which is C++ and therefore not in pid 1 of the capture
 * image: linked statically it would bring a runtime larger than all other codecs. Called
 * through the table in codec-table.c.
 */
#include "makedumpfile/codec/codec-private.h"

#include <snappy-c.h>
#include <string.h>

/* @scratch takes the output of pages that grow, since the caller's room does not */
struct context {
	size_t scratch_size;
	char scratch[];
};

static int context_new(_unused_ int level, size_t page_size, void **ret)
{
	size_t size = snappy_max_compressed_length(page_size);
	struct context *c = malloc(sizeof(*c) + size);

	if (!c)
		return -ENOMEM;
	c->scratch_size = size;
	*ret = c;
	return 0;
}

static void context_free(void *context)
{
	free(context);
}

static ssize_t compress_page(void *context, const void *src, size_t size, void *dst,
			     size_t room)
{
	struct context *c = context;
	size_t n = c->scratch_size;

	if (snappy_max_compressed_length(size) > n)
		return -EINVAL;
	if (snappy_compress(src, size, c->scratch, &n) != SNAPPY_OK || n > room)
		return 0;
	memcpy(dst, c->scratch, n);
	return (ssize_t)n;
}

/* The stream begins with its length: one that says more than @room is not begun. */
static int decompress_page(_unused_ void *context, const void *src, size_t size,
			   void *dst, size_t room)
{
	size_t n = room;

	if (snappy_uncompress(src, size, dst, &n) != SNAPPY_OK || n != room)
		return -EBADMSG;
	return 0;
}

const struct kd_codec_ops kd_codec_snappy = {
	.id = KD_CODEC_SNAPPY,
	.name = "snappy",
	.host_only = true,
	.context_new = context_new,
	.context_free = context_free,
	.compress = compress_page,
	.decompress = decompress_page,
};
