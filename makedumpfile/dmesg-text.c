/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks of the text ring, found by their IDs: see dmesg-text.h. Trusts no word: each is
 * looked at once, and a walk only goes forward, so that a ring ends whatever is in it.
 * Called by dmesg-ring.c and dmesg.c.
 */
#include "makedumpfile/dmesg-text.h"

/* struct prb_data_block, and what blocks are aligned to */
#define HEADER	  8
/* printk_info.text_len is 16 bits wide */
#define BLOCK_MAX (UINT64_C(1) << 16)
/* IDs count up from -n in 32 bits (DESC0_ID()): for the first eight milliards of records
 * these are their upper halves */
#define UPPER_MAX 1

/** Which words are IDs: @any that looks like one, or those from @first to @last.
 *  @zero_ends: a block ends before a word of NULs, too */
struct ids {
	bool any, zero_ends;
	uint64_t first, last;
};

static bool is_id(const struct ids *ids, uint64_t word)
{
	if (ids->any)
		return word >> 32 <= UPPER_MAX;
	return word <= KD_RING_ID_MASK &&
	       ((word - ids->first) & KD_RING_ID_MASK) <=
		       ((ids->last - ids->first) & KD_RING_ID_MASK);
}

/* What cannot be read is no ID. */
static uint64_t word_at(struct kd_ring *ring, uint64_t at)
{
	uint64_t word;

	if (kd_ring_text(ring, at & (ring->text_size - 1), &word, sizeof(word)) !=
	    (int)sizeof(word))
		return UINT64_MAX;
	return word;
}

/* Bytes of [begin, end) before the NULs that the last word may end in. */
static uint32_t without_padding(struct kd_ring *ring, uint64_t begin, uint64_t end)
{
	uint64_t word = begin < end ? word_at(ring, end - HEADER) : UINT64_MAX;
	uint32_t n = (uint32_t)(end - begin);

	for (; word < UINT64_C(1) << 56 && n; word = word << 8 | 1)
		n--;
	return n;
}

/*
 * The text of @id behind its header at the walk's place, up to the next header. A block
 * that would cross the ring's end is stored at its start, with its ID at both places
 * (data_alloc() in printk_ringbuffer.c).
 */
static void take_block(struct kd_ring *ring, uint64_t id, const struct ids *next,
		       struct kd_ring_record *ret)
{
	uint64_t mask = ring->text_size - 1;
	uint64_t begin = ring->text_at, at;

	for (at = begin; at != ring->text_end && at - begin < BLOCK_MAX; at += HEADER) {
		uint64_t word = word_at(ring, at);

		if (!(at & mask) && word == id) {
			begin = at + HEADER;
			continue;
		}
		if ((!(at & mask) && at != begin) || is_id(next, word) ||
		    (next->zero_ends && !word))
			break;
	}
	ret->text = begin & mask;
	ret->length = without_padding(ring, begin, at);
	ring->text_at = at;
}

int kd_text_find(struct kd_ring *ring, uint64_t id, struct kd_ring_record *ret)
{
	const struct ids ours = { .first = id, .last = ring->head };
	/* behind the last one there is none but the next, which was not begun */
	const struct ids later = { .first = id + 1,
				   .last = id == ring->head ? id + 1 : ring->head };

	/* what is no header is left of a block that could not be followed */
	for (; ring->text_at != ring->text_end; ring->text_at += HEADER) {
		uint64_t word = word_at(ring, ring->text_at);

		if (!is_id(&ours, word))
			continue;
		if (word != id)
			return -ENODATA;
		ring->text_at += HEADER;
		take_block(ring, id, &later, ret);
		return 0;
	}
	return -ENODATA;
}

void kd_text_rewind(struct kd_ring *ring)
{
	ring->text_at = ring->text_begin;
}

int kd_text_next(struct kd_ring *ring, uint64_t *last, struct kd_ring_record *ret)
{
	while (ring->text_at != ring->text_end) {
		struct ids ids = { .any = *last == KD_TEXT_NO_ID,
				   .zero_ends = true,
				   .first = *last,
				   .last = *last + ring->n_descs };
		uint64_t id = word_at(ring, ring->text_at);

		/* a ring that has come around may begin inside of a block */
		if (!id || is_id(&ids, id))
			ring->text_at += HEADER;
		if (!id)
			continue;
		if (!is_id(&ids, id)) {
			id = KD_TEXT_NO_ID;
		} else {
			*last = id;
			ids = (struct ids) { .zero_ends = true,
					     .first = id + 1,
					     .last = id + ring->n_descs };
		}
		take_block(ring, id, &ids, ret);
		if (ret->length)
			return 1;
	}
	return 0;
}
