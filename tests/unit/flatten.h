/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flattened streams for tests, made of bytes: records of an odd size, out of order, the
 * first of them sent twice.
 */
#pragma once

#include <endian.h>

#include "makedumpfile/sink/flat-format.h"
#include "tests/unit/memory-sink.h"

#define FLATTEN_RECORD 1000U

static inline void flatten_record(struct memory_sink *m, uint64_t offset,
				  const void *data, size_t size)
{
	struct kd_flat_record head = { .offset = htobe64(offset), .size = htobe64(size) };

	(void)memory_sink_put(m, m->size, &head, sizeof(head));
	(void)memory_sink_put(m, m->size, data, size);
}

/** @from's bytes as a stream in @to, which is empty; @end: with an end record. */
static inline void flatten(struct memory_sink *to, const struct memory_sink *from,
			   bool end)
{
	static const uint8_t stale[100] = { 0xee };
	struct kd_flat_header head = { .signature = KD_FLAT_SIGNATURE,
				       .type = htobe64(KD_FLAT_TYPE),
				       .version = htobe64(KD_FLAT_VERSION) };
	struct kd_flat_record last = { .offset = KD_FLAT_END, .size = KD_FLAT_END };
	size_t n = from->size / FLATTEN_RECORD;

	(void)memory_sink_put(to, 0, &head, sizeof(head));
	(void)memory_sink_put(to, KD_FLAT_HEADER_SIZE - 1, "", 1);
	if (from->size)
		flatten_record(to, 50, stale, MIN(sizeof(stale), from->size));
	for (size_t i = 0; i <= n; i++) {
		/* pairs change places */
		size_t at = ((i ^ 1) <= n ? i ^ 1 : i) * FLATTEN_RECORD;

		if (at < from->size)
			flatten_record(to, at, from->data + at,
				       MIN((size_t)FLATTEN_RECORD, from->size - at));
	}
	if (end)
		(void)memory_sink_put(to, to->size, &last, sizeof(last));
}
