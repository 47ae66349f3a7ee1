/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Payloads from file to file: see payload-copy.h. Trusts descriptors that were checked.
 * Called by the salvage of kdump-compressed files.
 */
#include "makedumpfile/format/payload-copy.h"

#include <string.h>

#include "base/io.h"

#define TABLE_SIZE  65536U
#define BUFFER_SIZE ((size_t)1 << 20)
#define WINDOW_SIZE ((size_t)256 << 10)

/** The payload of @size bytes at @from of the source is at @to; no entry when @from is 0. */
struct kd_payload_copied {
	uint64_t from;
	uint64_t to;
	uint32_t size;
};

int kd_payload_copy_init(struct kd_payload_copy *c, const struct kd_file_view *file,
			 uint32_t page_size, int fd, uint64_t start)
{
	_cleanup_(kd_freep) struct kd_payload_copied *table = calloc(TABLE_SIZE,
								     sizeof(*table));
	_cleanup_(kd_freep) uint8_t *buffer = malloc(BUFFER_SIZE);
	int r;

	if (!table || !buffer)
		return -ENOMEM;
	*c = (struct kd_payload_copy) { .fd = fd, .end = start };
	r = kd_kdump_pages_init(&c->from, file, page_size, WINDOW_SIZE);
	if (r < 0)
		return r;
	c->table = TAKE_PTR(table);
	c->buffer = TAKE_PTR(buffer);
	return 0;
}

void kd_payload_copy_done(struct kd_payload_copy *c)
{
	if (!c->buffer)
		return;
	kd_kdump_pages_done(&c->from);
	free(c->table);
	free(c->buffer);
	*c = (struct kd_payload_copy) { .fd = -EBADF };
}

int kd_payload_copy_flush(struct kd_payload_copy *c)
{
	size_t used = c->used;

	c->used = 0;
	return kd_pwrite_full(c->fd, c->buffer, used, c->end - used);
}

static int put(struct kd_payload_copy *c, const uint8_t *payload, size_t size)
{
	int r = c->used + size > BUFFER_SIZE ? kd_payload_copy_flush(c) : 0;

	if (r < 0)
		return r;
	memcpy(c->buffer + c->used, payload, size);
	c->used += size;
	c->end += size;
	c->written += size;
	return 0;
}

int kd_payload_copy_page(struct kd_payload_copy *c, const struct kd_kdump_desc *from,
			 struct kd_kdump_desc *ret)
{
	uint64_t slot = from->offset * 0x9e3779b97f4a7c15ULL >> 48;
	struct kd_payload_copied *known = &c->table[slot % TABLE_SIZE];
	const uint8_t *payload;
	int r;

	*ret = (struct kd_kdump_desc) { .size = from->size, .flags = from->flags };
	if (known->from != from->offset || known->size != from->size) {
		r = kd_kdump_pages_payload(&c->from, from, &payload);
		if (r < 0)
			return r;
		*known = (struct kd_payload_copied) { from->offset, c->end, from->size };
		r = put(c, payload, from->size);
		if (r < 0)
			return r;
	}
	ret->offset = known->to;
	return 0;
}
