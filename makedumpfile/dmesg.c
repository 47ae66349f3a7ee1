/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of the ring as lines: "[    0.000000] text", as dmesg(1) and makedumpfile
 * print them. A record whose descriptor is damaged is looked for in the text ring; one that
 * cannot be read is left out and told of at the end; what can be read is always written.
 * Kernels before the ring: dmesg-old.c.
 */
#include "makedumpfile/dmesg.h"

#include <inttypes.h>

#include "makedumpfile/dmesg-old.h"
#include "makedumpfile/dmesg-ring.h"
#include "makedumpfile/dmesg-text.h"

#define TEXT_STEP 256

/* Errors of reading go to *ret_bad: the line ends there and the log goes on. */
static int put_record(struct kd_dmesg_out *out, struct kd_ring *ring,
		      const struct kd_ring_record *record, bool callers, int *ret_bad)
{
	unsigned char text[TEXT_STEP];
	uint32_t done = 0;
	int indent = 0, r = 0;

	if (!record->timeless)
		indent = kd_dmesg_prefix(out, record->ts_nsec,
					 callers && record->has_caller ? &record->caller
								       : NULL);
	if (indent < 0)
		return indent;
	while (r == 0 && done < record->length) {
		int n = kd_ring_text(ring, record->text + done, text,
				     MIN(sizeof(text), (size_t)(record->length - done)));

		if (n < 0) {
			*ret_bad = n;
			break;
		}
		r = kd_dmesg_text(out, text, (size_t)n, indent);
		done += (uint32_t)n;
	}
	return r < 0 ? r : kd_dmesg_end(out);
}

/** @since: records of lower sequence numbers are left out */
struct how {
	bool callers;
	uint64_t since;
};

/** @bad: records that could not be read */
struct found {
	uint64_t bad, salvaged, timeless;
};

static int write_records(struct kd_dmesg_out *out, struct kd_ring *ring,
			 const struct how *how, struct found *found, struct kd_error *err)
{
	struct kd_ring_record record;
	int r, unread;

	while ((r = kd_ring_next(ring, &record)) != 0) {
		unread = 0;
		if (r == -ENOENT || (r > 0 && record.seq < how->since))
			continue;
		if (r < 0) {
			found->bad++;
			continue;
		}
		r = put_record(out, ring, &record, how->callers, &unread);
		if (r < 0)
			return kd_fail(err, r, "kernel log: write");
		found->bad += unread < 0;
		found->salvaged += record.salvaged;
		found->timeless += record.timeless;
	}
	return 0;
}

/* The ring says nothing of its records, but may still have their text. */
static int write_text(struct kd_dmesg_out *out, struct kd_ring *ring, struct found *found,
		      struct kd_error *err)
{
	struct kd_ring_record record = { .timeless = true };
	uint64_t last = KD_TEXT_NO_ID;
	int r, unread;

	kd_text_rewind(ring);
	while (kd_text_next(ring, &last, &record) > 0) {
		unread = 0;
		r = put_record(out, ring, &record, /* callers= */ false, &unread);
		if (r < 0)
			return kd_fail(err, r, "kernel log: write");
		found->timeless++;
		found->bad += unread < 0;
	}
	return 0;
}

/*
 * clear_seq: the first record after the last "dmesg -c". Since 5.13 a latched_seq
 * (commit 7d7a23a91c91, "printk: use seqcount_latch for clear_seq"): two copies, of which
 * the lowest bit of the counter in front tells the one to read. Without it: the log is
 * whole.
 */
static uint64_t cleared_at(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info)
{
	uint64_t offset, seq;
	kd_vaddr_t at;
	uint32_t latch;

	if (kd_vmcoreinfo_symbol(info, "clear_seq", &at) < 0)
		return 0;
	if (kd_vmcoreinfo_offset(info, "latched_seq.val", &offset) == 0 &&
	    offset <= KD_RING_CACHE) {
		if (kd_xlat_read(xlat, at, &latch, sizeof(latch)) < 0)
			return 0;
		at += offset + (latch & 1) * sizeof(seq);
	}
	return kd_xlat_read(xlat, at, &seq, sizeof(seq)) == 0 ? seq : 0;
}

static int write_ring(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
		      unsigned int flags, struct kd_dmesg_out *out, struct found *found,
		      struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_ring *ring = malloc(sizeof(*ring));
	struct how how = { .callers = flags & KD_DMESG_CALLERS };
	int r;

	if (!ring)
		return kd_fail(err, -ENOMEM, "kernel log");
	r = kd_ring_init(ring, xlat, info, err);
	if (r < 0)
		return r;
	if (flags & KD_DMESG_PARTIAL)
		how.since = cleared_at(xlat, info);
	r = write_records(out, ring, &how, found, err);
	if (r == 0 && !out->written && !out->at && !how.since)
		r = write_text(out, ring, found, err);
	return r;
}

static int write_log(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
		     unsigned int flags, struct kd_dmesg_out *out, uint64_t *ret_salvaged,
		     struct kd_error *err)
{
	struct found found = { 0 };
	int r, flushed;

	r = kd_dmesg_is_old(info)
		    ? kd_dmesg_write_old(xlat, info, flags, out, &found.bad, err)
		    : write_ring(xlat, info, flags, out, &found, err);
	flushed = kd_dmesg_flush(out);
	*ret_salvaged = found.salvaged;
	if (r < 0)
		return r;
	if (flushed < 0)
		return kd_fail(err, flushed, "kernel log: write");
	if (found.timeless)
		return kd_fail_msg(err, -EBADMSG,
				   "kernel log: times are lost: %" PRIu64
				   " records are their text alone, %" PRIu64
				   " others could not be read",
				   found.timeless, found.bad);
	if (found.bad)
		return kd_fail_msg(err, -EBADMSG,
				   "kernel log: %" PRIu64 " records could not be read",
				   found.bad);
	/* nothing may have come since it was cleared */
	if (!out->written && !(flags & KD_DMESG_PARTIAL))
		return kd_fail_msg(err, -EBADMSG, "kernel log: no record in it");
	return 0;
}

int kd_dmesg_write_as(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
		      unsigned int flags, int fd, uint64_t *ret_bytes,
		      struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_dmesg_out *out = malloc(sizeof(*out));
	uint64_t salvaged;
	int r;

	if (ret_bytes)
		*ret_bytes = 0;
	if (!out)
		return kd_fail(err, -ENOMEM, "kernel log");
	*out = (struct kd_dmesg_out) { .fd = fd };
	r = write_log(xlat, info, flags, out, &salvaged, err);
	if (ret_bytes)
		*ret_bytes = out->written;
	return r;
}

int kd_dmesg_write_sink(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
			struct kd_sink *sink, struct kd_dmesg_written *ret,
			struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_dmesg_out *out = malloc(sizeof(*out));
	int r;

	*ret = (struct kd_dmesg_written) { 0 };
	if (!out)
		return kd_fail(err, -ENOMEM, "kernel log");
	*out = (struct kd_dmesg_out) { .sink = sink, .fd = -EBADF };
	r = write_log(xlat, info, /* flags= */ 0, out, &ret->salvaged, err);
	ret->bytes = out->written;
	return r;
}

int kd_dmesg_write(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info, int fd,
		   uint64_t *ret_bytes, struct kd_error *err)
{
	return kd_dmesg_write_as(xlat, info, /* flags= */ 0, fd, ret_bytes, err);
}
