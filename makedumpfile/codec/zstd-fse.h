/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finite state entropy, the coding that zstd frames have for numbers of few values (RFC
 * 8878, 4.1): a symbol that comes with a probability of c / 2^log takes log - log2(c)
 * bits. Pure; tables are made once, of constants. Used by zstd-quick.c.
 */
#pragma once

#include "makedumpfile/codec/zstd-bits.h"

#define KD_FSE_LOG_MAX	       7U
#define KD_FSE_SYMBOLS_MAX     53U
#define KD_FSE_DESCRIPTION_MAX 64U

/**
 * How often symbols come: @counts of them add up to 2^@log, where -1 stands for the least
 * there is, which takes one place, too. None is 0. @n: at most KD_FSE_SYMBOLS_MAX
 */
struct kd_fse_counts {
	unsigned int log;
	unsigned int n;
	int8_t counts[KD_FSE_SYMBOLS_MAX];
};

/** @bits:  added to a state, the upper half is how many of its bits are to be written
 *  @first: where the symbol's next states begin, less the smallest index into them */
struct kd_fse_symbol {
	uint32_t bits;
	int32_t first;
};

struct kd_fse_table {
	unsigned int log;
	uint16_t next[1U << KD_FSE_LOG_MAX];
	struct kd_fse_symbol symbols[KD_FSE_SYMBOLS_MAX];
};

/** Make the table that @counts stand for. */
void kd_fse_table_init(struct kd_fse_table *table, const struct kd_fse_counts *counts);

/** Write @counts as a frame tells them to who reads it; @ret has room for
 *  KD_FSE_DESCRIPTION_MAX bytes. Returns how many there are. */
size_t kd_fse_describe(const struct kd_fse_counts *counts, uint8_t *ret);

/** The state that a stream's first symbol leaves; no bits are written for it. */
static inline unsigned int kd_fse_first(const struct kd_fse_table *t, unsigned int symbol)
{
	const struct kd_fse_symbol *s = &t->symbols[symbol];
	uint32_t bits = (s->bits + (1U << 15)) >> 16;

	return t->next[(int32_t)(((bits << 16) - s->bits) >> bits) + s->first];
}

/** Write what @state has too much for @symbol to be next; returns the state after it. */
static inline unsigned int kd_fse_put(const struct kd_fse_table *t, struct kd_bits *b,
				      unsigned int state, unsigned int symbol)
{
	const struct kd_fse_symbol *s = &t->symbols[symbol];
	uint32_t bits = (state + s->bits) >> 16;

	kd_bits_add(b, state, bits);
	return t->next[(int32_t)(state >> bits) + s->first];
}
