/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a raw partition's marker and list of files. Their checksums are put right
 * first, or no input would get past them.
 */
#include <string.h>

#include "base/raw.h"
#include "tests/fuzz/fuzz.h"

static void seal(uint8_t *block, size_t size)
{
	struct kd_sha256 h;

	kd_sha256_init(&h, kd_sha256_best());
	kd_sha256_update(&h, block, size - KD_SHA256_SIZE);
	kd_sha256_final(&h, block + size - KD_SHA256_SIZE);
}

static void check(const struct kd_raw *raw)
{
	if (raw->n > KD_RAW_FILES)
		abort();
	for (size_t i = 0; i < raw->n; i++) {
		const struct kd_raw_file *f = &raw->files[i];

		if (strnlen(f->path, KD_RAW_PATH) == KD_RAW_PATH || !f->path[0] ||
		    f->path[0] == '/' || strstr(f->path, "/../") ||
		    strncmp(f->path, "../", 3) == 0 || f->offset < KD_RAW_DATA_AT ||
		    f->offset > raw->size || f->length > raw->size - f->offset)
			abort();
	}
	if (kd_raw_end(raw) < KD_RAW_DATA_AT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_freep) struct kd_raw *raw = calloc(1, sizeof(*raw));
	_cleanup_(kd_freep) struct kd_raw *marker = calloc(1, sizeof(*marker));
	_cleanup_(kd_freep) uint8_t *block = calloc(1, KD_RAW_LIST_SIZE);

	if (!raw || !marker || !block)
		return 0;
	memcpy(block, data, MIN(size, (size_t)KD_RAW_MARKER_SIZE));
	seal(block, KD_RAW_MARKER_SIZE);
	if (kd_raw_marker_decode(block, marker) < 0)
		marker->size = 64u << 20;
	memset(block, 0, KD_RAW_LIST_SIZE);
	memcpy(block, data, MIN(size, (size_t)KD_RAW_LIST_SIZE));
	memcpy(marker->id, block + 16, KD_RAW_ID);
	seal(block, KD_RAW_LIST_SIZE);
	if (kd_raw_list_decode(block, marker, raw) >= 0)
		check(raw);
	return 0;
}
