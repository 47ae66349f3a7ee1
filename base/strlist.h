/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of strings in the order they were added, each once, NULL-terminated so that it
 * passes for a `const char *const *`. Owns its strings; has a ceiling, so that input
 * cannot grow it without end. Used where names are collected: drivers, modules, files.
 */
#pragma once

#include "base/types.h"

#define KD_STRLIST_MAX 4096 /* strings */

/** @items: NULL while empty, else @n strings and a NULL; owned */
struct kd_strlist {
	char **items;
	size_t n;
};

/** Free what it holds; the list is empty and usable afterwards. */
void kd_strlist_done(struct kd_strlist *list);

/** Whether @text is in the list. */
bool kd_strlist_has(const struct kd_strlist *list, const char *text);

/** Append a copy of @text unless it is there.
 *  Returns 0, -ENOMEM, or -E2BIG past KD_STRLIST_MAX strings. */
int kd_strlist_add(struct kd_strlist *list, const char *text);

/** Free all strings from number @n on. */
void kd_strlist_cut(struct kd_strlist *list, size_t n);
