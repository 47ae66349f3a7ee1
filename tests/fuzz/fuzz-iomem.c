/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/iomem of any bytes: what comes out is sorted, disjoint and joined, and whatever
 * is named lies in a range that is not empty.
 */
#include <stdlib.h>

#include "kexec/host/iomem.h"
#include "tests/fuzz/fuzz.h"

static void check_set(const struct kd_ranges *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct kd_range *r = &set->items[i];

		if (r->start >= r->end || (unsigned int)r->type >= KD_RANGE_TYPES)
			abort();
		if (i > 0 && (r[-1].end > r->start ||
			      (r[-1].end == r->start && r[-1].type == r->type)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_iomem_done) struct kd_iomem map = { 0 };
	struct kd_error err = { 0 };
	int r;

	r = kd_iomem_parse((const char *)data, size, &map, &err);
	if ((r < 0) != (err.message[0] != '\0') || (r < 0 && map.ram.n))
		abort();
	check_set(&map.ram);
	check_set(&map.busy);
	if (map.crash_low.end && map.crash_low.start > map.crash.start)
		abort();
	if (map.crash.start > map.crash.end || map.kernel.start > map.kernel.end)
		abort();
	return 0;
}
