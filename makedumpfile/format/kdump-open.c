/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers of kdump-compressed files, versions 1 to 6, on the way in: every offset and
 * count is held against the file's size before it is used. Called by kdump-reader.c.
 */
#include <string.h>

#include "makedumpfile/format/kdump-file.h"

/* 8192 CPUs' notes take some 4 MiB. */
#define NOTES_MAX ((uint64_t)32 << 20)
#define INFO_MAX  ((uint64_t)1 << 20)

static bool sane_block_size(uint32_t n)
{
	return kd_is_power_of_2(n) && n >= KD_KDUMP_BLOCK_MIN && n <= KD_KDUMP_BLOCK_MAX;
}

/* Where a header of the 32-bit layout has its block size. */
static uint32_t block_size_32(const struct kd_kdump_header *h)
{
	uint32_t n;

	memcpy(&n, (const char *)h + 416, sizeof(n));
	return n;
}

static int check_header(const struct kd_kdump_header *h, struct kd_error *err)
{
	if (h->version < 1 || h->version > KD_KDUMP_VERSION)
		return kd_fail_msg(err, -ENOTSUP,
				   "format version 0x%x, or a big-endian dump",
				   h->version);
	if (sane_block_size(h->block_size))
		return 0;
	if (sane_block_size(block_size_32(h)))
		return kd_fail_msg(err, -ENOTSUP, "dump of a 32-bit machine");
	return kd_fail_msg(err, -EBADMSG, "no block size: %u", h->block_size);
}

/* Members that the file's version does not have read as 0. */
static void forget_later_members(uint32_t version, struct kd_kdump_sub_header *s)
{
	size_t end = version >= 6   ? sizeof(*s)
		     : version >= 5 ? offsetof(struct kd_kdump_sub_header, start_pfn)
		     : version >= 4 ? offsetof(struct kd_kdump_sub_header, erase_offset)
		     : version >= 3 ? offsetof(struct kd_kdump_sub_header, notes_offset)
		     : version >= 2 ? offsetof(struct kd_kdump_sub_header, info_offset)
				    : offsetof(struct kd_kdump_sub_header, split);

	memset((char *)s + end, 0, sizeof(*s) - end);
}

static void set_facts(struct kd_kdump *k, const struct kd_kdump_header *h,
		      const struct kd_kdump_sub_header *s)
{
	struct kd_kdump_facts *f = &k->facts;

	*f = (struct kd_kdump_facts) {
		.version = h->version,
		.status = h->status,
		.level = s->dump_level,
		.n_cpus = h->n_cpus,
		.crash_time = h->seconds,
		.phys_base = s->phys_base,
		.split = s->split,
		.erase_offset = s->erase_offset,
		.erase_size = s->erase_size,
	};
	memcpy(f->utsname, h->utsname, sizeof(f->utsname));
	for (size_t i = 0; i < ARRAY_SIZE(f->utsname); i++)
		f->utsname[i][sizeof(f->utsname[i]) - 1] = '\0';
}

static int set_geometry(struct kd_kdump *k, const struct kd_kdump_header *h,
			const struct kd_kdump_sub_header *s, bool damaged,
			struct kd_error *err)
{
	uint64_t max_mapnr;
	uint64_t block = h->block_size;
	bool wide = h->version >= 6;

	k->memory.page_size = h->block_size;
	k->bitmap = block * (1 + (uint64_t)h->sub_blocks);
	k->bitmap_half = block * (h->bitmap_blocks / 2);
	k->descs = k->bitmap + block * h->bitmap_blocks;
	max_mapnr = wide && s->max_mapnr ? s->max_mapnr : h->max_mapnr;
	if (max_mapnr > KD_KDUMP_MAX_PFN)
		return kd_fail_msg(err, -ENOTSUP, "0x%llx page frames are too many",
				   (unsigned long long)max_mapnr);
	if (max_mapnr > k->bitmap_half * 8)
		return kd_fail_msg(err, -EBADMSG, "bitmaps of %u blocks are too small",
				   h->bitmap_blocks);
	if (k->descs > k->file->size && !damaged)
		return kd_fail_msg(err, -EBADMSG, "the file ends inside of its bitmaps");

