/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A segment plan through kexec_load(2): the flags it needs, and the call. Trusts that the
 * plan was validated: this is the call that costs the armed image when it is refused.
 * Called by linux.c and, for the flags, by load.c.
 */
#include "kexec/backend/linux.h"

/* Asking costs nothing, and can be answered, only like this: see linux.h. */
static bool asking_is_free(const struct kd_linux_backend *b)
{
	const struct kd_kexec_facts *f = b->facts;

	return f->cap_sys_boot && !f->load_disabled && f->limit_reboot < 0 &&
	       f->lockdown == KD_LOCKDOWN_NONE;
}

int kd_linux_knows(struct kd_linux_backend *b, uint64_t flag)
{
	if (!(b->asked & flag)) {
		int r;

		if (!asking_is_free(b))
			return -EAGAIN;
		/* never with ON_CRASH: kernels before 5.13 or so copied the array after
		 * they had freed the armed image */
		r = b->kernel.calls->load(b->kernel.context, 0, 1, NULL, flag);
		b->asked |= flag;
		b->known |= r == -EFAULT ? flag : 0;
	}
	return (b->known & flag) != 0;
}

/* A kernel that shows crash_elfcorehdr_size knows the first of the two flags; the second
 * one says the same and more (it has the kernel update a device tree as well), so it is
 * used where it is known. */
static uint64_t hotplug_flag(struct kd_linux_backend *b)
{
	if (!b->host || b->host->elfcorehdr_size == 0)
		return 0;
	if (kd_linux_knows(b, KD_KEXEC_CRASH_HOTPLUG_SUPPORT) > 0)
		return KD_KEXEC_CRASH_HOTPLUG_SUPPORT;
	return KD_KEXEC_UPDATE_ELFCOREHDR;
}

static int preserve_flag(struct kd_linux_backend *b, const struct kd_kexec_load *load,
			 struct kd_error *err)
{
	if (load->purpose != KD_KEXEC_REBOOT)
		return kd_fail_msg(err, -EINVAL,
				   "a crash kernel cannot give the machine back");
	if (kd_linux_knows(b, KD_KEXEC_PRESERVE_CONTEXT) == 0)
		return kd_fail_msg(err, -ENOTSUP,
				   "this kernel cannot be come back to: it was built "
				   "without CONFIG_KEXEC_JUMP");
	return 0;
}

int kd_linux_flags(void *context, const struct kd_kexec_load *load, uint64_t *ret,
		   struct kd_error *err)
{
	struct kd_linux_backend *b = context;
	uint64_t flags = kd_kexec_arch_flags(load->plan->arch);
	int r;

	if (load->purpose == KD_KEXEC_CRASH)
		flags |= KD_KEXEC_ON_CRASH;
	if (load->purpose == KD_KEXEC_CRASH && load->plan->hotplug)
		flags |= hotplug_flag(b);
	if (load->preserve_context) {
		r = preserve_flag(b, load, err);
		if (r < 0)
			return r;
		flags |= KD_KEXEC_PRESERVE_CONTEXT;
	}
	*ret = flags;
	return 0;
}

int kd_linux_load_segments(struct kd_linux_backend *b, const struct kd_kexec_load *load,
			   struct kd_error *err)
{
	struct kd_linux_segment segments[KD_KEXEC_SEGMENTS];
	const struct kd_kexec_plan *plan = load->plan;
	struct kd_linux_patience p = kd_linux_patience(b, load->purpose);
	uint64_t flags;
	int r;

	if (plan->n == 0 || plan->n > KD_KEXEC_SEGMENTS)
		return kd_fail_msg(err, -EINVAL, "a plan of %zu segments", plan->n);
	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *s = &plan->segments[i];

		segments[i] = (struct kd_linux_segment) { s->buf, s->bufsz, s->mem,
							  s->memsz };
	}
	r = kd_linux_flags(b, load, &flags, err);
	if (r < 0)
		return r;
	do
		r = b->kernel.calls->load(b->kernel.context, plan->entry, plan->n,
					  segments, flags);
	while (kd_linux_again(b, &p, r));
	return r;
}
