/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plans of the kexec command: see planned.h. What is random or of this machine is read
 * here; the planner is pure.
 */
#include "kexec/program/planned.h"

static int check_hotplug(const struct kd_kexec_program *p,
			 const struct kd_kexec_host *host, struct kd_error *err)
{
	if (p->command.hotplug && host->elfcorehdr_size == 0)
		return kd_fail_msg(err, -ENODATA,
				   "--hotplug: this kernel does not keep a dump's header "
				   "up to date (CONFIG_CRASH_HOTPLUG, 6.6 and later)");
	return 0;
}

static int build(struct kd_kexec_program *p, const struct kd_kexec_inputs *in,
		 struct kd_kexec_planned *planned, struct kd_error *err)
{
	const struct kd_kexec_command *c = &p->command;
	struct kd_kexec_options options = {
		.purpose = c->purpose,
		.cmdline = in->cmdline,
		.initrd = in->initrd,
		.mem_min = c->mem_min,
		.mem_max = c->mem_max,
		.console = c->console,
		.hotplug = c->hotplug,
		.dtb = in->dtb,
	};
	int r;

	r = p->machine->random(options.seed, sizeof(options.seed));
	if (r < 0)
		return kd_fail(err, r, "random numbers");
	return kd_kexec_plan_build(&planned->host, &in->kernel, &options, &planned->plan,
				   err);
}

int kd_kexec_planned_make(struct kd_kexec_program *p, struct kd_kexec_inputs *in,
			  struct kd_kexec_planned *ret, struct kd_error *err)
{
	const struct kd_kexec_command *c = &p->command;
	int r;

	*ret = (struct kd_kexec_planned) { .load = { .purpose = c->purpose } };
	r = kd_kexec_host_read(p->machine->root_fd, kd_arch_native(), &ret->host, err);
	if (r == 0)
		r = check_hotplug(p, &ret->host, err);
	if (r == 0)
		r = kd_kexec_inputs_read(p, in, err);
	if (r < 0)
		return r;
	if (c->no_efi)
		ret->host.efi.present = false;
	r = build(p, in, ret, err);
	if (r < 0)
		return r;
	ret->linux_backend = (struct kd_linux_backend) { .kernel = p->machine->kernel,
							 .facts = &p->facts,
							 .host = &ret->host };
	ret->place = (struct kd_load_place) {
		.backend = kd_linux_backend(&ret->linux_backend),
		.facts = &p->facts,
		.host = &ret->host,
	};
	ret->load.plan = &ret->plan;
	ret->load.preserve_context = c->preserve_context;
	return 0;
}

void kd_kexec_planned_done(struct kd_kexec_planned *planned)
{
	kd_kexec_plan_done(&planned->plan);
	kd_kexec_host_done(&planned->host);
}
