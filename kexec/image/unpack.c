/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What unpacking by zlib and by libzstd has in common: see unpack.h. Called by those two
 * files only.
 */
#include "kexec/image/unpack.h"

#include "kexec/image/format.h"

int kd_unpack_reserve(struct kd_growing *out, struct kd_error *err)
{
	int r = kd_growing_reserve(out, 1);

	if (r == -EFBIG)
		return kd_fail_msg(err, r, "unpacks to more than %zu bytes", out->max);
	return r < 0 ? kd_fail(err, r, "unpacking") : 0;
}

int kd_unpack_file(struct kd_kernel *k, kd_unpack_fn *unpack, struct kd_error *err)
{
	_cleanup_(kd_growing_done) struct kd_growing out = { .max = KD_KERNEL_HEAD };
	int r;

	r = unpack(k->file, &out, NULL);
	if (r == -EFBIG) {
		r = kd_kernel_check_known((struct kd_bytes) { out.data, out.size }, err);
		if (r < 0)
			return r;
	}
	out.size = 0;
	out.max = KD_KERNEL_MAX;
	r = unpack(k->file, &out, err);
	if (r < 0)
		return r;
	kd_kernel_replace_file(k, TAKE_PTR(out.data), out.size);
	return 0;
}
