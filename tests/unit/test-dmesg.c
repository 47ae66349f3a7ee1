/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmesg: what the ring holds, as lines; wraps, unfinished records, damage.
 */
#include <sys/mman.h>

#include "base/io.h"
#include "makedumpfile/dmesg.h"
#include "tests/unit/machine.h"

#define RAM "@ram start=0x100000 size=63M\n"

/* The log of @script as text, owned; *ret_r is what writing it returned. */
static char *log_as(struct machine *m, unsigned int flags, int *ret_r)
{
	_cleanup_(kd_closep) int fd = memfd_create("log", MFD_CLOEXEC);
	char *text = calloc(1, 1 << 20);
	uint64_t bytes = 0;
	ssize_t n;

	if (fd < 0 || !text)
		exit(1);
	*ret_r = kd_dmesg_write_as(&m->xlat, m->info, flags, fd, &bytes, NULL);
	n = kd_pread_full(fd, text, (1 << 20) - 1, 0);
	if (n != (ssize_t)bytes)
		exit(1);
	return text;
}

static char *log_of(struct machine *m, int *ret_r)
{
	return log_as(m, /* flags= */ 0, ret_r);
}

static void check_log_as(struct test *t, const char *script, unsigned int flags,
			 int want_r, const char *want)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *text = NULL;
	int r;

	machine_init(&m, script);
	text = log_as(&m, flags, &r);
	CHECK_INT(t, r, want_r);
	CHECK_STR(t, text, want);
}

static void check_log(struct test *t, const char *script, int want_r, const char *want)
{
	check_log_as(t, script, /* flags= */ 0, want_r, want);
}

static void lines(struct test *t)
{
	static const char *const presets[] = { "6.1", "6.12", "7.1" };

	for (size_t i = 0; i < ARRAY_SIZE(presets); i++) {
		char script[512];

		(void)snprintf(script, sizeof(script),
			       "@core preset=%s\n" RAM "@log ts=0 text=Linux\n"
			       "@log ts=1500000999 level=4 text=two\\nlines\n"
			       "@log ts=123456789012345 text=tab\\tand \\x1b[31m\n",
			       presets[i]);
		check_log(t, script, 0,
			  "[    0.000000] Linux\n"
			  "[    1.500000] two\n"
			  "               lines\n"
			  "[123456.789012] tab\tand \\x1b[31m\n");
	}
}

static void unfinished(struct test *t)
{
	check_log(t,
		  "@core preset=6.1\n" RAM "@log ts=1000 text=one\n"
		  "@log ts=2000 state=reserved text=never\n"
		  "@log ts=3000 state=committed text=three\n"
		  "@log ts=4000 state=reusable text=gone\n"
		  "@log ts=5000 text=five\n",
		  0, "[    0.000001] one\n[    0.000003] three\n[    0.000005] five\n");
}

/* More than fits: the oldest are gone, the text ring wraps in the middle. */
static void wraps(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *text = NULL, *script = malloc(1 << 16);
	int n, r, first = -1, count = 0;
	char *line, *save = NULL;

	if (!script)
		exit(1);
	n = snprintf(script, 1 << 16,
		     "@core preset=6.12\n" RAM "@ring count_bits=5 size_bits=10\n");
	for (int i = 0; i < 300; i++)
		n += snprintf(script + n, (size_t)((1 << 16) - n),
			      "@log ts=%d000 text=%d%.*s\n", i, i, i % 37,
			      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst");
	machine_init(&m, script);
	text = log_of(&m, &r);
	CHECK_INT(t, r, 0);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		int number = -1, seen = -1;

		CHECK_INT(t, sscanf(line, "[ 0.%d] %d", &seen, &number), 2);
		CHECK_INT(t, seen, number);
		if (first < 0)
			first = number;
		CHECK_INT(t, number, first + count);
		count++;
	}
	CHECK_INT(t, first + count, 300);
	CHECK(t, count > 5 && count <= 32);
}

static void missing_key(struct test *t)
{
	static const char *const keys[] = { "SYMBOL(prb)", "SIZE(printk_info)",
					    "OFFSET(prb_desc.state_var)",
					    "OFFSET(prb_data_ring.data)" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		char script[256];

		(void)snprintf(script, sizeof(script),
			       "@core preset=6.1\n" RAM "@log text=x\n@info -%s\n",
			       keys[i]);
		check_log(t, script, -ENODATA, "");
	}
}

