/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of erase rules: see token.h. Trusts nothing: the text may hold any byte, and
 * need not end in a newline or a NUL. Called by config.c and expression.c.
 */
#include "makedumpfile/erase/token.h"

#include <string.h>

/* Bytes of names beyond ASCII letters and digits: '$' is in symbols of some compilers. */
static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '$';
}

static void skip_blank(struct kd_tokens *t)
{
	for (; t->at < t->end; t->at++) {
		if (*t->at == '#') {
			while (t->at < t->end && *t->at != '\n')
				t->at++;
			if (t->at == t->end)
				return;
		}
		if (*t->at == '\n') {
			t->line++;
			t->line_start = true;
		} else if (!strchr(" \t\r\f\v", *t->at) || !*t->at) {
			return;
		}
	}
}

/* "[name]"; without its bracket on the same line it is wrong as a whole line. */
static void section(struct kd_tokens *t, struct kd_token *token)
{
	const char *p = ++t->at;

	while (p < t->end && *p != ']' && *p != '\n')
		p++;
	token->text = t->at;
	token->length = (size_t)(p - t->at);
	token->kind = p < t->end && *p == ']' ? KD_TOKEN_SECTION : KD_TOKEN_WRONG;
	t->at = p + (token->kind == KD_TOKEN_SECTION);
}

static size_t mark_length(const struct kd_tokens *t)
{
	bool pair = t->end - t->at > 1 && t->at[1] == '=';

	if (*t->at == '!')
		return pair ? 2 : 0;
	if (*t->at == '=')
		return pair ? 2 : 1;
	return *t->at && strchr("().*&:", *t->at) ? 1 : 0;
}

struct kd_token kd_tokens_next(struct kd_tokens *t)
{
	struct kd_token token = { 0 };

	skip_blank(t);
	token.line = t->line;
	token.first = t->line_start;
	token.text = t->at;
	t->line_start = false;
	if (t->at == t->end)
		return token;
	if (*t->at == '[' && token.first) {
		section(t, &token);
		return token;
	}
	while (t->at < t->end && is_word(*t->at))
		t->at++;
	token.length = (size_t)(t->at - token.text);
	if (token.length) {
		token.kind = KD_TOKEN_WORD;
		return token;
	}
	token.length = mark_length(t);
	token.kind = token.length ? KD_TOKEN_MARK : KD_TOKEN_WRONG;
	token.length = token.length ? token.length : 1;
	t->at += token.length;
	return token;
}

bool kd_token_is(const struct kd_token *token, const char *text)
{
	return (token->kind == KD_TOKEN_WORD || token->kind == KD_TOKEN_MARK) &&
	       strlen(text) == token->length &&
	       memcmp(token->text, text, token->length) == 0;
}
