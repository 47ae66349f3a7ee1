/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes purgatory's parameters into a copy of it. Pure: it trusts neither the copy nor the
 * parameters, whose counts the code that runs there goes by. Called by plan/.
 */
#include <errno.h>
#include <string.h>

#include "kexec/purgatory/purgatory.h"

int kd_purgatory_fill(const struct kd_purgatory *purgatory, uint8_t *code,
		      const struct kd_purgatory_params *params)
{
	struct kd_purgatory_params copy = *params;
	uint64_t magic;

	if (params->n_regions > KD_PURGATORY_REGIONS || params->console > UINT16_MAX)
		return -EINVAL;
	if (purgatory->size < sizeof(copy) ||
	    purgatory->params > purgatory->size - sizeof(copy))
		return -EINVAL;
	memcpy(&magic, code + purgatory->params, sizeof(magic));
	if (magic != KD_PURGATORY_MAGIC)
		return -EINVAL;
	copy.magic = magic;
	memcpy(code + purgatory->params, &copy, sizeof(copy));
	return 0;
}
