/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What names mean at one place of a file of rules: variables, symbols and types, the
 * section's module first. And values: where something is in memory, and of which type.
 * Trusts nothing in the dump. Private to erase/.
 */
#pragma once

#include "makedumpfile/layout/kernel-view.h"

/**
 * Something in memory.
 *
 * @at:    where it is
 * @types: who knows @type
 * @stars: what is at @at is a pointer to a pointer … to @type, so many times
 * @typed: false for a symbol whose type nobody knows: @type means nothing
 */
struct kd_value {
	kd_vaddr_t at;
	const struct kd_types *types;
	struct kd_type type;
	unsigned int stars;
	bool typed;
};

/** A variable of a rule. @null: what it was to stand for is behind a NULL pointer;
 *  @next: the ones before it */
struct kd_variable {
	const char *name;
	struct kd_value value;
	bool null;
	const struct kd_variable *next;
};

#define KD_KNOWN_NAMES 64
#define KD_KNOWN_SIZE  64

/** What a name came to, for the next round of a loop. @type: a type, not a symbol;
 *  @result: 0 or -ENODATA */
struct kd_known_name {
	char name[KD_KNOWN_SIZE];
	const struct kd_module *module;
	bool type;
	int result;
	struct kd_value value;
};

/** Names looked up before: to walk all symbols or types takes a millisecond. */
struct kd_known {
	size_t n;
	struct kd_known_name names[KD_KNOWN_NAMES];
};

/**
 * @file, @line: of the rule at work, for messages
 * @module: the section's, NULL for the kernel image
 * @variables: the innermost first
 * @known: zeroed at first; filled by look-ups
 */
struct kd_scope {
	struct kd_kernel_view *view;
	const char *file;
	unsigned int line;
	struct kd_module *module;
	const struct kd_variable *variables;
	struct kd_known *known;
	struct kd_error *err;
};

/** Record "file:line: …". Returns @code. */
int kd_scope_fail(const struct kd_scope *s, int code, const char *fmt, ...)
	_printf_(3, 4);

/** The innermost variable @name, NULL when there is none. */
const struct kd_variable *kd_scope_variable(const struct kd_scope *s, const char *name);

/**
 * A symbol: the section's module, the kernel image, other modules, in this order.
 * Returns 0; -ENODATA, not in words, when nobody has it; -ENOTUNIQ when it is in one
 * place several times, -ENOTSUP for a per-CPU variable, both in words; those of reading.
 */
int kd_scope_symbol(const struct kd_scope *s, const char *name, struct kd_value *ret);

/** A type by its spelling; as for symbols. Returns 0 or -ENODATA, not in words. */
int kd_scope_type(const struct kd_scope *s, const char *spelling,
		  const struct kd_types **ret_types, struct kd_type *ret);

/** Exchange a mere declaration for the definition another module or the kernel has. */
void kd_scope_complete(const struct kd_scope *s, struct kd_value *v);

bool kd_value_is_pointer(const struct kd_value *v);

/** What the pointer @v points to. 1, 0 for NULL; those of reading, in words. */
int kd_value_follow(const struct kd_scope *s, const struct kd_value *v,
		    struct kd_value *ret);

/** The number a pointer, integer or enum holds. 0; -EINVAL, in words, when @v is
 *  something else; those of reading, in words. */
int kd_value_number(const struct kd_scope *s, const struct kd_value *v, int64_t *ret);

/** Member @name, through a pointer when @v is one. 1, 0 for a NULL pointer; in words:
 *  -ENODATA for no such member and for a symbol without a type, those of reading. */
int kd_value_member(const struct kd_scope *s, const struct kd_value *v, const char *name,
		    struct kd_value *ret);
