/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zircon boot images, read: see zbi.h. Trusts nothing in an image: each length is
 * compared with what is there before it is used.
 */
#include "kexec/image/zbi.h"

#include <inttypes.h>

#include "base/le.h"
#include "kexec/image/format.h"
#include "kexec/image/unpack.h"
#include "kexec/image/zbi-header.h"

/* zbi_kernel_t, which a kernel item's payload begins with */
#define KERNEL_ENTRY   0
#define KERNEL_RESERVE 8
#define KERNEL_SIZE    16

static const struct kernel_type {
	uint32_t type;
	enum kd_arch arch;
	uint64_t align;
} kernel_types[] = {
	{ KD_ZBI_KERNEL_X64, KD_ARCH_X86_64, 4096 },
	{ KD_ZBI_KERNEL_ARM64, KD_ARCH_ARM64, 65536 },
	{ KD_ZBI_KERNEL_RISCV64, KD_ARCH_RISCV64, 65536 },
};

static bool is_container(struct kd_bytes head)
{
	return head.size >= KD_ZBI_HEADER_SIZE &&
	       kd_le32(head.data + ZBI_TYPE) == KD_ZBI_CONTAINER &&
	       kd_le32(head.data + ZBI_EXTRA) == KD_ZBI_CONTAINER_ITEM &&
	       kd_le32(head.data + ZBI_MAGIC) == KD_ZBI_ITEM_MAGIC;
}

int kd_zbi_open(struct kd_bytes image, struct kd_zbi *ret, struct kd_error *err)
{
	struct kd_zbi zbi = { 0 };
	uint32_t length;

	if (!is_container(image))
		return kd_fail_msg(err, -ENOEXEC, "not a ZBI");
	length = kd_le32(image.data + ZBI_LENGTH);
	if (!(kd_le32(image.data + ZBI_FLAGS) & KD_ZBI_VERSION))
		return kd_fail_msg(err, -EBADMSG, "a ZBI of another version");
	if (length % KD_ZBI_ALIGN)
		return kd_fail_msg(err, -EBADMSG,
				   "its length %" PRIu32 " is no multiple of %d", length,
				   KD_ZBI_ALIGN);
	if (!kd_bytes_part(image, KD_ZBI_HEADER_SIZE, length, &zbi.items))
		return kd_fail_msg(err, -ENOEXEC,
				   "cut short: %zu bytes, its header says %" PRIu64,
				   image.size, length + (uint64_t)KD_ZBI_HEADER_SIZE);
	*ret = zbi;
	return 0;
}

uint32_t kd_zbi_crc32(const uint8_t *header, struct kd_bytes payload)
{
	static const uint8_t zeros[KD_ZBI_HEADER_SIZE - ZBI_CRC32];
	uint32_t crc = kd_unpack_crc32((struct kd_bytes) { header, ZBI_CRC32 });

	crc = kd_unpack_crc32_more(crc, (struct kd_bytes) { zeros, sizeof(zeros) });
	return kd_unpack_crc32_more(crc, payload);
}

static int check_crc(const uint8_t *header, struct kd_bytes data, struct kd_error *err)
{
	uint32_t crc = kd_le32(header + ZBI_CRC32);

	if (!(kd_le32(header + ZBI_FLAGS) & KD_ZBI_CRC32)) {
		if (crc != KD_ZBI_NO_CRC32)
			return kd_fail_msg(err, -EBADMSG,
					   "a CRC that its flags do not speak of");
		return 0;
	}
	if (crc != kd_zbi_crc32(header, data))
		return kd_fail_msg(err, -EBADMSG, "another CRC than its header says");
	return 0;
}

static int read_item(const struct kd_zbi *zbi, struct kd_zbi_item *ret,
		     struct kd_error *err)
{
	struct kd_bytes header, data;

	if (!kd_bytes_part(zbi->items, zbi->at, KD_ZBI_HEADER_SIZE, &header))
		return kd_fail_msg(err, -EBADMSG, "no room for its header");
	if (kd_le32(header.data + ZBI_MAGIC) != KD_ZBI_ITEM_MAGIC)
		return kd_fail_msg(err, -EBADMSG, "not an item's magic number");
	if (!(kd_le32(header.data + ZBI_FLAGS) & KD_ZBI_VERSION))
		return kd_fail_msg(err, -EBADMSG, "an item of another version");
	if (!kd_bytes_part(zbi->items, zbi->at + KD_ZBI_HEADER_SIZE,
			   kd_le32(header.data + ZBI_LENGTH), &data))
		return kd_fail_msg(err, -EBADMSG, "ends behind the image's end");
	*ret = (struct kd_zbi_item) {
		.type = kd_le32(header.data + ZBI_TYPE),
		.extra = kd_le32(header.data + ZBI_EXTRA),
		.flags = kd_le32(header.data + ZBI_FLAGS),
		.data = data,
	};
	return check_crc(header.data, data, err);
}

