/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compression of the whole image on its way into a descriptor, and decompression of
 * modules and firmware that lie compressed on the host. One thread and fixed levels:
 * the same bytes in give the same bytes out. Each library is used in its own
 * compress-*.c. Used by image and tree.
 */
#pragma once

#include "base/error.h"
#include "base/strbuf.h"
#include "capture-kernel/image/image.h"

struct kd_packer;

/**
 * Begin a stream into @out_fd, from its current position.
 * Errors: -ENOMEM.
 */
int kd_packer_new(enum kd_image_compression compression, int out_fd,
		  struct kd_packer **ret, struct kd_error *err);
void kd_packer_free(struct kd_packer *packer);
KD_DEFINE_GUARD(struct kd_packer, kd_packer_free)

/** Add bytes; @packer is void so that this is a kd_cpio_write_fn.
 *  Returns 0 or negative errno of write(2). */
int kd_packer_write(void *packer, const void *data, size_t size);

/** End the stream. *ret_bytes: what was written to the descriptor. */
int kd_packer_finish(struct kd_packer *packer, uint64_t *ret_bytes, struct kd_error *err);

/**
 * Replace *data by what it holds when it is a zstd, gzip or xz stream, told by its
 * first bytes; leave it alone otherwise.
 *
 * @data, @size: owned by the caller before and after
 * @max:         more bytes than this give -EFBIG
 * Errors: -EBADMSG for a stream that is damaged or cut short, -ENOMEM.
 */
int kd_unpack(char **data, size_t *size, size_t max, struct kd_error *err);

/* What a compress-*.c offers; for compress.c alone. */

/**
 * @feed: compress @size bytes, and end the stream when @last; the output goes through
 *        kd_packer_emit(). Returns 0 or negative errno.
 */
struct kd_packer_ops {
	int (*open)(void **ret);
	int (*feed)(void *context, struct kd_packer *packer, const void *data,
		    size_t size, bool last);
	void (*close)(void *context);
};

extern const struct kd_packer_ops kd_packer_zstd;
extern const struct kd_packer_ops kd_packer_gzip;

/** Write compressed bytes out. */
int kd_packer_emit(struct kd_packer *packer, const void *data, size_t size);

/** Append what the stream holds to @out, whose ceiling bounds it.
 *  Returns 0, -EBADMSG, -ENOMEM, or the buffer's status. */
int kd_unpack_zstd(const void *data, size_t size, struct kd_strbuf *out);
int kd_unpack_gzip(const void *data, size_t size, struct kd_strbuf *out);
int kd_unpack_xz(const void *data, size_t size, struct kd_strbuf *out);
