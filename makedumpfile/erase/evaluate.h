/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expressions and loops of rules over a dead kernel's memory. Private to erase/; called
 * by resolve.c.
 */
#pragma once

#include "makedumpfile/erase/config.h"
#include "makedumpfile/erase/scope.h"

/** What an expression stands for. 1; 0 when a pointer on the way is NULL; else negative,
 *  in words. */
int kd_evaluate(const struct kd_scope *s, const struct kd_expr *e, struct kd_value *ret);

/** One side of a comparison. 1, 0 for NULL on the way, else negative, in words. */
int kd_evaluate_operand(const struct kd_scope *s, const struct kd_operand *o,
			int64_t *ret);

/** Whether what "if exists" names is there. 1, 0, or negative, in words. */
int kd_evaluate_exists(const struct kd_scope *s, const struct kd_rule *rule);

/**
 * Visit each element of a loop.
 *
 * @each: negative ends the loop
 * @note: told when a list runs in a circle instead of ending; all of it was visited
 * Returns 0, what @each returned, or negative, in words.
 */
struct kd_loop {
	const struct kd_scope *scope;
	const struct kd_rule *rule;
	int (*each)(void *context, const struct kd_value *element);
	void (*note)(void *context, const char *text);
	void *context;
};

int kd_loop_run(const struct kd_loop *l);

/** As kd_loop_run(), for a tree. @root: an rb_root. In tree.c. */
int kd_loop_tree(const struct kd_loop *l, const struct kd_value *root,
		 const struct kd_value *container, uint64_t offset);
