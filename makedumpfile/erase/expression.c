/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expressions of erase rules: "symbol.member.member" as makedumpfile.conf(5) has them,
 * and casts, which bind as in C: "((struct s *)symbol).member". See parser.h. Trusts
 * nothing; recursion is bounded by KD_ERASE_DEPTH.
 */
#include <string.h>

#include "base/strbuf.h"
#include "makedumpfile/erase/parser.h"

#define MAX_STARS    4
#define MAX_MEMBERS  64
#define MAX_SPELLING 256

static const char *copy(struct kd_parser *p, const char *text, size_t length)
{
	char *s = kd_parser_alloc(p, length + 1);

	if (s)
		memcpy(s, text, length);
	return s;
}

static bool is_one_of(const struct kd_token *token, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kd_token_is(token, words[i]))
			return true;
	return false;
}

static bool is_keyword(const struct kd_token *token)
{
	static const char *const words[] = { "erase", "size", "nullify", "for",
					     "in",    "via",  "within",	 "endfor" };

	return is_one_of(token, words, ARRAY_SIZE(words));
}

/* What may follow an expression: behind "(word)", it makes the word no cast. */
static bool ends_expression(const struct kd_token *token)
{
	static const char *const words[] = { "tree", "count", "let", "if", "endif" };

	return is_keyword(token) || is_one_of(token, words, ARRAY_SIZE(words));
}

int kd_parser_name(struct kd_parser *p, const char *what, const char **ret)
{
	const char *name;

	if (p->now.kind != KD_TOKEN_WORD || is_keyword(&p->now))
		return kd_parser_expected(p, what);
	name = copy(p, p->now.text, p->now.length);
	if (!name)
		return -ENOMEM;
	kd_parser_take(p);
	*ret = name;
	return 0;
}

int kd_parser_path(struct kd_parser *p, const char *what, const char **ret)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	const char *name;
	int r;

	kd_strbuf_init(&b, MAX_SPELLING);
	do {
		r = kd_parser_name(p, what, &name);
		if (r < 0)
			return r;
		kd_strbuf_addf(&b, "%s%s", b.length ? "." : "", name);
	} while (kd_parser_takes(p, "."));
	if (b.status == -EFBIG)
		return kd_parser_expected(p, "fewer members");
	name = b.status < 0 ? NULL : copy(p, b.data, b.length);
	if (!name)
		return -ENOMEM;
	*ret = name;
	return 0;
}

int kd_parser_type(struct kd_parser *p, const char **ret)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	const char *name;

	kd_strbuf_init(&b, MAX_SPELLING);
	while (p->now.kind == KD_TOKEN_WORD && !is_keyword(&p->now)) {
		kd_strbuf_adds(&b, b.length ? " " : "");
		kd_strbuf_add(&b, p->now.text, p->now.length);
		kd_parser_take(p);
	}
	if (!b.length || b.status == -EFBIG)
		return kd_parser_expected(p, "a type");
	name = b.status < 0 ? NULL : copy(p, b.data, b.length);
	if (!name)
		return -ENOMEM;
	*ret = name;
	return 0;
}

static int node(struct kd_parser *p, struct kd_expr e, const struct kd_expr **ret)
{
	struct kd_expr *n = kd_parser_alloc(p, sizeof(*n));

	if (!n)
		return -ENOMEM;
	*n = e;
	*ret = n;
	return 0;
}

/* Whether "( … )" is a cast: two words or a star in it, or an operand behind it. */
static bool looks_like_cast(struct kd_parser p)
{
	unsigned int words = 0;

	kd_parser_take(&p);
	for (; p.now.kind == KD_TOKEN_WORD && !is_keyword(&p.now); words++)
		kd_parser_take(&p);
	if (!words)
		return false;
	if (words > 1 || kd_token_is(&p.now, "*") || kd_token_is(&p.now, ":"))
		return true;
	if (!kd_parser_takes(&p, ")"))
		return false;
	return kd_token_is(&p.now, "(") ||
	       (p.now.kind == KD_TOKEN_WORD && !ends_expression(&p.now));
}

static int cast(struct kd_parser *p, const struct kd_expr **ret)
{
	struct kd_expr e = { .kind = KD_EXPR_CAST };
	int r;

	kd_parser_take(p);
	r = kd_parser_type(p, &e.name);
	if (r < 0)
		return r;
	while (kd_parser_takes(p, "*"))
		if (++e.stars > MAX_STARS)
			return kd_parser_expected(p, "fewer stars");
	if (!e.stars && kd_parser_takes(p, ":")) {
		e.kind = KD_EXPR_CONTAINER;
		r = kd_parser_path(p, "a member behind ':'", &e.member);
		if (r < 0)
			return r;
	}
	if (!kd_parser_takes(p, ")"))
		return kd_parser_expected(p, "')' behind the type");
	r = kd_parser_expression(p, "a symbol behind the type", &e.of);
	return r < 0 ? r : node(p, e, ret);
}

static int primary(struct kd_parser *p, const char *what, const struct kd_expr **ret)
{
	struct kd_expr e = { .kind = KD_EXPR_NAME };
	int r;

	if (kd_parser_takes(p, "(")) {
		r = kd_parser_expression(p, what, ret);
		if (r < 0)
			return r;
		return kd_parser_takes(p, ")") ? 0 : kd_parser_expected(p, "')'");
	}
	r = kd_parser_name(p, what, &e.name);
	return r < 0 ? r : node(p, e, ret);
}

static int members(struct kd_parser *p, const char *what, const struct kd_expr **ret)
{
	const struct kd_expr *of;
	int r = primary(p, what, &of);

	for (int i = 0; r == 0 && kd_parser_takes(p, "."); i++) {
		struct kd_expr e = { .kind = KD_EXPR_MEMBER, .of = of };

		if (i == MAX_MEMBERS)
			return kd_parser_expected(p, "fewer members");
		r = kd_parser_name(p, "a member behind '.'", &e.name);
		if (r == 0)
			r = node(p, e, &of);
	}
	if (r == 0)
		*ret = of;
	return r;
}

int kd_parser_expression(struct kd_parser *p, const char *what,
			 const struct kd_expr **ret)
{
	int r;

	if (p->parens == KD_ERASE_DEPTH)
		return kd_parser_expected(p, "fewer parentheses");
	p->parens++;
	if (kd_token_is(&p->now, "(") && looks_like_cast(*p))
		r = cast(p, ret);
	else
		r = members(p, what, ret);
	p->parens--;
	return r;
}
