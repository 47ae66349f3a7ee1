/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zstd, by libzstd: the image's usual compression, and modules packed as .ko.zst.
 * Called by compress alone; trusts nothing about a stream it opens.
 */
#include <zstd.h>

#include "capture-kernel/image/compress.h"

#define CHUNK 65536
#define LEVEL 6 /* 9 takes twice as long for 3 % less, 12 four times for 4 % */

/* The capture kernel sets aside one window while it unpacks (lib/decompress_unzstd.c):
 * small, as it has little memory and an image is a few MB anyway. */
#define WINDOW_LOG 21

struct context {
	ZSTD_CCtx *zstd;
	char out[CHUNK];
};

static void close_zstd(void *arg)
{
	struct context *c = arg;

	(void)ZSTD_freeCCtx(c->zstd);
	free(c);
}

static int open_zstd(void **ret)
{
	struct context *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->zstd = ZSTD_createCCtx();
	if (!c->zstd ||
	    ZSTD_isError(
		    ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_compressionLevel, LEVEL)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_windowLog, WINDOW_LOG)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_checksumFlag, 1))) {
		close_zstd(c);
		return -ENOMEM;
	}
	*ret = c;
	return 0;
}

static int feed_zstd(void *arg, struct kd_packer *packer, const void *data, size_t size,
		     bool last)
{
	struct context *c = arg;
	ZSTD_inBuffer in = { .src = data, .size = size };
	size_t left;
	int r;

	do {
		ZSTD_outBuffer out = { .dst = c->out, .size = sizeof(c->out) };

		left = ZSTD_compressStream2(c->zstd, &out, &in,
					    last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left))
			return -ENOMEM;
		r = kd_packer_emit(packer, c->out, out.pos);
		if (r < 0)
			return r;
	} while (in.pos < in.size || (last && left > 0));
	return 0;
}

const struct kd_packer_ops kd_packer_zstd = {
	.open = open_zstd,
	.feed = feed_zstd,
	.close = close_zstd,
};

static void free_dctx(ZSTD_DCtx **d)
{
	(void)ZSTD_freeDCtx(*d);
}

int kd_unpack_zstd(const void *data, size_t size, struct kd_strbuf *out)
{
	_cleanup_(free_dctx) ZSTD_DCtx *d = ZSTD_createDCtx();
	_cleanup_(kd_freep) char *chunk = malloc(CHUNK);
	ZSTD_inBuffer in = { .src = data, .size = size };
	size_t left = 1;
	bool full = false;

	if (!d || !chunk)
		return -ENOMEM;
	while (in.pos < in.size || full) {
		ZSTD_outBuffer o = { .dst = chunk, .size = CHUNK };

		left = ZSTD_decompressStream(d, &o, &in);
		if (ZSTD_isError(left))
			return -EBADMSG;
		kd_strbuf_add(out, chunk, o.pos);
		if (out->status < 0)
			return out->status;
		full = o.pos == o.size;
	}
	return left == 0 ? 0 : -EBADMSG;
}
