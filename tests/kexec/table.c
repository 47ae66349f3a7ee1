/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The conformance table's parser: see table.h. Plain C, so that the static prober has it.
 */
#include "tests/kexec/table.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"

#define MAX_CASES 512
#define MAX_STEPS 32

static _Noreturn void nonsense(const char *path, unsigned int line, const char *what)
{
	(void)fprintf(stderr, "%s:%u: %s\n", path, line, what);
	exit(EXIT_FAILURE);
}

static char *read_text(const char *path)
{
	_cleanup_(kd_fclosep) FILE *f = fopen(path, "re");
	size_t room = 1 << 20, n;
	char *text = malloc(room);

	if (!f || !text) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	n = fread(text, 1, room - 1, f);
	text[n] = '\0';
	return text;
}

/* Cut the first word off; the rest starts at its own first letter. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	char *end = word + strcspn(word, " \t");

	*rest = end + strspn(end, " \t");
	if (*end)
		*end = '\0';
	return word;
}

static void add_expect(struct table_step *step, char *who, char *rest, const char *path,
		       unsigned int line)
{
	struct table_expect *e = &step->expects[step->n];
	char *condition = strstr(rest, " if "), *skip;

	if (step->n == TABLE_EXPECTS || !*rest)
		nonsense(path, line, "no answer, or too many");
	*e = (struct table_expect) { .who = who, .what = rest };
	if (!condition) {
		condition = strstr(rest, " unless ");
		e->unless = condition != NULL;
	}
	if (condition) {
		*condition++ = '\0';
		skip = condition;
		(void)next_word(&skip);
		e->feature = skip;
	}
	step->n++;
}

/** @step: the steps of all cases, one array, cut into pieces by their cases */
struct reader {
	const char *path;
	struct table *table;
	struct table_step *steps;
	size_t n_steps;
	unsigned int line;
};

static void add_case(struct reader *r, const char *name)
{
	struct table *t = r->table;

	if (t->n == MAX_CASES)
		nonsense(r->path, r->line, "too many cases");
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->cases[i].name, name) == 0)
			nonsense(r->path, r->line, "a second case of that name");
	t->cases[t->n++] = (struct table_case) { .name = name,
						 .steps = &r->steps[r->n_steps] };
}

static void add_line(struct reader *r, char *key, char *rest)
{
	struct table *t = r->table;
	struct table_case *c = t->n ? &t->cases[t->n - 1] : NULL;

	if (strcmp(key, "case") == 0)
		add_case(r, rest);
	else if (!c)
		nonsense(r->path, r->line, "before the first case");
	else if (strcmp(key, "boot") == 0)
		c->boot = rest;
	else if (strcmp(key, "from") == 0)
		c->from = rest;
	else if (strcmp(key, "why") == 0)
		c->why = rest;
	else if (strcmp(key, "call") == 0) {
		if (r->n_steps == (size_t)MAX_CASES * MAX_STEPS)
			nonsense(r->path, r->line, "too many calls");
		r->steps[r->n_steps++] = (struct table_step) { .call = rest,
							       .line = r->line };
		c->n++;
	} else if (c->n == 0)
		nonsense(r->path, r->line, "an answer before the call");
	else
		add_expect(&c->steps[c->n - 1], key, rest, r->path, r->line);
}

struct table table_read(const char *path)
{
	struct table t = { .text = read_text(path),
			   .cases = calloc(MAX_CASES, sizeof(struct table_case)) };
	struct reader r = { .path = path,
			    .table = &t,
			    .steps = calloc((size_t)MAX_CASES * MAX_STEPS,
					    sizeof(struct table_step)) };
	char *rest = t.text;

	if (!t.cases || !r.steps)
		abort();
	while (*rest) {
		char *line = rest, *key;

		rest += strcspn(rest, "\n");
		if (*rest)
			*rest++ = '\0';
		r.line++;
		line += strspn(line, " \t");
		if (!*line || *line == '#')
			continue;
		key = next_word(&line);
		add_line(&r, key, line);
	}
	for (size_t i = 0; i < t.n; i++)
		if (!t.cases[i].boot || !t.cases[i].from || !t.cases[i].n)
			nonsense(path, 0, t.cases[i].name);
	if (t.n == 0)
		nonsense(path, r.line, "no case");
	return t;
}