static void nonsense(struct test *t)
{
	static const char *const info[] = {
		"SIZE(prb_desc)=8",
		"SIZE(printk_info)=100000",
		"OFFSET(printk_info.text_len)=87",
		"OFFSET(prb_desc_ring.count_bits)=200",
		/* head_id's place holds an address: far more than 2^26 descriptors */
		"OFFSET(prb_desc_ring.count_bits)=8",
	};

	for (size_t i = 0; i < ARRAY_SIZE(info); i++) {
		char script[256];

		(void)snprintf(script, sizeof(script),
			       "@core preset=6.1\n" RAM "@log text=x\n@info %s\n",
			       info[i]);
		check_log(t, script, -EBADMSG, "");
	}
}

static void empty(struct test *t)
{
	check_log(t, "@core preset=6.1\n" RAM, -EBADMSG, "");
}

static void cannot_write(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	uint64_t bytes = 7;

	machine_init(&m, "@core preset=6.1\n" RAM "@log text=x\n");
	CHECK_INT(t, kd_dmesg_write(&m.xlat, m.info, -EBADF, &bytes, NULL), -EBADF);
	CHECK_INT(t, bytes, 0);
}

/* Longer than the steps in which text is copied. */
static void long_record(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *script = malloc(1 << 12), *text = NULL;
	int n, r;

	if (!script)
		exit(1);
	n = snprintf(script, 1 << 12, "@core preset=6.1\n" RAM "@log text=");
	memset(script + n, 'x', 1000);
	memcpy(script + n + 1000, "\n", 2);
	machine_init(&m, script);
	text = log_of(&m, &r);
	CHECK_INT(t, r, 0);
	CHECK_INT(t, strlen(text), 15 + 1000 + 1);
	CHECK_INT(t, strspn(text + 15, "x"), 1000);
}

static void callers(struct test *t)
{
	static const char script[] = "@core preset=6.12\n" RAM
				     "@log ts=1000 caller=1 text=one\\ntwo\n"
				     "@log ts=2000 caller=0x80000003 text=three\n";

	check_log_as(t, script, KD_DMESG_CALLERS, 0,
		     "[    0.000001] [      T1] one\n"
		     "                          two\n"
		     "[    0.000002] [      C3] three\n");
	check_log(t, script, 0,
		  "[    0.000001] one\n               two\n[    0.000002] three\n");
}

#define THREE                                            \
	"@log ts=1000 text=one\n@log ts=2000 text=two\n" \
	"@log ts=3000 text=three\n@info SYMBOL(clear_seq)=ffff888000300000\n"

static void partial(struct test *t)
{
	/* the copy that the lowest bit of the latch names is read */
	static const char latched[] =
		"@core preset=6.1\n" RAM THREE "@info OFFSET(latched_seq.val)=8\n"
		"@data addr=0x300000 u64=3\n@data addr=0x300008 u64=77\n"
		"@data addr=0x300010 u64=2\n";
	static const char plain[] = "@core preset=6.1\n" RAM THREE
				    "@info -OFFSET(latched_seq.val)\n"
				    "@data addr=0x300000 u64=1\n";
	static const char empty[] = "@core preset=6.1\n" RAM THREE
				    "@info -OFFSET(latched_seq.val)\n"
				    "@data addr=0x300000 u64=3\n";

	check_log_as(t, latched, KD_DMESG_PARTIAL, 0, "[    0.000003] three\n");
	check_log_as(t, plain, KD_DMESG_PARTIAL, 0,
		     "[    0.000002] two\n[    0.000003] three\n");
	check_log_as(t, empty, KD_DMESG_PARTIAL, 0, "");
	check_log(t, plain, 0,
		  "[    0.000001] one\n[    0.000002] two\n[    0.000003] three\n");
}

/* log_buf at 0x300100, its pointer and indices before it */
#define OLD                                             \
	"@core preset=6.1\n" RAM "@info -SYMBOL(prb)\n" \
	"@info SYMBOL(log_buf)=ffff888000300000\n"      \
	"@info SYMBOL(log_buf_len)=ffff888000300008\n"  \
	"@data addr=0x300000 u64=0xffff888000300100\n"  \
	"@data addr=0x300008 u64=64\n"
#define RECORDS                                                                      \
	OLD "@info SIZE(printk_log)=16\n@info OFFSET(printk_log.ts_nsec)=0\n"        \
	    "@info OFFSET(printk_log.len)=8\n@info OFFSET(printk_log.text_len)=10\n" \
	    "@info SYMBOL(log_first_idx)=ffff888000300010\n"                         \
	    "@info SYMBOL(log_next_idx)=ffff888000300018\n"                          \
	    "@info SYMBOL(clear_idx)=ffff888000300020\n"
