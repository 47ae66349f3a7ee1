/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader of kdump-compressed files: see kdump-reader.h. What stays in memory is bounded;
 * a descriptor that is wrong costs its page. Called by the input, the tools and the
 * read-back check.
 */
#include <string.h>

#include "makedumpfile/format/kdump-file.h"

/* Machines have tens of ranges of memory. Past this many the last one is taken to reach
 * to the end: pages in its holes still read as left out. */
#define EXTENTS_MAX 65536U

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
	_cleanup_(kd_kdump_bits_done) struct kd_kdump_bits bits = { 0 };
	kd_pfn_t start, end = 0;
	int r;

	r = kd_kdump_bits_init(&bits, &k->exists);
	while (r == 0) {
		r = kd_kdump_bits_next(&bits, end, /* value= */ true, &start);
		if (r < 0 || start == k->exists.end)
			return r;
		r = kd_kdump_bits_next(&bits, start, /* value= */ false, &end);
		if (r < 0)
			return r;
		if (k->memory.n_extents == EXTENTS_MAX - 1)
			end = k->exists.end;
		r = add_extent(k, start, end);
	}
	return r;
}

int kd_kdump_read_descs(const struct kd_kdump *k, uint64_t first, struct kd_kdump_desc *d,
			size_t n)
{
	return kd_file_view_read_all(k->file, d, n * sizeof(*d),
				     k->descs + first * sizeof(*d));
}

/* Through the cursor's own few: frames are mostly asked for in order. */
static int find_desc(const struct kd_kdump *k, struct kd_kdump_cursor *c, uint64_t i,
		     struct kd_kdump_desc *ret)
{
	uint64_t left = k->kept.total - i;
	ssize_t n;

	if (i < c->first_desc || i - c->first_desc >= c->n_descs) {
		c->n_descs = 0;
		c->first_desc = i;
		n = kd_file_view_read(k->file, c->descs,
				      sizeof(c->descs[0]) *
					      MIN(left, (uint64_t)ARRAY_SIZE(c->descs)),
				      k->descs + i * sizeof(c->descs[0]));
		if (n < 0)
			return (int)n;
		c->n_descs = (size_t)n / sizeof(c->descs[0]);
		if (!c->n_descs)
			return -EBADMSG;
	}
	*ret = c->descs[i - c->first_desc];
	return 0;
}

static int load_page(const struct kd_kdump *k, struct kd_kdump_cursor *c, kd_pfn_t pfn)
{
	struct kd_kdump_desc desc;
	uint64_t i;
	int r;

	if (c->pfn == pfn)
		return 0;
	c->pfn = UINT64_MAX;
	r = kd_kdump_bits_rank(&c->kept, pfn, &i);
	if (r == 0)
		r = find_desc(k, c, i, &desc);
	if (r == 0)
		r = kd_kdump_pages_read(&c->pages, &desc, c->page);
	if (r < 0)
		return r == -ENODATA ? r : -EIO;
	c->pfn = pfn;
	return 0;
}

static int read_pages(const struct kd_kdump *k, struct kd_kdump_cursor *c,
		      kd_paddr_t addr, uint8_t *out, size_t size)
{
	while (size) {
		size_t at = (size_t)(addr % k->memory.page_size);
		size_t n = MIN(size, k->memory.page_size - at);
		int r = load_page(k, c, addr / k->memory.page_size);

		if (r < 0)
			return r;
		memcpy(out, c->page + at, n);
		out += n;
		addr += n;
		size -= n;
	}
	return 0;
}

/* Reading changes nothing but the cursors, which are made for it. */
static struct kd_kdump_cursors *cursors(const struct kd_kdump *k)
{
	return (struct kd_kdump_cursors *)&k->cursors;
}

static struct kd_kdump_cursor *take(const struct kd_kdump *k)
{
	struct kd_kdump_cursor *c = kd_kdump_cursors_take(cursors(k));

	if (kd_kdump_cursor_prepare(c, &k->kept, k->file, k->memory.page_size) == 0)
		return c;
	kd_kdump_cursors_give(cursors(k), c);
	return NULL;
}

static int memory_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	const struct kd_kdump *k = (const struct kd_kdump *)m;
	struct kd_kdump_cursor *c = take(k);
	int r;

	if (!c)
		return -EIO;
	r = read_pages(k, c, addr, buf, size);
	kd_kdump_cursors_give(cursors(k), c);
	return r;
}

