/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of dumps of any bytes, newlines standing for NULs: what is taken is written again
 * as the same bytes, but for numbers with zeros in front.
 */
#include <stdlib.h>
#include <string.h>

#include "kdumpd/dumps-text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out = { 0 };
	_cleanup_(kd_freep) char *copy = malloc(size + 1);
	struct kd_dump_line dump, again;
	const char *text = copy, *written;
	size_t length;

	if (!copy)
		return 0;
	for (size_t i = 0; i < size; i++)
		copy[i] = data[i] == '\n' ? '\0' : (char)data[i];
	while (kd_dumps_text_next(&text, &size, &dump) > 0) {
		kd_strbuf_init(&out, 1 << 20);
		kd_dumps_text_add(&out, &dump);
		written = out.data;
		length = out.length;
		if (out.status >= 0 &&
		    (kd_dumps_text_next(&written, &length, &again) != 1 || length != 0 ||
		     strcmp(again.path, dump.path) != 0 || again.usec != dump.usec ||
		     again.bytes != dump.bytes))
			abort();
		kd_strbuf_done(&out);
	}
	return 0;
}
