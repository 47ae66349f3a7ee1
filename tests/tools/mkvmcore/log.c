/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A printk ring buffer in dumped memory: see log.h. Offsets come from the preset's
 * vmcoreinfo. Called by build.c.
 */
#include "tests/tools/mkvmcore/log.h"

#include <string.h>

/* enum desc_state and the top two bits of state_var, printk_ringbuffer.h */
enum state {
	STATE_RESERVED,
	STATE_COMMITTED,
	STATE_FINALIZED,
	STATE_REUSABLE
};

#define STATE_SHIFT 62
#define ID_MASK	    ((UINT64_C(1) << STATE_SHIFT) - 1)
#define NO_DATA	    UINT64_C(3) /* NO_LPOS; FAILED_LPOS is 1 */
#define MAX_TEXT    1024

/** @first: id of the first record ever; @head, @tail: counted from it */
struct mk_log {
	kd_paddr_t ring, descs, infos, data;
	uint64_t count, size;
	uint64_t first;
	uint64_t head, tail;
	uint64_t head_lpos, tail_lpos;
	uint64_t *ends; /* per descriptor: where its text block ends */
};

void mk_log_free(struct mk_log *log)
{
	if (log)
		free(log->ends);
	free(log);
}

static int start(struct mk *mk, struct kd_error *err)
{
	struct mk_log *log = mk->log;
	kd_paddr_t prb = 0;
	int r;

	log->count = UINT64_C(1) << mk->config.ring_count_bits;
	log->size = UINT64_C(1) << mk->config.ring_size_bits;
	/* DESC0_ID(), in 32 bits, and BLK0_LPOS(): one lap before both wrap around */
	log->first = (uint32_t)(0 - log->count);
	log->head_lpos = log->tail_lpos = 0 - log->size;
	log->ends = calloc(log->count, sizeof(*log->ends));
	if (!log->ends)
		return kd_fail(err, -ENOMEM, "log");
	r = mk_alloc(mk, mk_size(mk, "printk_ringbuffer"), 64, &log->ring, err);
	if (r == 0)
		r = mk_alloc(mk, log->count * mk_size(mk, "prb_desc"), 64, &log->descs,
			     err);
	if (r == 0)
		r = mk_alloc(mk, log->count * mk_size(mk, "printk_info"), 64, &log->infos,
			     err);
	if (r == 0)
		r = mk_alloc(mk, log->size, 64, &log->data, err);
	if (r == 0)
		r = mk_alloc(mk, 8, 8, &prb, err);
	if (r < 0)
		return r;
	kd_strbuf_addf(&mk->symbols, "SYMBOL(prb)=%jx\nSYMBOL(printk_rb_static)=%jx\n",
		       (uintmax_t)mk_text_address(mk, prb),
		       (uintmax_t)mk_text_address(mk, log->ring));
	return mk_write_u64(mk, prb, mk_text_address(mk, log->ring), err);
}

static int get(struct mk *mk, struct kd_error *err)
{
	int r;

	if (mk->log)
		return 0;
	mk->log = calloc(1, sizeof(*mk->log));
	if (!mk->log)
		return kd_fail(err, -ENOMEM, "log");
	r = start(mk, err);
	return r;
}

static int write_state(struct mk *mk, uint64_t n, enum state state, struct kd_error *err)
{
	struct mk_log *log = mk->log;
	uint64_t id = (log->first + n) & ID_MASK;
	kd_paddr_t at = log->descs + (id % log->count) * mk_size(mk, "prb_desc");

	return mk_write_u64(mk, at + mk_offset(mk, "prb_desc.state_var"),
			    id | (uint64_t)state << STATE_SHIFT, err);
}

/* desc_push_tail(), data_push_tail(): the oldest record goes. */
static int drop_oldest(struct mk *mk, struct kd_error *err)
{
	struct mk_log *log = mk->log;
	uint64_t end = log->ends[(log->first + log->tail) % log->count];
	int r = write_state(mk, log->tail, STATE_REUSABLE, err);

	if (end)
		log->tail_lpos = end;
	log->tail++;
	return r;
}

/* Reserve a block as data_alloc() does: one that would wrap begins anew at the ring's
 * start, with its ID at both places. */
static uint64_t reserve(const struct mk_log *log, size_t block, uint64_t *ret_next)
{
	uint64_t begin = log->head_lpos, next = begin + block;

	/* a block that ends exactly where the ring ends counts as wrapping, too */
	if (begin / log->size != next / log->size)
		next = kd_align_up(begin, log->size) + block;
	*ret_next = next;
	return begin;
}

static int write_text(struct mk *mk, uint64_t id, const char *text, size_t length,
		      uint64_t *ret_lpos)
{
	struct mk_log *log = mk->log;
	size_t block = (size_t)kd_align_up(sizeof(id) + length, sizeof(id));
	uint64_t begin, next, place;
	int r = 0;

	if (block > log->size / 2)
		return -EINVAL;
	begin = reserve(log, block, &next);
	while (r == 0 && next - log->tail_lpos > log->size)
		r = drop_oldest(mk, NULL);
	place = begin;
	if (r == 0 && next - begin > block) {
		r = mk_write_u64(mk, log->data + begin % log->size, id, NULL);
		place = next - block;
	}
	if (r == 0)
		r = mk_write_u64(mk, log->data + place % log->size, id, NULL);
	if (r == 0 && length)
		r = mk_write(mk, log->data + place % log->size + sizeof(id), text, length,
			     NULL);
	log->head_lpos = next;
	ret_lpos[0] = begin;
	ret_lpos[1] = next;
	return r;
}

/** What an @log line says beside its text. */
struct record {
	uint64_t ts, caller, level, facility, flags, state;
};

