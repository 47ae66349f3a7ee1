/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages of any bytes as frames of our own: libzstd gives back what went in. The first byte
 * chooses the size and how much room there is; the input, again and again, fills the page.
 */
#include <string.h>

#include "makedumpfile/codec/codec.h"
#include "makedumpfile/codec/zstd-quick.h"
#include "tests/fuzz/fuzz.h"

#define PAGE_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t page[PAGE_MAX], packed[PAGE_MAX], back[PAGE_MAX];
	_cleanup_(kd_zstd_quick_freep) struct kd_zstd_quick *q = NULL;
	const struct kd_codec_ops *ops = kd_codec_find(KD_CODEC_ZSTD);
	size_t page_size, room, n;
	void *context = NULL;

	if (size < 2)
		return 0;
	page_size = (size_t)4096 << data[0] % 5;
	room = page_size - 1 - (size_t)(data[0] / 5) * 64;
	for (size_t i = 0; i < page_size; i++)
		page[i] = data[1 + i % (size - 1)];
	if (kd_zstd_quick_new(page_size, &q) < 0 ||
	    ops->context_new(ops->level_default, page_size, &context) < 0)
		abort();
	n = kd_zstd_quick_page(q, page, page_size, packed, room);
	if (n > room || (n && (ops->decompress(context, packed, n, back, page_size) < 0 ||
			       memcmp(page, back, page_size) != 0)))
		abort();
	ops->context_free(context);
	return 0;
}
