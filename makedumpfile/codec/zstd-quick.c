/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame of one page: see zstd-quick.h. One block: literals raw, sequences coded with
 * tables that are either the format's own or, where there are enough of them, those that
 * kernel memory was found to want; these the frame has to tell of. Any page is right, and
 * nothing is written past the room that was lent.
 */
#include "makedumpfile/codec/zstd-quick.h"

#include "makedumpfile/codec/xxh64.h"
#include "makedumpfile/codec/zstd-fse.h"
#include "makedumpfile/codec/zstd-match.h"

#define SIZE_MIN 4096U

/* RFC 8878, 3.1.1: content size in 2 bytes, less 256; no window; checksum. */
#define MAGIC	    UINT32_C(0xfd2fb528)
#define DESCRIPTOR  0x64
#define SIZE_BASE   256U
#define FRAME_BYTES 7U
#define CHECKSUM    4U

/* 3.1.1.2: the last block, compressed; its size comes above. */
#define BLOCK_LAST_COMPRESSED 5U
#define BLOCK_BYTES	      3U

/* 3.1.1.3.1.1: raw literals, their number in 12 or 20 bits */
#define RAW_12 0x04U
#define RAW_20 0x0cU

/* 3.1.1.3.2.1: how a table came to be; the format's own is 0. */
#define TABLE_TOLD 2U

/* Of literals, sequences and tables, without what is in them */
#define HEADERS 7U

/* One sequence is written in two flushes. */
#define ROOM_MIN 16

/** What a sequence is made of, in the order that frames have. */
enum part {
	LITERALS,
	DISTANCES,
	LENGTHS,
	PARTS,
};

/* 3.1.1.3.2.2 */
static const struct kd_fse_counts format_counts[PARTS] = {
	[LITERALS] = { 6,
		       36,
		       { 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1,  1,  2,  2,
			 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1 } },
	[DISTANCES] = { 5, 29, { 1, 1, 1, 1, 1, 1, 2, 2, 2, 1,	1,  1,	1,  1, 1,
				 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1 } },
	[LENGTHS] = { 6,
		      53,
		      { 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1,  1,  1,  1,  1,  1,  1, 1,
			1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  1,  1,  1, 1,
			1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1 } },
};

/* Counted in dumps of 6.1, 6.12 and 7.3, -d 31, of pages in which much repeats. What is
 * not among the symbols, none came near: such pages take the format's table. */
static const struct kd_fse_counts kernel_counts[PARTS] = {
	[LITERALS] = { 7, 27, { 30, 47, 17, 5,	3,  4,	2,  1,	1,  1,	1,  -1, -1, -1,
				-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1 } },
	[DISTANCES] = { 6,
			17,
			{ 32, 2, 1, 2, 3, 4, 3, 3, 3, 3, 2, 1, -1, -1, -1, -1, -1 } },
	[LENGTHS] = { 7, 44, { -1, 2,  12, 19, 28, 9,  2, 2,  3,  2,  1,  4,  5,  2,  -1,
			       1,  1,  -1, -1, -1, 1,  1, -1, -1, -1, -1, -1, -1, -1, -1,
			       -1, -1, 1,  -1, 2,  -1, 1, 1,  6,  -1, -1, -1, -1, -1 } },
};

/* As many sequences save what telling of the table takes. */
static const size_t kernel_from[PARTS] = {
	[LITERALS] = 56,
	[DISTANCES] = 31,
	[LENGTHS] = 160,
};

/* Literals and lengths have symbols up to here in kernel_counts. */
#define KERNEL_BELOW 256U

/* 3.1.1.3.2.1.1: numbers without bits of their own, then as many as in the lists; from
 * a power of two on a symbol for each. */
#define LITERALS_DIRECT 64U
#define LENGTHS_DIRECT	128U
#define LITERALS_ABOVE	19U
#define LENGTHS_ABOVE	36U

