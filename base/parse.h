/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsing of short texts: numbers, sizes, booleans, lines of "key=value". Strict: the
 * whole text must be consumed, overflow is an error. Trusts nothing about the input.
 * Used by the contracts, vmcoreinfo, configuration and command lines.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** Unsigned number: decimal, or hexadecimal after 0x. -EINVAL, -ERANGE. */
int kd_parse_u64(const char *text, uint64_t *ret);

/** Unsigned number in base 16, 0x optional. -EINVAL, -ERANGE. */
int kd_parse_hex(const char *text, uint64_t *ret);

/** Signed number, decimal or 0x. -EINVAL, -ERANGE. */
int kd_parse_i64(const char *text, int64_t *ret);

/** Size with an optional K, M, G, T, P or E suffix (powers of 1024), as the kernel's
 *  memparse() takes it, but strict: -EINVAL for anything behind it, -ERANGE. */
int kd_parse_size(const char *text, uint64_t *ret);

/** yes/no, true/false, on/off, 1/0, any case. -EINVAL. */
int kd_parse_bool(const char *text, bool *ret);

/** Cut white space off both ends, in place. Returns the first remaining character. */
char *kd_strip(char *text);

/**
 * Lines of a text, one at a time, without copying: start with
 * `struct kd_lines it = { .rest = text, .left = size };`.
 *
 * @line:   current line, not NUL-terminated, without its newline
 * @length: bytes in @line
 * @number: counts from 1, for messages
 */
struct kd_lines {
	const char *rest;
	size_t left;
	const char *line;
	size_t length;
	unsigned int number;
};

/** Step to the next line. Returns false at the end. A last line needs no newline. */
bool kd_lines_next(struct kd_lines *it);

/**
 * Split the current line at its first '='.
 *
 * @key, @value: copied and NUL-terminated; @value may be empty
 * Returns 0, -EINVAL without '=' or with a NUL inside, -EFBIG when one does not fit.
 */
int kd_lines_key_value(const struct kd_lines *it, char *key, size_t key_size, char *value,
		       size_t value_size);
