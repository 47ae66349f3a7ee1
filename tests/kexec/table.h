/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The conformance table, tests/kexec/conformance.table: calls that hand a kernel to
 * Linux, FreeBSD and Zircon, and what each answers. One text, read by the models' tests
 * and by the prober that asks real kernels. Its format is told at the table's top.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_EXPECTS 16

/** "linux EINVAL if limits": who answers what, on a kernel with that feature. */
struct table_expect {
	const char *who;
	const char *what;
	const char *feature; /* NULL: on every one */
	bool unless;	     /* the kernels without @feature */
};

/**
 * One call of a case and the answers to it.
 *
 * @call: the line's words after "call", e.g. "load crash entry=C seg=pg:P@C:P"
 */
struct table_step {
	const char *call;
	unsigned int line;
	struct table_expect expects[TABLE_EXPECTS];
	size_t n;
};

/**
 * @name: words with dashes, unique
 * @boot: the machine it needs: "crash", "bare", "locked", "limits", "disabled", "bsd",
 *        "zircon"
 * @from: the row of the research or the sentence of a manual page it stands for
 * @why:  why model, kernel and validator do not say the same; NULL when they do
 */
struct table_case {
	const char *name;
	const char *boot;
	const char *from;
	const char *why;
	struct table_step *steps;
	size_t n;
};

struct table {
	char *text; /* private: what the strings point into */
	struct table_case *cases;
	size_t n;
};

/** Read @path; a table that breaks its own format ends the program with the line. */
struct table table_read(const char *path);
void table_done(struct table *t);

/** What @who answers on a kernel with @features (words); NULL when the row is not for
 *  it. The first line whose condition holds counts. */
const char *table_expected(const struct table_step *step, const char *who,
			   const char *features);

/** Whether @list, words separated by blanks, has @word. */
bool table_has_word(const char *list, const char *word);

/** The @nth value (from 0) of "key=value" among the call's words: copied. */
bool table_value(const struct table_step *step, const char *key, size_t nth, char *ret,
		 size_t size);

/** A named number in expressions. */
struct table_symbol {
	const char *name;
	uint64_t value;
};

/** "C+4096", "E-0xfff", "M": symbols and numbers with + and - between, modulo 2^64.
 *  @symbols ends with a NULL name. False for nonsense. */
bool table_number(const struct table_symbol *symbols, const char *text, uint64_t *ret);

/** "EINVAL", "0", "-": negative errno, 0; false for a word that is neither. */
bool table_errno(const char *word, int *ret);
/** The other way round; "E?" for one not in the table. */
const char *table_errno_name(int code);
