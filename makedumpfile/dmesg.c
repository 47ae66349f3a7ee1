/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of the ring as lines: "[    0.000000] text", as dmesg(1) and makedumpfile
 * print them. A record that cannot be read is left out and told of at the end; what can
 * be read is always written.
 */
#include "makedumpfile/dmesg.h"

#include <inttypes.h>

#include "base/io.h"
#include "makedumpfile/dmesg-ring.h"

#define OUT_SIZE   8192
#define TEXT_STEP  256
/* "[18446744073.709551] ", and the most a single byte of text turns into */
#define PREFIX_MAX 32

/** @at: bytes waiting in @buf; @written: bytes given to @fd */
struct output {
	int fd;
	size_t at;
	uint64_t written;
	char buf[OUT_SIZE];
};

static int flush(struct output *out)
{
	int r;

	if (!out->at)
		return 0;
	r = kd_write_full(out->fd, out->buf, out->at);
	if (r < 0)
		return r;
	out->written += out->at;
	out->at = 0;
	return 0;
}

static int reserve(struct output *out, size_t size)
{
	return out->at + size > sizeof(out->buf) ? flush(out) : 0;
}

static void put(struct output *out, char c)
{
	out->buf[out->at++] = c;
}

static void put_hex(struct output *out, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	put(out, '\\');
	put(out, 'x');
	put(out, digits[c >> 4]);
	put(out, digits[c & 15]);
}

/* Locale free: what is neither printable ASCII nor white space may steer a terminal. */
static bool plain(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f) || (c >= '\t' && c <= '\r');
}

static int put_text(struct output *out, const unsigned char *text, size_t size,
		    int indent)
{
	int r;

	for (size_t i = 0; i < size; i++) {
		r = reserve(out, PREFIX_MAX + 1);
		if (r < 0)
			return r;
		if (text[i] == '\n') {
			put(out, '\n');
			for (int n = 0; n < indent; n++)
				put(out, ' ');
		} else if (plain(text[i])) {
			put(out, (char)text[i]);
		} else {
			put_hex(out, text[i]);
		}
	}
	return 0;
}

/* Errors of reading go to *ret_bad: the line ends there and the log goes on. */
static int put_record(struct output *out, struct kd_ring *ring,
		      const struct kd_ring_record *record, int *ret_bad)
{
	unsigned char text[TEXT_STEP];
	char prefix[PREFIX_MAX];
	uint32_t done = 0;
	int indent, r;

	indent = snprintf(prefix, sizeof(prefix), "[%5" PRIu64 ".%06" PRIu64 "] ",
			  record->ts_nsec / 1000000000,
			  record->ts_nsec % 1000000000 / 1000);
	r = reserve(out, PREFIX_MAX + 1);
	for (int i = 0; i < indent && r == 0; i++)
		put(out, prefix[i]);

	while (r == 0 && done < record->length) {
		int n = kd_ring_text(ring, record->text + done, text,
				     MIN(sizeof(text), (size_t)(record->length - done)));

		if (n < 0) {
			*ret_bad = n;
			break;
		}
		r = put_text(out, text, (size_t)n, indent);
		done += (uint32_t)n;
	}
	if (r == 0)
		r = reserve(out, 1);
	if (r == 0)
		put(out, '\n');
	return r;
}

static int write_records(struct output *out, struct kd_ring *ring, uint64_t *ret_bad,
			 struct kd_error *err)
{
	struct kd_ring_record record;
	uint64_t bad = 0;
	int r, unread;

	while ((r = kd_ring_next(ring, &record)) != 0) {
		unread = 0;
		if (r == -ENOENT)
			continue;
		if (r < 0) {
			bad++;
			continue;
		}
		r = put_record(out, ring, &record, &unread);
		if (r < 0)
			return kd_fail(err, r, "kernel log: write");
		bad += unread < 0;
	}
	r = flush(out);
	if (r < 0)
		return kd_fail(err, r, "kernel log: write");
	*ret_bad = bad;
	return 0;
}

int kd_dmesg_write(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info, int fd,
		   uint64_t *ret_bytes, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_ring *ring = NULL;
	_cleanup_(kd_freep) struct output *out = NULL;
	uint64_t bad = 0;
	int r;

	if (ret_bytes)
		*ret_bytes = 0;
	ring = malloc(sizeof(*ring));
	out = malloc(sizeof(*out));
	if (!ring || !out)
		return kd_fail(err, -ENOMEM, "kernel log");
	*out = (struct output) { .fd = fd };

	r = kd_ring_init(ring, xlat, info, err);
	if (r < 0)
		return r;
	r = write_records(out, ring, &bad, err);
	if (ret_bytes)
		*ret_bytes = out->written;
	if (r < 0)
		return r;
	if (bad)
		return kd_fail_msg(err, -EBADMSG,
				   "kernel log: %" PRIu64 " records could not be read",
				   bad);
	if (!out->written)
		return kd_fail_msg(err, -EBADMSG, "kernel log: no record in it");
	return 0;
}
