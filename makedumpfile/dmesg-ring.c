/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what kernel/printk/printk_ringbuffer.c left behind, without its locks: the
 * machine is dead, so records are either finished or they are not. All counts are
 * bounded by what the kernel can be configured to.
 */
#include "makedumpfile/dmesg-ring.h"

#include <string.h>

#include "makedumpfile/dmesg-text.h"

/* Two bits of state on top of the ID (printk_ringbuffer.h, enum desc_state). */
#define DESC_STATE_SHIFT 62
#define DESC_COMMITTED	 1
#define DESC_FINALIZED	 2

/* log_buf_len is capped at 2 GiB (printk.c, LOG_BUF_LEN_MAX); there is a descriptor for
 * each 32 bytes of it (PRB_AVGBITS 5). */
#define TEXT_BITS_MAX 31
#define DESC_BITS_MAX 26
/* struct prb_data_block: the ID comes before the text */
#define BLOCK_HEADER  8
/* Structures of the ring are far smaller; a member behind this is nonsense. */
#define STRUCT_MAX    1024

/* Sizes and offsets that the look-ups below fill in, by key. */
struct key {
	const char *name;
	bool is_size;
	uint32_t *ret;
};

static int look_up(const struct kd_vmcoreinfo *info, const struct key *keys, size_t n,
		   struct kd_error *err)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t v;
		int r = keys[i].is_size ? kd_vmcoreinfo_size(info, keys[i].name, &v)
					: kd_vmcoreinfo_offset(info, keys[i].name, &v);

		if (r == -ENODATA)
			return kd_fail_msg(err, r, "kernel log: %s is unknown",
					   keys[i].name);
		if (r < 0 || v > STRUCT_MAX)
			return kd_fail_msg(err, -EBADMSG, "kernel log: %s makes no sense",
					   keys[i].name);
		*keys[i].ret = (uint32_t)v;
	}
	return 0;
}

/* Places within struct printk_ringbuffer, relative to its start. */
struct ringbuffer_layout {
	uint32_t size, desc_ring, text_ring;
	uint32_t count_bits, descs, infos, head_id, tail_id;
	uint32_t size_bits, data, head_lpos, tail_lpos;
	uint32_t counter;
};

/* The place of a member that a kernel need not have. */
static uint32_t optional(const struct kd_vmcoreinfo *info, const char *name, size_t width,
			 uint32_t size)
{
	uint64_t v;

	if (kd_vmcoreinfo_offset(info, name, &v) < 0 || v > size || width > size - v)
		return UINT32_MAX;
	return (uint32_t)v;
}

static int ringbuffer_layout(const struct kd_vmcoreinfo *info,
			     struct ringbuffer_layout *ret, struct kd_error *err)
{
	struct ringbuffer_layout l;
	const struct key keys[] = {
		{ "printk_ringbuffer", true, &l.size },
		{ "printk_ringbuffer.desc_ring", false, &l.desc_ring },
		{ "printk_ringbuffer.text_data_ring", false, &l.text_ring },
		{ "prb_desc_ring.count_bits", false, &l.count_bits },
		{ "prb_desc_ring.descs", false, &l.descs },
		{ "prb_desc_ring.infos", false, &l.infos },
		{ "prb_desc_ring.head_id", false, &l.head_id },
		{ "prb_desc_ring.tail_id", false, &l.tail_id },
		{ "prb_data_ring.size_bits", false, &l.size_bits },
		{ "prb_data_ring.data", false, &l.data },
		{ "atomic_long_t.counter", false, &l.counter },
	};
	int r;

	r = look_up(info, keys, ARRAY_SIZE(keys), err);
	if (r < 0)
		return r;
	l.head_lpos = optional(info, "prb_data_ring.head_lpos", 8, l.size);
	l.tail_lpos = optional(info, "prb_data_ring.tail_lpos", 8, l.size);
	*ret = l;
	return 0;
}

static int record_layout(const struct kd_vmcoreinfo *info, struct kd_ring_layout *ret,
			 struct kd_error *err)
{
	struct kd_ring_layout l;
	uint32_t counter, lpos, begin, next;
	const struct key keys[] = {
		{ "prb_desc", true, &l.desc_size },
		{ "prb_desc.state_var", false, &l.desc_state },
		{ "prb_desc.text_blk_lpos", false, &lpos },
		{ "prb_data_blk_lpos.begin", false, &begin },
		{ "prb_data_blk_lpos.next", false, &next },
		{ "atomic_long_t.counter", false, &counter },
		{ "printk_info", true, &l.info_size },
		{ "printk_info.ts_nsec", false, &l.info_ts },
		{ "printk_info.text_len", false, &l.info_len },
	};
	int r;

