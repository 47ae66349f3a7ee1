/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --info: what a file is, in lines or in JSON. Trusts nothing in it. Called by
 * main.c.
 */
#include <fcntl.h>

#include "makedumpfile/inspect/describe.h"
#include "makedumpfile/program/program.h"

#define OUT_MAX 65536

int kd_run_info(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	struct kd_description d;
	int r;

	kd_strbuf_init(&out, OUT_MAX);
	r = kd_describe_at(AT_FDCWD, p->options.input, &d, err);
	if (r < 0)
		return r;
	if (p->options.json)
		kd_describe_json(&d, &out);
	else
		kd_describe_text(&d, &out);
	if (out.status < 0)
		return kd_fail(err, out.status, "output");
	printf("%s%s", kd_strbuf_text(&out), p->options.json ? "\n" : "");
	return 0;
}
