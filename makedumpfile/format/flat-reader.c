/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flattened streams, record by record: see flat-reader.h. Holds no more of them than
 * its caller's buffer. Called by flat-rearrange.c.
 */
#include "makedumpfile/format/flat-reader.h"

#include <endian.h>
#include <string.h>

#include "base/io.h"
#include "makedumpfile/sink/flat-format.h"

static ssize_t take(struct kd_flat_reader *r, void *buf, size_t size)
{
	ssize_t n = kd_read_full(r->fd, buf, size);

	if (n > 0)
		r->position += (uint64_t)n;
	return n;
}

static int cut(const struct kd_flat_reader *r, struct kd_error *err)
{
	return kd_fail_msg(err, -ENODATA,
			   "the stream stops after %llu bytes, without its end",
			   (unsigned long long)r->position);
}

int kd_flat_reader_init(struct kd_flat_reader *r, int fd, struct kd_error *err)
{
	uint8_t block[KD_FLAT_HEADER_SIZE];
	struct kd_flat_header head;
	ssize_t n;

	*r = (struct kd_flat_reader) { .fd = fd };
	n = take(r, block, sizeof(block));
	if (n < 0)
		return kd_fail(err, (int)n, "stream");
	memcpy(&head, block, sizeof(head));
	if ((size_t)n < sizeof(head.signature) ||
	    strncmp(head.signature, KD_FLAT_SIGNATURE, sizeof(head.signature)) != 0)
		return kd_fail_msg(err, -ENOEXEC, "not a flattened stream");
	if ((size_t)n < sizeof(block))
		return cut(r, err);
	if (be64toh(head.type) != KD_FLAT_TYPE)
		return kd_fail_msg(err, -ENOTSUP, "stream of type %llu",
				   (unsigned long long)be64toh(head.type));
	return 0;
}

static int skip(struct kd_flat_reader *r, struct kd_error *err)
{
	uint8_t buf[KD_FLAT_HEADER_SIZE];
	ssize_t n;

	do
		n = kd_flat_reader_data(r, buf, sizeof(buf), err);
	while (n > 0);
	return (int)n;
}

int kd_flat_reader_next(struct kd_flat_reader *r, struct kd_error *err)
{
	uint64_t start = r->position, end;
	struct kd_flat_record head;
	ssize_t n;

	if (r->left) {
		n = skip(r, err);
		if (n < 0)
			return (int)n;
	}
	n = take(r, &head, sizeof(head));
	if (n < 0)
		return kd_fail(err, (int)n, "stream");
	if ((size_t)n < sizeof(head))
		return cut(r, err);
	head.offset = be64toh(head.offset);
	head.size = be64toh(head.size);
	if (head.offset == KD_FLAT_END && head.size == KD_FLAT_END)
		return 0;
	if (head.size == 0 || __builtin_add_overflow(head.offset, head.size, &end) ||
	    end > INT64_MAX)
		return kd_fail_msg(err, -EBADMSG,
				   "no record at byte %llu of the stream: offset 0x%llx, "
				   "size 0x%llx",
				   (unsigned long long)start,
				   (unsigned long long)head.offset,
				   (unsigned long long)head.size);
	r->offset = head.offset;
	r->size = head.size;
	r->left = head.size;
	r->again = kd_flat_ranges_add(&r->seen, head.offset, end);
	r->records++;
	return 1;
}

ssize_t kd_flat_reader_data(struct kd_flat_reader *r, void *buf, size_t size,
			    struct kd_error *err)
{
	size_t want = (size_t)MIN((uint64_t)size, r->left);
	ssize_t n;

	if (!want)
		return 0;
	n = take(r, buf, want);
	if (n < 0)
		return kd_fail(err, (int)n, "stream");
	if (n == 0)
		return kd_fail_msg(err, -ENODATA,
				   "the stream stops after %llu bytes, %llu short of "
				   "its record %llu",
				   (unsigned long long)r->position,
				   (unsigned long long)r->left,
				   (unsigned long long)r->records);
	r->left -= (uint64_t)n;
	return n;
}
