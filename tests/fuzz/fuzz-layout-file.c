/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A layout file of any bytes: what is taken writes back to something that reads the
 * same again.
 */
#include <string.h>

#include "makedumpfile/layout/layout-file.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kd_layout first, second;
	struct kd_strbuf b;

	if (kd_layout_decode((const char *)data, size, &first, NULL) < 0)
		return 0;
	kd_strbuf_init(&b, KD_LAYOUT_MAX_FILE);
	if (kd_layout_encode(&first, &b, NULL) < 0 ||
	    kd_layout_decode(b.data, b.length, &second, NULL) < 0 ||
	    memcmp(&first, &second, sizeof(first)) != 0)
		abort();
	kd_strbuf_done(&b);
	return 0;
}
