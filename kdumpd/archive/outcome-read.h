/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads outcome.json: see base/outcome.h and docs/outcome.md. Trusts nothing: the file
 * was written by a crashed machine's last breath, and anybody may have put it there.
 * Called by archive.c and the fuzzer.
 */
#pragma once

#include "base/outcome.h"

/**
 * Parse an outcome. Fields that are absent stay empty, unknown ones pass; texts too long
 * are cut, lists too long end early.
 *
 * Errors: -EFBIG beyond KD_OUTCOME_MAX_SIZE, -EPROTO for another schemaVersion,
 * -EBADMSG for what is no JSON object, or a field of the wrong type, named in @err.
 */
int kd_outcome_read(const char *text, size_t size, struct kd_outcome *ret,
		    struct kd_error *err);
