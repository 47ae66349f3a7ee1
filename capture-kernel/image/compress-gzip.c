/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gzip, by zlib: for kernels built without zstd, and modules packed as .ko.gz.
 * Called by compress alone; trusts nothing about a stream it opens.
 */
#include <limits.h>
#include <zlib.h>

#include "capture-kernel/image/compress.h"

#define CHUNK	     65536
#define LEVEL	     6
#define WINDOW_BITS  (15 + 16) /* the largest window; 16 asks for gzip framing */
#define MEMORY_LEVEL 9
#define OS_UNIX	     3 /* RFC 1952, 2.3.1: said whatever zlib was built for */

struct context {
	z_stream z;
	gz_header header;
	Bytef out[CHUNK];
};

static int open_gzip(void **ret)
{
	struct context *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	if (deflateInit2(&c->z, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK) {
		free(c);
		return -ENOMEM;
	}
	c->header.os = OS_UNIX;
	(void)deflateSetHeader(&c->z, &c->header);
	*ret = c;
	return 0;
}

static void close_gzip(void *arg)
{
	struct context *c = arg;

	(void)deflateEnd(&c->z);
	free(c);
}

static int deflate_some(struct context *c, struct kd_packer *packer, int flush)
{
	int status, r;

	do {
		c->z.next_out = c->out;
		c->z.avail_out = sizeof(c->out);
		status = deflate(&c->z, flush);
		if (status == Z_STREAM_ERROR)
			return -EINVAL;
		r = kd_packer_emit(packer, c->out, sizeof(c->out) - c->z.avail_out);
		if (r < 0)
			return r;
	} while (c->z.avail_out == 0);
	return 0;
}

static int feed_gzip(void *arg, struct kd_packer *packer, const void *data, size_t size,
		     bool last)
{
	struct context *c = arg;
	const Bytef *next = data;
	int r;

	while (size > 0) {
		uInt n = (uInt)MIN(size, (size_t)UINT_MAX);

		c->z.next_in = (z_const Bytef *)next;
		c->z.avail_in = n;
		r = deflate_some(c, packer, Z_NO_FLUSH);
		if (r < 0)
			return r;
		next += n;
		size -= n;
	}
	c->z.avail_in = 0;
	return last ? deflate_some(c, packer, Z_FINISH) : 0;
}

const struct kd_packer_ops kd_packer_gzip = {
	.open = open_gzip,
	.feed = feed_gzip,
	.close = close_gzip,
};

int kd_unpack_gzip(const void *data, size_t size, struct kd_strbuf *out)
{
	_cleanup_(kd_freep) Bytef *chunk = malloc(CHUNK);
	z_stream z = { 0 };
	int status, r = 0;

	if (size > UINT_MAX)
		return -EFBIG;
	if (!chunk || inflateInit2(&z, WINDOW_BITS) != Z_OK)
		return -ENOMEM;
	z.next_in = (z_const Bytef *)data;
	z.avail_in = (uInt)size;
	do {
		z.next_out = chunk;
		z.avail_out = CHUNK;
		status = inflate(&z, Z_NO_FLUSH);
		if (status != Z_OK && status != Z_STREAM_END) {
			r = status == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
			break;
		}
		kd_strbuf_add(out, chunk, CHUNK - z.avail_out);
		r = out->status;
	} while (status != Z_STREAM_END && r == 0);
	(void)inflateEnd(&z);
	return r;
}
