/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: what our files for other systems use of ISO C.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

typedef struct stand_in_file FILE;

extern FILE *stderr;

int fclose(FILE *f);
int fprintf(FILE *f, const char *fmt, ...);
int snprintf(char *buf, size_t size, const char *fmt, ...);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);
