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
static char *log_of(struct machine *m, int *ret_r)
{
	_cleanup_(kd_closep) int fd = memfd_create("log", MFD_CLOEXEC);
	char *text = calloc(1, 1 << 20);
	uint64_t bytes = 0;
	ssize_t n;

	if (fd < 0 || !text)
		exit(1);
	*ret_r = kd_dmesg_write(&m->xlat, m->info, fd, &bytes, NULL);
	n = kd_pread_full(fd, text, (1 << 20) - 1, 0);
	if (n != (ssize_t)bytes)
		exit(1);
	return text;
}

static void check_log(struct test *t, const char *script, int want_r, const char *want)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *text = NULL;
	int r;

	machine_init(&m, script);
	text = log_of(&m, &r);
	CHECK_INT(t, r, want_r);
	CHECK_STR(t, text, want);
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

static const struct test_case cases[] = {
	{ "lines as dmesg prints them, on three kernels", lines },
	{ "records that were not finished are left out", unfinished },
	{ "a ring that wrapped many times", wraps },
	{ "a key that is missing", missing_key },
	{ "sizes without sense", nonsense },
	{ "an empty log", empty },
	{ "a descriptor that cannot be written to", cannot_write },
	{ "a long record", long_record },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