/* len 24, text_len 5; then the mark that the buffer goes on at its start */
#define AT_24                                                             \
	"@data addr=0x300118 u64=1000\n@data addr=0x300120 u64=0x50018\n" \
	"@data addr=0x300128 text=first\n@data addr=0x300130 u64=0\n"
#define AT_0                                                              \
	"@data addr=0x300100 u64=2000\n@data addr=0x300108 u64=0x60018\n" \
	"@data addr=0x300110 text=second\n"

static void old_records(struct test *t)
{
	static const char wrapped[] = RECORDS AT_24 AT_0 "@data addr=0x300010 u64=24\n"
							 "@data addr=0x300018 u64=24\n"
							 "@data addr=0x300020 u64=0\n";
	static const char good[] = RECORDS AT_24 AT_0 "@data addr=0x300010 u64=24\n"
						      "@data addr=0x300018 u64=23\n";

	/* first and next the same: nothing in it */
	check_log(t, wrapped, -EBADMSG, "");
	check_log_as(t, wrapped, KD_DMESG_PARTIAL, 0, "[    0.000002] second\n");
	/* an index that is never met: once around, and no further */
	check_log(t, good, -EBADMSG,
		  "[    0.000001] first\n[    0.000002] second\n[    0.000001] first\n");
}

static void old_text(struct test *t)
{
	static const char script[] = OLD
		"@info SYMBOL(log_end)=ffff888000300010\n"
		"@info SYMBOL(logged_chars)=ffff888000300018\n"
		"@data addr=0x300010 u64=68\n@data addr=0x300018 u64=4\n"
		"@data addr=0x300100 text=end\\n\n@data addr=0x300104 text=<6>begin\\n\n";
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *text = NULL;
	int r;

	check_log_as(t, script, KD_DMESG_PARTIAL, 0, "end\n");
	machine_init(&m, script);
	text = log_of(&m, &r);
	CHECK_INT(t, r, 0);
	CHECK(t, strncmp(text, "<6>begin\n", 9) == 0);
	CHECK(t, strstr(text, "end\n"));
	/* no more than the buffer holds */
	check_log(t, OLD, -ENODATA, "");
}

static void old_damage(struct test *t)
{
	static const char *const scripts[] = {
		OLD "@data addr=0x300008 u64=0\n",
		OLD "@data addr=0x300008 u64=0xffffffff\n",
		RECORDS "@data addr=0x300010 u64=0x1000\n",
		/* a record of 8 bytes, of more than there is, text beyond its end */
		RECORDS "@data addr=0x300108 u64=8\n@data addr=0x300018 u64=8\n",
		RECORDS "@data addr=0x300108 u64=0x1000\n@data addr=0x300018 u64=8\n",
		RECORDS "@data addr=0x300108 u64=0x200018\n@data addr=0x300018 u64=24\n",
		/* two marks in a row */
		RECORDS "@data addr=0x300018 u64=24\n",
		RECORDS "@info OFFSET(printk_log.len)=15\n@data addr=0x300018 u64=24\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++)
		check_log(t, scripts[i], -EBADMSG, "");
}

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

/* A word of noise in each of @n things of @size bytes from @at on. */
static void spoil(char *script, size_t room, unsigned int at, unsigned int size,
		  unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int k = 0; k < size; k += 8) {
			size_t used = strlen(script);

			(void)snprintf(script + used, room - used,
				       "@data addr=0x%x u64=0x%jx\n", at + i * size + k,
				       (uintmax_t)(NOISE * (i + 1) + k));
		}
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
	{ "lines as dmesg prints them, on three kernels", lines },
	{ "records that were not finished are left out", unfinished },
	{ "a ring that wrapped many times", wraps },
	{ "a key that is missing", missing_key },
	{ "sizes without sense", nonsense },
	{ "an empty log", empty },
	{ "a descriptor that cannot be written to", cannot_write },
	{ "a long record", long_record },
	{ "who said it", callers },
	{ "what came since the log was cleared", partial },
	{ "records before the ring", old_records },
	{ "text before the records", old_text },
	{ "damage of old logs", old_damage },
	{ "a ring far larger than memory", far_larger_than_memory },
	{ "descriptors are damaged: the text ring tells", without_descriptors },
	{ "descriptors that were taken for nothing", ids_without_records },
	{ "the same of rings that wrapped", without_descriptors_wrapped },
	{ "nothing but the text is left", text_alone },
	{ "a block that cannot be found", block_lost },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
