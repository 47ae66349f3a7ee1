/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of any bytes: the state of what is armed has texts and numbers of every kind.
 * Whatever is read ends its strings, and writes back to what reads the same again.
 */
#include <stdlib.h>
#include <string.h>

#include "kdumpd/arm/state.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_freep) struct kd_state *first = calloc(1, sizeof(*first));
	_cleanup_(kd_freep) struct kd_state *second = calloc(1, sizeof(*second));
	_cleanup_(kd_strbuf_done) struct kd_strbuf text, again;

	kd_strbuf_init(&text, 1 << 20);
	kd_strbuf_init(&again, 1 << 20);
	if (!first || !second ||
	    kd_state_decode((const char *)data, size, first, NULL) < 0)
		return 0;
	if (kd_state_encode(first, &text, NULL) < 0 ||
	    kd_state_decode(kd_strbuf_text(&text), text.length, second, NULL) < 0 ||
	    kd_state_encode(second, &again, NULL) < 0 ||
	    strcmp(kd_strbuf_text(&text), kd_strbuf_text(&again)) != 0)
		abort();
	return 0;
}
