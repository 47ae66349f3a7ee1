/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on what Zircon is handed: a kernel ZBI and a data ZBI, containers of items, as
 * sdk/lib/zbi-format lays them out. Its kernel looks at headers only and asserts on the
 * rest; here every item is walked. Trusts nothing in the images. Called by validate.c.
 */
#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include "kexec/check/rules.h"

/* zbi-format: zbi_header_t and its constants */
#define HEADER_SIZE	32
#define TYPE_CONTAINER	0x544f4f42u /* "BOOT" */
#define TYPE_KERNEL_X64 0x4c4e524bu /* "KRNL" */
#define TYPE_KERNEL_ARM 0x384e524bu /* "KRN8" */
#define CONTAINER_MAGIC 0x868cf7e6u
#define ITEM_MAGIC	0xb5781729u
#define FLAGS_VERSION	0x00010000u
#define FLAGS_CRC32	0x00020000u
#define NO_CRC32	0x4a87e8d6u
#define ALIGN		8

/* zbi_kernel_t: entry and reserve_memory_size, 64 bits each */
#define KERNEL_HEADER 16

#define KERNEL_IMAGE 0 /* segments of the call */
#define IMAGES	     2

struct header {
	uint32_t type, length, extra, flags, magic, crc32;
};

static uint32_t word(const uint8_t *p, size_t i)
{
	uint32_t v;

	memcpy(&v, p + 4 * i, sizeof(v));
	return le32toh(v);
}

/* False when @offset leaves no room for one. */
static bool read_header(const struct kd_kexec_segment *s, uint64_t offset,
			struct header *ret)
{
	const uint8_t *p = s->buf;

	if (offset > s->bufsz || s->bufsz - offset < HEADER_SIZE)
		return false;
	p += offset;
	*ret = (struct header) { .type = word(p, 0),
				 .length = word(p, 1),
				 .extra = word(p, 2),
				 .flags = word(p, 3),
				 .magic = word(p, 6),
				 .crc32 = word(p, 7) };
	return true;
}

static const char *container_fault(const struct kd_kexec_segment *s)
{
	struct header h = { 0 };

	if (!read_header(s, 0, &h))
		return "too short for a header";
	if (h.type != TYPE_CONTAINER || h.extra != CONTAINER_MAGIC)
		return "does not begin with a ZBI container";
	if (h.magic != ITEM_MAGIC || !(h.flags & FLAGS_VERSION))
		return "its container's header is damaged";
	if (h.length % ALIGN)
		return "its length is no multiple of 8";
	if (h.length > s->bufsz - HEADER_SIZE)
		return "it is cut short";
	return NULL;
}

static size_t images(const struct kd_check *c)
{
	return MIN(c->n, (size_t)IMAGES);
}

static bool walkable(const struct kd_kexec_segment *s)
{
	return s->buf && !container_fault(s);
}

void kd_rule_zbi_container(struct kd_check *c)
{
	for (size_t i = 0; i < images(c); i++) {
		const struct kd_kexec_segment *s = &c->call->segments[i];
		const char *fault = s->buf ? container_fault(s) : NULL;

		if (fault)
			kd_complain(c, -EBADMSG, (int)i, KD_NO_SEGMENT, "%s", fault);
	}
}

/* Items of a container that is whole. @at: of the current one's header. */
struct walk {
	const struct kd_kexec_segment *s;
	uint64_t at, next, end;
	struct header header;
	bool damaged;
};

static struct walk walk_new(const struct kd_kexec_segment *s)
{
	struct header h = { 0 };

	(void)read_header(s, 0, &h);
	return (struct walk) { .s = s,
			       .next = HEADER_SIZE,
			       .end = HEADER_SIZE + (uint64_t)h.length };
}