	r = look_up(info, keys, ARRAY_SIZE(keys), err);
	if (r < 0)
		return r;
	l.desc_state += counter;
	l.desc_begin = lpos + begin;
	l.desc_next = lpos + next;
	if (l.desc_state + 8 > l.desc_size || l.desc_begin + 8 > l.desc_size ||
	    l.desc_next + 8 > l.desc_size || l.info_ts + 8 > l.info_size ||
	    l.info_len + 2 > l.info_size)
		return kd_fail_msg(err, -EBADMSG,
				   "kernel log: members outside of records");
	l.info_seq = optional(info, "printk_info.seq", 8, l.info_size);
	l.info_caller = optional(info, "printk_info.caller_id", 4, l.info_size);
	*ret = l;
	return 0;
}

static int load(const uint8_t *raw, size_t size, uint64_t at, size_t width, uint64_t *ret)
{
	uint64_t v = 0;

	if (at > size || width > size - at)
		return -EBADMSG;
	memcpy(&v, raw + at, width);
	*ret = v;
	return 0;
}

/* How far the text goes; all of the ring where that makes no sense. */
static void find_text(struct kd_ring *ring, const uint8_t *raw,
		      const struct ringbuffer_layout *l)
{
	uint64_t start = l->text_ring + l->counter, begin = 0, end = 0;

	if (load(raw, l->size, start + l->tail_lpos, 8, &begin) < 0 ||
	    load(raw, l->size, start + l->head_lpos, 8, &end) < 0 || (begin | end) % 8 ||
	    end - begin > ring->text_size) {
		begin = 0;
		end = ring->text_size;
	}
	ring->text_begin = begin;
	ring->text_at = begin;
	ring->text_end = end;
}

/* Read struct printk_ringbuffer: where the three rings are, and how large. */
static int read_ringbuffer(struct kd_ring *ring, kd_vaddr_t at,
			   const struct ringbuffer_layout *l)
{
	uint8_t raw[STRUCT_MAX];
	uint64_t desc_bits = 0, text_bits = 0;
	const struct {
		uint64_t at;
		size_t width;
		uint64_t *ret;
	} members[] = {
		{ l->desc_ring + l->count_bits, 4, &desc_bits },
		{ l->desc_ring + l->descs, 8, &ring->descs },
		{ l->desc_ring + l->infos, 8, &ring->infos },
		{ l->desc_ring + l->head_id + l->counter, 8, &ring->head },
		{ l->desc_ring + l->tail_id + l->counter, 8, &ring->id },
		{ l->text_ring + l->size_bits, 4, &text_bits },
		{ l->text_ring + l->data, 8, &ring->text },
	};
	int r;

	r = kd_xlat_read(ring->xlat, at, raw, l->size);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(members); i++)
		r = load(raw, l->size, members[i].at, members[i].width, members[i].ret);
	if (r < 0)
		return r;
	if (desc_bits > DESC_BITS_MAX || text_bits > TEXT_BITS_MAX || text_bits < 4)
		return -EBADMSG;
	ring->n_descs = UINT64_C(1) << desc_bits;
	ring->text_size = UINT64_C(1) << text_bits;
	ring->head &= KD_RING_ID_MASK;
	ring->id &= KD_RING_ID_MASK;
	/* a tail that is more than a whole ring behind cannot be right: what is still in
	 * the ring ends at the head */
	if (((ring->head - ring->id) & KD_RING_ID_MASK) >= ring->n_descs)
		ring->id = (ring->head - ring->n_descs + 1) & KD_RING_ID_MASK;
	ring->left = ((ring->head - ring->id) & KD_RING_ID_MASK) + 1;
	ring->budget = ring->text_size;
	find_text(ring, raw, l);
	return 0;
}

