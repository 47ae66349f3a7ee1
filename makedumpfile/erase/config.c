/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules of erasing, parsed: see config.h. One look ahead; behind an error it takes up
 * again at the next line that begins with a keyword, so that all errors are told at
 * once. Trusts nothing: recursion is bounded by KD_ERASE_DEPTH.
 */
#include "makedumpfile/erase/config.h"

#include <string.h>

#include "base/parse.h"
#include "base/strbuf.h"
#include "makedumpfile/erase/parser.h"

#define MAX_TOKEN_SHOWN 40
#define MAX_NUMBER	32
#define MAX_TEXT	512

struct chunk {
	struct chunk *next;
	max_align_t data[];
};

/* What ends a block. */
enum block {
	BLOCK_FILE,
	BLOCK_FOR,
	BLOCK_IF,
};

static int parse_block(struct kd_parser *p, enum block block, struct kd_rule **ret);

void *kd_parser_alloc(struct kd_parser *p, size_t size)
{
	struct chunk *c = calloc(1, sizeof(*c) + size);

	if (!c)
		return NULL;
	c->next = p->config->chunks;
	p->config->chunks = c;
	return c->data;
}

void kd_parser_take(struct kd_parser *p)
{
	p->last = p->now.text + p->now.length;
	p->now = kd_tokens_next(&p->tokens);
}

bool kd_parser_takes(struct kd_parser *p, const char *text)
{
	if (!kd_token_is(&p->now, text))
		return false;
	kd_parser_take(p);
	return true;
}

int kd_parser_expected(struct kd_parser *p, const char *what)
{
	char line[KD_ERROR_SIZE], got[MAX_TOKEN_SHOWN + 1];
	size_t n = MIN(p->now.length, (size_t)MAX_TOKEN_SHOWN);
	int r;

	for (size_t i = 0; i < n; i++)
		got[i] = p->now.text[i] >= ' ' && p->now.text[i] <= '~' ? p->now.text[i]
									: '?';
	got[n] = '\0';
	(void)snprintf(line, sizeof(line), "%s:%u: expected %s, not %s%s%s", p->file,
		       p->now.line, what, p->now.kind == KD_TOKEN_END ? "" : "'",
		       p->now.kind == KD_TOKEN_END ? "the end of the file" : got,
		       p->now.kind == KD_TOKEN_END ? "" : "'");
	r = kd_strlist_add(p->errors, line);
	/* past the ceiling of the list the first errors have to do */
	return r == -ENOMEM ? r : -EINVAL;
}

/* "100", "0x40", "1K", "2m". */
static int parse_number(struct kd_parser *p, uint64_t *ret)
{
	char text[MAX_NUMBER], last;
	uint64_t v;

	if (p->now.length >= sizeof(text))
		return kd_parser_expected(p, "a number");
	memcpy(text, p->now.text, p->now.length);
	text[p->now.length] = '\0';
	last = text[p->now.length - 1];
	if (kd_parse_u64(text, &v) < 0 &&
	    (!strchr("kKmM", last) || kd_parse_size(text, &v) < 0))
		return kd_parser_expected(p, "a number, with K or M at most");
	kd_parser_take(p);
	*ret = v;
	return 0;
}

static bool is_number(const struct kd_token *t)
{
	return t->kind == KD_TOKEN_WORD && t->text[0] >= '0' && t->text[0] <= '9';
}

static int parse_size(struct kd_parser *p, struct kd_rule *rule)
{
	int r;

	if (!is_number(&p->now))
		return kd_parser_expression(p, "a number or a symbol", &rule->size_expr);
	r = parse_number(p, &rule->size);
	if (r == 0 && !rule->size)
		return kd_parser_expected(p, "a size of more than 0 before this");
	return r;
}

/* The expression as it was written, white space and comments aside. */
static int keep_text(struct kd_parser *p, const char *from, const char **ret)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	struct kd_tokens t = { .at = from, .end = p->last, .line = 1 };
	bool word = false;
	char *text;

	kd_strbuf_init(&b, MAX_TEXT);
	for (;;) {
		struct kd_token token = kd_tokens_next(&t);

		if (token.kind == KD_TOKEN_END)
			break;
		kd_strbuf_adds(&b, word && token.kind == KD_TOKEN_WORD ? " " : "");
		kd_strbuf_add(&b, token.text, token.length);
		word = token.kind == KD_TOKEN_WORD;
	}
	if (b.status == -ENOMEM)
		return -ENOMEM;
	text = kd_parser_alloc(p, b.length + 1);
	if (!text)
		return -ENOMEM;
	memcpy(text, kd_strbuf_text(&b), b.length);
	*ret = text;
	return 0;
}

