/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct kd_error: the one way a message travels from where something failed to the
 * program's edge. Caller-owned, fixed size, never allocates: on a serial console
 * with no memory left it is all the operator gets. Used by every module.
 */
#pragma once

#include <stdbool.h>

#include "base/guard.h"

#define KD_ERROR_SIZE 256

/**
 * An error and its trail of contexts, outermost first:
 * "/proc/vmcore: program header 7: Bad message".
 *
 * @code:    negative errno, 0 while nothing failed
 * @message: NUL-terminated; cut on the right when the contexts outgrow it
 */
struct kd_error {
	int code;
	char message[KD_ERROR_SIZE];
};

/**
 * Record a failure, or add a context in front of one already recorded.
 *
 * The first call appends strerror() of @code to the text; later calls prefix theirs.
 * When @err already holds another code, @code replaces it.
 *
 * @err:  may be NULL: then only the code travels
 * @code: negative errno
 * Returns @code, so that `return kd_fail(err, -EIO, "%s", path);` reads well.
 */
int kd_fail(struct kd_error *err, int code, const char *fmt, ...) _printf_(3, 4);

/**
 * Record a failure in full words, without strerror(): for errors that are about the
 * operator's input, where the errno text would only blur the sentence.
 *
 * @err:  may be NULL
 * @code: negative errno, for programs that map it to an exit status
 * Returns @code.
 */
int kd_fail_msg(struct kd_error *err, int code, const char *fmt, ...) _printf_(3, 4);

/** Forget what @err holds, to try a fallback. NULL is allowed. */
void kd_error_reset(struct kd_error *err);
