/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The models of FreeBSD and Zircon against the conformance table: each row's answers are
 * the models' own, and the validator objects wherever a model does anything but succeed.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "tests/kexec/model-freebsd.h"
#include "tests/kexec/table.h"
#include "tests/unit/test.h"

#define PAGE  4096ull
#define TABLE KD_SOURCE_DIR "/tests/kexec/conformance.table"

/* What "vm.phys_segs" of the table's machine is: 1 GiB, firmware's hole, no page 0. */
static const struct model_freebsd machine = {
	.invariants = true,
	.segs = { { 0x1000, 0x9f000 }, { 0x100000, 0x40000000 } },
	.n_segs = 2,
	.free = 0x30000000,
};

static const struct table_symbol symbols[] = {
	{ "M", 0x10000000 },	   { "P", PAGE },	    { "C", 0x30000000 },
	{ "E", 0x37ffffff },	   { "SIZE", 0x8000000 },   { "HALF", 0x20000000 },
	{ "QUARTER", 0x10000000 }, { "LIMIT", 1ull << 46 }, { NULL, 0 },
};

/** @pages: readable; @ends: a readable page with none behind it */
struct buffers {
	uint8_t *pages;
	uint8_t *ends;
};

#define PAGES_SIZE (64 * PAGE)

static struct buffers buffers_new(struct test *t)
{
	struct buffers b;

	b.pages = mmap(NULL, PAGES_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b.ends = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	CHECK(t, b.pages != MAP_FAILED && b.ends != MAP_FAILED);
	CHECK_INT(t, munmap(b.ends + PAGE, PAGE), 0);
	return b;
}

static void buffers_free(struct buffers *b)
{
	(void)munmap(b->pages, PAGES_SIZE);
	(void)munmap(b->ends, PAGE);
}

static void *pointer(const struct buffers *b, const char *name)
{
	if (strcmp(name, "null") == 0)
		return NULL;
	if (strcmp(name, "unmapped") == 0 || strcmp(name, "ends") == 0)
		return b->ends + (*name == 'u' ? PAGE : 0);
	if (strcmp(name, "kernel") == 0)
		return (void *)0xffffffff81000000ull;
	return b->pages;
}

static uint64_t number(struct test *t, const char *text)
{
	uint64_t value = 0;

	if (!table_number(symbols, text, &value))
		test_failed(t, __FILE__, __LINE__, "no number: %s", text);
	return value;
}

/* BUFFER:BUFSZ@MEM:MEMSZ */
static struct kd_freebsd_segment segment(struct test *t, const struct buffers *b,
					 char *text)
{
	char *size = text + strcspn(text, ":"), *mem = size + strcspn(size, "@");
	char *memsz = mem + strcspn(mem, ":");

	if (!*size || !*mem || !*memsz) {
		test_failed(t, __FILE__, __LINE__, "no segment: %s", text);
		return (struct kd_freebsd_segment) { 0 };
	}
	*size++ = *mem++ = *memsz++ = '\0';
	return (struct kd_freebsd_segment) { pointer(b, text), number(t, size),
					     number(t, mem), number(t, memsz) };
}

static struct model_answer freebsd_call(struct test *t, struct model_freebsd *m,
					const struct buffers *b,
					const struct table_step *step)
{
	struct kd_freebsd_segment list[KD_FREEBSD_SEGMENT_MAX + 1];
	struct kd_freebsd_segment *segments = list;
	uint64_t entry = 0, flags = 0, n = 0;
	char word[128];

	while (n < ARRAY_SIZE(list) && table_value(step, "seg", n, word, sizeof(word)))
		list[n++] = segment(t, b, word);
	if (table_value(step, "entry", 0, word, sizeof(word)))
		entry = number(t, word);
	if (table_value(step, "flags", 0, word, sizeof(word)))
		flags = number(t, word);
	if (table_has_word(step->call, "crash"))
		flags |= 1;
	if (table_value(step, "n", 0, word, sizeof(word)))
		n = number(t, word);
	if (table_value(step, "segments", 0, word, sizeof(word)))
		segments = pointer(b, word);
	m->unprivileged = table_has_word(step->call, "user");
	return model_freebsd_load(m, entry, n, segments, flags);
}

/* The table's word for an answer. */
static const char *freebsd_word(const struct model_freebsd *m,
				const struct model_answer *a,
				const struct table_step *step)
{
	char unused[128];
	size_t n = 0;

	while (table_value(step, "seg", n, unused, sizeof(unused)))
		n++;
	switch (a->verdict) {
	case MODEL_PANICS:
		return "panic";
	case MODEL_CORRUPTS:
		return "corrupts";
	case MODEL_HANGS:
		return "hangs";
	default:
		if (m->reading == MODEL_SNAPSHOT && a->code == 0 && n > m->image.n &&
		    m->staged)
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

static void check_row(struct test *t, struct model_freebsd *m, const struct buffers *b,
		      const struct table_case *c, const struct table_step *step)
{
	const char *who = m->reading == MODEL_PAGE ? "page" : "snapshot";
	const char *expected = table_expected(step, who, "");
	const char *rules = table_expected(step, "bsd-rules", "");
	struct model_answer a;
	const char *word;

	if (strcmp(step->call, "unload") == 0)
		a = model_freebsd_load(m, 0, 0, NULL, 0);
	else if (strncmp(step->call, "load ", 5) == 0)
		a = freebsd_call(t, m, b, step);
	else if (strcmp(step->call, "race") == 0)
		a = (struct model_answer) { .code = -EBUSY };
	else
		return;
	word = freebsd_word(m, &a, step);
	if (expected && !says(expected, word))
		test_failed(t, __FILE__, __LINE__,
			    "line %u: %s: %s, the table says %s (%s)", step->line, who,
			    word, expected, a.why ? a.why : "");
	/* who may call is not the validator's to say for a system that it does not run on */
	if (!expected || a.verdict == MODEL_UNSAID || a.code == -EPERM || a.code == -EBUSY)
		return;
	if (strcmp(word, "0") != 0 && (!rules || strcmp(rules, "ok") == 0) && !c->why)
		test_failed(t, __FILE__, __LINE__,
			    "line %u: %s: %s, and no rule is against it", step->line, who,
			    word);
}

static void freebsd_rows(struct test *t, enum model_reading reading)
{
	struct table table = table_read(TABLE);
	struct buffers b = buffers_new(t);
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
	buffers_free(&b);
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