int kd_zbi_next(struct kd_zbi *zbi, struct kd_zbi_item *ret, struct kd_error *err)
{
	struct kd_zbi_item item;
	int r;

	if (zbi->at >= zbi->items.size)
		return 0;
	r = read_item(zbi, &item, err);
	if (r < 0)
		return kd_fail(err, r, "item at 0x%zx", zbi->at + KD_ZBI_HEADER_SIZE);
	/* The container's length is a multiple of 8, so padding is inside, too. */
	zbi->at += KD_ZBI_HEADER_SIZE + (size_t)kd_align_up(item.data.size, KD_ZBI_ALIGN);
	*ret = item;
	return 1;
}

static const struct kernel_type *find_kernel_type(uint32_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_types); i++)
		if (kernel_types[i].type == type)
			return &kernel_types[i];
	return NULL;
}

static int read_kernel(struct kd_bytes image, const struct kd_zbi_item *item,
		       struct kd_zbi_kernel *ret, struct kd_error *err)
{
	const struct kernel_type *type = find_kernel_type(item->type);
	struct kd_zbi_kernel k = { 0 };

	if (!type)
		return kd_fail_msg(err, -ENOEXEC,
				   "a ZBI that does not begin with a kernel");
	if (item->data.size < KERNEL_SIZE)
		return kd_fail_msg(err, -EBADMSG, "its kernel is cut short");
	k.arch = type->arch;
	k.entry = kd_le64(item->data.data + KERNEL_ENTRY);
	k.reserve = kd_le64(item->data.data + KERNEL_RESERVE);
	k.load = (struct kd_bytes) { image.data,
				     2 * KD_ZBI_HEADER_SIZE + item->data.size };
	if (k.entry < 2 * KD_ZBI_HEADER_SIZE + KERNEL_SIZE || k.entry >= k.load.size)
		return kd_fail_msg(err, -EBADMSG,
				   "its kernel's entry 0x%" PRIx64 " lies outside of it",
				   k.entry);
	if (k.reserve > KD_KERNEL_MEMORY_MAX)
		return kd_fail_msg(err, -EBADMSG,
				   "its kernel asks for 0x%" PRIx64 " bytes of memory",
				   k.reserve);
	*ret = k;
	return 0;
}

int kd_zbi_bootable(struct kd_bytes image, struct kd_zbi_kernel *ret,
		    struct kd_error *err)
{
	struct kd_zbi_item item;
	struct kd_zbi_kernel k;
	struct kd_zbi zbi = { 0 };
	int r;

	r = kd_zbi_open(image, &zbi, err);
	if (r < 0)
		return r;
	r = kd_zbi_next(&zbi, &item, err);
	if (r == 0)
		return kd_fail_msg(err, -ENOEXEC, "a ZBI with nothing in it");
	if (r < 0)
		return r;
	r = read_kernel(image, &item, &k, err);
	if (r < 0)
		return r;
	while ((r = kd_zbi_next(&zbi, &item, err)) > 0)
		;
	if (r < 0)
		return r;
	*ret = k;
	return 0;
}

uint64_t kd_zbi_kernel_align(enum kd_arch arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_types); i++)
		if (kernel_types[i].arch == arch)
			return kernel_types[i].align;
	return 65536;
}

static int open_zbi(struct kd_kernel *k, struct kd_error *err)
{
	struct kd_zbi_kernel z;
	int r;

	r = kd_zbi_bootable(k->file, &z, err);
	if (r < 0)
		return r;
	k->arch = z.arch;
	k->align = kd_zbi_kernel_align(z.arch);
	k->mem_size = z.load.size + z.reserve;
	k->entry = z.entry;
	k->relocatable = true;
	k->above_4g = true;
	k->parts[0] = (struct kd_kernel_part) { .memsz = k->mem_size, .data = z.load };
	k->n_parts = 1;
	return 0;
}

const struct kd_kernel_reader kd_reader_zbi = {
	.format = KD_KERNEL_ZBI,
	.probe = is_container,
	.open = open_zbi,
};
