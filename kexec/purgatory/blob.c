/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Purgatory as bytes of the program that loads it, and its parameters written into a copy.
 * What build-blob made is trusted. Called by plan/.
 */
#include "kexec/purgatory/purgatory.h"

#include "kexec/purgatory/purgatory-x86_64.inc"

struct kd_purgatory kd_purgatory_x86_64(void)
{
	return (struct kd_purgatory) {
		.code = blob_code,
		.size = sizeof(blob_code),
		.memsz = KD_BLOB_MEMSZ,
		.params = KD_BLOB_PARAMS,
	};
}
