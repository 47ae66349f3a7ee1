/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The codecs of this build, each defined in the file of its name, for the table in
 * codec.c. Included by codec/ alone.
 */
#pragma once

#include "makedumpfile/codec/codec.h"

extern const struct kd_codec_ops kd_codec_none;
extern const struct kd_codec_ops kd_codec_zlib;
extern const struct kd_codec_ops kd_codec_lzo;
extern const struct kd_codec_ops kd_codec_zstd;
