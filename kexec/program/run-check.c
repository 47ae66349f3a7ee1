/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec --check: would it load, and if not, every reason, a line each on stdout. Hands
 * nothing to the kernel. Called by program.c.
 */
#include "kexec/program/choose.h"
#include "kexec/program/files.h"
#include "kexec/program/planned.h"

static void print_violations(const struct kd_violations *v)
{
	for (size_t i = 0; i < MIN(v->n, (size_t)KD_VIOLATIONS); i++)
		printf("%s: %s: %s\n", v->items[i].rule, v->items[i].text,
		       v->items[i].remedy);
	if (v->n > KD_VIOLATIONS)
		printf("and %zu more\n", v->n - KD_VIOLATIONS);
}

/* What a load would be checked for, all of it and not only the first. */
static int check_plan(struct kd_kexec_program *p, struct kd_kexec_inputs *in,
		      struct kd_error *err)
{
	_cleanup_(kd_kexec_planned_done) struct kd_kexec_planned planned = { 0 };
	struct kd_kexec_call call = { .system = KD_KEXEC_LINUX };
	const struct kd_kexec_backend *backend = &planned.place.backend;
	struct kd_violations violations;
	struct kd_kexec_facts facts;
	int r;

	r = kd_kexec_planned_make(p, in, &planned, err);
	if (r < 0)
		return r;
	call.entry = planned.plan.entry;
	call.segments = planned.plan.segments;
	call.n = planned.plan.n;
	r = backend->ops->flags(backend->context, &planned.load, &call.flags, err);
	if (r < 0)
		return r;
	facts = p->facts;
	facts.jump = facts.jump || p->command.preserve_context;
	if (kd_kexec_validate(&call, &planned.host, &facts, &violations) > 0) {
		print_violations(&violations);
		return KD_KEXEC_EXIT_REFUSED;
	}
	printf("would load by kexec_load(2): %zu segments\n", planned.plan.n);
	return 0;
}

static int check_files(struct kd_kexec_program *p, const struct kd_kexec_inputs *in,
		       struct kd_error *err)
{
	struct kd_kexec_filed filed;
	int r;

	kd_kexec_filed_make(p, in, &filed);
	r = kd_kexec_load_check(&filed.place, &filed.load, err);
	if (r == 0)
		printf("would load by kexec_file_load(2), as far as can be known\n");
	return r;
}

int kd_run_check(struct kd_kexec_program *p, struct kd_error *err)
{
	_cleanup_(kd_kexec_inputs_done) struct kd_kexec_inputs in = { .kernel_fd = -1,
								      .initrd_fd = -1 };
	int r;

	r = kd_kexec_facts_read(p->machine->root_fd, &p->facts, err);
	if (r == 0)
		r = kd_kexec_inputs_open(p, &in, err);
	if (r < 0)
		return r;
	if (kd_kexec_choose(&p->command, &p->facts, &in.kernel) == KD_KEXEC_BY_SEGMENTS)
		return check_plan(p, &in, err);
	return check_files(p, &in, err);
}
