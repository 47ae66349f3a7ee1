/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: a core_collector line, and with it the table of options.
 */
#include <string.h>

#include "makedumpfile/options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_freep) char *line = malloc(size + 1);
	struct kd_dump_options options;
	struct kd_error err = { 0 };

	if (!line)
		return 0;
	memcpy(line, data, size);
	line[size] = '\0';
	if (kd_options_parse_collector(line, &options, &err) == 0 &&
	    (!options.n_levels || options.levels[0] > KD_EXCLUDE_ALL))
		abort();
	return 0;
}
