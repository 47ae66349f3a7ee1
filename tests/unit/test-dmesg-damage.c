/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmesg of rings that were overwritten: records found by the text ring alone, and what is
 * told of those that are not.
 */
#include "tests/unit/log-text.h"

#define RING 0x1402000U /* where mkvmcore has it */

/** Memory that counts how often it is read, and whose ring says what it likes. */
struct counted {
	struct kd_memory memory;
	const struct kd_memory *base;
	unsigned long *reads;
	uint32_t count_bits;
	uint64_t head, tail;
};

static int counted_read(const struct kd_memory *m, kd_paddr_t addr, void *buf,
			size_t size)
{
	const struct counted *c = (const struct counted *)m;
	int r = kd_memory_read(c->base, addr, buf, size);

	++*c->reads;
	if (r == 0 && addr == RING && size >= 40) {
		memcpy(buf, &c->count_bits, sizeof(c->count_bits));
		memcpy((char *)buf + 24, &c->head, sizeof(c->head));
		memcpy((char *)buf + 32, &c->tail, sizeof(c->tail));
	}
	return r;
}

/* Put @c between @m and its memory. */
static void count_reads(struct machine *m, struct counted *c)
{
	static const struct kd_memory_ops ops = { .read = counted_read };

	c->memory = *m->xlat.memory;
	c->memory.ops = &ops;
	c->base = m->xlat.memory;
	m->xlat.memory = &c->memory;
}

/* A million descriptors of which 16 are there: pid 1 must not look for each by itself. */
static void far_larger_than_memory(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *text = NULL;
	unsigned long reads = 0;
	struct counted c = { .reads = &reads, .count_bits = 20, .head = (1U << 20) - 1 };
	kd_vaddr_t at = 0;
	int r;

	machine_init(&m, "@core preset=6.12\n@ram start=0x100000 size=31M\n"
			 "@ring count_bits=4 size_bits=9\n"
			 "@log ts=1000 text=one\n");
	CHECK_INT(t, kd_vmcoreinfo_symbol(m.info, "printk_rb_static", &at), 0);
	CHECK_INT(t, at, UINT64_C(0xffffffff80000000) + RING);
	count_reads(&m, &c);
	text = log_of(&m, &r);
	CHECK_INT(t, r, -EBADMSG);
	CHECK(t, reads > 1000 && reads < 300000);
}

/* The small ring of preset 6.12: its 16 descriptors, infos and 512 bytes of text. */
#define SMALL	  "@core preset=6.12\n" RAM "@ring count_bits=4 size_bits=9\n"
#define DESC_SIZE 24
#define DESCS	  (RING + 128)
#define INFO_SIZE 88
#define INFOS	  (DESCS + 16 * DESC_SIZE)
#define TEXT	  (INFOS + 16 * INFO_SIZE)
#define NOISE	  UINT64_C(0x9e3779b97f4a7c15)

static void put_word(char *script, size_t room, unsigned int at, uint64_t word)
{
	size_t used = strlen(script);

	(void)snprintf(script + used, room - used, "@data addr=0x%x u64=0x%jx\n", at,
		       (uintmax_t)word);
}

/* A word of noise in each of @n things of @size bytes from @at on. */
static void spoil(char *script, size_t room, unsigned int at, unsigned int size,
		  unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int k = 0; k < size; k += 8)
			put_word(script, room, at + i * size + k, NOISE * (i + 1) + k);
}

/* The same with zeros, which is how a descriptor begins, too. */
static void wipe(char *script, size_t room, unsigned int at, unsigned int size)
{
	for (unsigned int k = 0; k < size; k += 8)
		put_word(script, room, at + k, 0);
}

#define FOUR                                                              \
	"@log ts=1000 caller=7 text=one\n@log ts=2000 text=two\\nlines\n" \
	"@log ts=3000\n@log ts=4000 text=four\n"
#define FOUR_LINES                                                       \
	"[    0.000001] one\n[    0.000002] two\n               lines\n" \
	"[    0.000004] four\n"

