/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flattened streams by an index: see flat-file.h. Records are bounded by the file before
 * they are believed; overlaps are resolved once, so that a read is a binary search.
 * Called by the input and the tools.
 */
#include "makedumpfile/format/flat-file.h"

#include <endian.h>
#include <string.h>

#include "makedumpfile/format/flat-pieces.h"
#include "makedumpfile/sink/flat-format.h"

struct flat_file {
	struct kd_file_view view; /* first: the ops are given a pointer to it */
	struct kd_file_view *file;
	struct kd_flat_pieces pieces;
	bool cut;
};

static ssize_t flat_read(const struct kd_file_view *v, void *buf, size_t size,
			 uint64_t offset)
{
	const struct flat_file *f = (const struct flat_file *)v;
	size_t i = kd_flat_pieces_after(&f->pieces, offset), done = 0;

	if (offset >= v->size)
		return 0;
	size = (size_t)MIN((uint64_t)size, v->size - offset);
	while (done < size) {
		const struct kd_flat_piece *p = &f->pieces.items[i];
		uint64_t at = offset + done;
		uint64_t end = i == f->pieces.n ? UINT64_MAX : MAX(p->start, at);
		size_t part = (size_t)MIN((uint64_t)(size - done), end - at);
		int r;

		memset((char *)buf + done, 0, part);
		done += part;
		if (done == size)
			break;
		part = (size_t)MIN((uint64_t)(size - done), p->end - end);
		r = kd_file_view_read_all(f->file, (char *)buf + done, part,
					  p->data + (end - p->start));
		if (r < 0)
			return r == -EBADMSG ? -EIO : r; /* the file shrank */
		done += part;
		i++;
	}
	return (ssize_t)done;
}

static bool flat_holds(const struct kd_file_view *v, uint64_t offset, uint64_t size)
{
	const struct kd_flat_pieces *p = &((const struct flat_file *)v)->pieces;
	uint64_t end = offset + size;

	for (size_t i = kd_flat_pieces_after(p, offset); offset < end; i++) {
		if (i == p->n || p->items[i].start > offset)
			return false;
		offset = p->items[i].end;
	}
	return true;
}

static uint64_t flat_data(const struct kd_file_view *v, uint64_t offset)
{
	const struct kd_flat_pieces *p = &((const struct flat_file *)v)->pieces;
	size_t i = kd_flat_pieces_after(p, offset);

	return i == p->n ? v->size : MAX(offset, p->items[i].start);
}

static int flat_drop(const struct kd_file_view *v)
{
	return kd_file_view_drop(((const struct flat_file *)v)->file);
}

static void flat_free(struct kd_file_view *v)
{
	struct flat_file *f = (struct flat_file *)v;

	kd_flat_pieces_done(&f->pieces);
	kd_file_view_free(f->file);
	free(f);
}

static const struct kd_file_view_ops flat_ops = {
	.read = flat_read,
	.drop = flat_drop,
	.holds = flat_holds,
	.data = flat_data,
	.free = flat_free,
};

/* 0, 1 at the end record, 2 for what is none: the stream was cut there. */
static int next_record(const struct kd_file_view *file, uint64_t *at,
		       struct kd_flat_piece *ret)
{
	struct kd_flat_record head;
	uint64_t size;
	ssize_t n = kd_file_view_read(file, &head, sizeof(head), *at);

	if (n < 0)
		return (int)n;
	if ((size_t)n < sizeof(head))
		return 2;
	ret->start = be64toh(head.offset);
	size = be64toh(head.size);
	if (ret->start == KD_FLAT_END && size == KD_FLAT_END)
		return 1;
	if (size == 0 || __builtin_add_overflow(ret->start, size, &ret->end) ||
	    ret->end > INT64_MAX)
		return 2;
	ret->data = *at + sizeof(head);
	if (ret->data >= file->size)
		return 2;
	size = MIN(size, file->size - ret->data);
	ret->end = ret->start + size;
	*at = ret->data + size;
	return 0;
}

static int read_records(struct flat_file *f, struct kd_error *err)
{
	uint64_t at = KD_FLAT_HEADER_SIZE;
	struct kd_flat_piece piece = { 0 };
	int r;

	while ((r = next_record(f->file, &at, &piece)) == 0) {
		if (f->pieces.n == KD_FLAT_FILE_RECORDS)
			return kd_fail_msg(err, -EFBIG,
					   "too many records: rearrange it first (-R)");
		r = kd_flat_pieces_add(&f->pieces, piece);
		if (r < 0)
			return kd_fail(err, r, "records");
		f->view.size = MAX(f->view.size, piece.end);
	}
	if (r < 0)
		return kd_fail(err, r, "record at byte %llu", (unsigned long long)at);
	f->cut = r == 2;
	r = kd_flat_pieces_settle(&f->pieces);
	return r < 0 ? kd_fail(err, r, "records") : 0;
}

static int read_header(const struct kd_file_view *file, struct kd_error *err)
{
	struct kd_flat_header head;
	ssize_t n = kd_file_view_read(file, &head, sizeof(head), 0);

	if (n < 0)
		return kd_fail(err, (int)n, "stream");
	if ((size_t)n < sizeof(head.signature) ||
	    strncmp(head.signature, KD_FLAT_SIGNATURE, sizeof(head.signature)) != 0)
		return kd_fail_msg(err, -ENOEXEC, "not a flattened stream");
	if ((size_t)n == sizeof(head) && be64toh(head.type) != KD_FLAT_TYPE)
		return kd_fail_msg(err, -ENOTSUP, "flattened stream of type %llu",
				   (unsigned long long)be64toh(head.type));
	return 0;
}

bool kd_flat_file_is(const struct kd_file_view *file)
{
	return read_header(file, /* err= */ NULL) != -ENOEXEC;
}

int kd_flat_file_new(struct kd_file_view *file, struct kd_file_view **ret,
		     struct kd_error *err)
{
	struct flat_file *f;
	int r;

	r = read_header(file, err);
	if (r < 0)
		return r;
	f = calloc(1, sizeof(*f));
	if (!f)
		return kd_fail(err, -ENOMEM, "stream");
	f->view = (struct kd_file_view) { .ops = &flat_ops, .fd = -EBADF };
	f->file = file;
	r = read_records(f, err);
	if (r < 0) {
		f->file = NULL; /* the caller's still */
		kd_file_view_free(&f->view);
		return r;
	}
	*ret = &f->view;
	return 0;
}

int kd_flat_file_unwrap(struct kd_file_view **view, struct kd_error *err)
{
	struct kd_file_view *flat;
	int r;

	if (!kd_flat_file_is(*view))
		return 0;
	r = kd_flat_file_new(*view, &flat, err);
	if (r == 0)
		*view = flat;
	return r;
}

bool kd_flat_file_opened(const struct kd_file_view *view)
{
	return view->ops == &flat_ops;
}

bool kd_flat_file_cut(const struct kd_file_view *view)
{
	return kd_flat_file_opened(view) && ((const struct flat_file *)view)->cut;
}
