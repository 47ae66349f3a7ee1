/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kd_error: see error.h. Trusts nothing about lengths: contexts are cut, never
 * overflow. Called by every module that can fail.
 */
#include "base/error.h"

#include <stdarg.h>
#include <string.h>

static void prefix(struct kd_error *err, const char *text)
{
	char old[KD_ERROR_SIZE];
	size_t room = sizeof(err->message) - 1, n = strnlen(text, room), keep;

	memcpy(old, err->message, sizeof(old));
	memcpy(err->message, text, n);
	if (n + 2 < room) {
		memcpy(err->message + n, ": ", 2);
		n += 2;
		keep = strnlen(old, room - n);
		memcpy(err->message + n, old, keep);
		n += keep;
	}
	err->message[n] = '\0';
}

static int _printf_(4, 0) record(struct kd_error *err, int code, bool with_errno,
				 const char *fmt, va_list ap)
{
	char text[KD_ERROR_SIZE];

	if (!err)
		return code;

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	if (err->code == 0 && with_errno) {
		(void)snprintf(err->message, sizeof(err->message), "%s", strerror(-code));
		prefix(err, text);
	} else if (err->code == 0) {
		memcpy(err->message, text, sizeof(text));
	} else {
		prefix(err, text);
	}
	err->code = code;
	return code;
}

int kd_fail(struct kd_error *err, int code, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = record(err, code, /* with_errno= */ true, fmt, ap);
	va_end(ap);
	return r;
}

int kd_fail_msg(struct kd_error *err, int code, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = record(err, code, /* with_errno= */ false, fmt, ap);
	va_end(ap);
	return r;
}

void kd_error_reset(struct kd_error *err)
{
	if (err)
		*err = (struct kd_error) { 0 };
}