int kd_ring_init(struct kd_ring *ret, const struct kd_xlat *xlat,
		 const struct kd_vmcoreinfo *info, struct kd_error *err)
{
	struct ringbuffer_layout l;
	kd_vaddr_t symbol, at;
	int r;

	*ret = (struct kd_ring) { .xlat = xlat };
	r = kd_vmcoreinfo_symbol(info, "prb", &symbol);
	if (r < 0)
		return kd_fail_msg(err, r, "kernel log: prb is unknown");
	r = ringbuffer_layout(info, &l, err);
	if (r == 0)
		r = record_layout(info, &ret->layout, err);
	if (r < 0)
		return r;

	r = kd_xlat_read(xlat, symbol, &at, sizeof(at));
	if (r < 0)
		return kd_fail(err, r, "kernel log: prb");
	r = read_ringbuffer(ret, at, &l);
	if (r < 0)
		return kd_fail(err, r, "kernel log: ring buffer");
	return 0;
}

/* @size bytes at @at, through @cache: aligned pieces of it are read ahead as long as that
 * works, for a record's neighbours lie beside it. */
static int cached(const struct kd_xlat *xlat, struct kd_ring_cache *cache, kd_vaddr_t at,
		  void *buf, size_t size)
{
	kd_vaddr_t start = kd_align_down(at, KD_RING_CACHE);
	int r;

	if (at - start + size > KD_RING_CACHE)
		return kd_xlat_read(xlat, at, buf, size);
	if (at >= cache->bad && at < cache->bad_end)
		return cache->error;
	if (!cache->size || cache->start != start) {
		cache->size = 0;
		if (kd_xlat_read(xlat, start, cache->bytes, KD_RING_CACHE) < 0) {
			/* a file may be cut inside of the piece */
			r = kd_xlat_read(xlat, at, buf, size);
			if (r < 0) {
				cache->bad = at;
				cache->bad_end = start + KD_RING_CACHE;
				cache->error = r;
			}
			return r;
		}
		cache->start = start;
		cache->size = KD_RING_CACHE;
	}
	memcpy(buf, cache->bytes + (at - start), size);
	return 0;
}

/*
 * A block's text: [begin, next) in positions that grow for ever; their low bits are the
 * place in the ring. A block that would cross the ring's end is stored at its start
 * instead, and its next then lies in the wrap after begin's. (get_data() in
 * printk_ringbuffer.c. A block that fills up exactly to the end does not wrap since
 * 67e1b0052f6b, hence the wrap of its last byte is looked at.)
 */
static int block_text(struct kd_ring *ring, uint64_t begin, uint64_t next,
		      struct kd_ring_record *ret)
{
	uint64_t mask = ring->text_size - 1;
	uint64_t size;

	/* bit 0 marks blocks without data (BLK_DATALESS) */
	if ((begin & 1) && (next & 1))
		return -ENOENT;
	if (begin == next)
		return -ENOENT;
	if ((begin & ~mask) == ((next - 1) & ~mask) && begin < next) {
		ret->text = begin & mask;
		size = next - begin;
	} else if (((begin + ring->text_size) & ~mask) == ((next - 1) & ~mask)) {
		ret->text = 0;
		size = next & mask;
	} else {
		return -EBADMSG;
	}
	if (size <= BLOCK_HEADER || size > ring->budget)
		return -EBADMSG;
	ring->budget -= size;
	if (next % BLOCK_HEADER == 0 &&
	    next - ring->text_at <= ring->text_end - ring->text_at)
		ring->text_at = next;
	ret->text += BLOCK_HEADER;
	/* text_len may be more than there was room for */
	ret->length = (uint32_t)MIN((uint64_t)ret->length, size - BLOCK_HEADER);
	return 0;
}

static int read_info(struct kd_ring *ring, uint64_t id, struct kd_ring_record *ret)
{
	const struct kd_ring_layout *l = &ring->layout;
	uint64_t index = id & (ring->n_descs - 1);
	uint64_t length = 0, caller = 0;
	uint8_t raw[STRUCT_MAX];
	int r;

	r = cached(ring->xlat, &ring->info_cache, ring->infos + index * l->info_size, raw,
		   l->info_size);
	if (r < 0)
		return r;
	(void)load(raw, l->info_size, l->info_ts, 8, &ret->ts_nsec);
	(void)load(raw, l->info_size, l->info_len, 2, &length);
	ret->length = (uint32_t)length;
	ret->seq = UINT64_MAX;
	(void)load(raw, l->info_size, l->info_seq, 8, &ret->seq);
	ret->has_caller = load(raw, l->info_size, l->info_caller, 4, &caller) == 0;
	ret->caller = (uint32_t)caller;
	return 0;
}

