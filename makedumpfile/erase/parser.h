/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parsing of rules (config.c) and of expressions (expression.c) share: the
 * place in the text, memory for the tree, the list of errors. Private to these two.
 */
#pragma once

#include "makedumpfile/erase/config.h"
#include "makedumpfile/erase/token.h"

/** @chunks: everything the tree is made of; freed as one */
struct kd_erase_config {
	struct chunk *chunks;
	struct kd_rule *rules;
	unsigned int n_rules;
};

/**
 * @now:    the token that is looked at, not taken yet
 * @last:   end of the one taken last
 * @module: of the section
 * @depth:  of blocks, @parens: of parentheses
 */
struct kd_parser {
	struct kd_tokens tokens;
	struct kd_token now;
	const char *last;
	struct kd_erase_config *config;
	struct kd_strlist *errors;
	const char *file;
	const char *module;
	unsigned int depth;
	unsigned int parens;
};

/** Zeroed memory that lives as long as the config, or NULL. */
void *kd_parser_alloc(struct kd_parser *p, size_t size);

/** Step on. */
void kd_parser_take(struct kd_parser *p);

/** Step on when the token is @text. */
bool kd_parser_takes(struct kd_parser *p, const char *text);

/** Note "file:line: @what" and the token that is there instead. Returns -EINVAL, or
 *  -ENOMEM when even that failed. */
int kd_parser_expected(struct kd_parser *p, const char *what);

/** A name that is no keyword of the original grammar, copied. @what: for the error. */
int kd_parser_name(struct kd_parser *p, const char *what, const char **ret);

/** "member.member…", copied. */
int kd_parser_path(struct kd_parser *p, const char *what, const char **ret);

/** An expression: a symbol, its members, casts. */
int kd_parser_expression(struct kd_parser *p, const char *what,
			 const struct kd_expr **ret);

/** "struct name" or the words of a base type, copied. */
int kd_parser_type(struct kd_parser *p, const char **ret);