static int memory_present(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	const struct kd_kdump *k = (const struct kd_kdump *)m;
	struct kd_kdump_cursor *c;
	kd_pfn_t start;
	int r;

	if (*from >= k->kept.end)
		return 0;
	c = take(k);
	if (!c)
		return -EIO;
	r = kd_kdump_bits_next(&c->kept, *from, /* value= */ true, &start);
	if (r == 0 && start < k->kept.end) {
		r = kd_kdump_bits_next(&c->kept, start, /* value= */ false, ret_end);
		if (r == 0) {
			*from = start;
			r = 1;
		}
	}
	kd_kdump_cursors_give(cursors(k), c);
	return r;
}

static const struct kd_memory_ops memory_ops = {
	.read = memory_read,
	.present = memory_present,
};

static int read_bitmaps(struct kd_kdump *k, bool damaged, struct kd_error *err)
{
	int r;

	k->exists = (struct kd_kdump_bitmap) { .file = k->file,
					       .offset = k->bitmap,
					       .end = k->facts.max_mapnr,
					       .cut = damaged };
	k->kept = (struct kd_kdump_bitmap) { .file = k->file,
					     .offset = k->bitmap + k->bitmap_half,
					     .start = k->start,
					     .end = k->end,
					     .cut = damaged };
	r = kd_kdump_bitmap_init(&k->exists);
	if (r == 0)
		r = find_extents(k);
	if (r < 0)
		return kd_fail(err, r, "first bitmap");
	r = kd_kdump_bitmap_init(&k->kept);
	if (r < 0)
		return kd_fail(err, r, "second bitmap");
	k->facts.n_kept = k->kept.total;
	k->facts.file_size = k->file->size;
	return 0;
}

int kd_kdump_open_view(struct kd_file_view *file, unsigned int flags,
		       struct kd_kdump **ret, struct kd_error *err)
{
	struct kd_kdump *k = calloc(1, sizeof(*k));
	bool damaged = flags & KD_KDUMP_DAMAGED;
	int r = 0;

	if (!k)
		return kd_fail(err, -ENOMEM, "reader");
	k->memory.ops = &memory_ops;
	k->file = file;
	kd_kdump_cursors_init(&k->cursors);
	if (flags & KD_KDUMP_FRESH)
		r = kd_file_view_drop(file);
	if (r == 0)
		r = kd_kdump_read_headers(k, damaged, err);
	else
		(void)kd_fail(err, r, "page cache");
	if (r == 0)
		r = read_bitmaps(k, damaged, err);
	if (r < 0) {
		k->file = NULL; /* the caller's still */
		kd_kdump_free(k);
		return r;
	}
	*ret = k;
	return 0;
}

int kd_kdump_open_as_at(int dir_fd, const char *path, unsigned int flags,
			struct kd_kdump **ret, struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *file = NULL;
	int r = kd_file_view_open_at(dir_fd, path, &file, err);

	if (r < 0)
		return r;
	r = kd_kdump_open_view(file, flags, ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	file = NULL; /* the reader's now */
	return 0;
}

int kd_kdump_open_at(int dir_fd, const char *path, struct kd_kdump **ret,
		     struct kd_error *err)
{
	return kd_kdump_open_as_at(dir_fd, path, /* flags= */ 0, ret, err);
}

void kd_kdump_free(struct kd_kdump *k)
{
	if (!k)
		return;
	kd_kdump_cursors_done(&k->cursors);
	kd_kdump_bitmap_done(&k->exists);
	kd_kdump_bitmap_done(&k->kept);
	kd_file_view_free(k->file);
	free(k->extents);
	free(k->info_own);
	free(k->notes);
	free(k);
}

const struct kd_memory *kd_kdump_memory(const struct kd_kdump *k)
{
	return &k->memory;
}

const struct kd_kdump_facts *kd_kdump_facts(const struct kd_kdump *k)
{
	return &k->facts;
}

const char *kd_kdump_machine(const struct kd_kdump *k)
{
	return k->facts.utsname[KD_KDUMP_UTS_MACHINE];
}

bool kd_kdump_incomplete(const struct kd_kdump *k)
{
	return k->facts.status & KD_KDUMP_STATUS_INCOMPLETE;
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
