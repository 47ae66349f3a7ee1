/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages as they are: nothing ever shrinks, so the writer stores each one raw. Keeps
 * callers free of a special case. Called through the table in codec.c.
 */
#include "makedumpfile/codec/codec-private.h"

#include <string.h>

static int context_new(_unused_ int level, _unused_ size_t page_size, void **ret)
{
	*ret = NULL;
	return 0;
}

static void context_free(_unused_ void *context)
{
}

static ssize_t compress_page(_unused_ void *context, _unused_ const void *src,
			     _unused_ size_t size, _unused_ void *dst,
			     _unused_ size_t room)
{
	return 0;
}

static int decompress_page(_unused_ void *context, const void *src, size_t size,
			   void *dst, size_t room)
{
	if (size != room)
		return -EBADMSG;
	memcpy(dst, src, size);
	return 0;
}

const struct kd_codec_ops kd_codec_none = {
	.id = KD_CODEC_NONE,
	.name = "none",
	.context_new = context_new,
	.context_free = context_free,
	.compress = compress_page,
	.decompress = decompress_page,
};
