/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of erase rules: the original's, our additions, every error with its line.
 */
#include "makedumpfile/erase/config.h"
#include "tests/unit/test.h"

static int parse(const char *text, struct kd_strlist *errors,
		 struct kd_erase_config **ret, struct kd_error *err)
{
	return kd_erase_config_new(text, strlen(text), "rules", errors, ret, err);
}

/* makedumpfile.conf(5), EXAMPLE */
static const char original[] = "[mymodule]\n"
			       "erase array_var\n"
			       "erase mystruct1.buffer size 25\n"
			       "erase mystruct1.addr1 nullify\n"
			       "# Assuming addr2 points to 1024 bytes\n"
			       "erase mystruct1.addr2 size 1K\n"
			       "erase mystruct2.addr size mystruct2.addr_size\n"
			       "for mys1 in mystruct1 via next\n"
			       "\terase mys1.private\n"
			       "\terase mys1.key size mys1.key_size\n"
			       "endfor\n"
			       "for mys1 in s1_list_head.next within s1:list\n"
			       "  erase mys1.private   # a comment\n"
			       "endfor\n"
			       "[vmlinux]\n"
			       "for mys1 in myarray erase mys1.private endfor";

static void test_original(struct test *t)
{
	_cleanup_(kd_strlist_done) struct kd_strlist errors = { 0 };
	_cleanup_(kd_erase_config_freep) struct kd_erase_config *c = NULL;
	struct kd_error err = { 0 };
	const struct kd_rule *r;

	CHECK_INT(t, parse(original, &errors, &c, &err), 0);
	CHECK_STR(t, err.message, "");
	if (!c)
		return;
	CHECK_INT(t, kd_erase_config_count(c), 12);
	r = kd_erase_config_rules(c);
	CHECK_STR(t, r->module, "mymodule");
	CHECK_STR(t, r->text, "array_var");
	CHECK_INT(t, r->line, 2);
	r = r->next;
	CHECK_INT(t, r->size, 25);
	CHECK_STR(t, r->text, "mystruct1.buffer");
	CHECK_INT(t, r->expr->kind, KD_EXPR_MEMBER);
	CHECK_STR(t, r->expr->of->name, "mystruct1");
	r = r->next;
	CHECK(t, r->nullify);
	r = r->next;
	CHECK_INT(t, r->size, 1024);
	r = r->next;
	CHECK_STR(t, r->size_expr->name, "addr_size");
	r = r->next;
	CHECK_INT(t, r->kind, KD_RULE_FOR);
	CHECK_INT(t, r->loop, KD_LOOP_VIA);
	CHECK_STR(t, r->member, "next");
	CHECK_STR(t, r->body->next->text, "mys1.key");
	CHECK(t, !r->body->next->next);
	r = r->next;
	CHECK_INT(t, r->loop, KD_LOOP_WITHIN);
	CHECK_STR(t, r->type, "struct s1");
	CHECK_STR(t, r->member, "list");
	r = r->next;
	CHECK(t, !r->module);
	CHECK_INT(t, r->loop, KD_LOOP_PLAIN);
	CHECK(t, !r->next);
}

static void test_additions(struct test *t)
{
	static const char text[] =
		"for k in (struct rb_root)tree tree struct key : node.rb\n"
		" if exists struct s.a.b\n  let p = (struct s **)k.payload\n"
		"  if k.type == &key_type erase ((struct t)p).data size 0x10 endif\n"
		"  if k.n != 7 erase (u8)x endif endif\n"
		"  if exists sym endif\n"
		" for i in p.v count p.n let o = (struct c:m.n)i.x endfor\n"
		" for i in p.v count 3 erase (i.x).y endfor\n"
		"endfor\n";
	_cleanup_(kd_strlist_done) struct kd_strlist errors = { 0 };
	_cleanup_(kd_erase_config_freep) struct kd_erase_config *c = NULL;
	struct kd_error err = { 0 };
	const struct kd_rule *r, *i;

	CHECK_INT(t, parse(text, &errors, &c, &err), 0);
	CHECK_STR(t, err.message, "");
	if (!c)
		return;
	r = kd_erase_config_rules(c);
	CHECK_INT(t, r->loop, KD_LOOP_TREE);
	CHECK_INT(t, r->expr->kind, KD_EXPR_CAST);
	CHECK_STR(t, r->expr->name, "struct rb_root");
	CHECK_STR(t, r->type, "struct key");
	CHECK_STR(t, r->member, "node.rb");
	i = r->body;
	CHECK_INT(t, i->kind, KD_RULE_IF_EXISTS);
	CHECK_STR(t, i->type, "struct s");
	CHECK_STR(t, i->member, "a.b");
	CHECK_INT(t, i->body->kind, KD_RULE_LET);
	CHECK_INT(t, i->body->expr->stars, 2);
	i = i->body->next;
	CHECK(t, i->right.address);
	CHECK_STR(t, i->body->text, "((struct t)p).data");
	CHECK_INT(t, i->body->size, 16);
	i = i->next;
	CHECK(t, i->negated);
	CHECK_INT(t, i->right.number, 7);
	CHECK_STR(t, i->body->expr->name, "u8");
	i = r->body->next;
	CHECK_STR(t, i->name, "sym");
	i = i->next;
	CHECK_STR(t, i->size_expr->name, "n");
	CHECK_INT(t, i->body->expr->kind, KD_EXPR_CONTAINER);
	CHECK_STR(t, i->body->expr->member, "m.n");
	CHECK_INT(t, i->next->size, 3);
	CHECK_STR(t, i->next->body->expr->name, "y");
}