static void without_descriptors(struct test *t)
{
	const struct {
		unsigned int first, n;
	} rows[] = { { 0, 16 }, { 0, 1 }, { 1, 1 }, { 2, 1 }, { 3, 1 }, { 1, 2 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char script[8192] = SMALL FOUR;

		spoil(script, sizeof(script), DESCS + rows[i].first * DESC_SIZE,
		      DESC_SIZE, rows[i].n);
		check_log(t, script, 0, FOUR_LINES);
	}
}

static void wiped_descriptors(struct test *t)
{
	const struct {
		unsigned int first, n;
	} rows[] = { { 0, 16 }, { 0, 1 }, { 1, 1 }, { 2, 1 }, { 3, 1 }, { 1, 2 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char script[8192] = SMALL FOUR;

		wipe(script, sizeof(script), DESCS + rows[i].first * DESC_SIZE,
		     rows[i].n * DESC_SIZE);
		check_log(t, script, 0, FOUR_LINES);
	}
}

/* IDs that were taken when nothing could be stored any more: there is no record of them. */
static void ids_without_records(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *text = NULL;
	char script[8192] = SMALL FOUR;
	unsigned long reads = 0;
	struct counted c = {
		.reads = &reads, .count_bits = 4, .head = 0xfffffff9, .tail = 0xffffffef
	};
	int r;

	spoil(script, sizeof(script), DESCS, DESC_SIZE, 16);
	machine_init(&m, script);
	count_reads(&m, &c);
	text = log_of(&m, &r);
	CHECK_INT(t, r, 0);
	CHECK_STR(t, text, FOUR_LINES);
}

/* The same lines as before the damage, wherever the ring begins and wraps. */
static void without_descriptors_wrapped(struct test *t)
{
	for (int records = 5; records < 60; records++) {
		_cleanup_(machine_done) struct machine sane, damaged;
		_cleanup_(kd_freep) char *want = NULL, *got = NULL;
		char script[16384] = SMALL;
		int r;

		for (int i = 0; i < records; i++) {
			size_t used = strlen(script);

			(void)snprintf(script + used, sizeof(script) - used,
				       "@log ts=%d000 text=%d%.*s\n", i, i, i * 7 % 41,
				       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst");
		}
		machine_init(&sane, script);
		want = log_of(&sane, &r);
		CHECK_INT(t, r, 0);
		spoil(script, sizeof(script), DESCS, DESC_SIZE, 16);
		machine_init(&damaged, script);
		got = log_of(&damaged, &r);
		CHECK_INT(t, r, 0);
		CHECK_STR(t, got, want);
	}
}

static void text_alone(struct test *t)
{
	static const char lines[] = "one\ntwo\nlines\nfour\n";
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *text = NULL;
	char script[16384] = SMALL FOUR;
	unsigned long reads = 0;
	/* no record is one of those the ring says it has */
	struct counted c = { .reads = &reads, .count_bits = 4, .head = 77, .tail = 70 };
	int r;

	machine_init(&m, script);
	count_reads(&m, &c);
	text = log_of(&m, &r);
	CHECK_INT(t, r, -EBADMSG);
	CHECK_STR(t, text, lines);

	spoil(script, sizeof(script), DESCS, DESC_SIZE, 16);
	spoil(script, sizeof(script), INFOS, INFO_SIZE, 16);
	check_log(t, script, -EBADMSG, lines);
}

static void block_lost(struct test *t)
{
	char script[8192] = SMALL FOUR;
	size_t used;

	spoil(script, sizeof(script), DESCS, DESC_SIZE, 4);
	used = strlen(script);
	/* the second block's ID; "one" has 16 bytes with its own */
	(void)snprintf(script + used, sizeof(script) - used,
		       "@data addr=0x%x text=????????\n", TEXT + 16);
	check_log(t, script, -EBADMSG, "[    0.000001] one\n[    0.000004] four\n");
}

static const struct test_case cases[] = {
	{ "a ring far larger than memory", far_larger_than_memory },
	{ "descriptors are damaged: the text ring tells", without_descriptors },
	{ "descriptors are wiped: the text ring tells", wiped_descriptors },
	{ "descriptors that were taken for nothing", ids_without_records },
	{ "the same of rings that wrapped", without_descriptors_wrapped },
	{ "nothing but the text is left", text_alone },
	{ "a block that cannot be found", block_lost },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
