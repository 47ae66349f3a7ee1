/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zircon boot images, written: see zbi.h. The container's length follows each item, so
 * that what is there is an image at any time. Trusts its caller about payloads.
 */
#include "base/le.h"
#include "kexec/image/zbi-header.h"
#include "kexec/image/zbi.h"

static void make_header(uint8_t ret[static KD_ZBI_HEADER_SIZE],
			const struct kd_zbi_item *item)
{
	uint32_t flags = item->flags | KD_ZBI_VERSION;

	memset(ret, 0, KD_ZBI_HEADER_SIZE);
	kd_put_le32(ret + ZBI_TYPE, item->type);
	kd_put_le32(ret + ZBI_LENGTH, (uint32_t)item->data.size);
	kd_put_le32(ret + ZBI_EXTRA, item->extra);
	kd_put_le32(ret + ZBI_FLAGS, flags);
	kd_put_le32(ret + ZBI_MAGIC, KD_ZBI_ITEM_MAGIC);
	kd_put_le32(ret + ZBI_CRC32, flags & KD_ZBI_CRC32 ? kd_zbi_crc32(ret, item->data)
							  : KD_ZBI_NO_CRC32);
}

int kd_zbi_writer_init(struct kd_zbi_writer *w)
{
	static const struct kd_zbi_item container = {
		.type = KD_ZBI_CONTAINER,
		.extra = KD_ZBI_CONTAINER_ITEM,
	};
	uint8_t header[KD_ZBI_HEADER_SIZE];

	*w = (struct kd_zbi_writer) { .out = { .max = KD_KERNEL_MAX } };
	make_header(header, &container);
	return kd_growing_add(&w->out, header, sizeof(header));
}

void kd_zbi_writer_done(struct kd_zbi_writer *w)
{
	kd_growing_done(&w->out);
}

int kd_zbi_append(struct kd_zbi_writer *w, const struct kd_zbi_item *item)
{
	static const uint8_t zeros[KD_ZBI_ALIGN];
	uint8_t header[KD_ZBI_HEADER_SIZE];
	size_t size = item->data.size;
	int r;

	if (size > KD_KERNEL_MAX)
		return -EFBIG;
	/* All room first: what follows cannot fail half way. */
	r = kd_growing_reserve(&w->out, sizeof(header) + size + KD_ZBI_ALIGN);
	if (r < 0)
		return r;
	make_header(header, item);
	(void)kd_growing_add(&w->out, header, sizeof(header));
	(void)kd_growing_add(&w->out, item->data.data, size);
	(void)kd_growing_add(&w->out, zeros,
			     (size_t)(kd_align_up(size, KD_ZBI_ALIGN) - size));
	kd_put_le32(w->out.data + ZBI_LENGTH,
		    (uint32_t)(w->out.size - KD_ZBI_HEADER_SIZE));
	return 0;
}

int kd_zbi_append_all(struct kd_zbi_writer *w, struct kd_bytes image, size_t first,
		      struct kd_error *err)
{
	struct kd_zbi_item item;
	struct kd_zbi zbi;
	int r;

	r = kd_zbi_open(image, &zbi, err);
	if (r < 0)
		return r;
	for (size_t i = 0; (r = kd_zbi_next(&zbi, &item, err)) > 0; i++) {
		if (i < first)
			continue;
		r = kd_zbi_append(w, &item);
		if (r < 0)
			return kd_fail(err, r, "ZBI");
	}
	return r;
}

struct kd_bytes kd_zbi_written(const struct kd_zbi_writer *w)
{
	return (struct kd_bytes) { w->out.data, w->out.size };
}
