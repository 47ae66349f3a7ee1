/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The @page directive: struct pages of a class, as the preset's kernel would have
 * written them. Private to mkvmcore.
 */
#pragma once

#include "tests/tools/mkvmcore/machine.h"
#include "tests/tools/mkvmcore/script.h"

/** Write the struct pages that @line describes. */
int mk_page_directive(struct mk *mk, struct mk_line *line, struct kd_error *err);