/* Words of our additions are names where the original takes names. */
static void test_names(struct test *t)
{
	static const char text[] = "erase count.tree.let size if\nerase endif nullify\n"
				   "[tree]\nfor count in let via if erase count endfor\n";
	_cleanup_(kd_strlist_done) struct kd_strlist errors = { 0 };
	_cleanup_(kd_erase_config_freep) struct kd_erase_config *c = NULL;
	struct kd_error err = { 0 };

	CHECK_INT(t, parse(text, &errors, &c, &err), 0);
	CHECK_STR(t, err.message, "");
}

static void test_errors(struct test *t)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "erase",
		  "rules:1: expected a symbol behind 'erase', not the end of the "
		  "file" },
		{ "\nerase size 4",
		  "rules:2: expected a symbol behind 'erase', not 'size'" },
		{ "erase a. size 4",
		  "rules:1: expected a member behind '.', not 'size'" },
		{ "erase a size",
		  "rules:1: expected a number or a symbol, not the end of "
		  "the file" },
		{ "erase a size 0\nerase b",
		  "rules:2: expected a size of more than 0 before "
		  "this, not 'erase'" },
		{ "erase a size 4x",
		  "rules:1: expected a number, with K or M at most, not "
		  "'4x'" },
		{ "erase a size 4G",
		  "rules:1: expected a number, with K or M at most, not "
		  "'4G'" },
		{ "poke a",
		  "rules:1: expected 'erase', 'for', 'let' or 'if', not 'poke'" },
		{ "[", "rules:1: expected 'erase', 'for', 'let' or 'if', not ''" },
		{ "[ ]", "rules:1: expected the name of a module in brackets, not ' '" },
		{ "for a b", "rules:1: expected 'in', not 'b'" },
		{ "for a in b\nerase a", "rules:2: expected 'endfor', not the end of the "
					 "file" },
		{ "for a in b\n[x]", "rules:2: expected 'endfor', not 'x'" },
		{ "endfor",
		  "rules:1: expected 'erase', 'for', 'let' or 'if', not 'endfor'" },
		{ "for a in b tree c endfor", "rules:1: expected ':', not 'endfor'" },
		{ "if a = b endif", "rules:1: expected '==' or '!=', not '='" },
		{ "if a == b endfor",
		  "rules:1: expected 'erase', 'for', 'let' or 'if', not "
		  "'endfor'" },
		{ "let a b", "rules:1: expected '=', not 'b'" },
		{ "erase (struct a b",
		  "rules:1: expected ')' behind the type, not the end "
		  "of the file" },
		{ "erase ((((((((((((((((((a))))))))))))))))))",
		  "rules:1: expected fewer parentheses, not '('" },
		{ "erase \x01\xff",
		  "rules:1: expected a symbol behind 'erase', not '?'" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(kd_strlist_done) struct kd_strlist errors = { 0 };
		struct kd_erase_config *c = NULL;
		struct kd_error err = { 0 };

		CHECK_INT(t, parse(cases[i].text, &errors, &c, &err), -EINVAL);
		CHECK_STR(t, err.message, cases[i].message);
		CHECK(t, !c);
	}
}

static void test_all_errors(struct test *t)
{
	static const char text[] = "erase a size\n"
				   "for i in in\n"
				   "erase fine\n"
				   "let 7\n"
				   "erase b.\n"
				   "[m]\n"
				   "erase .c\n";
	_cleanup_(kd_strlist_done) struct kd_strlist errors = { 0 };
	struct kd_erase_config *c = NULL;
	struct kd_error err = { 0 };

	CHECK_INT(t, parse(text, &errors, &c, &err), -EINVAL);
	CHECK_INT(t, errors.n, 5);
	if (errors.n < 5)
		return;
	CHECK_STR(t, err.message, errors.items[0]);
	CHECK_STR(t, errors.items[1],
		  "rules:2: expected an array or a list behind 'in', not 'in'");
	CHECK_STR(t, errors.items[2], "rules:5: expected '=', not 'erase'");
	CHECK_STR(t, errors.items[4],
		  "rules:7: expected a symbol behind 'erase', not '.'");
}

static void test_depth(struct test *t)
{
	_cleanup_(kd_strlist_done) struct kd_strlist errors = { 0 };
	struct kd_erase_config *c = NULL;
	struct kd_error err = { 0 };
	char text[17 * 40] = "";

	for (int i = 0; i < 40; i++)
		strcat(text, "for a in b\n");
	CHECK_INT(t, parse(text, &errors, &c, &err), -EINVAL);
	CHECK_STR(t, err.message, "rules:17: expected fewer loops in loops, not 'for'");
	CHECK(t, !c);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "the original's example", test_original },
		{ "our additions", test_additions },
		{ "our words as names", test_names },
		{ "errors", test_errors },
		{ "all errors at once", test_all_errors },
		{ "loops in loops in loops", test_depth },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
