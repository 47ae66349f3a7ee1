/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers of a dump made of parts: see kdump-merging.h. Version 6 whatever the parts are.
 * Trusts nothing but what the reader has checked. Called by kdump-merge.c.
 */
#include <string.h>

#include "makedumpfile/format/kdump-file.h"
#include "makedumpfile/format/kdump-merging.h"

/* the reader's own limits for notes and VMCOREINFO, erase information, and padding */
#define HEADERS_MAX ((size_t)64 << 20)

static uint64_t blocks(uint64_t bytes, uint64_t block)
{
	return bytes / block + (bytes % block != 0);
}

static const struct kd_kdump *first(const struct kd_kdump_merge *m)
{
	return m->parts[0].kdump;
}

uint64_t kd_kdump_merge_half(const struct kd_kdump_merge *m)
{
	uint64_t block = first(m)->memory.page_size;
	uint64_t frames = MAX(first(m)->facts.max_mapnr, (kd_pfn_t)1);

	return block * blocks((frames + 7) / 8, block);
}

/* Text about erased data: of every part, but once where parts say the same. */
static int add_erase_info(const struct kd_kdump_merge *m, struct kd_strbuf *b,
			  struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = malloc(2 * KD_KDUMP_ERASE_MAX);
	size_t last_size = 0;
	int r = text ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < m->n; i++) {
		const struct kd_kdump *k = m->parts[i].kdump;
		size_t size = (size_t)k->facts.erase_size;

		r = kd_kdump_read_erase(k, text + KD_KDUMP_ERASE_MAX);
		if (r < 0)
			return kd_fail(err, r, "%s: erase information", m->parts[i].name);
		if (size == last_size &&
		    memcmp(text, text + KD_KDUMP_ERASE_MAX, size) == 0)
			continue;
		memcpy(text, text + KD_KDUMP_ERASE_MAX, size);
		last_size = size;
		kd_strbuf_add(b, text, size);
	}
	return r < 0 ? kd_fail(err, r, "erase information") : 0;
}

static void add_zeros(struct kd_strbuf *b, size_t size)
{
	static const char zeros[4096];

	for (; size && b->status == 0; size -= MIN(size, sizeof(zeros)))
		kd_strbuf_add(b, zeros, MIN(size, sizeof(zeros)));
}

static void fill_header(const struct kd_kdump_merge *m, uint64_t sub_blocks,
			struct kd_kdump_header *h)
{
	const struct kd_kdump *k = first(m);

	*h = (struct kd_kdump_header) {
		.version = KD_KDUMP_VERSION,
		.seconds = k->facts.crash_time,
		.status = KD_KDUMP_STATUS_INCOMPLETE,
		.block_size = k->memory.page_size,
		.sub_blocks = (uint32_t)sub_blocks,
		.bitmap_blocks =
			(uint32_t)(2 * kd_kdump_merge_half(m) / k->memory.page_size),
		.max_mapnr = (uint32_t)MIN(k->facts.max_mapnr, (uint64_t)UINT32_MAX),
		.n_cpus = k->facts.n_cpus,
	};
	for (size_t i = 0; i < m->n; i++)
		h->status |= m->parts[i].kdump->facts.status;
	memcpy(h->signature, KD_KDUMP_SIGNATURE, sizeof(h->signature));
	static_assert(sizeof(h->utsname) == sizeof(k->facts.utsname), "six fields of 65");
	memcpy(h->utsname, k->facts.utsname, sizeof(h->utsname));
}

/* Notes, VMCOREINFO that is not inside of them, erase information; @s tells where. */
static int add_texts(const struct kd_kdump_merge *m, struct kd_kdump_sub_header *s,
		     struct kd_strbuf *b, struct kd_error *err)
{
	const struct kd_kdump *k = first(m);
	uint64_t at = k->memory.page_size + sizeof(*s);
	size_t before;
	int r;

	if (k->notes_size) {
		s->notes_offset = at;
		s->notes_size = k->notes_size;
		kd_strbuf_add(b, k->notes, k->notes_size);
	}
	if (k->info_size) {
		s->info_size = k->info_size;
		if (k->info == k->info_own) {
			s->info_offset = at + b->length;
			kd_strbuf_add(b, k->info, k->info_size);
		} else {
			s->info_offset = at + (uint64_t)(k->info - k->notes);
		}
	}
	before = b->length;
	r = add_erase_info(m, b, err);
	if (r < 0)
		return r;
	if (b->length > before) {
		s->erase_offset = at + before;
		s->erase_size = b->length - before;
	}
	return b->status < 0 ? kd_fail(err, b->status, "notes") : 0;
}

int kd_kdump_merge_headers(const struct kd_kdump_merge *m, struct kd_strbuf *ret,
			   struct kd_error *err)
{
	const struct kd_kdump *k = first(m);
	_cleanup_(kd_strbuf_done) struct kd_strbuf texts;
	struct kd_kdump_sub_header s = {
		.phys_base = k->facts.phys_base,
		.dump_level = k->facts.level,
		.max_mapnr = k->facts.max_mapnr,
	};
	size_t block = k->memory.page_size;
	struct kd_kdump_header h;
	uint64_t sub_blocks;
	int r;

	kd_strbuf_init(&texts, HEADERS_MAX);
	kd_strbuf_init(ret, HEADERS_MAX + 2 * KD_KDUMP_BLOCK_MAX);
	r = add_texts(m, &s, &texts, err);
	if (r < 0)
		return r;
	sub_blocks = blocks(sizeof(s) + texts.length, block);
	fill_header(m, sub_blocks, &h);
	kd_strbuf_add(ret, &h, sizeof(h));
	add_zeros(ret, block - sizeof(h));
	kd_strbuf_add(ret, &s, sizeof(s));
	kd_strbuf_add(ret, kd_strbuf_text(&texts), texts.length);
	add_zeros(ret, block * (1 + (size_t)sub_blocks) - ret->length);
	return ret->status < 0 ? kd_fail(err, ret->status, "headers") : 0;
}
