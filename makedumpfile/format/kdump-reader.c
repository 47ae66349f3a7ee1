/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader of kdump-compressed files: see kdump-reader.h. Every offset and count is held
 * against the file's size before it is used; what stays in memory is bounded. Called
 * by dump.c, main.c and the read-back check.
 */
#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "makedumpfile/format/kdump-file.h"

/* 8192 CPUs' notes take some 4 MiB. */
#define NOTES_MAX   ((uint64_t)32 << 20)
#define INFO_MAX    ((uint64_t)1 << 20)
/* Machines have tens of ranges of memory. Past this many the last one is taken to reach
 * to the end: pages in its holes still read as left out. */
#define EXTENTS_MAX 65536U

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

static int set_geometry(struct kd_kdump *k, const struct kd_kdump_header *h,
			const struct kd_kdump_sub_header *s, struct kd_error *err)
{
	uint64_t block = h->block_size;
	bool wide = h->version >= 6;

	k->memory.page_size = h->block_size;
	k->incomplete = h->status & KD_KDUMP_STATUS_INCOMPLETE;
	memcpy(k->machine, h->utsname[4], sizeof(k->machine));
	k->machine[sizeof(k->machine) - 1] = '\0';

	k->bitmap = block * (1 + (uint64_t)h->sub_blocks);
	k->bitmap_half = block * (h->bitmap_blocks / 2);
	k->descs = k->bitmap + block * h->bitmap_blocks;
	k->max_mapnr = wide && s->max_mapnr ? s->max_mapnr : h->max_mapnr;
	if (k->max_mapnr > KD_KDUMP_MAX_PFN)
		return kd_fail_msg(err, -ENOTSUP, "0x%llx page frames are too many",
				   (unsigned long long)k->max_mapnr);
	if (k->max_mapnr > k->bitmap_half * 8)
		return kd_fail_msg(err, -EBADMSG, "bitmaps of %u blocks are too small",
				   h->bitmap_blocks);
	if (k->descs > k->file_size)
		return kd_fail_msg(err, -EBADMSG, "the file ends inside of its bitmaps");

	k->end = k->max_mapnr;
	if (s->split) {
		k->start = wide ? s->start_pfn : s->start_pfn_old;
		k->end = MIN(wide ? s->end_pfn : s->end_pfn_old, k->max_mapnr);
	}
	if (k->start > k->end)
		return kd_fail_msg(err, -EBADMSG, "a split dump of no page frames");
	return 0;
}

/* A piece of the file, a NUL behind it. An empty one is NULL. */
static int read_piece(const struct kd_kdump *k, uint64_t offset, uint64_t size,
		      uint64_t max, char **ret)
{
	_cleanup_(kd_freep) char *buf = NULL;
	ssize_t n;

	if (size == 0)
		return 0;
	if (offset > k->file_size || size > k->file_size - offset)
		return -EBADMSG;
	if (size > max)
		return -EFBIG;
	buf = malloc((size_t)size + 1);
	if (!buf)
		return -ENOMEM;
	n = kd_pread_full(k->fd, buf, (size_t)size, offset);
	if (n < 0)
		return (int)n;
	if ((uint64_t)n != size)
		return -EBADMSG;
	buf[size] = '\0';
	*ret = TAKE_PTR(buf);
	return 0;
}

