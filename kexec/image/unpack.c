/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What unpacking by zlib and by libzstd has in common: see unpack.h. Called by those two
 * files only.
 */
#include "kexec/image/unpack.h"

int kd_unpack_reserve(struct kd_growing *out, struct kd_error *err)
{
	int r = kd_growing_reserve(out, 1);

	if (r == -EFBIG)
		return kd_fail_msg(err, r, "unpacks to more than %zu bytes", out->max);
	return r < 0 ? kd_fail(err, r, "unpacking") : 0;
}
