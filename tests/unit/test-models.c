/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The models of FreeBSD against the conformance table: each row's answers are the models'
 * own, and the validator objects wherever a model does anything but succeed.
 */
#include "tests/kexec/model-freebsd.h"
#include "tests/kexec/perform.h"
#include "tests/unit/test.h"

#define TABLE KD_SOURCE_DIR "/tests/kexec/conformance.table"

/* What "vm.phys_segs" of the table's machine is: 1 GiB, firmware's hole, no page 0. */
static const struct model_freebsd machine = {
	.invariants = true,
	.segs = { { 0x1000, 0x9f000 }, { 0x100000, 0x40000000 } },
	.n_segs = 2,
	.free = 0x30000000,
};

static const struct table_symbol symbols[] = {
	{ "M", 0x10000000 },	   { "P", 4096 },	    { "C", 0x30000000 },
	{ "E", 0x37ffffff },	   { "SIZE", 0x8000000 },   { "HALF", 0x20000000 },
	{ "QUARTER", 0x10000000 }, { "LIMIT", 1ull << 46 }, { NULL, 0 },
};

static struct model_answer freebsd_call(struct test *t, struct model_freebsd *m,
					const struct perform_buffers *b,
					const struct table_step *step, size_t *ret_n)
{
	struct kd_freebsd_segment list[PERFORM_SEGMENTS];
	struct perform_load load;
	void *segments = list;

	if (!perform_load_read(step, symbols, b, &load))
		test_failed(t, __FILE__, __LINE__, "line %u: no load", step->line);
	for (size_t i = 0; i < load.n_own; i++)
		list[i] = (struct kd_freebsd_segment) { (void *)load.own[i].buf,
							load.own[i].bufsz,
							load.own[i].mem,
							load.own[i].memsz };
	if (load.segments != load.own)
		segments = (void *)load.segments;
	if (strncmp(step->call, "unload", 6) == 0)
		load.n = 0;
	*ret_n = load.n;
	m->unprivileged = table_has_word(step->call, "user");
	return model_freebsd_load(m, load.entry, load.n, segments, load.flags);
}

/* The table's word for an answer to a call of @n segments. */
static const char *freebsd_word(const struct model_freebsd *m,
				const struct model_answer *a, size_t n)
{
	switch (a->verdict) {
	case MODEL_PANICS:
		return "panic";
	case MODEL_CORRUPTS:
		return "corrupts";
	case MODEL_HANGS:
		return "hangs";
	default:
		if (m->reading == MODEL_SNAPSHOT && a->code == 0 && n > m->image.n)
			return "drops";
		return table_errno_name(a->code);
	}
}

/* "0|EBUSY": a race of two, one of whom may be told so. */
static bool says(const char *expected, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = expected; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
		if (strncmp(p, word, n) == 0 && (p[n] == '\0' || p[n] == '|'))
			return true;
	return false;
}

static void check_row(struct test *t, struct model_freebsd *m,
		      const struct perform_buffers *b, const struct table_case *c,
		      const struct table_step *step)
{
	const char *who = m->reading == MODEL_PAGE ? "page" : "snapshot";
	const char *expected = table_expected(step, who, "");
	const char *rules = table_expected(step, "bsd-rules", "");
	struct model_answer a;
	const char *word;
	size_t n = 0;

	if (strcmp(step->call, "unload") == 0 || strncmp(step->call, "load ", 5) == 0)
		a = freebsd_call(t, m, b, step, &n);
	else if (strcmp(step->call, "race") == 0)
		a = (struct model_answer) { .code = -EBUSY };
	else
		return;
	word = freebsd_word(m, &a, n);
	if (expected && !says(expected, word))
		test_failed(t, __FILE__, __LINE__,
			    "line %u: %s: %s, the table says %s (%s)", step->line, who,
			    word, expected, a.why ? a.why : "");
	/* who may call is not the validator's to say for a system that it does not run on */
	if (!expected || a.verdict == MODEL_UNSAID || a.code == -EPERM ||
	    a.code == -EBUSY)
		return;
	if (strcmp(word, "0") != 0 && (!rules || strcmp(rules, "ok") == 0) && !c->why)
		test_failed(t, __FILE__, __LINE__,
			    "line %u: %s: %s, and no rule is against it", step->line, who,
			    word);
}

static void freebsd_rows(struct test *t, enum model_reading reading)
{
	struct table table = table_read(TABLE);
	struct perform_buffers b = perform_buffers_new();
	unsigned int rows = 0;

	for (size_t i = 0; i < table.n; i++) {
		const struct table_case *c = &table.cases[i];
		struct model_freebsd m = machine;

		m.reading = reading;
		for (size_t k = 0; k < c->n; k++) {
			rows += table_expected(&c->steps[k], "page", "") != NULL;
			check_row(t, &m, &b, c, &c->steps[k]);
		}
	}
	CHECK(t, rows >= 40);
	perform_buffers_done(&b);
	table_done(&table);
}

static void page(struct test *t)
{
	freebsd_rows(t, MODEL_PAGE);
}

static void snapshot(struct test *t)
{
	freebsd_rows(t, MODEL_SNAPSHOT);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "FreeBSD: the manual page", page },
		{ "FreeBSD: the code", snapshot },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
