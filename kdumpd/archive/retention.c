/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging which dumps go: see retention.h. Oldest first, one limit after the other, each
 * counting what the earlier ones have freed. Called by kdumpctl gc.
 */
#include "kdumpd/archive/retention.h"

#define SECONDS_PER_DAY 86400

/** What is left while dumps go. */
struct state {
	const struct kd_keep_input *in;
	enum kd_say *ret;
	size_t newest_whole; /* in->n for none */
	size_t count, removed;
	uint64_t bytes, free_bytes;
};

static bool may_go(const struct state *s, size_t i)
{
	const struct kd_keep_dump *d = &s->in->dumps[i];

	return s->ret[i] == KD_SAY_COUNT && i != s->newest_whole && d->reported &&
	       d->dump->ours;
}

static void remove_dump(struct state *s, size_t i, enum kd_say why)
{
	uint64_t bytes = s->in->dumps[i].dump->total_bytes;

	s->ret[i] = why;
	s->removed++;
	s->count--;
	s->bytes -= bytes;
	s->free_bytes += bytes;
}

static bool over_count(const struct state *s)
{
	return s->in->limits->count && s->count > s->in->limits->count;
}

static bool over_bytes(const struct state *s)
{
	return s->in->limits->bytes && s->bytes > s->in->limits->bytes;
}

static bool over_free(const struct state *s)
{
	return s->in->limits->free && s->free_bytes < s->in->limits->free;
}

static void remove_old(struct state *s)
{
	const struct kd_keep_input *in = s->in;

	if (!in->limits->days)
		return;
	for (size_t i = 0; i < in->n; i++) {
		int64_t age = in->now - in->dumps[i].dump->time;

		/* a clock that went wrong makes nothing old */
		if (age / SECONDS_PER_DAY >= (int64_t)in->limits->days && may_go(s, i))
			remove_dump(s, i, KD_SAY_OVER_DAYS);
	}
}

static void remove_while(struct state *s, bool (*over)(const struct state *s),
			 enum kd_say why)
{
	for (size_t i = 0; i < s->in->n && over(s); i++)
		if (may_go(s, i))
			remove_dump(s, i, why);
}

size_t kd_keep_judge(const struct kd_keep_input *in, enum kd_say *ret,
		     enum kd_say *ret_short)
{
	struct state s = { .in = in,
			   .ret = ret,
			   .newest_whole = in->n,
			   .count = in->n,
			   .free_bytes = in->free_bytes };

	for (size_t i = 0; i < in->n; i++) {
		ret[i] = KD_SAY_COUNT;
		s.bytes += in->dumps[i].dump->total_bytes;
		if (in->dumps[i].dump->state == KD_OUTCOME_COMPLETE)
			s.newest_whole = i;
	}
	remove_old(&s);
	remove_while(&s, over_count, KD_SAY_OVER_COUNT);
	remove_while(&s, over_bytes, KD_SAY_OVER_BYTES);
	remove_while(&s, over_free, KD_SAY_OVER_FREE);
	*ret_short = over_free(&s)    ? KD_SAY_OVER_FREE
		     : over_bytes(&s) ? KD_SAY_OVER_BYTES
		     : over_count(&s) ? KD_SAY_OVER_COUNT
				      : KD_SAY_COUNT;
	return s.removed;
}
