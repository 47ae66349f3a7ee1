/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about a kernel's types, spelled as vmcoreinfo spells the answers, so that a
 * layout and a vmcoreinfo text are made by the same walk over debug information.
 * Answered by source-dwarf.c; asked by it and by generate.c.
 */
#pragma once

#include "makedumpfile/layout/dwarf-reader.h"
#include "makedumpfile/layout/layout.h"

/**
 * @key:         "page" for SIZE, "page.flags" for OFFSET; LENGTH takes a member or a
 *               variable; the enumerator's name for NUMBER
 * @enumeration: NUMBER: the enum that has it
 * @known:       whether @value is set
 */
struct kd_query {
	enum kd_field_kind kind;
	const char *key;
	const char *enumeration;
	bool known;
	int64_t value;
};

/**
 * Answer what debug information can; SYMBOL is not its business. A structure is taken
 * from the first unit that defines it. The walk ends when all are answered, or when many
 * units behind struct page did not answer the rest: the kernel does not have it.
 *
 * @thorough: look at all units
 * Returns 0; -EBADMSG when units cannot be followed (answers so far stand), -ENOMEM.
 */
int kd_dwarf_answer(struct kd_dwarf *d, struct kd_query *queries, size_t n, bool thorough,
		    struct kd_error *err);
