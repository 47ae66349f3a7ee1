/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log_buf of older kernels: see dmesg-old.h. Trusts no length and no index: what is
 * visited never exceeds the buffer, so that records that lead in a circle end. Called by
 * dmesg.c.
 */
#include "makedumpfile/dmesg-old.h"

#include <string.h>

#include "makedumpfile/dmesg.h"

/* log_buf_len is capped at 2 GiB (printk.c, LOG_BUF_LEN_MAX) */
#define LENGTH_MAX (UINT64_C(1) << 31)
#define HEADER_MAX 256
#define STEP	   256

/** @buf: address of the text; @length: its bytes */
struct old_log {
	const struct kd_xlat *xlat;
	const struct kd_vmcoreinfo *info;
	struct kd_dmesg_out *out;
	kd_vaddr_t buf;
	uint64_t length;
	bool callers;
};

bool kd_dmesg_is_old(const struct kd_vmcoreinfo *info)
{
	kd_vaddr_t at;

	return kd_vmcoreinfo_symbol(info, "prb", &at) < 0 &&
	       kd_vmcoreinfo_symbol(info, "log_buf", &at) == 0;
}

static int read_u32(const struct old_log *log, const char *symbol, uint32_t *ret)
{
	kd_vaddr_t at;
	int r;

	r = kd_vmcoreinfo_symbol(log->info, symbol, &at);
	return r < 0 ? r : kd_xlat_read(log->xlat, at, ret, sizeof(*ret));
}

static int find_buffer(struct old_log *log, struct kd_error *err)
{
	kd_vaddr_t at = 0;
	uint32_t length;
	int r;

	(void)kd_vmcoreinfo_symbol(log->info, "log_buf", &at);
	r = kd_xlat_read(log->xlat, at, &log->buf, sizeof(log->buf));
	if (r == 0)
		r = read_u32(log, "log_buf_len", &length);
	if (r < 0)
		return kd_fail(err, r, "kernel log: log_buf");
	if (!length || length > LENGTH_MAX)
		return kd_fail_msg(err, -EBADMSG,
				   "kernel log: log_buf_len makes no sense");
	log->length = length;
	return 0;
}

/* [from, to) of the buffer, in pieces. */
static int put_range(const struct old_log *log, uint64_t from, uint64_t to, int indent)
{
	unsigned char text[STEP];
	int r = 0;

	while (r == 0 && from < to) {
		size_t n = (size_t)MIN((uint64_t)sizeof(text), to - from);

		r = kd_xlat_read(log->xlat, log->buf + from, text, n);
		if (r < 0)
			return r;
		r = kd_dmesg_text(log->out, text, n, indent);
		from += n;
	}
	return r;
}

/*
 * The text of kernels before 3.5: log_end counts bytes for ever, its low bits are the
 * place; logged_chars those since the log was cleared. Lines have their own time stamps.
 */
static int write_text(const struct old_log *log, bool partial, struct kd_error *err)
{
	uint64_t begin, count;
	uint32_t end, since;
	int r;

	r = read_u32(log, "log_end", &end);
	if (r < 0)
		return kd_fail_msg(err, r, "kernel log: log_end is unknown");
	if (!kd_is_power_of_2(log->length))
		return kd_fail_msg(err, -EBADMSG,
				   "kernel log: log_buf_len makes no sense");
	count = MIN((uint64_t)end, log->length);
	if (partial && read_u32(log, "logged_chars", &since) == 0)
		count = MIN(count, (uint64_t)since);
	begin = (end - count) & (log->length - 1);
	r = put_range(log, begin, MIN(begin + count, log->length), /* indent= */ 0);
	if (r == 0 && begin + count > log->length)
		r = put_range(log, 0, begin + count - log->length, /* indent= */ 0);
	return r < 0 ? kd_fail(err, r, "kernel log") : 0;
}

/** Members of struct printk_log (struct log before 3.11, commit 62e32ac3505a). @caller:
 *  0 without, since the time comes first */
struct record_layout {
	uint64_t size, ts, len, text_len, caller;
};