static int parse_record(struct mk_line *line, struct record *ret, struct kd_error *err)
{
	static const char *const states[] = { "reserved", "committed", "finalized",
					      "reusable" };
	const char *state = mk_string(line, "state");
	int r;

	ret->state = STATE_FINALIZED;
	for (size_t i = 0; state && i < ARRAY_SIZE(states); i++)
		if (strcmp(state, states[i]) == 0)
			ret->state = i;
	r = mk_number(line, "ts", 0, &ret->ts, err);
	if (r == 0)
		r = mk_number(line, "caller", 0, &ret->caller, err);
	if (r == 0)
		r = mk_number(line, "level", 6, &ret->level, err);
	if (r == 0)
		r = mk_number(line, "facility", 0, &ret->facility, err);
	if (r == 0)
		r = mk_number(line, "flags", 0, &ret->flags, err);
	return r;
}

static int write_info(struct mk *mk, uint64_t n, const struct record *rec, size_t length,
		      struct kd_error *err)
{
	uint64_t id = (mk->log->first + n) & ID_MASK;
	size_t size = (size_t)mk_size(mk, "printk_info");
	size_t text_len = (size_t)mk_offset(mk, "printk_info.text_len");
	uint32_t caller = (uint32_t)rec->caller;
	uint16_t len = (uint16_t)length;
	uint8_t raw[512] = { 0 };

	memcpy(raw + mk_offset(mk, "printk_info.seq"), &n, 8);
	memcpy(raw + mk_offset(mk, "printk_info.ts_nsec"), &rec->ts, 8);
	memcpy(raw + text_len, &len, 2);
	/* u8 facility; u8 flags:5, level:3 follow text_len and are not exported */
	raw[text_len + 2] = (uint8_t)rec->facility;
	raw[text_len + 3] = (uint8_t)(rec->level << 5 | (rec->flags & 31));
	memcpy(raw + mk_offset(mk, "printk_info.caller_id"), &caller, 4);
	return mk_write(mk, mk->log->infos + (id % mk->log->count) * size, raw, size,
			err);
}

static int write_record(struct mk *mk, const struct record *rec, const char *text,
			size_t length, struct kd_error *err)
{
	struct mk_log *log = mk->log;
	uint64_t n = log->head, id = (log->first + n) & ID_MASK;
	uint64_t lpos[2] = { NO_DATA, NO_DATA };
	kd_paddr_t desc = log->descs + (id % log->count) * mk_size(mk, "prb_desc");
	int r = 0;

	if (n - log->tail == log->count)
		r = drop_oldest(mk, err);
	if (r == 0 && length)
		r = write_text(mk, id, text, length, lpos);
	if (r < 0)
		return kd_fail(err, r, "record");
	log->ends[id % log->count] = length ? lpos[1] : 0;
	desc += mk_offset(mk, "prb_desc.text_blk_lpos");
	r = mk_write_u64(mk, desc + mk_offset(mk, "prb_data_blk_lpos.begin"), lpos[0],
			 err);
	if (r == 0)
		r = mk_write_u64(mk, desc + mk_offset(mk, "prb_data_blk_lpos.next"),
				 lpos[1], err);
	if (r == 0)
		r = write_info(mk, n, rec, length, err);
	if (r == 0)
		r = write_state(mk, n, (enum state)rec->state, err);
	log->head++;
	return r;
}

int mk_log_directive(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	const char *given = mk_string(line, "text");
	struct record rec;
	char text[MK_LINE_SIZE] = "";
	size_t length;
	int r;

	r = get(mk, err);
	if (r < 0)
		return r;
	if (given)
		memcpy(text, given, strlen(given) + 1);
	r = mk_unescape(text, &length, err);
	if (r == 0)
		r = parse_record(line, &rec, err);
	if (r < 0)
		return r;
	if (length > MAX_TEXT)
		return kd_fail_msg(err, -EINVAL, "more than %d bytes of text", MAX_TEXT);
	return write_record(mk, &rec, text, length, err);
}

int mk_log_finish(struct mk *mk, struct kd_error *err)
{
	struct mk_log *log;
	int r;

	r = get(mk, err);
	if (r < 0)
		return r;
	log = mk->log;
	/* an empty ring's head and tail are the descriptor before the first */
	uint64_t head = log->head - 1;
	uint64_t tail = log->head == log->tail ? head : log->tail;
	const struct {
		const char *ring, *member;
		uint64_t value;
		size_t size;
	} all[] = {
		{ "desc_ring", "prb_desc_ring.count_bits", mk->config.ring_count_bits,
		  4 },
		{ "desc_ring", "prb_desc_ring.descs", mk_text_address(mk, log->descs),
		  8 },
		{ "desc_ring", "prb_desc_ring.infos", mk_text_address(mk, log->infos),
		  8 },
		{ "desc_ring", "prb_desc_ring.head_id", (log->first + head) & ID_MASK,
		  8 },
		{ "desc_ring", "prb_desc_ring.tail_id", (log->first + tail) & ID_MASK,
		  8 },
		{ "text_data_ring", "prb_data_ring.size_bits", mk->config.ring_size_bits,
		  4 },
		{ "text_data_ring", "prb_data_ring.data", mk_text_address(mk, log->data),
		  8 },
		{ "text_data_ring", "prb_data_ring.head_lpos", log->head_lpos, 8 },
		{ "text_data_ring", "prb_data_ring.tail_lpos", log->tail_lpos, 8 },
	};

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(all); i++) {
		char ring[64];

		(void)snprintf(ring, sizeof(ring), "printk_ringbuffer.%s", all[i].ring);
		r = mk_write(mk,
			     log->ring + mk_offset(mk, ring) +
				     mk_offset(mk, all[i].member),
			     &all[i].value, all[i].size, err);
	}
	return r;
}
