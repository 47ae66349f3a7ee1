/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of codecs: see codec.h. Which library does the work is decided by the
 * files meson lists, never here. Called by format/ and by option parsing.
 */
#include "makedumpfile/codec/codec-private.h"

static const struct kd_codec_ops *const codecs[] = {
	&kd_codec_none,
	&kd_codec_zlib,
	&kd_codec_lzo,
	&kd_codec_zstd,
};

const struct kd_codec_ops *kd_codec_find(enum kd_codec_id id)
{
	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++)
		if (codecs[i]->id == id)
			return codecs[i];
	return NULL;
}
