/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a shell file that holds plain assignments, NAME="value": read, never run, so
 * what a shell would have to expand is an error. Pure; trusts nothing. Called by
 * sysconfig.c and import.c.
 */
#pragma once

#include "base/error.h"
#include "base/parse.h"

/**
 * Split a line at its '='.
 *
 * @line:  room for a copy of it, which the results point into
 * @ret_value: as it is written, with its quotes
 * Returns 1 for an assignment, 0 for an empty line or a comment; -EINVAL with a sentence
 * for what is neither, @ret_name and @ret_value untouched.
 */
int kd_assignment_split(const struct kd_lines *it, char *line, size_t size,
			const char **ret_name, char **ret_value, struct kd_error *err);

/** Take quotes, and a comment behind the value, off in place. -EINVAL for what only a
 *  shell could make sense of. */
int kd_assignment_unquote(char *value);
