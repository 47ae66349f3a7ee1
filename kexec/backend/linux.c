/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Linux backend's table of functions: see linux.h. Trusts its facts; puts into words
 * what an errno means on this machine. Called through backend.h.
 */
#include "kexec/backend/linux.h"

#include "kexec/check/explain.h"

/* EBUSY: another loader, a CPU hotplug event or a reader of kexec_crash_size holds the
 * kernel's lock. 50 ms doubled up to 800 ms: 8 tries wait 3.95 s in all. */
#define BUSY_TRIES	  8
#define BUSY_PAUSE_MS	  50
#define BUSY_PAUSE_MAX_MS 800

struct kd_linux_patience kd_linux_patience(const struct kd_linux_backend *b,
					   enum kd_kexec_purpose purpose)
{
	return (struct kd_linux_patience) {
		.limit = purpose == KD_KEXEC_CRASH ? b->facts->limit_panic
						   : b->facts->limit_reboot,
	};
}

/* EBUSY, too, costs one of the limit, if there is one: the last one is kept for loading
 * the last good image again. */
static bool tries_left(const struct kd_linux_patience *p)
{
	return p->tries < BUSY_TRIES && (p->limit < 0 || p->limit - p->tries >= 2);
}

bool kd_linux_again(const struct kd_linux_backend *b, struct kd_linux_patience *p, int r)
{
	p->tries++;
	if (r != -EBUSY || !tries_left(p))
		return false;
	p->ms = p->ms ? MIN(2 * p->ms, (unsigned int)BUSY_PAUSE_MAX_MS) : BUSY_PAUSE_MS;
	b->kernel.calls->pause(b->kernel.context, p->ms);
	return true;
}

static int explain(const struct kd_linux_backend *b, const struct kd_kexec_attempt *what,
		   int code, struct kd_error *err)
{
	const char *words = kd_kexec_explain(b->facts, what, code);
	const char *name = what->action == KD_KEXEC_UNLOAD    ? "unload refused"
			   : what->action == KD_KEXEC_EXECUTE ? "reboot refused"
							      : "load refused";

	/* what was found without a call has its words already */
	if (err && err->code == code)
		return kd_fail(err, code, "%s", name);
	return words ? kd_fail(err, code, "%s: %s", name, words)
		     : kd_fail(err, code, "%s", name);
}

static int load(void *context, const struct kd_kexec_load *load, struct kd_error *err)
{
	struct kd_linux_backend *b = context;
	const struct kd_kexec_attempt what = {
		.action = load->plan ? KD_KEXEC_LOAD_SEGMENTS : KD_KEXEC_LOAD_FILES,
		.purpose = load->purpose,
	};
	int r;

	kd_error_reset(err);
	r = load->plan ? kd_linux_load_segments(b, load, err)
		       : kd_linux_load_files(b, load, err);
	return r < 0 ? explain(b, &what, r, err) : 0;
}

/* KEXEC_FILE_UNLOAD first: it works in a locked down kernel, and takes away what
 * kexec_load(2) put there as well. */
static int unload(void *context, enum kd_kexec_purpose purpose, struct kd_error *err)
{
	struct kd_linux_backend *b = context;
	const struct kd_kexec_attempt what = { .action = KD_KEXEC_UNLOAD,
					       .purpose = purpose };
	const struct kd_linux_calls *calls = b->kernel.calls;
	bool crash = purpose == KD_KEXEC_CRASH;
	struct kd_linux_patience p = kd_linux_patience(b, purpose);
	int r;

	kd_error_reset(err);
	do
		r = calls->file_load(b->kernel.context, -1, -1, NULL, 0,
				     KD_KEXEC_FILE_UNLOAD |
					     (crash ? KD_KEXEC_FILE_ON_CRASH : 0));
	while (kd_linux_again(b, &p, r));
	if (r != -ENOSYS)
		return r < 0 ? explain(b, &what, r, err) : 0;
	p = kd_linux_patience(b, purpose);
	do
		r = calls->load(b->kernel.context, 0, 0, NULL,
				crash ? KD_KEXEC_ON_CRASH : 0);
	while (kd_linux_again(b, &p, r));
	return r < 0 ? explain(b, &what, r, err) : 0;
}

static int loaded(void *context, enum kd_kexec_purpose purpose)
{
	struct kd_linux_backend *b = context;

	return b->kernel.calls->loaded(b->kernel.context, purpose);
}

static int execute(void *context, struct kd_error *err)
{
	struct kd_linux_backend *b = context;
	const struct kd_kexec_attempt what = { .action = KD_KEXEC_EXECUTE,
					       .purpose = KD_KEXEC_REBOOT };
	int r;

	kd_error_reset(err);
	r = b->kernel.calls->reboot(b->kernel.context);
	return explain(b, &what, r < 0 ? r : -EIO, err);
}

struct kd_kexec_backend kd_linux_backend(struct kd_linux_backend *b)
{
	static const struct kd_kexec_backend_ops ops = {
		.name = "Linux",
		.system = KD_KEXEC_LINUX,
		.can = KD_KEXEC_CAN_CRASH | KD_KEXEC_CAN_UNLOAD | KD_KEXEC_CAN_QUERY |
		       KD_KEXEC_CAN_FILES,
		.flags = kd_linux_flags,
		.load = load,
		.unload = unload,
		.loaded = loaded,
		.execute = execute,
	};

	return (struct kd_kexec_backend) { .ops = &ops, .context = b };
}
