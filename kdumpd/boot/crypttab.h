/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/crypttab, so that the keys of volumes a dump goes through stay in the kernel: the
 * option link-volume-key= of crypttab(5), with the name that arming looks for. Pure, of
 * bytes; trusts nothing in the file. Called by kdumpctl setup-crypttab.
 */
#pragma once

#include "base/strbuf.h"
#include "kdumpd/host/luks.h"

#define KD_CRYPTTAB_MAX 65536

/**
 * Set the option in the lines of @uuids. All other lines, comments too, stay byte by byte;
 * a line that has the option already does as well.
 *
 * @uuids: NULL-terminated
 * @to:    the whole file is appended
 * Returns how many lines were changed, 0 for none; -ENOENT, naming it, when a device has
 * no line; the buffer's error.
 */
int kd_crypttab_edit(const char *text, size_t size, const char *const *uuids,
		     struct kd_strbuf *to, struct kd_error *err);
