/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guarded load: see load.h. Trusts the facts and the snapshot it is handed; nothing in
 * files, nor that a buffer is still there. Called by the daemon's arm path and by the
 * kexec program.
 */
#include "kexec/load.h"

#include <string.h>

#include "kexec/load-files.h"

/* The lowering for Zircon makes the images that its rules are about: its backend holds
 * them against validate.h itself. */
static int check_plan(const struct kd_load_place *place, const struct kd_kexec_load *load,
		      struct kd_error *err)
{
	const struct kd_kexec_backend *backend = &place->backend;
	const struct kd_kexec_plan *plan = load->plan;
	struct kd_kexec_facts facts = { .supported = false };
	struct kd_violations violations;
	struct kd_kexec_call call = { .system = backend->ops->system,
				      .entry = plan->entry,
				      .segments = plan->segments,
				      .n = plan->n };
	int r;

	if (plan->purpose != load->purpose)
		return kd_fail_msg(err, -EINVAL, "the plan is for another purpose");
	if (backend->ops->flags) {
		r = backend->ops->flags(backend->context, load, &call.flags, err);
		if (r < 0)
			return r;
	}
	r = kd_kexec_touch(&call, err);
	if (r < 0 || backend->ops->system == KD_KEXEC_ZIRCON)
		return r;
	if (place->facts)
		facts = *place->facts;
	/* the backend has asked the kernel before it gave the flag */
	facts.jump = facts.jump || load->preserve_context;
	(void)kd_kexec_validate(&call, place->host, place->facts ? &facts : NULL,
				&violations);
	return kd_violations_fail(&violations, err);
}

int kd_kexec_load_check(const struct kd_load_place *place,
			const struct kd_kexec_load *load, struct kd_error *err)
{
	unsigned int can = place->backend.ops->can;

	if (load->purpose == KD_KEXEC_CRASH && !(can & KD_KEXEC_CAN_CRASH))
		return kd_fail_msg(err, -ENOTSUP, "%s starts no kernel when it panics",
				   place->backend.ops->name);
	if (load->plan)
		return check_plan(place, load, err);
	if (!(can & KD_KEXEC_CAN_FILES))
		return kd_fail_msg(err, -ENOTSUP, "%s takes no files",
				   place->backend.ops->name);
	if (load->preserve_context)
		return kd_fail_msg(
			err, -ENOTSUP,
			"only a kernel loaded by segments can be come back from");
	return kd_load_check_files(place->facts, load->purpose, load->files, err);
}

static int load_again(const struct kd_load_place *place, int refused,
		      const struct kd_kexec_load *last_good, enum kd_load_left *ret_left,
		      struct kd_error *err)
{
	const struct kd_kexec_backend *backend = &place->backend;
	struct kd_error why = { 0 };
	int r;

	*ret_left = KD_LOAD_LEFT_NOTHING;
	if (!last_good)
		return kd_fail(err, refused, "nothing is armed");
	r = backend->ops->load(backend->context, last_good, &why);
	if (r < 0)
		return kd_fail(err, refused,
			       "NOTHING IS ARMED, the image armed before was refused too "
			       "(%s)",
			       strerror(-r));
	*ret_left = KD_LOAD_LEFT_LAST_GOOD;
	return kd_fail(err, refused, "the image armed before is armed again");
}

/* The kernel's own word on what is left, since an errno does not tell whether it came
 * before or after the armed image was freed (EPERM comes from both). */
static int after_refusal(const struct kd_load_place *place, int refused,
			 const struct kd_kexec_load *load,
			 const struct kd_kexec_load *last_good,
			 enum kd_load_left *ret_left, struct kd_error *err)
{
	const struct kd_kexec_backend *backend = &place->backend;
	int loaded = backend->ops->loaded(backend->context, load->purpose);

	if (loaded > 0) {
		*ret_left = KD_LOAD_LEFT_UNTOUCHED;
		return load->purpose == KD_KEXEC_CRASH
			       ? kd_fail(err, refused,
					 "the image armed before stays armed")
			       : kd_fail(err, refused, "what was loaded before stays");
	}
	/* nobody frees the image of a reboot before the new one is complete */
	if (load->purpose == KD_KEXEC_REBOOT) {
		*ret_left = loaded < 0 && !(backend->ops->can & KD_KEXEC_KEEPS_OLD)
				    ? KD_LOAD_LEFT_UNKNOWN
				    : KD_LOAD_LEFT_UNTOUCHED;
		return refused;
	}
	return load_again(place, refused, last_good, ret_left, err);
}

/* A refused load costs one try, and so does loading the last good one again: with a single
 * one left there is no way back. */
static bool last_try(const struct kd_load_place *place, const struct kd_kexec_load *load,
		     const struct kd_kexec_load *last_good)
{
	return load->purpose == KD_KEXEC_CRASH && last_good && place->facts &&
	       place->facts->crash_loaded && place->facts->limit_panic == 1;
}

int kd_kexec_load_guarded(const struct kd_load_place *place,
			  const struct kd_kexec_load *load,
			  const struct kd_kexec_load *last_good,
			  enum kd_load_left *ret_left, struct kd_error *err)
{
	int r;

	*ret_left = KD_LOAD_LEFT_UNTOUCHED;
	r = kd_kexec_load_check(place, load, err);
	if (r < 0)
		return r;
	if (last_try(place, load, last_good))
		return kd_fail_msg(err, -EPERM,
				   "kernel.kexec_load_limit_panic leaves one try, and a "
				   "refused one could not be taken back: the image armed "
				   "before stays armed");
	r = place->backend.ops->load(place->backend.context, load, err);
	if (r < 0)
		return after_refusal(place, r, load, last_good, ret_left, err);
	*ret_left = KD_LOAD_LEFT_NEW;
	return 0;
}