void table_done(struct table *t)
{
	if (t->n)
		free(t->cases[0].steps);
	free(t->cases);
	free(t->text);
	*t = (struct table) { .n = 0 };
}

bool table_has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)); p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == '\0' || p[n] == ' '))
			return true;
	return false;
}

const char *table_expected(const struct table_step *step, const char *who,
			   const char *features)
{
	for (size_t i = 0; i < step->n; i++) {
		const struct table_expect *e = &step->expects[i];

		if (strcmp(e->who, who) != 0)
			continue;
		if (!e->feature || table_has_word(features, e->feature) != e->unless)
			return e->what;
	}
	return NULL;
}

bool table_value(const struct table_step *step, const char *key, size_t nth, char *ret,
		 size_t size)
{
	size_t n = strlen(key);

	for (const char *p = step->call; *p; p += strspn(p, " ")) {
		size_t length = strcspn(p, " ");

		if (length > n && p[n] == '=' && strncmp(p, key, n) == 0 && nth-- == 0) {
			if (length - n > size)
				return false;
			memcpy(ret, p + n + 1, length - n - 1);
			ret[length - n - 1] = '\0';
			return true;
		}
		p += length;
	}
	return false;
}

static bool term(const struct table_symbol *symbols, const char *text, size_t n,
		 uint64_t *ret)
{
	char word[32], *end;

	if (n == 0 || n >= sizeof(word))
		return false;
	memcpy(word, text, n);
	word[n] = '\0';
	for (; symbols->name; symbols++)
		if (strcmp(symbols->name, word) == 0) {
			*ret = symbols->value;
			return true;
		}
	*ret = strtoull(word, &end, 0);
	return isdigit((unsigned char)word[0]) && *end == '\0';
}

bool table_number(const struct table_symbol *symbols, const char *text, uint64_t *ret)
{
	uint64_t sum = 0, value;
	bool minus = false;

	for (;;) {
		size_t n = strcspn(text, "+-");

		if (!term(symbols, text, n, &value))
			return false;
		/* modulo 2^64 on purpose: the table has addresses that wrap */
		sum = minus ? sum + (~value + 1) : sum + value;
		text += n;
		if (!*text)
			break;
		minus = *text++ == '-';
	}
	*ret = sum;
	return true;
}

static const struct {
	const char *name;
	int code;
} errnos[] = {
	{ "0", 0 },
	{ "EPERM", -EPERM },
	{ "ENOENT", -ENOENT },
	{ "EIO", -EIO },
	{ "ENOEXEC", -ENOEXEC },
	{ "EBADF", -EBADF },
	{ "ENOMEM", -ENOMEM },
	{ "EACCES", -EACCES },
	{ "EFAULT", -EFAULT },
	{ "EBUSY", -EBUSY },
	{ "EINVAL", -EINVAL },
	{ "ETXTBSY", -ETXTBSY },
	{ "EFBIG", -EFBIG },
	{ "E2BIG", -E2BIG },
	{ "ENOSYS", -ENOSYS },
	{ "ENOTSUP", -ENOTSUP },
	{ "ENODATA", -ENODATA },
	{ "EBADMSG", -EBADMSG },
	{ "ELIBBAD", -ELIBBAD },
	{ "ENOPKG", -ENOPKG },
	{ "ENOKEY", -ENOKEY },
	{ "EKEYREJECTED", -EKEYREJECTED },
	{ "EADDRNOTAVAIL", -EADDRNOTAVAIL },
	{ "ENOSPC", -ENOSPC },
};

bool table_errno(const char *word, int *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(errnos); i++)
		if (strcmp(errnos[i].name, word) == 0) {
			*ret = errnos[i].code;
			return true;
		}
	return false;
}

const char *table_errno_name(int code)
{
	for (size_t i = 0; i < ARRAY_SIZE(errnos); i++)
		if (errnos[i].code == code)
			return errnos[i].name;
	return "E?";
}
