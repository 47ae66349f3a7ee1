/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The codecs of pid 1 of the capture image: those that are not host_only, in place of
 * codec-table.c. Read by codec.c.
 */
#include "makedumpfile/codec/codec-private.h"

const struct kd_codec_ops *const kd_codec_table[] = {
	&kd_codec_none, &kd_codec_zlib, &kd_codec_lzo, &kd_codec_zstd, NULL,
};