static int parse_erase(struct kd_parser *p, struct kd_rule *rule)
{
	const char *from = p->now.text;
	int r;

	rule->kind = KD_RULE_ERASE;
	r = kd_parser_expression(p, "a symbol behind 'erase'", &rule->expr);
	if (r == 0)
		r = keep_text(p, from, &rule->text);
	if (r < 0)
		return r;
	if (kd_parser_takes(p, "size"))
		return parse_size(p, rule);
	rule->nullify = kd_parser_takes(p, "nullify");
	return 0;
}

/* "S:m", "struct S:m"; the member is "list" in the original when it is left out. */
static int parse_container(struct kd_parser *p, struct kd_rule *rule)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	const char *name;
	char *type;
	int r;

	(void)kd_parser_takes(p, "struct");
	r = kd_parser_name(p, "the name of a structure", &name);
	if (r < 0)
		return r;
	kd_strbuf_init(&b, MAX_TEXT);
	kd_strbuf_addf(&b, "struct %s", name);
	type = b.status < 0 ? NULL : kd_parser_alloc(p, b.length + 1);
	if (!type)
		return -ENOMEM;
	memcpy(type, b.data, b.length);
	rule->type = type;
	rule->member = "list";
	if (!kd_parser_takes(p, ":"))
		return rule->loop == KD_LOOP_TREE ? kd_parser_expected(p, "':'") : 0;
	return kd_parser_path(p, "a member behind ':'", &rule->member);
}

static int parse_loop(struct kd_parser *p, struct kd_rule *rule)
{
	if (kd_parser_takes(p, "via")) {
		rule->loop = KD_LOOP_VIA;
		return kd_parser_path(p, "a member behind 'via'", &rule->member);
	}
	if (kd_parser_takes(p, "within")) {
		rule->loop = KD_LOOP_WITHIN;
		return parse_container(p, rule);
	}
	if (kd_parser_takes(p, "tree")) {
		rule->loop = KD_LOOP_TREE;
		return parse_container(p, rule);
	}
	if (kd_parser_takes(p, "count")) {
		rule->loop = KD_LOOP_COUNT;
		return parse_size(p, rule);
	}
	return 0;
}

static int parse_for(struct kd_parser *p, struct kd_rule *rule)
{
	int r;

	rule->kind = KD_RULE_FOR;
	r = kd_parser_name(p, "a variable behind 'for'", &rule->name);
	if (r < 0)
		return r;
	if (!kd_parser_takes(p, "in"))
		return kd_parser_expected(p, "'in'");
	r = kd_parser_expression(p, "an array or a list behind 'in'", &rule->expr);
	if (r == 0)
		r = parse_loop(p, rule);
	return r < 0 ? r : parse_block(p, BLOCK_FOR, &rule->body);
}

static int parse_let(struct kd_parser *p, struct kd_rule *rule)
{
	int r;

	rule->kind = KD_RULE_LET;
	r = kd_parser_name(p, "a variable behind 'let'", &rule->name);
	if (r < 0)
		return r;
	if (!kd_parser_takes(p, "="))
		return kd_parser_expected(p, "'='");
	return kd_parser_expression(p, "a symbol behind '='", &rule->expr);
}

static int parse_operand(struct kd_parser *p, struct kd_operand *ret)
{
	uint64_t v;
	int r;

	if (is_number(&p->now)) {
		r = parse_number(p, &v);
		if (r == 0)
			ret->number = (int64_t)v;
		return r;
	}
	ret->address = kd_parser_takes(p, "&");
	return kd_parser_expression(p, "a symbol, '&' or a number", &ret->expr);
}

static int parse_exists(struct kd_parser *p, struct kd_rule *rule)
{
	int r;

	rule->kind = KD_RULE_IF_EXISTS;
	if (!kd_token_is(&p->now, "struct") && !kd_token_is(&p->now, "union"))
		return kd_parser_name(p, "a symbol or a struct behind 'exists'",
				      &rule->name);
	r = kd_parser_type(p, &rule->type);
	if (r == 0 && kd_parser_takes(p, "."))
		r = kd_parser_path(p, "a member behind '.'", &rule->member);
	return r;
}

static int parse_if(struct kd_parser *p, struct kd_rule *rule)
{
	int r;

	if (kd_parser_takes(p, "exists")) {
		r = parse_exists(p, rule);
		return r < 0 ? r : parse_block(p, BLOCK_IF, &rule->body);
	}
	rule->kind = KD_RULE_IF;
	r = parse_operand(p, &rule->left);
	if (r < 0)
		return r;
	rule->negated = kd_parser_takes(p, "!=");
	if (!rule->negated && !kd_parser_takes(p, "=="))
		return kd_parser_expected(p, "'==' or '!='");
	r = parse_operand(p, &rule->right);
	return r < 0 ? r : parse_block(p, BLOCK_IF, &rule->body);
}

static const struct {
	const char *word;
	int (*parse)(struct kd_parser *p, struct kd_rule *rule);
} commands[] = {
	{ "erase", parse_erase },
	{ "for", parse_for },
	{ "let", parse_let },
	{ "if", parse_if },
};

