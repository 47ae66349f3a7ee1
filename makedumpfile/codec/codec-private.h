/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The codecs, each defined in the file of its name, and the table of those a program
 * has. Included by codec/ alone.
 */
#pragma once

#include "makedumpfile/codec/codec.h"

extern const struct kd_codec_ops kd_codec_none;
extern const struct kd_codec_ops kd_codec_zlib;
extern const struct kd_codec_ops kd_codec_lzo;
extern const struct kd_codec_ops kd_codec_snappy;
extern const struct kd_codec_ops kd_codec_zstd;

/** Ends with NULL; in the codec-table*.c that meson lists for the program. */
extern const struct kd_codec_ops *const kd_codec_table[];