static int find_layout(const struct kd_vmcoreinfo *info, const char *type,
		       struct record_layout *ret)
{
	const struct {
		const char *member;
		size_t width;
		uint64_t *ret;
	} members[] = {
		{ "ts_nsec", 8, &ret->ts },
		{ "len", 2, &ret->len },
		{ "text_len", 2, &ret->text_len },
		{ "caller_id", 4, &ret->caller },
	};
	int r;

	*ret = (struct record_layout) { 0 };
	r = kd_vmcoreinfo_size(info, type, &ret->size);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		char key[64];

		(void)snprintf(key, sizeof(key), "%s.%s", type, members[i].member);
		r = kd_vmcoreinfo_offset(info, key, members[i].ret);
		if (r == -ENODATA && members[i].ret == &ret->caller)
			continue;
		if (r < 0)
			return r;
		if (ret->size > HEADER_MAX || *members[i].ret > ret->size ||
		    members[i].width > ret->size - *members[i].ret)
			return -EBADMSG;
	}
	return 0;
}

/* One record at @at. *ret_len is 0 for the mark that the buffer goes on at its start. */
static int put_record(const struct old_log *log, const struct record_layout *l,
		      uint64_t at, uint64_t *ret_len)
{
	uint8_t raw[HEADER_MAX];
	uint16_t len, text_len;
	uint32_t caller;
	uint64_t ts;
	int indent, r;

	if (at > log->length || l->size > log->length - at)
		return -EBADMSG;
	r = kd_xlat_read(log->xlat, log->buf + at, raw, (size_t)l->size);
	if (r < 0)
		return r;
	memcpy(&len, raw + l->len, sizeof(len));
	memcpy(&text_len, raw + l->text_len, sizeof(text_len));
	memcpy(&ts, raw + l->ts, sizeof(ts));
	*ret_len = len;
	if (!len)
		return 0;
	if (len < l->size || len > log->length - at || text_len > len - l->size)
		return -EBADMSG;
	memcpy(&caller, raw + l->caller, sizeof(caller));
	indent = kd_dmesg_prefix(log->out, ts,
				 log->callers && l->caller ? &caller : NULL);
	if (indent < 0)
		return indent;
	r = put_range(log, at + l->size, at + l->size + text_len, indent);
	return r < 0 ? r : kd_dmesg_end(log->out);
}

static int write_records(const struct old_log *log, const struct record_layout *l,
			 bool partial, struct kd_error *err)
{
	uint64_t at, left = log->length, len = 0;
	uint32_t first, next;
	bool wrapped = false;
	int r;

	r = partial ? read_u32(log, "clear_idx", &first) : -ENODATA;
	if (r < 0)
		r = read_u32(log, "log_first_idx", &first);
	if (r == 0)
		r = read_u32(log, "log_next_idx", &next);
	if (r < 0)
		return kd_fail(err, r, "kernel log: log_first_idx, log_next_idx");
	/* an index is where the other one is both when nothing is in the log and when it
	 * is full: the kernel keeps room for one more record, so it is empty */
	for (at = first; at != next; at += len) {
		r = put_record(log, l, at, &len);
		if (r < 0)
			return kd_fail(err, r, "kernel log: record at %ju",
				       (uintmax_t)at);
		if (!len && wrapped)
			return kd_fail_msg(err, -EBADMSG,
					   "kernel log: records lead in a circle");
		if (!len) {
			wrapped = true;
			at = 0;
		}
		if (len > left)
			return kd_fail_msg(err, -EBADMSG,
					   "kernel log: records lead in a circle");
		left -= len;
	}
	return 0;
}

int kd_dmesg_write_old(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
		       unsigned int flags, struct kd_dmesg_out *out, uint64_t *ret_bad,
		       struct kd_error *err)
{
	struct old_log log = { .xlat = xlat,
			       .info = info,
			       .out = out,
			       .callers = flags & KD_DMESG_CALLERS };
	bool partial = flags & KD_DMESG_PARTIAL;
	struct record_layout l;
	int r;

	*ret_bad = 0;
	r = find_buffer(&log, err);
	if (r < 0)
		return r;
	r = find_layout(info, "printk_log", &l);
	if (r == -ENODATA)
		r = find_layout(info, "log", &l);
	if (r == -ENODATA)
		return write_text(&log, partial, err);
	if (r < 0)
		return kd_fail(err, r, "kernel log: struct printk_log");
	return write_records(&log, &l, partial, err);
}
