/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmesg: what the ring holds, as lines; wraps, unfinished records, keys without sense.
 */
#include "tests/unit/log-text.h"

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
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
