/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a file of erase rules. Lines mean nothing to the grammar but for sections
 * and for taking up again behind an error. Pure; called by config.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

enum kd_token_kind {
	KD_TOKEN_END,
	KD_TOKEN_WORD,	  /* a name, a number, a keyword */
	KD_TOKEN_SECTION, /* "[name]" at the start of a line; text is the name */
	KD_TOKEN_MARK,	  /* one of ( ) . * & : = or the pairs == and != */
	KD_TOKEN_WRONG,	  /* a byte that has no place here */
};

/** @text: not NUL-terminated, @length bytes; borrowed. @first: of its line */
struct kd_token {
	enum kd_token_kind kind;
	const char *text;
	size_t length;
	unsigned int line;
	bool first;
};

/** Where reading stands; start with the text and line 1 and @line_start set. */
struct kd_tokens {
	const char *at;
	const char *end;
	unsigned int line;
	bool line_start;
};

/** The next token; END again and again at the end. Comments run from '#' on. */
struct kd_token kd_tokens_next(struct kd_tokens *t);

/** Whether the token is exactly @text. */
bool kd_token_is(const struct kd_token *token, const char *text);
