/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All codecs there are: the table of every program but pid 1 of the capture image, which
 * meson gives codec-table-capture.c instead. Read by codec.c.
 */
#include "makedumpfile/codec/codec-private.h"

const struct kd_codec_ops *const kd_codec_table[] = {
	&kd_codec_none,	  &kd_codec_zlib, &kd_codec_lzo,
	&kd_codec_snappy, &kd_codec_zstd, NULL,
};
