/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small records kept as "name=value" lines: a table says which member of a structure each
 * name is, so that writing and reading cannot drift apart. Texts are bounded, control
 * characters become '?'. Trusts nothing in a file. Called by state, marker, proofs and
 * the report on the last boot.
 */
#pragma once

#include <sys/types.h>

#include "base/strbuf.h"
#include "base/types.h"

/** @number: the member is a uint64_t; else an array of char of @size bytes */
struct kd_field {
	const char *name;
	bool number;
	size_t offset, size;
};

#define KD_FIELD_AS(type, n, member, is_number)              \
	{                                                    \
		n, is_number, offsetof(type, member),        \
			sizeof(((const type *)NULL)->member) \
	}
#define KD_FIELD_TEXT(type, member)   KD_FIELD_AS(type, #member, member, false)
#define KD_FIELD_NUMBER(type, member) KD_FIELD_AS(type, #member, member, true)

/** A record's description. @max: bytes its text may have */
struct kd_fields {
	const struct kd_field *items;
	size_t n;
	size_t max;
};

/** Append the text of @record. Returns 0 or the buffer's error. */
int kd_fields_encode(const struct kd_fields *fields, const void *record,
		     struct kd_strbuf *out, struct kd_error *err);

/**
 * Read a text into @record, which the caller has zeroed. Names that are not in the table,
 * of a later version, pass. -EINVAL with the number of the first line that makes no
 * sense; what came before it is in @record then.
 */
int kd_fields_decode(const struct kd_fields *fields, const char *text, size_t size,
		     void *record, struct kd_error *err);

/** Read a file. Errors: those of reading, -ENOENT first; -EINVAL as above. */
int kd_fields_read(const struct kd_fields *fields, int root_fd, const char *path,
		   void *record, struct kd_error *err);

/** Write a file, whole or not at all (kd_replace_file_at()). */
int kd_fields_write(const struct kd_fields *fields, int root_fd, const char *path,
		    const void *record, mode_t mode, struct kd_error *err);
