/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unpacking: the only doors to zlib and libzstd. Input of any content; output grows as it
 * comes and ends at a limit. What follows a whole stream and is no further one is left
 * alone: kernels are signed and padded there. Called by kernel.c's loop
 * and by zbi.c.
 */
#pragma once

#include "kexec/image/growing.h"
#include "kexec/image/kernel.h"

/**
 * Append what is in @packed to @out.
 *
 * Errors: -EBADMSG for a stream that is damaged or cut short, -EFBIG beyond @out's limit,
 * -ENOMEM. @out holds some of it then.
 */
int kd_kernel_unpack_gzip(struct kd_bytes packed, struct kd_growing *out,
			  struct kd_error *err);

/** The same for zstd; windows above 128 MiB are refused with -EBADMSG. */
int kd_unpack_zst(struct kd_bytes packed, struct kd_growing *out, struct kd_error *err);

/** Whether a stream of that kind begins here. */
bool kd_unpack_is_gzip(struct kd_bytes b);
bool kd_unpack_is_zst(struct kd_bytes b);

/** Room for more of what is unpacked, or its limit in words. Errors as above. */
int kd_unpack_reserve(struct kd_growing *out, struct kd_error *err);

typedef int kd_unpack_fn(struct kd_bytes packed, struct kd_growing *out,
			 struct kd_error *err);

/** Make the kernel's file what is in it. The first bytes are looked at before the rest is
 *  unpacked, so that what hides no kernel costs nothing. Errors as kd_kernel_open(). */
int kd_unpack_file(struct kd_kernel *kernel, kd_unpack_fn *unpack, struct kd_error *err);

/** CRC-32 as gzip, zip and ZBI have it. */
uint32_t kd_unpack_crc32(struct kd_bytes b);
/** The CRC-32 of bytes whose own is @crc, and of @b behind them. */
uint32_t kd_unpack_crc32_more(uint32_t crc, struct kd_bytes b);
