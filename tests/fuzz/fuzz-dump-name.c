/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of dump folders: a host never reaches into the time, and both end.
 */
#include <stdlib.h>
#include <string.h>

#include "kdumpd/archive/archive.h"
#include "kdumpd/archive/dump-name.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[KD_DUMP_NAME], host[16];
	size_t n = size < sizeof(name) ? size : sizeof(name) - 1;

	memcpy(name, data, n);
	name[n] = '\0';
	kd_dump_name_host(name, host, sizeof(host));
	if (strlen(host) >= sizeof(host) || strncmp(name, host, strlen(host)) != 0)
		abort();
	(void)kd_dump_name_time(name, /* utc= */ true);
	(void)kd_dump_name_time(name, /* utc= */ false);
	return 0;
}
