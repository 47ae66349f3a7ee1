/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gzip, and CRC-32, by zlib: see unpack.h. Trusts nothing about the stream. Called by
 * kernel.c's loop.
 */
#include <inttypes.h>
#include <string.h>
#include <zlib.h>

#include "kexec/image/format.h"
#include "kexec/image/unpack.h"

#define GZIP_ONLY (15 + 16) /* inflateInit2(): largest window, a gzip header required */

bool kd_unpack_is_gzip(struct kd_bytes b)
{
	return kd_bytes_have(b, 0, "\x1f\x8b", 2);
}

uint32_t kd_unpack_crc32(struct kd_bytes b)
{
	return kd_unpack_crc32_more(0, b);
}

uint32_t kd_unpack_crc32_more(uint32_t crc, struct kd_bytes b)
{
	return (uint32_t)crc32_z(crc, b.data, b.size);
}

static int explain(const z_stream *z, int status, struct kd_error *err)
{
	if (status == Z_MEM_ERROR)
		return kd_fail(err, -ENOMEM, "unpacking");
	if (status == Z_BUF_ERROR)
		return kd_fail_msg(err, -EBADMSG, "cut short");
	return kd_fail_msg(err, -EBADMSG, "damaged: %s", z->msg ? z->msg : "no stream");
}

/* One call of inflate() into what room there is; zlib's status. */
static int step(z_stream *z, struct kd_growing *out)
{
	size_t room = out->room - out->size;
	int status;

	z->next_out = out->data + out->size;
	z->avail_out = (uInt)room;
	status = inflate(z, Z_NO_FLUSH);
	out->size += room - z->avail_out;
	return status;
}

static void end_inflate(z_stream *z)
{
	(void)inflateEnd(z);
}

int kd_kernel_unpack_gzip(struct kd_bytes packed, struct kd_growing *out,
			  struct kd_error *err)
{
	_cleanup_(end_inflate) z_stream z = {
		.next_in = (z_const Bytef *)(uintptr_t)packed.data,
		.avail_in = (uInt)packed.size,
	};
	int r, status;

	if (packed.size > KD_KERNEL_MAX || out->max > KD_KERNEL_MAX)
		return kd_fail(err, -EFBIG, "unpacking");
	if (inflateInit2(&z, GZIP_ONLY) != Z_OK)
		return kd_fail(err, -ENOMEM, "unpacking");
	for (;;) {
		r = kd_unpack_reserve(out, err);
		if (r < 0)
			return r;
		status = step(&z, out);
		if (status == Z_STREAM_END) {
			if (!kd_unpack_is_gzip(
				    (struct kd_bytes) { z.next_in, z.avail_in }))
				return 0;
			(void)inflateReset(&z);
		} else if (status != Z_OK) {
			return explain(&z, status, err);
		}
	}
}

static int unwrap_gzip(struct kd_kernel *k, struct kd_error *err)
{
	return kd_unpack_file(k, kd_kernel_unpack_gzip, err);
}

const struct kd_kernel_wrapping kd_wrapping_gzip = {
	.name = "gzip",
	.probe = kd_unpack_is_gzip,
	.unwrap = unwrap_gzip,
};
