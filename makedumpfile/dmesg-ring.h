/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The printk ring buffer of a dead kernel as records, one after the other (kernel/
 * printk/printk_ringbuffer.h). Three rings lie in its memory: descriptors, infos and
 * text; each is read through a small cache, so memory does not grow with log_buf_len.
 * Trusts no size, index or pointer. Called by dmesg.c alone.
 */
#pragma once

#include "makedumpfile/vmcore/xlat.h"

#define KD_RING_CACHE	4096
/** Records are counted in 62 bits: a descriptor's state shares its word with its ID
 *  (printk_ringbuffer.h, DESC_FLAGS_SHIFT). */
#define KD_RING_ID_MASK ((UINT64_C(1) << 62) - 1)

/** A piece of virtual memory read ahead. @start is valid when @size is not 0. Nothing in
 *  [bad, bad_end) can be read, for @error: a ring that claims to be far larger than what
 *  is there costs one attempt a piece. */
struct kd_ring_cache {
	kd_vaddr_t start;
	size_t size;
	kd_vaddr_t bad, bad_end;
	int error;
	uint8_t bytes[KD_RING_CACHE];
};

/** Members' places, from vmcoreinfo; all within the sizes beside them. UINT32_MAX for one
 *  that is not known, which only seq and caller may be. */
struct kd_ring_layout {
	uint32_t desc_size, desc_state, desc_begin, desc_next;
	uint32_t info_size, info_ts, info_len, info_seq, info_caller;
};

/**
 * @descs, @infos, @text: where the rings are
 * @n_descs:   a power of two
 * @text_size: bytes, a power of two
 * @id, @head: the next record and the last one
 * @left:      records still to visit; a log cannot hold more than it has descriptors
 * @budget:    bytes of text still to come; blocks do not overlap, so that a ring made to
 *             show the same text over and over is told from a real one
 * @text_begin, @text_end: the text ring's oldest byte and the one behind its youngest, in
 *             positions that grow for ever; their low bits are the place
 * @text_at:   behind the last record's text
 */
struct kd_ring {
	const struct kd_xlat *xlat;
	struct kd_ring_layout layout;
	kd_vaddr_t descs, infos, text;
	uint64_t n_descs, text_size;
	uint64_t id, head, left, budget;
	uint64_t text_begin, text_end, text_at;
	struct kd_ring_cache desc_cache, info_cache, text_cache;
};

/** One record: its time and where its text is, at most @length bytes. @seq: counted from
 *  the first one ever; UINT64_MAX where the kernel does not tell. @salvaged: its descriptor
 *  is damaged, and the text ring told of it; @timeless: so is what was known of it, and only
 *  @text is. */
struct kd_ring_record {
	uint64_t ts_nsec;
	uint64_t seq;
	uint32_t caller;
	bool has_caller, salvaged, timeless;
	uint64_t text;
	uint32_t length;
};

/**
 * Find the ring.
 * Errors: -ENODATA when vmcoreinfo lacks a key (named in @err), -EBADMSG when sizes
 * make no sense, those of kd_xlat_read().
 */
int kd_ring_init(struct kd_ring *ret, const struct kd_xlat *xlat,
		 const struct kd_vmcoreinfo *info, struct kd_error *err);

/**
 * Step to the next record.
 * Returns 1 with *ret set, 0 at the end; -ENOENT for one that carries no text,
 * -EBADMSG, -EIO … for one that cannot be read: call again for the one behind it.
 */
int kd_ring_next(struct kd_ring *ring, struct kd_ring_record *ret);

/** Copy up to @size bytes of the text at @offset of the text ring. Returns how many,
 *  or a negative errno. */
int kd_ring_text(struct kd_ring *ring, uint64_t offset, void *buf, size_t size);
