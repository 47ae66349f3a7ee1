/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compression of single pages behind one table of functions; each library is used in
 * its own codec-*.c and nowhere else. A context is one thread's: made once, used for
 * every page, no allocation in between. Used by format/.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/* Values are the page descriptor flags of the kdump-compressed format
 * (diskdump_mod.h: DUMP_DH_COMPRESSED_*). */
enum kd_codec_id {
	KD_CODEC_NONE = 0,
	KD_CODEC_ZLIB = 0x1,
	KD_CODEC_LZO = 0x2,
	KD_CODEC_SNAPPY = 0x4,
	KD_CODEC_ZSTD = 0x20,
};

struct kd_codec;

/**
 * @host_only:  not in the capture image's pid 1, so no codec for core_collector
 * @level_default: what is used when nobody asks; with zstd 0, automatic
 * @compress:   compress @size bytes into @dst; returns the bytes used, 0 when they
 *              would not fit @room (the caller stores the page raw), negative errno
 * @decompress: inflate to exactly @room bytes; 0 or -EBADMSG
 */
struct kd_codec_ops {
	enum kd_codec_id id;
	const char *name;
	bool host_only;
	int level_min, level_max, level_default;
	int (*context_new)(int level, size_t page_size, void **ret);
	void (*context_free)(void *context);
	ssize_t (*compress)(void *context, const void *src, size_t size, void *dst,
			    size_t room);
	int (*decompress)(void *context, const void *src, size_t size, void *dst,
			  size_t room);
};

/** The codec of that id, or NULL when this build does not have it. */
const struct kd_codec_ops *kd_codec_find(enum kd_codec_id id);
