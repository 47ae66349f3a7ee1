/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The JSON document that a command prints in place of its text: begun, filled by the
 * command, ended and printed whole or not at all. Called by the commands that know --json.
 */
#pragma once

#include "base/json.h"

/** @json: what the command writes with; @array: of the outermost level */
struct kd_ctl_document {
	struct kd_strbuf text;
	struct kd_json json;
	bool array;
};

/** Begin an object, with the version of its schema. Returns what to write with. */
struct kd_json *kd_ctl_document_object(struct kd_ctl_document *d);

/** Begin an array. */
struct kd_json *kd_ctl_document_array(struct kd_ctl_document *d);

/** End it and print it. @what: the command, for @err. -EFBIG, -ENOMEM: nothing is
 *  printed then. */
int kd_ctl_document_put(struct kd_ctl_document *d, const char *what,
			struct kd_error *err);
void kd_ctl_document_done(struct kd_ctl_document *d);
