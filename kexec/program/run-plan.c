/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec --plan: what would lie where, for people or as JSON. No system call but those that
 * read. Called by program.c.
 */
#include "kexec/program/messages.h"
#include "kexec/program/planned.h"

#define JSON_MAX (1u << 20)

static int print_json(const struct kd_kexec_plan *plan, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out = { 0 };
	struct kd_json j;

	kd_strbuf_init(&out, JSON_MAX);
	kd_json_init(&j, &out);
	kd_kexec_plan_json(plan, &j, NULL);
	if (out.status < 0)
		return kd_fail(err, out.status, "the plan as JSON");
	(void)printf("%s\n", kd_strbuf_text(&out));
	return 0;
}

int kd_run_plan(struct kd_kexec_program *p, struct kd_error *err)
{
	_cleanup_(kd_kexec_inputs_done) struct kd_kexec_inputs in = { .kernel_fd = -1,
								      .initrd_fd = -1 };
	_cleanup_(kd_kexec_planned_done) struct kd_kexec_planned planned = { 0 };
	int r;

	r = kd_kexec_inputs_open(p, &in, err);
	if (r == 0)
		r = kd_kexec_planned_make(p, &in, &planned, err);
	if (r < 0)
		return r;
	if (p->command.json)
		return print_json(&planned.plan, err);
	kd_kexec_print_plan(stdout, &planned.plan);
	return 0;
}