static int read_notes(struct kd_kdump *k, const struct kd_kdump_sub_header *s,
		      struct kd_error *err)
{
	uint64_t inside = s->info_offset - s->notes_offset;
	int r;

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

static int add_extent(struct kd_kdump *k, kd_pfn_t start, kd_pfn_t end)
{
	size_t n = k->memory.n_extents;

	if (kd_is_power_of_2(n) || n == 0) {
		size_t room = n ? 2 * n : 1;
		struct kd_extent *more = realloc(k->extents, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		k->extents = more;
		k->memory.extents = more;
	}
	k->extents[n] = (struct kd_extent) { .start = start * k->memory.page_size,
					     .end = end * k->memory.page_size };
	k->memory.n_extents = n + 1;
	return 0;
}

static int find_extents(struct kd_kdump *k)
{
	struct kd_kdump_bitmap *b = &k->cursor->exists;
	kd_pfn_t start, end = 0;
	int r;

	for (;;) {
		r = kd_kdump_bitmap_next(b, end, /* value= */ true, &start);
		if (r < 0 || start == b->end)
			return r;
		r = kd_kdump_bitmap_next(b, start, /* value= */ false, &end);
		if (r < 0)
			return r;
		if (k->memory.n_extents == EXTENTS_MAX - 1)
			end = b->end;
		r = add_extent(k, start, end);
		if (r < 0)
			return r;
	}
}

int kd_kdump_read_descs(const struct kd_kdump *k, uint64_t first, struct kd_kdump_desc *d,
			size_t n)
{
	size_t size = n * sizeof(*d);
	ssize_t got = kd_pread_full(k->fd, d, size, k->descs + first * sizeof(*d));

	if (got < 0)
		return (int)got;
	return (size_t)got == size ? 0 : -EBADMSG;
}

static int load_page(const struct kd_kdump *k, kd_pfn_t pfn)
{
	struct kd_kdump_cursor *c = k->cursor;
	struct kd_kdump_desc desc;
	uint64_t i;
	int r;

	if (c->pfn == pfn)
		return 0;
	c->pfn = UINT64_MAX;
	r = kd_kdump_bitmap_rank(&c->kept, pfn, &i);
	if (r == 0)
		r = kd_kdump_read_descs(k, i, &desc, 1);
	if (r == 0)
		r = kd_kdump_pages_read(&c->pages, &desc, c->page);
	if (r < 0)
		return r == -ENODATA ? r : -EIO;
	c->pfn = pfn;
	return 0;
}

static int memory_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	const struct kd_kdump *k = (const struct kd_kdump *)m;
	uint8_t *out = buf;

	while (size) {
		size_t at = (size_t)(addr % m->page_size);
		size_t n = MIN(size, m->page_size - at);
		int r = load_page(k, addr / m->page_size);

		if (r < 0)
			return r;
		memcpy(out, k->cursor->page + at, n);
		out += n;
		addr += n;
		size -= n;
	}
	return 0;
}

static const struct kd_memory_ops memory_ops = {
	.read = memory_read,
};

static int make_cursor(struct kd_kdump *k, struct kd_error *err)
{
	struct kd_kdump_cursor *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return kd_fail(err, -ENOMEM, "reader");
	k->cursor = c;
	c->pfn = UINT64_MAX;
	c->page = malloc(k->memory.page_size);
	if (!c->page)
		return kd_fail(err, -ENOMEM, "reader");
	r = kd_kdump_pages_init(&c->pages, k->fd, k->file_size, k->memory.page_size, 0);
	if (r < 0)
		return kd_fail(err, r, "reader");
	r = kd_kdump_bitmap_init(&c->exists, k->fd, k->bitmap, 0, k->max_mapnr);
	if (r < 0)
		return kd_fail(err, r, "first bitmap");
	r = kd_kdump_bitmap_init(&c->kept, k->fd, k->bitmap + k->bitmap_half, k->start,
				 k->end);
	if (r < 0)
		return kd_fail(err, r, "second bitmap");
	r = find_extents(k);
	return r < 0 ? kd_fail(err, r, "first bitmap") : 0;
}

static int read_headers(struct kd_kdump *k, struct kd_error *err)
{
	struct kd_kdump_header h;
	struct kd_kdump_sub_header s;
	ssize_t n;
	int r;

	n = kd_pread_full(k->fd, &h, sizeof(h), 0);
	if (n < 0)
		return kd_fail(err, (int)n, "header");
	if ((size_t)n < sizeof(h) ||
	    memcmp(h.signature, KD_KDUMP_SIGNATURE, sizeof(h.signature)) != 0)
		return kd_fail_msg(err, -ENOEXEC, "not a kdump-compressed file");
	r = check_header(&h, err);
	if (r < 0)
		return r;

	n = kd_pread_full(k->fd, &s, sizeof(s), h.block_size);
	if (n < 0)
		return kd_fail(err, (int)n, "second header");
	if ((size_t)n < sizeof(s) || h.sub_blocks == 0)
		return kd_fail_msg(err, -EBADMSG, "the second header is missing");
	forget_later_members(h.version, &s);
	r = set_geometry(k, &h, &s, err);
	return r < 0 ? r : read_notes(k, &s, err);
}

int kd_kdump_open_at(int dir_fd, const char *path, struct kd_kdump **ret,
		     struct kd_error *err)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = calloc(1, sizeof(*k));
	off_t size;
	int r;

	if (!k)
		return kd_fail(err, -ENOMEM, "%s", path);
	k->memory.ops = &memory_ops;
	k->fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (k->fd < 0)
		return kd_fail(err, -errno, "%s", path);
	/* lseek() also knows the size of a block device. */
	size = lseek(k->fd, 0, SEEK_END);
	if (size < 0)
		return kd_fail(err, -errno, "%s", path);
	k->file_size = (uint64_t)size;

	r = read_headers(k, err);
	if (r == 0)
		r = make_cursor(k, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	*ret = TAKE_PTR(k);
	return 0;
}

void kd_kdump_free(struct kd_kdump *k)
{
	if (!k)
		return;
	if (k->cursor) {
		kd_kdump_bitmap_done(&k->cursor->exists);
		kd_kdump_bitmap_done(&k->cursor->kept);
		kd_kdump_pages_done(&k->cursor->pages);
		free(k->cursor->page);
		free(k->cursor);
	}
	k->fd = kd_close(k->fd);
	free(k->extents);
	free(k->info_own);
	free(k->notes);
	free(k);
}

const struct kd_memory *kd_kdump_memory(const struct kd_kdump *k)
{
	return &k->memory;
}

const char *kd_kdump_machine(const struct kd_kdump *k)
{
	return k->machine;
}

bool kd_kdump_incomplete(const struct kd_kdump *k)
{
	return k->incomplete;
}

const void *kd_kdump_notes(const struct kd_kdump *k, size_t *ret_size)
{
	*ret_size = k->notes_size;
	return k->notes;
}

const char *kd_kdump_info_text(const struct kd_kdump *k, size_t *ret_size)
{
	*ret_size = k->info_size;
	return k->info;
}
