/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a kernel log: see dmesg-out.h. Trusts no byte of a record. Called by dmesg.c
 * and dmesg-old.c.
 */
#include "makedumpfile/dmesg-out.h"

#include <inttypes.h>
#include <string.h>

#include "base/io.h"

int kd_dmesg_flush(struct kd_dmesg_out *out)
{
	int r;

	if (!out->at)
		return 0;
	r = out->sink ? out->sink->ops->write(out->sink, out->written, out->buf, out->at)
		      : kd_write_full(out->fd, out->buf, out->at);
	if (r < 0)
		return r;
	out->written += out->at;
	out->at = 0;
	return 0;
}

static int reserve(struct kd_dmesg_out *out, size_t size)
{
	return out->at + size > sizeof(out->buf) ? kd_dmesg_flush(out) : 0;
}

static void put(struct kd_dmesg_out *out, char c)
{
	out->buf[out->at++] = c;
}

static void put_hex(struct kd_dmesg_out *out, unsigned char c)
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

int kd_dmesg_text(struct kd_dmesg_out *out, const unsigned char *text, size_t size,
		  int indent)
{
	int r;

	for (size_t i = 0; i < size; i++) {
		r = reserve(out, KD_DMESG_PREFIX + 1);
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

int kd_dmesg_prefix(struct kd_dmesg_out *out, uint64_t ts_nsec, const uint32_t *caller)
{
	char prefix[KD_DMESG_PREFIX], id[16];
	int n, r;

	n = snprintf(prefix, sizeof(prefix), "[%5" PRIu64 ".%06" PRIu64 "] ",
		     ts_nsec / 1000000000, ts_nsec % 1000000000 / 1000);
	if (caller) {
		/* printk_caller_id(), kernel/printk/printk.c: the top bit marks a CPU */
		(void)snprintf(id, sizeof(id), "%c%" PRIu32,
			       *caller & UINT32_C(0x80000000) ? 'C' : 'T',
			       *caller & ~UINT32_C(0x80000000));
		n += snprintf(prefix + n, sizeof(prefix) - (size_t)n, "[%8s] ", id);
	}
	r = reserve(out, (size_t)n);
	if (r < 0)
		return r;
	memcpy(out->buf + out->at, prefix, (size_t)n);
	out->at += (size_t)n;
	return n;
}

int kd_dmesg_end(struct kd_dmesg_out *out)
{
	int r = reserve(out, 1);

	if (r == 0)
		put(out, '\n');
	return r;
}
