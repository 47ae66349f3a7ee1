/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 where sha256-ni.c is not built: by the portable code alone. Chosen by meson for
 * every machine but x86_64. See sha256.h.
 */
#include "base/sha256.h"

bool kd_sha256_has_ni(void)
{
	return false;
}

kd_sha256_blocks_fn *kd_sha256_best(void)
{
	return kd_sha256_blocks_portable;
}