static bool walk_step(struct walk *w)
{
	w->at = w->next;
	if (w->at >= w->end)
		return false;
	/* the container may end in the middle of a header, and the buffer behind it */
	w->damaged = w->end - w->at < HEADER_SIZE ||
		     !read_header(w->s, w->at, &w->header) ||
		     w->header.magic != ITEM_MAGIC ||
		     !(w->header.flags & FLAGS_VERSION) ||
		     w->header.length > w->end - w->at - HEADER_SIZE;
	if (w->damaged)
		return false;
	w->next = kd_align_up(w->at + HEADER_SIZE + w->header.length, ALIGN);
	return true;
}

void kd_rule_zbi_items(struct kd_check *c)
{
	for (size_t i = 0; i < images(c); i++) {
		struct walk w;

		if (!walkable(&c->call->segments[i]))
			continue;
		w = walk_new(&c->call->segments[i]);
		while (walk_step(&w))
			;
		if (w.damaged)
			kd_complain(c, 0, (int)i, KD_NO_SEGMENT,
				    "the item at 0x%" PRIx64 " is damaged", w.at);
	}
}

void kd_rule_zbi_kernel(struct kd_check *c)
{
	uint32_t type = c->host->arch == KD_ARCH_ARM64 ? TYPE_KERNEL_ARM
						       : TYPE_KERNEL_X64;
	const uint8_t *payload;
	uint64_t entry;
	struct walk w;

	if (c->n <= KERNEL_IMAGE || !walkable(&c->call->segments[KERNEL_IMAGE]))
		return;
	w = walk_new(&c->call->segments[KERNEL_IMAGE]);
	if (!walk_step(&w) || w.header.type != type || w.header.length < KERNEL_HEADER) {
		kd_complain(c, -EBADMSG, KERNEL_IMAGE, KD_NO_SEGMENT,
			    "its first item is no kernel for this machine");
		return;
	}
	payload = (const uint8_t *)w.s->buf + w.at + HEADER_SIZE;
	memcpy(&entry, payload, sizeof(entry));
	entry = le64toh(entry);
	/* counted from the container's header */
	if (entry < w.at + HEADER_SIZE + KERNEL_HEADER ||
	    entry >= w.at + HEADER_SIZE + w.header.length)
		kd_complain(c, 0, KERNEL_IMAGE, KD_NO_SEGMENT,
			    "its entry 0x%" PRIx64 " is outside of the kernel", entry);
}

static uint32_t crc_add(uint32_t crc, const uint8_t *p, uint64_t n)
{
	/* reflected 0xedb88320, four bits at a time */
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};

	for (uint64_t i = 0; i < n; i++) {
		crc ^= p[i];
		crc = (crc >> 4) ^ table[crc & 15];
		crc = (crc >> 4) ^ table[crc & 15];
	}
	return crc;
}

/* Of the header, with its own field as 0, and the payload. */
static bool checksum_good(const struct walk *w)
{
	const uint8_t *header = (const uint8_t *)w->s->buf + w->at;
	static const uint8_t zeros[4];
	uint32_t crc = UINT32_MAX;

	if (!(w->header.flags & FLAGS_CRC32))
		return w->header.crc32 == NO_CRC32;
	crc = crc_add(crc, header, HEADER_SIZE - sizeof(zeros));
	crc = crc_add(crc, zeros, sizeof(zeros));
	crc = crc_add(crc, header + HEADER_SIZE, w->header.length);
	return ~crc == w->header.crc32;
}

/* mexec does not look at them, the kernel that is started may: too late to tell. */
void kd_rule_zbi_checksum(struct kd_check *c)
{
	for (size_t i = 0; i < images(c); i++) {
		struct walk w;

		if (!walkable(&c->call->segments[i]))
			continue;
		w = walk_new(&c->call->segments[i]);
		while (walk_step(&w))
			if (!checksum_good(&w))
				kd_complain(c, 0, (int)i, KD_NO_SEGMENT,
					    "the checksum of the item at "
					    "0x%" PRIx64 " is wrong",
					    w.at);
	}
}
