/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Erase rules as makedumpfile.conf(5) has them, and our additions (let, if, tree, count,
 * casts), parsed into a tree. Pure: knows no dump. Trusts nothing: nesting, sizes and
 * the number of rules have limits. Called by resolve.c.
 */
#pragma once

#include "base/error.h"
#include "base/strlist.h"
#include "base/types.h"

/** A file of rules larger than this is none. */
#define KD_ERASE_CONFIG_MAX (1U << 20)

/** Loops and conditions inside of each other, and parentheses. */
#define KD_ERASE_DEPTH 16

enum kd_expr_kind {
	KD_EXPR_NAME,	   /* a loop's or let's variable, else a symbol */
	KD_EXPR_MEMBER,	   /* of.name, through a pointer or not */
	KD_EXPR_CAST,	   /* (name **)of: what is there is taken for that type */
	KD_EXPR_CONTAINER, /* (name:member)of: the structure whose member it is */
};

/** @name: of the symbol, member or type as C spells it; @stars: of a cast; @member: of
 *  a container */
struct kd_expr {
	enum kd_expr_kind kind;
	const char *name;
	const char *member;
	unsigned int stars;
	const struct kd_expr *of;
};

enum kd_rule_kind {
	KD_RULE_ERASE,
	KD_RULE_FOR,
	KD_RULE_LET,
	KD_RULE_IF_EXISTS,
	KD_RULE_IF,
};

/* How a loop finds its elements. */
enum kd_loop_kind {
	KD_LOOP_PLAIN,	/* an array, or a structure by its member "next" */
	KD_LOOP_VIA,	/* a structure by the member @member */
	KD_LOOP_WITHIN, /* a list_head or hlist_head; in @type by @member */
	KD_LOOP_TREE,	/* an rb_root; in @type by @member */
	KD_LOOP_COUNT,	/* what a pointer points to, so many of them */
};

/** One side of a comparison: a number when @expr is NULL; its address with @address. */
struct kd_operand {
	const struct kd_expr *expr;
	bool address;
	int64_t number;
};

/**
 * @line:   where it begins, for messages; @number: from 0 on, in all of the file
 * @module: of its section; NULL for the kernel image
 * @name:   FOR, LET: the variable; IF_EXISTS: a symbol, or "struct s" with @member
 * @expr:   ERASE: what; FOR: over what; LET: the value
 * @text:   ERASE: @expr as it was written
 * @size_expr, @size: ERASE, FOR with COUNT: at most one is given; 0 is none
 * @negated: IF with "!="
 * @body:   FOR, IF, IF_EXISTS; @next: what follows
 */
struct kd_rule {
	enum kd_rule_kind kind;
	unsigned int line;
	unsigned int number;
	const char *module;
	const char *name;
	const struct kd_expr *expr;
	const char *text;
	const struct kd_expr *size_expr;
	uint64_t size;
	bool nullify;
	enum kd_loop_kind loop;
	const char *type;
	const char *member;
	struct kd_operand left, right;
	bool negated;
	struct kd_rule *body;
	struct kd_rule *next;
};

struct kd_erase_config;

/**
 * Parse @size bytes of text.
 *
 * @name:   of the file, for messages
 * @errors: all that is wrong, "name:line: expected …" each
 * Returns 0, -EINVAL with the first error in @err, -EFBIG, -ENOMEM.
 */
int kd_erase_config_new(const char *text, size_t size, const char *name,
			struct kd_strlist *errors, struct kd_erase_config **ret,
			struct kd_error *err);
void kd_erase_config_free(struct kd_erase_config *c);
KD_DEFINE_GUARD(struct kd_erase_config, kd_erase_config_free)

/** How many rules there are, those in blocks too. */
size_t kd_erase_config_count(const struct kd_erase_config *c);

/** The first rule, NULL when there is none; all of it lives as long as @c. */
const struct kd_rule *kd_erase_config_rules(const struct kd_erase_config *c);
