/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkvmcore's language, word by word: "@name key=value … text=rest of the line". Private
 * to mkvmcore; strict, so that a typing error in a test does not pass silently.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define MK_WORDS     16
#define MK_LINE_SIZE 4096

/** One directive. @keys and @values point into @text; @used marks what was asked for. */
struct mk_line {
	unsigned int number;
	const char *name;
	const char *rest;
	size_t n;
	const char *keys[MK_WORDS];
	const char *values[MK_WORDS];
	bool used[MK_WORDS];
	char text[MK_LINE_SIZE];
};

/** Split a line; empty and comment lines give a NULL name. */
int mk_line_parse(struct mk_line *ret, const char *text, size_t size, unsigned int number,
		  struct kd_error *err);

/** The value of @key, NULL when the line does not have it. */
const char *mk_string(struct mk_line *line, const char *key);

/** A number or a size with a suffix ("64M"), negative ones as two's complement;
 *  @missing when the line does not have it. */
int mk_number(struct mk_line *line, const char *key, uint64_t missing, uint64_t *ret,
	      struct kd_error *err);

/** -EINVAL when a key was given that nobody asked for. */
int mk_line_done(const struct mk_line *line, struct kd_error *err);

/** Undo \n, \t, \\ and \xNN in place. Returns the length, which may include NULs. */
int mk_unescape(char *text, size_t *ret_length, struct kd_error *err);
