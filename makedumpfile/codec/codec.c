/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A codec by its id: see codec.h. Which there are is decided by the table that meson
 * lists, never here. Called by format/ and by option parsing.
 */
#include "makedumpfile/codec/codec-private.h"

const struct kd_codec_ops *kd_codec_find(enum kd_codec_id id)
{
	for (size_t i = 0; kd_codec_table[i]; i++)
		if (kd_codec_table[i]->id == id)
			return kd_codec_table[i];
	return NULL;
}
