/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: what our files for other systems use of ISO C.
 */
#pragma once

#include <stddef.h>

void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t size);
void *reallocarray(void *p, size_t n, size_t size);
void free(void *p);
unsigned long long strtoull(const char *text, char **end, int base);
void qsort(void *items, size_t n, size_t size,
	   int (*compare)(const void *a, const void *b));
