/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shim as bytes of the program that lowers a plan. What build-blob made is trusted.
 * Called by blob.c.
 */
#include "kexec/lower/shim.h"

#include "kexec/lower/shim-x86_64.inc"

/* it works from a copy of its bytes alone */
_Static_assert(sizeof(blob_code) <= KD_SHIM_CODE, "the shim has outgrown its copy");

struct kd_shim kd_shim_x86_64(void)
{
	return (struct kd_shim) {
		.code = blob_code,
		.size = sizeof(blob_code),
		.params = KD_BLOB_PARAMS,
	};
}
