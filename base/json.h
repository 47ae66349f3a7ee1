/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON emitter (RFC 8259): commas, escapes and nesting in one place. Writes into a
 * kd_strbuf whose sticky error is the only error there is. Parsing is not done here:
 * the daemon reads outcomes with jansson. Used by outcome and the --json outputs.
 */
#pragma once

#include "base/strbuf.h"

#define KD_JSON_DEPTH 16

/** @first: per level, whether nothing was written at that level yet */
struct kd_json {
	struct kd_strbuf *out;
	unsigned int depth;
	bool first[KD_JSON_DEPTH];
};

/** Start emitting into @out, borrowed until the end. */
void kd_json_init(struct kd_json *j, struct kd_strbuf *out);

/** Open and close objects and arrays. @key is NULL inside arrays and at the top.
 *  Nesting deeper than KD_JSON_DEPTH sets the buffer's error to -E2BIG. */
void kd_json_object(struct kd_json *j, const char *key);
void kd_json_object_end(struct kd_json *j);
void kd_json_array(struct kd_json *j, const char *key);
void kd_json_array_end(struct kd_json *j);

/** Values. A string that is not UTF-8 has its stray bytes replaced by U+FFFD, since a
 *  hostile kernel log or host name may hold any byte. NULL becomes null. */
void kd_json_string(struct kd_json *j, const char *key, const char *value);
void kd_json_u64(struct kd_json *j, const char *key, uint64_t value);
void kd_json_i64(struct kd_json *j, const char *key, int64_t value);
void kd_json_bool(struct kd_json *j, const char *key, bool value);
void kd_json_null(struct kd_json *j, const char *key);
