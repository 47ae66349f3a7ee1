/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The FreeBSD backend: see freebsd.h. A load passes every rule before the one call is
 * made, because a kernel that panics on what it should refuse cannot be asked twice.
 * Trusts the plan's buffers only after reading them. Called through backend.h.
 */
#include "kexec/backend/freebsd.h"

#include <inttypes.h>

#include "kexec/backend/freebsd-memory.h"

/* The rules all systems share, over what this one's memory is. */
static int check_rules(const struct kd_freebsd_memory *memory,
		       const struct kd_kexec_plan *plan, struct kd_error *err)
{
	struct kd_kexec_host host = { .arch = plan->arch, .page_size = KD_FREEBSD_PAGE };
	struct kd_kexec_call call = {
		.system = KD_KEXEC_FREEBSD,
		.entry = plan->entry,
		.segments = plan->segments,
		.n = plan->n,
		.flags = KD_FREEBSD_FLAGS,
	};
	struct kd_violations found;
	int r = 0;

	kd_ranges_init(&host.ram);
	for (size_t i = 0; i < memory->n && r >= 0; i++) {
		r = kd_ranges_insert(&host.ram, memory->segs[i].start,
				     memory->segs[i].end, KD_RANGE_RAM);
		host.ram_total += memory->segs[i].end - memory->segs[i].start;
	}
	if (r < 0)
		(void)kd_fail(err, r, "vm.phys_segs");
	else
		r = kd_kexec_touch(&call, err);
	if (r >= 0 && kd_kexec_validate(&call, &host, NULL, &found) > 0)
		r = kd_violations_fail(&found, err);
	kd_ranges_done(&host.ram);
	return r;
}

static void unlock(const struct kd_freebsd *system, const struct kd_kexec_plan *plan,
		   size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (plan->segments[i].bufsz)
			system->calls->unlock(system->context, plan->segments[i].buf,
					      plan->segments[i].bufsz);
}

/* A buffer the kernel cannot read, on the first load of a boot, is a panic: it cleans up
 * with the size of an object that is not there. Locked pages stay readable. */
static int lock(const struct kd_freebsd *system, const struct kd_kexec_plan *plan,
		struct kd_error *err)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *segment = &plan->segments[i];
		int r = segment->bufsz ? system->calls->lock(system->context,
							     segment->buf, segment->bufsz)
				       : 0;

		if (r < 0) {
			unlock(system, plan, i);
			return kd_fail(err, r,
				       "cannot lock segment %zu, %" PRIu64
				       " bytes, in memory (limit memorylocked)",
				       i, segment->bufsz);
		}
	}
	return 0;
}

static int explain(int code, struct kd_error *err)
{
	switch (code) {
	case -EPERM:
		return kd_fail(err, code,
			       "kexec_load: needs root outside of a jail "
			       "(PRIV_REBOOT)");
	case -EBUSY:
		return kd_fail(err, code,
			       "kexec_load: another program is loading; its "
			       "image counts, a second one may panic");
	case -EINVAL:
		return kd_fail(err, code,
			       "kexec_load: the machine-dependent part refused "
			       "the image");
	case -ENOSYS:
		return kd_fail(err, code,
			       "kexec_load: this kernel or machine has none: "
			       "FreeBSD 16 on amd64 or arm64 does");
	default:
		return kd_fail(err, code, "kexec_load");
	}
}

/* The one call. A refusal on the way to the first image leaves nothing behind, so the
 * note is taken back; but for EBUSY, which means that some other program has loaded. */
static int call(const struct kd_freebsd *system, const struct kd_kexec_plan *plan,
		struct kd_error *err)
{
	struct kd_freebsd_segment list[KD_FREEBSD_SEGMENT_MAX];
	int r;

	for (size_t i = 0; i < plan->n; i++)
		list[i] = (struct kd_freebsd_segment) {
			.buf = (void *)plan->segments[i].buf, /* the kernel only reads */
			.bufsz = plan->segments[i].bufsz,
			.mem = plan->segments[i].mem,
			.memsz = plan->segments[i].memsz,
		};
	r = system->calls->claim(system->context);
	if (r == -EEXIST)
		return kd_fail_msg(
			err, -EALREADY,
			"an image was loaded in this boot: FreeBSD 16 takes "
			"one, a second load may panic (/var/run holds the note; "
			"it is cleared at boot)");
	if (r < 0)
		return kd_fail(err, r, "cannot note that an image is loaded");
	r = system->calls->kexec_load(system->context, plan->entry, plan->n, list,
				      KD_FREEBSD_FLAGS);
	if (r < 0 && r != -EBUSY)
		system->calls->release(system->context);
	return r < 0 ? explain(r, err) : 0;
}

static int load(void *context, const struct kd_kexec_load *what, struct kd_error *err)
{
	const struct kd_freebsd *system = context;
	const struct kd_kexec_plan *plan = what->plan;
	struct kd_freebsd_memory memory;
	int r;

	if (what->purpose == KD_KEXEC_CRASH)
		return kd_fail_msg(
			err, -ENOTSUP,
			"FreeBSD starts no kernel when it panics: dumpon(8) "
			"and savecore(8) save the dump, kexec is a fast reboot");
	if (!plan)
		return kd_fail_msg(err, -ENOTSUP, "FreeBSD takes segments, not files");
	if (plan->n == 0 || plan->n > KD_FREEBSD_SEGMENT_MAX)
		return kd_fail_msg(err, -EINVAL, "%zu segments, FreeBSD takes 1 to %d",
				   plan->n, KD_FREEBSD_SEGMENT_MAX);
	r = kd_freebsd_memory_read(system, &memory, err);
	if (r >= 0)
		r = check_rules(&memory, plan, err);
	if (r >= 0)
		r = kd_freebsd_memory_check(&memory, plan, err);
	if (r >= 0)
		r = lock(system, plan, err);
	if (r < 0)
		return r;
	r = call(system, plan, err);
	unlock(system, plan, plan->n);
	return r;
}

static int unload(void *context, enum kd_kexec_purpose purpose, struct kd_error *err)
{
	(void)context;
	(void)purpose;
	return kd_fail_msg(
		err, -ENOTSUP,
		"FreeBSD's unload may panic; what is loaded does no harm: only "
		"a reboot with RB_KEXEC starts it");
}

static int loaded(void *context, enum kd_kexec_purpose purpose)
{
	(void)context;
	(void)purpose;
	return -ENOTSUP;
}

static int execute(void *context, struct kd_error *err)
{
	const struct kd_freebsd *system = context;
	int r = system->calls->claimed(system->context);

	if (r == 0)
		return kd_fail_msg(err, -ENOENT,
				   "no image was loaded in this boot: FreeBSD would "
				   "restart through the firmware");
	if (r > 0)
		r = system->calls->reboot(system->context, KD_FREEBSD_RB_KEXEC);
	return kd_fail(err, r < 0 ? r : -EIO, "reboot(RB_KEXEC)");
}

struct kd_kexec_backend kd_freebsd_backend(struct kd_freebsd *system)
{
	static const struct kd_kexec_backend_ops ops = {
		.name = "freebsd",
		.system = KD_KEXEC_FREEBSD,
		.can = KD_KEXEC_KEEPS_OLD,
		.load = load,
		.unload = unload,
		.loaded = loaded,
		.execute = execute,
	};

	return (struct kd_kexec_backend) { .ops = &ops, .context = system };
}
