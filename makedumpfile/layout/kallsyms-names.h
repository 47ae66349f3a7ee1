/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of kallsyms as the kernel packs them (scripts/kallsyms.c): per name a length
 * and that many bytes, each a token of a table of 256 short strings; the first character
 * that results is the symbol's type. Private to kallsyms.c. Trusts nothing: all names
 * are walked once when they are read, and found whole.
 */
#pragma once

#include "makedumpfile/layout/kallsyms.h"

#define KD_KSYM_TOKENS 256

/** Where the parts are, virtual. */
struct kd_ksym_places {
	kd_vaddr_t num_syms;
	kd_vaddr_t names;
	kd_vaddr_t token_table;
	kd_vaddr_t token_index;
};

/** @packed: all names, @size bytes; @tokens: NUL-terminated strings at @index[token] */
struct kd_ksym_names {
	size_t count;
	uint8_t *packed;
	size_t size;
	char *tokens;
	uint16_t index[KD_KSYM_TOKENS];
};

/** One name of a walk: number @index, its tokens at packed[@at], @length of them. */
struct kd_ksym_walk {
	size_t next_index;
	size_t next_at;
	size_t index;
	size_t at;
	size_t length;
};

/** Copy names and tokens. @ret: zeroed by the caller; for kd_ksym_names_done() also
 *  after a failure. -EBADMSG, -ENOMEM, those of kd_xlat_read(). */
int kd_ksym_names_read(struct kd_ksym_names *ret, const struct kd_xlat *x,
		       const struct kd_ksym_places *places, struct kd_error *err);
void kd_ksym_names_done(struct kd_ksym_names *n);

/** Step to the next name; start with a zeroed walk. False at the end. */
bool kd_ksym_names_next(const struct kd_ksym_names *n, struct kd_ksym_walk *w);

/** Whether the current name, type left out, is @name. */
bool kd_ksym_names_equal(const struct kd_ksym_names *n, const struct kd_ksym_walk *w,
			 const char *name);

/** How the current name begins: its first four characters, the first one lowest; 0 for
 *  those it has not. */
uint32_t kd_ksym_names_start(const struct kd_ksym_names *n, const struct kd_ksym_walk *w);

/** The current name into @name, KD_KSYM_NAME_SIZE bytes, cut when longer. Returns its
 *  type as nm(1) shows it, '?' when it is empty. */
char kd_ksym_names_expand(const struct kd_ksym_names *n, const struct kd_ksym_walk *w,
			  char *name);
