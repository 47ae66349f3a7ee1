/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of finite state entropy: see zstd-fse.h. What is made here must be what a
 * reader makes of the same counts, place by place; the tests have libzstd read it.
 * Trusts its counts, which are constants of zstd-quick.c.
 */
#include "makedumpfile/codec/zstd-fse.h"

static unsigned int places_of(int8_t count)
{
	return count < 0 ? 1 : (unsigned int)count;
}

/* Which symbol each of the states stands for, as RFC 8878, 4.1.1 spreads them: the least
 * probable at the end, the others in steps that meet every place once. */
static void spread(const struct kd_fse_counts *c, uint8_t *symbols)
{
	unsigned int size = 1U << c->log, step = size / 2 + size / 8 + 3;
	unsigned int end = size, at = 0;

	for (unsigned int s = 0; s < c->n; s++)
		if (c->counts[s] < 0)
			symbols[--end] = (uint8_t)s;
	for (unsigned int s = 0; s < c->n; s++)
		for (int i = 0; i < c->counts[s]; i++) {
			symbols[at] = (uint8_t)s;
			do {
				at = (at + step) % size;
			} while (at >= end);
		}
}

/*
 * A state is a number from 2^log on, below its double. Of a symbol with p places it must
 * come into [p, 2p) by losing bits: k of them, or k - 1 when it is below p * 2^k. The sum
 * of state and @bits has carried into its upper half exactly when it is k.
 */
static void fill_symbol(struct kd_fse_symbol *s, unsigned int log, unsigned int places,
			unsigned int before)
{
	unsigned int k = places == 1 ? log : log - kd_highest_bit(places - 1);

	s->bits = (k << 16) - (places << k);
	s->first = (int32_t)before - (int32_t)places;
}

void kd_fse_table_init(struct kd_fse_table *table, const struct kd_fse_counts *counts)
{
	unsigned int size = 1U << counts->log, before = 0;
	unsigned int at[KD_FSE_SYMBOLS_MAX];
	uint8_t symbols[1U << KD_FSE_LOG_MAX];

	table->log = counts->log;
	for (unsigned int s = 0; s < counts->n; s++) {
		unsigned int places = places_of(counts->counts[s]);

		fill_symbol(&table->symbols[s], counts->log, places, before);
		at[s] = before;
		before += places;
	}
	spread(counts, symbols);
	for (unsigned int i = 0; i < size; i++)
		table->next[at[symbols[i]]++] = (uint16_t)(size + i);
}

/* Each count, plus one, in as few bits as the places left ask for; of numbers that no
 * longer fit, some go without the highest bit. */
size_t kd_fse_describe(const struct kd_fse_counts *counts, uint8_t *ret)
{
	unsigned int left = 1U << counts->log;
	struct kd_bits b = { .at = ret };
	uint8_t *end;

	kd_bits_add(&b, counts->log - 5, 4);
	for (unsigned int s = 0; s < counts->n; s++) {
		unsigned int v = (unsigned int)(counts->counts[s] + 1);
		unsigned int bits = kd_highest_bit(left + 1) + 1;
		unsigned int spare = (1U << bits) - 2 - left;

		if (v < spare)
			kd_bits_add(&b, v, bits - 1);
		else
			kd_bits_add(&b, v >= 1U << (bits - 1) ? v + spare : v, bits);
		kd_bits_flush(&b);
		left -= places_of(counts->counts[s]);
	}
	end = kd_bits_end(&b);
	return (size_t)(end - ret);
}
