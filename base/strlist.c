/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * List of strings: see strlist.h. Look-up is linear: the lists hold some dozens of
 * names. Called by every module that collects names.
 */
#include "base/strlist.h"

#include <string.h>

#include "base/guard.h"

void kd_strlist_done(struct kd_strlist *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct kd_strlist) { 0 };
}

bool kd_strlist_has(const struct kd_strlist *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

int kd_strlist_add(struct kd_strlist *list, const char *text)
{
	_cleanup_(kd_freep) char *copy = NULL;
	char **items;

	if (kd_strlist_has(list, text))
		return 0;
	if (list->n >= KD_STRLIST_MAX)
		return -E2BIG;

	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	items = reallocarray(list->items, list->n + 2, sizeof(*items));
	if (!items)
		return -ENOMEM;
	list->items = items;
	list->items[list->n++] = TAKE_PTR(copy);
	list->items[list->n] = NULL;
	return 0;
}

void kd_strlist_cut(struct kd_strlist *list, size_t n)
{
	while (list->n > n) {
		free(list->items[--list->n]);
		list->items[list->n] = NULL;
	}
}
