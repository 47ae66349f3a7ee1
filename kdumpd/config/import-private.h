/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between import.c and its dialects, one file each: a table of all variables, and a
 * function that makes lines of kdump.conf from those that have a counterpart.
 */
#pragma once

#include "kdumpd/config/config.h"
#include "kdumpd/config/import.h"

#define KD_IMPORT_VARIABLES 40
#define KD_IMPORT_VALUE	    1024

/**
 * @usual: the value that needs no word; "" besides it
 * @lost:  said when it has another; NULL for one that compose() takes
 * @common: kdump-utils' file has it, too: it tells nothing about whose file it is
 */
struct kd_import_variable {
	const char *name;
	const char *usual;
	const char *lost;
	bool common;
};

struct kd_importer;

/** @variables: ended by a name of NULL */
struct kd_import_dialect {
	const char *title;
	const struct kd_import_variable *variables;
	void (*compose)(struct kd_importer *im);
};

extern const struct kd_import_dialect kd_import_debian;
extern const struct kd_import_dialect kd_import_suse;
extern const struct kd_import_variable kd_import_suse_variables[];

/** Value of a variable of the dialect, "" when it is not set. */
const char *kd_import_value(const struct kd_importer *im, const char *name);

/** Add the line "key value", made from variable @name; a remark instead when kdump.conf
 *  does not take it. */
void kd_import_put(struct kd_importer *im, const char *name, const char *key,
		   const char *value);

/** Say what became of variable @name. */
void kd_import_remark(struct kd_importer *im, const char *name, const char *fmt, ...)
	_printf_(3, 4);
