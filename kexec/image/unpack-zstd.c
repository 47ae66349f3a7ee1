/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zstd, by libzstd: see unpack.h. Its limit of 128 MiB for a window is kept: kernels are
 * packed with that at most (--ultra -22), and a window is set aside before the first byte
 * comes. Trusts nothing about the stream. Called by kernel.c's loop.
 */
#include <zstd.h>

#include "base/le.h"
#include "kexec/image/format.h"
#include "kexec/image/unpack.h"

bool kd_unpack_is_zst(struct kd_bytes b)
{
	return kd_bytes_have(b, 0, "\x28\xb5\x2f\xfd", 4);
}

/* Another frame, or one to be skipped, whose magic has 16 values. */
static bool goes_on(struct kd_bytes b)
{
	return kd_unpack_is_zst(b) ||
	       (b.size >= 4 && (kd_le32(b.data) & ZSTD_MAGIC_SKIPPABLE_MASK) ==
				       ZSTD_MAGIC_SKIPPABLE_START);
}

static void free_context(ZSTD_DCtx **d)
{
	(void)ZSTD_freeDCtx(*d);
}

int kd_unpack_zst(struct kd_bytes packed, struct kd_growing *out, struct kd_error *err)
{
	_cleanup_(free_context) ZSTD_DCtx *d = ZSTD_createDCtx();
	ZSTD_inBuffer in = { .src = packed.data, .size = packed.size };
	size_t left;
	int r;

	if (!d)
		return kd_fail(err, -ENOMEM, "unpacking");
	do {
		ZSTD_outBuffer o;

		r = kd_unpack_reserve(out, err);
		if (r < 0)
			return r;
		o = (ZSTD_outBuffer) { .dst = out->data,
				       .size = out->room,
				       .pos = out->size };
		left = ZSTD_decompressStream(d, &o, &in);
		if (ZSTD_isError(left))
			return kd_fail_msg(err, -EBADMSG, "damaged: %s",
					   ZSTD_getErrorName(left));
		out->size = o.pos;
		if (left && in.pos == in.size && o.pos < o.size)
			return kd_fail_msg(err, -EBADMSG, "cut short");
	} while (left || goes_on((struct kd_bytes) { packed.data + in.pos,
						     packed.size - in.pos }));
	return 0;
}

static int unwrap_zstd(struct kd_kernel *k, struct kd_error *err)
{
	return kd_unpack_file(k, kd_unpack_zst, err);
}

const struct kd_kernel_wrapping kd_wrapping_zstd = {
	.name = "zstd",
	.probe = kd_unpack_is_zst,
	.unwrap = unwrap_zstd,
};
