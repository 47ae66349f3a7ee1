/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes whose number is not known beforehand, up to a limit: doubled as they come, so
 * that a claim alone costs nothing. Called by what unpacks, and by the writer of ZBIs.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * @data: owned
 * @size: bytes in use, of @room
 * @max:  more than this are never made room for
 */
struct kd_growing {
	uint8_t *data;
	size_t size;
	size_t room;
	size_t max;
};

/** Room for at least @more bytes behind those in use. 0, -ENOMEM, -EFBIG; what is there
 *  stays. */
int kd_growing_reserve(struct kd_growing *g, size_t more);

/** Append @size bytes. Errors as above, nothing appended then. */
int kd_growing_add(struct kd_growing *g, const void *data, size_t size);

/** Free it all; usable again afterwards. */
void kd_growing_done(struct kd_growing *g);
