/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The match finder: see zstd-match.h. Made for pages of kernel memory, in which words of
 * 8 bytes repeat half of one another: every place is looked up once, repeats are taken as
 * they come, those at the distance of the last one first, since they cost least to tell.
 * Any bytes are right; every read lies in the page.
 */
#include "makedumpfile/codec/zstd-match.h"

/* Places are looked up by 5 bytes, of which 4 must be the same: by 4, more are found and
 * fewer are worth it. */
#define HASH_BYTES 5
#define HASH_KEY   UINT64_C(0x9e3779b97f4a7c15)

/* Where nothing repeats, steps grow by one every so many bytes. */
#define PATIENCE 64

/* Words of 8 bytes are read from every place that is looked at, and the one behind. */
#define END_UNSEEN 16

/**
 * @at:     the place that is looked at
 * @taken:  bytes before it are in a sequence
 * @recent: the distances that have numbers of their own, the last one first
 */
struct finder {
	uint16_t *places;
	const uint8_t *page, *end, *at, *taken;
	uint8_t *literals;
	struct kd_sequence *sequences;
	uint32_t recent[3];
	unsigned int literals_or, lengths_or;
};

static inline unsigned int hash_of(uint64_t word)
{
	return (unsigned int)((word << (64 - 8 * HASH_BYTES)) * HASH_KEY >>
			      (64 - KD_MATCH_BITS));
}

static inline void note_place(struct finder *f, const uint8_t *at)
{
	f->places[hash_of(kd_load64(at))] = (uint16_t)(at - f->page);
}

/* How many bytes from @b on are those @distance before them. */
static inline size_t count_same(const uint8_t *b, size_t distance, const uint8_t *end)
{
	const uint8_t *start = b;

	for (; end - b >= 8; b += 8) {
		uint64_t differ = kd_load64(b) ^ kd_load64(b - distance);

		if (differ)
			return (size_t)(b - start) + (size_t)__builtin_ctzll(differ) / 8;
	}
	while (b < end && *b == *(b - distance))
		b++;
	return (size_t)(b - start);
}

static inline void take_literals(struct finder *f, size_t n)
{
	if ((size_t)(f->end - f->taken) >= n + KD_MATCH_BLOCK)
		for (size_t i = 0; i < n; i += KD_MATCH_BLOCK)
			memcpy(f->literals + i, f->taken + i, KD_MATCH_BLOCK);
	else
		memcpy(f->literals, f->taken, n);
	f->literals += n;
}

/* As the format numbers them (RFC 8878, 3.1.1.5): right behind another repeat, whose own
 * distance cannot go on, numbers begin with the second recent one. */
static inline uint32_t number_distance(uint32_t recent[3], uint32_t distance, bool behind)
{
	uint32_t number = distance + 3;

	if (distance == recent[0] && !behind)
		return 1;
	if (distance == recent[1])
		number = 2 - behind;
	else if (distance == recent[2])
		number = 3 - behind;
	if (distance != recent[1])
		recent[2] = recent[1];
	recent[1] = recent[0];
	recent[0] = distance;
	return number;
}

static inline void take(struct finder *f, size_t length, uint32_t distance)
{
	size_t n = (size_t)(f->at - f->taken);
	struct kd_sequence *s = f->sequences++;

	take_literals(f, n);
	*s = (struct kd_sequence) {
		.literals = (uint16_t)n,
		.length = (uint16_t)(length - 3),
		.distance = number_distance(f->recent, distance, n == 0),
	};
	f->literals_or |= s->literals;
	f->lengths_or |= s->length;
	f->at += length;
	f->taken = f->at;
}

/* A repeat at @at, of at least KD_MATCH_MIN bytes: all of it, backwards, too. */
static inline void take_around(struct finder *f, const uint8_t *at, uint32_t distance)
{
	size_t length = KD_MATCH_MIN;

	length += count_same(at + length, distance, f->end);
	while (at > f->taken && at - f->page > distance &&
	       at[-1] == *(at - 1 - distance)) {
		at--;
		length++;
	}
	f->at = at;
	take(f, length, distance);
}

/* Whether something repeats at the place, or the one behind, and was taken. */
static inline bool take_here(struct finder *f)
{
	const uint8_t *at = f->at, *before;
	uint64_t word = kd_load64(at);
	uint16_t *place = &f->places[hash_of(word)];

	before = f->page + *place;
	*place = (uint16_t)(at - f->page);
	if (kd_load32(at + 1 - f->recent[0]) == (uint32_t)(word >> 8))
		take_around(f, at + 1, f->recent[0]);
	else if (kd_load32(before) == (uint32_t)word)
		take_around(f, at, (uint32_t)(at - before));
	else
		return false;
	return true;
}

/* Two repeats that take turns, as in arrays of two things, need no looking up. */
static inline void take_turns(struct finder *f, const uint8_t *limit)
{
	while (f->at < limit && f->at - f->page >= f->recent[1] &&
	       kd_load32(f->at) == kd_load32(f->at - f->recent[1])) {
		uint32_t distance = f->recent[1];
		size_t length = KD_MATCH_MIN;

		note_place(f, f->at);
		length += count_same(f->at + length, distance, f->end);
		take(f, length, distance);
	}
}

void kd_match_page(struct kd_match *m, const uint8_t *page, size_t size)
{
	/* from the second byte on, so that each has one at the first distance before it */
	struct finder f = {
		.places = m->places,
		.page = page,
		.end = page + size,
		.at = page + 1,
		.taken = page,
		.literals = m->literals,
		.sequences = m->sequences,
		.recent = { 1, 4, 8 },
	};
	const uint8_t *limit = f.end - END_UNSEEN;

	memset(m->places, 0, sizeof(m->places));
	while (f.at < limit) {
		if (!take_here(&f)) {
			f.at += 1 + (size_t)(f.at - f.taken) / PATIENCE;
			continue;
		}
		if (f.at < limit)
			note_place(&f, f.at - 2);
		take_turns(&f, limit);
	}
	take_literals(&f, (size_t)(f.end - f.taken));
	m->literals_or = f.literals_or;
	m->lengths_or = f.lengths_or;
	m->n_sequences = (size_t)(f.sequences - m->sequences);
	m->n_literals = (size_t)(f.literals - m->literals);
}
