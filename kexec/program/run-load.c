/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec -l, -p: load, guarded. What can be known to be refused is refused before the
 * system call, which costs a crash load the armed image. Called by program.c.
 */
#include "kexec/program/choose.h"
#include "kexec/program/files.h"
#include "kexec/program/messages.h"
#include "kexec/program/planned.h"

static int load_segments(struct kd_kexec_program *p, struct kd_kexec_inputs *in,
			 struct kd_error *err)
{
	_cleanup_(kd_kexec_planned_done) struct kd_kexec_planned planned = { 0 };
	enum kd_load_left left;
	int r;

	r = kd_kexec_planned_make(p, in, &planned, err);
	if (r < 0)
		return r;
	if (p->command.debug)
		kd_kexec_print_plan(stderr, &planned.plan);
	kd_kexec_debug(p, "kexec_load(2), %zu segments", planned.plan.n);
	return kd_kexec_load_guarded(&planned.place, &planned.load, NULL, &left, err);
}

static int load_files(struct kd_kexec_program *p, const struct kd_kexec_inputs *in,
		      struct kd_error *err)
{
	struct kd_kexec_filed filed;
	enum kd_load_left left;

	kd_kexec_filed_make(p, in, &filed);
	kd_kexec_debug(p, "kexec_file_load(2), command line: %s", in->cmdline);
	return kd_kexec_load_guarded(&filed.place, &filed.load, NULL, &left, err);
}

/* Both refusals are told when both calls refuse. */
static int load_either(struct kd_kexec_program *p, struct kd_kexec_inputs *in,
		       struct kd_error *err)
{
	struct kd_error first = { 0 };
	int r;

	r = load_files(p, in, &first);
	if (r >= 0)
		return r;
	if (!kd_kexec_try_segments(r))
		return kd_fail_msg(err, r, "%s", first.message);
	kd_kexec_debug(p, "%s; trying kexec_load(2)", first.message);
	r = load_segments(p, in, err);
	return r < 0 ? kd_fail(err, r, "by files: %.100s; by segments", first.message)
		     : r;
}

/* Known without looking at a file, and with kexec-tools' exit status. */
static int check_reservation(struct kd_kexec_program *p, struct kd_error *err)
{
	if (p->command.purpose != KD_KEXEC_CRASH || p->facts.crash_size > 0)
		return 0;
	p->exit = KD_KEXEC_EXIT_REFUSED;
	return kd_fail_msg(err, -EADDRNOTAVAIL,
			   "no memory is reserved for a crash kernel: boot with "
			   "crashkernel=");
}

int kd_run_load(struct kd_kexec_program *p, struct kd_error *err)
{
	_cleanup_(kd_kexec_inputs_done) struct kd_kexec_inputs in = { .kernel_fd = -1,
								      .initrd_fd = -1 };
	int r;

	p->exit = KD_KEXEC_EXIT_FAILED;
	r = kd_kexec_facts_read(p->machine->root_fd, &p->facts, err);
	if (r == 0)
		r = check_reservation(p, err);
	if (r < 0)
		return r;
	r = kd_kexec_inputs_open(p, &in, err);
	if (r < 0)
		return r;
	switch (kd_kexec_choose(&p->command, &p->facts, &in.kernel)) {
	case KD_KEXEC_BY_FILES:
		return load_files(p, &in, err);
	case KD_KEXEC_BY_SEGMENTS:
		return load_segments(p, &in, err);
	default:
		return load_either(p, &in, err);
	}
}
