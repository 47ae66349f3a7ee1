/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One branch a page, which is seldom taken: neighbours are of any class, so that a branch
 * for each question would be mispredicted more often than not. See plain.h.
 */
#include "makedumpfile/pages/plain.h"

/* Key bits. */
enum {
	KEY_LRU = 1,
	KEY_SWAP = 2,
	KEY_PRIVATE = 4,
	KEY_SLAB = 8,
	KEY_ANON = 16,
};

#define MAPPING_ANON 0x1

/* _mapcount of a page without a type: -1, or how often it is mapped. */
static bool is_untyped(uint32_t mapcount)
{
	return mapcount == UINT32_MAX || mapcount <= INT32_MAX;
}

/* Whether no untyped page could be of @type. */
static bool is_apart(struct kd_page_type type)
{
	return !type.mask || (type.value > INT32_MAX && (type.mask & type.value) &&
			      (UINT32_MAX & type.mask) != type.value);
}

static struct kd_page example(const struct kd_plain *p, unsigned int key)
{
	return (struct kd_page) {
		.flags = (key & KEY_LRU ? p->lru : 0) |
			 (key & KEY_SWAP ? p->cache_swap : 0) |
			 (key & KEY_PRIVATE ? p->private : 0) |
			 (key & KEY_SLAB ? p->slab : 0),
		.mapping = key & KEY_ANON ? MAPPING_ANON : 0,
		.mapcount = UINT32_MAX,
	};
}

void kd_plain_init(struct kd_plain *ret, const struct kd_page_format *format,
		   const struct kd_class_rules *rules, const bool *keeps)
{
	const struct kd_page_type types[] = { rules->buddy,	 rules->offline,
					      rules->hugetlb,	 rules->slab_type,
					      rules->unaccepted, rules->zsmalloc };

	*ret = (struct kd_plain) {
		.format = *format,
		.special = rules->head | rules->hwpoison,
		.lru = rules->lru,
		.cache_swap = rules->cache_swap,
		.private = rules->private,
		.slab = rules->slab,
		.has_swap = rules->cache_swap,
		/* without heads told apart no page is known to be single */
		.usable = rules->head,
	};
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		ret->usable &= is_apart(types[i]);
	for (unsigned int key = 0; key < KD_PLAIN_KEYS; key++) {
		struct kd_page page = example(ret, key);
		struct kd_verdict v = kd_classify(rules, /* pfn= */ 0, &page,
						  /* next= */ NULL);

		ret->class[key] = (uint8_t)v.class;
		ret->drop[key] = !keeps[v.class];
	}
}

static unsigned int key_of(const struct kd_plain *p, const uint8_t *raw, uint64_t flags)
{
	uint64_t mapping = kd_page_load(raw, p->format.mapping);
	bool swap = (flags & p->cache_swap) == p->cache_swap;

	/* arithmetic instead of questions: see above */
	return (unsigned int)!!(flags & p->lru) * KEY_LRU +
	       (unsigned int)(swap & p->has_swap) * KEY_SWAP +
	       (unsigned int)!!(flags & p->private) * KEY_PRIVATE +
	       (unsigned int)!!(flags & p->slab) * KEY_SLAB +
	       (unsigned int)!!(mapping & MAPPING_ANON) * KEY_ANON;
}

uint64_t kd_plain_run(const struct kd_plain *p, kd_pfn_t pfn, kd_pfn_t end,
		      const uint8_t *raw, struct kd_keepmap *keep, uint64_t *found)
{
	uint64_t drop = 0;
	kd_pfn_t at = pfn;

	for (; at < end; at++, raw += p->format.size) {
		uint64_t flags = kd_page_flags(&p->format, raw);
		uint64_t bit = (at - keep->first) % 64;
		unsigned int key;
		uint32_t mapcount;

		memcpy(&mapcount, raw + p->format.mapcount, sizeof(mapcount));
		if ((flags & p->special) | kd_page_is_tail(&p->format, raw) |
		    !is_untyped(mapcount))
			break;
		key = key_of(p, raw, flags);
		found[key]++;
		drop |= (uint64_t)p->drop[key] << bit;
		if (bit == 63) {
			kd_keepmap_clear_word(keep, at, drop);
			drop = 0;
		}
	}
	if (drop)
		kd_keepmap_clear_word(keep, at - 1, drop);
	return at - pfn;
}
