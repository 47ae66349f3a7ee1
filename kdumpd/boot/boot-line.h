/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One parameter in a boot loader's line of kernel parameters: asked for and set, all else
 * of the line left as it was. Pure. Called by boot-places.c and
 * reset-crashkernel.
 */
#pragma once

#include "base/strbuf.h"
#include "base/strlist.h"

/** Append @name's value to @to: of the last one, which is whom the kernel listens to for
 *  most. Returns whether there is one. */
bool kd_boot_line_get(const char *line, const char *name, struct kd_strbuf *to);

/** Add each value of @name to @ret, in their order; "" for one without. -ENOMEM */
int kd_boot_line_values(const char *line, const char *name, struct kd_strlist *ret);

/**
 * Append the line to @to with every @name taken out and @values put in the first one's
 * place, at the end when there was none.
 *
 * @values: ended by NULL; none of them takes the parameter away
 */
void kd_boot_line_set(const char *line, const char *name, const char *const *values,
		      struct kd_strbuf *to);
