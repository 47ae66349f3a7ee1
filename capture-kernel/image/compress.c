/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stream an image goes through, and the choice of a decompressor: see compress.h.
 * Knows no library; trusts nothing about the streams it opens. Called by image, tree.
 */
#include "capture-kernel/image/compress.h"

#include <string.h>

#include "base/io.h"

struct kd_packer {
	const struct kd_packer_ops *ops; /* NULL: bytes go out as they are */
	void *context;
	int out_fd;
	uint64_t bytes;
};

static const struct kd_packer_ops *const packers[] = {
	[KD_IMAGE_NONE] = NULL,
	[KD_IMAGE_ZSTD] = &kd_packer_zstd,
	[KD_IMAGE_GZIP] = &kd_packer_gzip,
};

int kd_packer_new(enum kd_image_compression compression, int out_fd,
		  struct kd_packer **ret, struct kd_error *err)
{
	_cleanup_(kd_packer_freep) struct kd_packer *packer = NULL;
	int r;

	if ((size_t)compression >= ARRAY_SIZE(packers))
		return kd_fail_msg(err, -EINVAL, "unknown image compression %d",
				   (int)compression);
	packer = calloc(1, sizeof(*packer));
	if (!packer)
		return kd_fail(err, -ENOMEM, "image compression");
	packer->out_fd = out_fd;
	packer->ops = packers[compression];
	if (packer->ops) {
		r = packer->ops->open(&packer->context);
		if (r < 0)
			return kd_fail(err, r, "image compression");
	}
	*ret = TAKE_PTR(packer);
	return 0;
}

void kd_packer_free(struct kd_packer *packer)
{
	if (!packer)
		return;
	if (packer->context)
		packer->ops->close(packer->context);
	free(packer);
}

int kd_packer_emit(struct kd_packer *packer, const void *data, size_t size)
{
	int r;

	if (size == 0)
		return 0;
	r = kd_write_full(packer->out_fd, data, size);
	if (r < 0)
		return r;
	packer->bytes += size;
	return 0;
}

int kd_packer_write(void *arg, const void *data, size_t size)
{
	struct kd_packer *packer = arg;

	if (!packer->ops)
		return kd_packer_emit(packer, data, size);
	return packer->ops->feed(packer->context, packer, data, size, /* last= */ false);
}

int kd_packer_finish(struct kd_packer *packer, uint64_t *ret_bytes, struct kd_error *err)
{
	int r = 0;

	if (packer->ops)
		r = packer->ops->feed(packer->context, packer, NULL, 0, /* last= */ true);
	if (r < 0)
		return kd_fail(err, r, "writing the image");
	*ret_bytes = packer->bytes;
	return 0;
}

static const struct {
	const char *magic;
	size_t length;
	const char *name;
	int (*unpack)(const void *data, size_t size, struct kd_strbuf *out);
} unpackers[] = {
	{ "\x28\xb5\x2f\xfd", 4, "zstd", kd_unpack_zstd }, /* RFC 8878, 3.1.1 */
	{ "\x1f\x8b", 2, "gzip", kd_unpack_gzip },	   /* RFC 1952, 2.3.1 */
	{ "\xfd\x37\x7a\x58\x5a\x00", 6, "xz",
	  kd_unpack_xz }, /* xz-file-format, 2.1.1.1 */
};

int kd_unpack(char **data, size_t *size, size_t max, struct kd_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(unpackers); i++) {
		_cleanup_(kd_strbuf_done) struct kd_strbuf out = { 0 };
		char *plain;
		size_t length;
		int r;

		if (*size < unpackers[i].length ||
		    memcmp(*data, unpackers[i].magic, unpackers[i].length) != 0)
			continue;
		kd_strbuf_init(&out, max);
		r = unpackers[i].unpack(*data, *size, &out);
		length = out.length;
		if (r == 0)
			r = kd_strbuf_take(&out, &plain);
		if (r < 0)
			return kd_fail(err, r, "%s stream", unpackers[i].name);
		free(*data);
		*data = plain;
		*size = length;
		return 0;
	}
	return 0;
}
