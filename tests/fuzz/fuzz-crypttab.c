/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crypttab of any bytes: an edited file needs no second edit, and one without our volume
 * is refused, not changed.
 */
#include <stdlib.h>

#include "kdumpd/boot/crypttab.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const uuids[] = { "u-1", NULL };
	_cleanup_(kd_strbuf_done) struct kd_strbuf once, twice;
	int r;

	kd_strbuf_init(&once, 2 * KD_CRYPTTAB_MAX);
	kd_strbuf_init(&twice, 4 * KD_CRYPTTAB_MAX);
	r = kd_crypttab_edit((const char *)data, size, uuids, &once, NULL);
	if (r < 0)
		return 0;
	if (kd_crypttab_edit(once.data ? once.data : "", once.length, uuids, &twice,
			     NULL) != 0 ||
	    twice.length != once.length)
		abort();
	return 0;
}
