/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CONTRACT daemon -> capture side: a layout as text; docs/layout-file.md is the
 * specification. Written while the system was healthy, read after a crash, when a
 * wrong offset would cost pages: the reader takes the whole file or none of it.
 */
#pragma once

#include "base/strbuf.h"
#include "makedumpfile/layout/layout.h"

#define KD_LAYOUT_VERSION  1
#define KD_LAYOUT_MAX_FILE 16384 /* bytes of text */

/**
 * Append the text of @l to @out. Symbols are left out: they are of one boot, the file
 * is of one kernel. The same layout always gives the same bytes.
 * Returns 0; -EINVAL when release or build ID are not printable; the buffer's error.
 */
int kd_layout_encode(const struct kd_layout *l, struct kd_strbuf *out,
		     struct kd_error *err);

/**
 * Read a layout file.
 *
 * @ret: set only on success
 * Errors: -EPROTO for another version, -EFBIG beyond KD_LAYOUT_MAX_FILE, -EINVAL with
 * the line's number in @err for anything else, a missing last line included.
 */
int kd_layout_decode(const char *text, size_t size, struct kd_layout *ret,
		     struct kd_error *err);
