/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: what our files for other systems use of POSIX.
 */
#pragma once

#include <stddef.h>

void *memchr(const void *p, int c, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *p, int c, size_t size);
char *strchr(const char *text, int c);
int strcmp(const char *a, const char *b);
char *strdup(const char *text);
char *strndup(const char *text, size_t size);
char *strerror(int code);
size_t strlen(const char *text);
int strncmp(const char *a, const char *b, size_t size);
size_t strspn(const char *text, const char *set);
size_t strnlen(const char *text, size_t size);