static int parse_command(struct kd_parser *p, struct kd_rule **ret)
{
	struct kd_rule *rule;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!kd_token_is(&p->now, commands[i].word))
			continue;
		rule = kd_parser_alloc(p, sizeof(*rule));
		if (!rule)
			return -ENOMEM;
		rule->line = p->now.line;
		rule->number = p->config->n_rules++;
		rule->module = p->module;
		kd_parser_take(p);
		r = commands[i].parse(p, rule);
		if (r == 0)
			*ret = rule;
		return r;
	}
	return kd_parser_expected(p, "'erase', 'for', 'let' or 'if'");
}

/* Behind an error: on to a line that looks like the beginning of something. */
static void recover(struct kd_parser *p)
{
	for (; p->now.kind != KD_TOKEN_END && p->now.kind != KD_TOKEN_SECTION;
	     kd_parser_take(p)) {
		if (!p->now.first)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
			if (kd_token_is(&p->now, commands[i].word))
				return;
		if (kd_token_is(&p->now, "endfor") || kd_token_is(&p->now, "endif"))
			return;
	}
}

static int parse_section(struct kd_parser *p)
{
	char *name = kd_parser_alloc(p, p->now.length + 1);

	if (!name)
		return -ENOMEM;
	memcpy(name, p->now.text, p->now.length);
	p->module = strcmp(name, "vmlinux") == 0 ? NULL : name;
	if (!*kd_strip(name))
		return kd_parser_expected(p, "the name of a module in brackets");
	kd_parser_take(p);
	return 0;
}

/* Sections follow each other at the top alone. */
static int skip_sections(struct kd_parser *p)
{
	while (p->now.kind == KD_TOKEN_SECTION) {
		int r = parse_section(p);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			kd_parser_take(p);
	}
	return p->now.kind == KD_TOKEN_END;
}

/* 1 at the end of the block, 0 when a rule may follow. */
static int block_ends(struct kd_parser *p, enum block block)
{
	static const char *const words[] = {
		[BLOCK_FOR] = "endfor", [BLOCK_IF] = "endif"
	};
	int r;

	if (block == BLOCK_FILE)
		return skip_sections(p);
	if (kd_parser_takes(p, words[block]))
		return 1;
	if (p->now.kind != KD_TOKEN_END && p->now.kind != KD_TOKEN_SECTION)
		return 0;
	r = kd_parser_expected(p, block == BLOCK_FOR ? "'endfor'" : "'endif'");
	return r == -ENOMEM ? r : 1;
}

static int parse_block(struct kd_parser *p, enum block block, struct kd_rule **ret)
{
	struct kd_rule **tail = ret;
	int r;

	if (p->depth == KD_ERASE_DEPTH)
		return kd_parser_expected(p, "fewer loops in loops");
	p->depth++;
	while ((r = block_ends(p, block)) == 0) {
		const char *before = p->now.text;

		r = parse_command(p, tail);
		if (r == -ENOMEM)
			break;
		if (r == 0) {
			tail = &(*tail)->next;
			continue;
		}
		p->parens = 0;
		if (p->now.text == before)
			kd_parser_take(p);
		recover(p);
	}
	p->depth--;
	return r < 0 ? r : 0;
}

int kd_erase_config_new(const char *text, size_t size, const char *name,
			struct kd_strlist *errors, struct kd_erase_config **ret,
			struct kd_error *err)
{
	_cleanup_(kd_erase_config_freep) struct kd_erase_config *c = NULL;
	struct kd_parser p = {
		.tokens = { .at = text,
			    .end = text + size,
			    .line = 1,
			    .line_start = true },
		.now = { .text = text },
		.errors = errors,
		.file = name,
	};
	size_t told = errors->n;
	int r;

	if (size > KD_ERASE_CONFIG_MAX)
		return kd_fail(err, -EFBIG, "%s", name);
	c = calloc(1, sizeof(*c));
	if (!c)
		return kd_fail(err, -ENOMEM, "%s", name);
	p.config = c;
	kd_parser_take(&p);
	r = parse_block(&p, BLOCK_FILE, &c->rules);
	if (r < 0 && r != -EINVAL)
		return kd_fail(err, r, "%s", name);
	if (errors->n > told)
		return kd_fail_msg(err, -EINVAL, "%s", errors->items[told]);
	*ret = TAKE_PTR(c);
	return 0;
}

void kd_erase_config_free(struct kd_erase_config *c)
{
	if (!c)
		return;
	while (c->chunks) {
		struct chunk *next = c->chunks->next;

		free(c->chunks);
		c->chunks = next;
	}
	free(c);
}

size_t kd_erase_config_count(const struct kd_erase_config *c)
{
	return c->n_rules;
}

const struct kd_rule *kd_erase_config_rules(const struct kd_erase_config *c)
{
	return c->rules;
}