static const uint8_t literals_bits[] = { 0, 0, 0, 0, 0, 0,  0,	0,  0,	0,  0,	0,
					 0, 0, 0, 0, 1, 1,  1,	1,  2,	2,  3,	3,
					 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const uint8_t lengths_bits[] = { 0, 0, 0, 0, 0,	0,  0,	0,  0,	0,  0, 0, 0, 0,
					0, 0, 0, 0, 0,	0,  0,	0,  0,	0,  0, 0, 0, 0,
					0, 0, 0, 0, 1,	1,  1,	1,  2,	2,  3, 3, 4, 4,
					5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

struct told_table {
	struct kd_fse_table table;
	size_t size;
	uint8_t description[KD_FSE_DESCRIPTION_MAX];
};

/** @headers: bytes of a frame at the most, without literals and sequences */
struct kd_zstd_quick {
	size_t page_size, headers;
	struct kd_fse_table format[PARTS];
	struct told_table kernel[PARTS];
	uint8_t literals_symbols[LITERALS_DIRECT];
	uint8_t lengths_symbols[LENGTHS_DIRECT];
	struct kd_match match;
};

/* Each symbol stands for as many numbers as its bits tell apart. */
static void list_symbols(const uint8_t *bits, uint8_t *ret, size_t n)
{
	size_t at = 0;

	for (uint8_t symbol = 0; at < n; symbol++)
		for (size_t i = 0; i < 1U << bits[symbol] && at < n; i++)
			ret[at++] = symbol;
}

static void make_tables(struct kd_zstd_quick *q)
{
	q->headers = FRAME_BYTES + BLOCK_BYTES + HEADERS;
	for (size_t i = 0; i < PARTS; i++) {
		struct told_table *kernel = &q->kernel[i];

		kd_fse_table_init(&q->format[i], &format_counts[i]);
		kd_fse_table_init(&kernel->table, &kernel_counts[i]);
		kernel->size = kd_fse_describe(&kernel_counts[i], kernel->description);
		q->headers += kernel->size;
	}
	list_symbols(literals_bits, q->literals_symbols, LITERALS_DIRECT);
	list_symbols(lengths_bits, q->lengths_symbols, LENGTHS_DIRECT);
}

int kd_zstd_quick_new(size_t page_size, struct kd_zstd_quick **ret)
{
	_cleanup_(kd_zstd_quick_freep) struct kd_zstd_quick *q = NULL;

	if (page_size < SIZE_MIN || page_size > KD_MATCH_SIZE_MAX)
		return -EINVAL;
	q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->page_size = page_size;
	q->match.literals = malloc(page_size + KD_MATCH_BLOCK);
	q->match.sequences = calloc(page_size / KD_MATCH_MIN,
				    sizeof(q->match.sequences[0]));
	if (!q->match.literals || !q->match.sequences)
		return -ENOMEM;
	make_tables(q);
	*ret = TAKE_PTR(q);
	return 0;
}

void kd_zstd_quick_free(struct kd_zstd_quick *q)
{
	if (!q)
		return;
	free(q->match.literals);
	free(q->match.sequences);
	free(q);
}

static uint8_t *put(uint8_t *at, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		*at++ = (uint8_t)(v >> 8 * i);
	return at;
}

static uint8_t *put_literals(const struct kd_match *m, uint8_t *at)
{
	size_t n = m->n_literals;

	at = n < 1U << 12 ? put(at, RAW_12 | n << 4, 2) : put(at, RAW_20 | n << 4, 3);
	memcpy(at, m->literals, n);
	return at + n;
}

static bool suits_kernel(const struct kd_match *m, enum part part)
{
	return m->n_sequences >= kernel_from[part] &&
	       (part != LITERALS || m->literals_or < KERNEL_BELOW) &&
	       (part != LENGTHS || m->lengths_or < KERNEL_BELOW);
}

/* How many sequences there are, and with which tables they are coded. */
static uint8_t *put_tables(const struct kd_zstd_quick *q, uint8_t *at,
			   const struct kd_fse_table *ret[PARTS])
{
	size_t n = q->match.n_sequences;
	uint8_t *modes;

	/* 3.1.1.3.2.1: a page of 64 KiB has 16384 at the most */
	at = n < 128 ? put(at, n, 1) : put(at, (n & 0xff) << 8 | ((n >> 8) + 128), 2);
	modes = at++;
	*modes = 0;
	for (unsigned int i = 0; i < PARTS; i++) {
		ret[i] = &q->format[i];
		if (!suits_kernel(&q->match, i))
			continue;
		ret[i] = &q->kernel[i].table;
		*modes |= (uint8_t)(TABLE_TOLD << (6 - 2 * i));
		memcpy(at, q->kernel[i].description, q->kernel[i].size);
		at += q->kernel[i].size;
	}
	return at;
}

struct symbols {
	unsigned int of[PARTS];
};

static inline struct symbols symbols_of(const struct kd_zstd_quick *q,
					const struct kd_sequence *s)
{
	return (struct symbols) { {
		[LITERALS] = s->literals < LITERALS_DIRECT
				     ? q->literals_symbols[s->literals]
				     : kd_highest_bit(s->literals) + LITERALS_ABOVE,
		[DISTANCES] = kd_highest_bit(s->distance),
		[LENGTHS] = s->length < LENGTHS_DIRECT
				    ? q->lengths_symbols[s->length]
				    : kd_highest_bit(s->length) + LENGTHS_ABOVE,
	} };
}

/* What symbols leave open. */
static inline void put_rest(struct kd_bits *b, const struct kd_sequence *s,
			    const struct symbols *symbols)
{
	kd_bits_add(b, s->literals, literals_bits[symbols->of[LITERALS]]);
	kd_bits_add(b, s->length, lengths_bits[symbols->of[LENGTHS]]);
	kd_bits_flush(b);
	kd_bits_add(b, s->distance, symbols->of[DISTANCES]);
	kd_bits_flush(b);
}

/* From the last one to the first, since readers begin at the end of the stream. NULL
 * when @end comes too early. */
static uint8_t *put_sequences(const struct kd_zstd_quick *q,
			      const struct kd_fse_table *const tables[PARTS], uint8_t *at,
			      const uint8_t *end)
{
	const struct kd_sequence *first = q->match.sequences;
	const struct kd_sequence *s = first + q->match.n_sequences - 1;
	struct symbols symbols = symbols_of(q, s);
	unsigned int literals = kd_fse_first(tables[LITERALS], symbols.of[LITERALS]);
	unsigned int distance = kd_fse_first(tables[DISTANCES], symbols.of[DISTANCES]);
	unsigned int length = kd_fse_first(tables[LENGTHS], symbols.of[LENGTHS]);
	struct kd_bits b = { .at = at };

	for (; end - b.at >= ROOM_MIN; s--) {
		put_rest(&b, s, &symbols);
		if (s == first)
			break;
		symbols = symbols_of(q, s - 1);
		distance = kd_fse_put(tables[DISTANCES], &b, distance,
				      symbols.of[DISTANCES]);
		length = kd_fse_put(tables[LENGTHS], &b, length, symbols.of[LENGTHS]);
		literals = kd_fse_put(tables[LITERALS], &b, literals,
				      symbols.of[LITERALS]);
	}
	if (end - b.at < ROOM_MIN)
		return NULL;
	kd_bits_add(&b, length, tables[LENGTHS]->log);
	kd_bits_add(&b, distance, tables[DISTANCES]->log);
	kd_bits_add(&b, literals, tables[LITERALS]->log);
	/* marks the end, as what is behind it in the last byte is zeros */
	kd_bits_add(&b, 1, 1);
	return kd_bits_end(&b);
}

size_t kd_zstd_quick_page(struct kd_zstd_quick *q, const uint8_t *page, size_t size,
			  uint8_t *dst, size_t room)
{
	const struct kd_fse_table *tables[PARTS];
	uint8_t *at, *block = dst + FRAME_BYTES;

	if (size < SIZE_MIN || size > q->page_size || size & (size - 1))
		return 0;
	kd_match_page(&q->match, page, size);
	if (!q->match.n_sequences || room < q->headers + q->match.n_literals + CHECKSUM)
		return 0;
	at = put(dst, MAGIC, 4);
	at = put(at, DESCRIPTOR, 1);
	at = put(at, size - SIZE_BASE, 2);
	at = put_literals(&q->match, at + BLOCK_BYTES);
	at = put_tables(q, at, tables);
	at = put_sequences(q, tables, at, dst + room - CHECKSUM);
	if (!at)
		return 0;
	(void)put(block,
		  BLOCK_LAST_COMPRESSED | (uint64_t)(at - block - BLOCK_BYTES) << 3,
		  BLOCK_BYTES);
	at = put(at, kd_xxh64(page, size), CHECKSUM);
	return (size_t)(at - dst);
}