/*
 * What the descriptor is worth. Another ID is right when no record came: of one lap before,
 * or 0 (desc_reserve() in printk_ringbuffer.c). But 0 is also what memory is wiped with:
 * whether there is a record, the text ring and infos[] know.
 */
static int judge_state(const struct kd_ring *ring, uint64_t id, uint64_t state)
{
	uint64_t seen = state & KD_RING_ID_MASK;

	state >>= DESC_STATE_SHIFT;
	if (seen == id)
		return state == DESC_COMMITTED || state == DESC_FINALIZED ? 0 : -ENOENT;
	if (seen == ((id - ring->n_descs) & KD_RING_ID_MASK))
		return -ENOENT;
	return -EBADMSG;
}

static int read_record(struct kd_ring *ring, uint64_t id, struct kd_ring_record *ret)
{
	const struct kd_ring_layout *l = &ring->layout;
	uint64_t index = id & (ring->n_descs - 1);
	uint64_t state = 0, begin = 0, next = 0;
	uint8_t raw[STRUCT_MAX];
	int r;

	r = cached(ring->xlat, &ring->desc_cache, ring->descs + index * l->desc_size, raw,
		   l->desc_size);
	if (r < 0)
		return r;
	(void)load(raw, l->desc_size, l->desc_state, 8, &state);
	(void)load(raw, l->desc_size, l->desc_begin, 8, &begin);
	(void)load(raw, l->desc_size, l->desc_next, 8, &next);
	r = judge_state(ring, id, state);
	if (r == 0)
		r = read_info(ring, id, ret);
	return r < 0 ? r : block_text(ring, begin, next, ret);
}

/** What infos[] says of an ID whose descriptor says nothing. */
enum info_verdict {
	INFO_OWN,   /* it is the record's */
	INFO_NONE,  /* it was never written: no record came (prb_reserve() gave up) */
	INFO_OTHER, /* it is damaged */
};

/* Numbers follow from IDs: those began at -n_descs in 32 bits (DESC0_ID()), these at 0. */
static enum info_verdict judge_info(const struct kd_ring *ring, uint64_t id,
				    const struct kd_ring_record *info)
{
	uint64_t seq = (id + ring->n_descs - (UINT64_C(1) << 32)) & KD_RING_ID_MASK;

	if (info->seq == seq)
		return INFO_OWN;
	if ((!info->seq && !info->length) || info->seq == seq - ring->n_descs)
		return INFO_NONE;
	return INFO_OTHER;
}

/* A record whose descriptor says nothing, for @why. */
static int salvage(struct kd_ring *ring, uint64_t id, int why, struct kd_ring_record *ret)
{
	struct kd_ring_record info = { 0 }, found = { .salvaged = true };
	enum info_verdict verdict = INFO_OTHER;

	if (read_info(ring, id, &info) == 0)
		verdict = judge_info(ring, id, &info);
	if (verdict == INFO_OWN && !info.length)
		return -ENOENT;
	if (kd_text_find(ring, id, &found) < 0)
		return verdict == INFO_NONE ? -ENOENT : why;
	if (found.length > ring->budget)
		return -EBADMSG;
	ring->budget -= found.length;
	if (verdict == INFO_OWN && info.length <= found.length) {
		info.salvaged = true;
		info.text = found.text;
		found = info;
	} else {
		found.timeless = true;
		found.seq = UINT64_MAX;
	}
	*ret = found;
	return 0;
}

int kd_ring_next(struct kd_ring *ring, struct kd_ring_record *ret)
{
	struct kd_ring_record record = { 0 };
	uint64_t id = ring->id;
	int r;

	if (!ring->left)
		return 0;
	ring->left--;
	ring->id = (ring->id + 1) & KD_RING_ID_MASK;
	r = read_record(ring, id, &record);
	if (r < 0 && r != -ENOENT)
		r = salvage(ring, id, r, &record);
	if (r < 0)
		return r;
	*ret = record;
	return 1;
}

int kd_ring_text(struct kd_ring *ring, uint64_t offset, void *buf, size_t size)
{
	int r;

	if (offset >= ring->text_size)
		return -EINVAL;
	size = MIN(size, (size_t)KD_RING_CACHE);
	size = (size_t)MIN((uint64_t)size, ring->text_size - offset);
	r = cached(ring->xlat, &ring->text_cache, ring->text + offset, buf, size);
	return r < 0 ? r : (int)size;
}