	k->end = max_mapnr;
	if (s->split) {
		k->start = wide ? s->start_pfn : s->start_pfn_old;
		k->end = MIN(wide ? s->end_pfn : s->end_pfn_old, max_mapnr);
	}
	if (k->start > k->end)
		return kd_fail_msg(err, -EBADMSG, "a split dump of no page frames");
	k->facts.max_mapnr = max_mapnr;
	k->facts.start = k->start;
	k->facts.end = k->end;
	return 0;
}

/* A piece of the file, a NUL behind it. An empty one is NULL. */
static int read_piece(const struct kd_kdump *k, uint64_t offset, uint64_t size,
		      uint64_t max, char **ret)
{
	_cleanup_(kd_freep) char *buf = NULL;
	int r;

	if (size == 0)
		return 0;
	if (offset > k->file->size || size > k->file->size - offset)
		return -EBADMSG;
	if (size > max)
		return -EFBIG;
	buf = malloc((size_t)size + 1);
	if (!buf)
		return -ENOMEM;
	r = kd_file_view_read_all(k->file, buf, (size_t)size, offset);
	if (r < 0)
		return r;
	buf[size] = '\0';
	*ret = TAKE_PTR(buf);
	return 0;
}

/* Cut files keep what is there; an offset behind their end leaves nothing. */
static uint64_t there(const struct kd_kdump *k, uint64_t offset, uint64_t size)
{
	return offset >= k->file->size ? 0 : MIN(size, k->file->size - offset);
}

static int read_notes(struct kd_kdump *k, struct kd_kdump_sub_header *s, bool damaged,
		      struct kd_error *err)
{
	uint64_t inside = s->info_offset - s->notes_offset;
	int r;

	if (damaged) {
		s->notes_size = MIN(there(k, s->notes_offset, s->notes_size), NOTES_MAX);
		s->info_size = MIN(there(k, s->info_offset, s->info_size), INFO_MAX);
	}
	r = read_piece(k, s->notes_offset, s->notes_size, NOTES_MAX, &k->notes);
	if (r < 0)
		return kd_fail(err, r, "notes");
	k->notes_size = k->notes ? (size_t)s->notes_size : 0;

	if (s->info_offset >= s->notes_offset && inside < k->notes_size &&
	    s->info_size <= k->notes_size - inside) {
		k->info = k->notes + inside;
		k->info_size = (size_t)s->info_size;
		return 0;
	}
	r = read_piece(k, s->info_offset, s->info_size, INFO_MAX, &k->info_own);
	if (r < 0)
		return kd_fail(err, r, "VMCOREINFO");
	k->info = k->info_own;
	k->info_size = k->info ? (size_t)s->info_size : 0;
	return 0;
}

int kd_kdump_read_headers(struct kd_kdump *k, bool damaged, struct kd_error *err)
{
	struct kd_kdump_header h;
	struct kd_kdump_sub_header s;
	ssize_t n;
	int r;

	n = kd_file_view_read(k->file, &h, sizeof(h), 0);
	if (n < 0)
		return kd_fail(err, (int)n, "header");
	if ((size_t)n < sizeof(h) ||
	    memcmp(h.signature, KD_KDUMP_SIGNATURE, sizeof(h.signature)) != 0)
		return kd_fail_msg(err, -ENOEXEC, "not a kdump-compressed file");
	r = check_header(&h, err);
	if (r < 0)
		return r;

	n = kd_file_view_read(k->file, &s, sizeof(s), h.block_size);
	if (n < 0)
		return kd_fail(err, (int)n, "second header");
	if ((size_t)n < sizeof(s) || h.sub_blocks == 0)
		return kd_fail_msg(err, -EBADMSG, "the second header is missing");
	forget_later_members(h.version, &s);
	set_facts(k, &h, &s);
	r = set_geometry(k, &h, &s, damaged, err);
	return r < 0 ? r : read_notes(k, &s, damaged, err);
}

int kd_kdump_read_erase(const struct kd_kdump *k, char *buf)
{
	if (k->facts.erase_size > KD_KDUMP_ERASE_MAX)
		return -EFBIG;
	return kd_file_view_read_all(k->file, buf, (size_t)k->facts.erase_size,
				     k->facts.erase_offset);
}
