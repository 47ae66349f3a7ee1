/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zircon boot images of any content: the walk ends and stays inside, and an image whose
 * items are written again has the same items.
 */
#include <stdlib.h>
#include <string.h>

#include "kexec/image/zbi.h"
#include "tests/fuzz/fuzz.h"

static void compare(struct kd_bytes image, struct kd_bytes again)
{
	struct kd_zbi_item item, same;
	struct kd_zbi a, b;
	int r;

	if (kd_zbi_open(image, &a, NULL) < 0 || kd_zbi_open(again, &b, NULL) < 0)
		abort();
	while ((r = kd_zbi_next(&a, &item, NULL)) > 0) {
		if (kd_zbi_next(&b, &same, NULL) != 1 || item.type != same.type ||
		    item.extra != same.extra || item.flags != same.flags ||
		    item.data.size != same.data.size ||
		    memcmp(item.data.data, same.data.data, item.data.size) != 0)
			abort();
	}
	if (r < 0 || kd_zbi_next(&b, &same, NULL) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer w;
	struct kd_bytes image = { data, size };
	struct kd_zbi_kernel k;

	if (kd_zbi_writer_init(&w) < 0)
		return 0;
	if (kd_zbi_bootable(image, &k, NULL) == 0 &&
	    (k.load.data != data || k.load.size > size || k.entry >= k.load.size))
		abort();
	if (kd_zbi_append_all(&w, image, 0, NULL) == 0)
		compare(image, kd_zbi_written(&w));
	return 0;
}
