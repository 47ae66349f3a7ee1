/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging the status: see judge.h. What stands in the way of arming matters only while
 * nothing is armed; while something is, it is a remark. Called by status's callers.
 */
#include "kdumpd/report/judge.h"

#include <inttypes.h>
#include <string.h>

#include "kdumpd/arm/plan-build.h"

void kd_bytes_format(uint64_t bytes, char *ret, size_t size)
{
	static const char units[] = "BKMGTPE";
	double v = (double)bytes;
	unsigned int tenths;
	size_t u = 0;

	for (; v >= 1024 && u + 2 < sizeof(units); u++)
		v /= 1024;
	tenths = (unsigned int)(v * 10 + 0.5);
	if (u == 0 || (tenths >= 100 && tenths % 10 == 0))
		(void)snprintf(ret, size, "%u%c", tenths / 10, units[u]);
	else
		(void)snprintf(ret, size, "%u.%u%c", tenths / 10, tenths % 10, units[u]);
}

static void add(struct kd_findings *list, enum kd_say id, const char *first,
		const char *second)
{
	struct kd_finding *f;

	if (list->n == KD_FINDINGS_MAX)
		return;
	f = &list->items[list->n++];
	f->id = id;
	kd_say(id, first, second, f->text, sizeof(f->text));
}

static const enum kd_say not_armed[] = {
	[KD_ARMED_NOTHING] = KD_SAY_NOT_LOADED,
	[KD_ARMED_FOREIGN] = KD_SAY_FOREIGN_IMAGE,
	[KD_ARMED_OTHER_KERNEL] = KD_SAY_OTHER_KERNEL,
	[KD_ARMED_OLD_CONFIG] = KD_SAY_CONFIG_CHANGED,
	[KD_ARMED_OTHER_RESERVATION] = KD_SAY_RESERVATION_CHANGED,
	[KD_ARMED_OLD_HARDWARE] = KD_SAY_HARDWARE_CHANGED,
	[KD_ARMED_UNFINISHED] = KD_SAY_ARM_UNFINISHED,
};

enum kd_say kd_armed_sentence(enum kd_armed armed)
{
	return not_armed[armed];
}

/* Whether the image is ours and current; what would keep another from being loaded. */
static void judge_image(const struct kd_status_facts *f, struct kd_status *s)
{
	const struct kd_armed_now now = {
		.loaded = f->kexec.crash_loaded,
		.boot_id = f->boot_id,
		.release = f->release,
		.config = f->config_digest[0] ? f->config_digest : NULL,
		.reserved = f->kexec.crash_size,
		.hardware = &f->hardware,
	};
	enum kd_armed armed = kd_state_judge(f->has_state ? &f->state : NULL, &now);
	struct kd_findings *list;

	s->armed = armed == KD_ARMED_YES;
	list = s->armed ? &s->remarks : &s->reasons;
	if (!f->kexec.supported)
		add(&s->reasons, KD_SAY_NO_SUPPORT, NULL, NULL);
	else if (!f->kexec.crash_size && !s->armed)
		add(&s->reasons, KD_SAY_NO_RESERVATION, NULL, NULL);
	else if (!s->armed)
		add(&s->reasons, not_armed[armed], NULL, NULL);
	if (f->unfinished)
		add(&s->remarks, KD_SAY_ARM_UNFINISHED, NULL, NULL);
	if (f->kexec.load_disabled)
		add(list, KD_SAY_LOADS_DISABLED, NULL, NULL);
	if (f->kexec.limit_panic == 0)
		add(list, KD_SAY_LOADS_USED_UP, NULL, NULL);
	if (f->config_error[0])
		add(list, KD_SAY_CONFIG_BROKEN, f->config_error, NULL);
	else if (f->has_state && f->state.error[0])
		add(list, KD_SAY_ARM_FAILED, f->state.error, NULL);
}

/* One target that works is enough; those that do not are worth a remark then. */
static void judge_targets(const struct kd_status_facts *f, struct kd_status *s)
{
	struct kd_findings bad = { .n = 0 };
	size_t usable = 0;

	for (size_t i = 0; i < f->n_targets; i++) {
		const struct kd_status_target *t = &f->targets[i];
		char free[16];

		kd_bytes_format(t->free_bytes, free, sizeof(free));
		if (t->missing[0])
			add(&bad, KD_SAY_TARGET_MISSING, t->missing, NULL);
		else if (t->mounted && t->free_bytes < KD_PLAN_FREE_MIN)
			add(&bad, KD_SAY_TARGET_FULL, t->what, free);
		else
			usable++;
		if (!t->missing[0] && t->local && !t->mounted)
			add(&s->remarks, KD_SAY_TARGET_NOT_MOUNTED, t->what, NULL);
	}
	for (size_t i = 0; i < bad.n; i++) {
		struct kd_findings *to = usable ? &s->remarks : &s->reasons;

		if (to->n < KD_FINDINGS_MAX)
			to->items[to->n++] = bad.items[i];
	}
}

/* Of one that is there only the driver is missing. */
static void add_no_watchdog(struct kd_findings *list,
			    const struct kd_module_driver *driver)
{
	char text[KD_MODULE_NAME + 64] = "";

	if (driver->blacklisted)
		(void)snprintf(
			text, sizeof(text),
			" whose driver is loaded (modprobe.d has %s in its blacklist)",
			driver->name);
	else if (driver->name[0])
		(void)snprintf(text, sizeof(text),
			       " whose driver is loaded (`modprobe %s` loads it)",
			       driver->name);
	add(list, KD_SAY_NO_WATCHDOG, text, NULL);
}

static void judge_machine(const struct kd_status_facts *f, struct kd_status *s)
{
	char have[16], need[16];

	if (f->state.estimate && f->kexec.crash_size &&
	    f->state.estimate > f->kexec.crash_size) {
		kd_bytes_format(f->kexec.crash_size, have, sizeof(have));
		kd_bytes_format(f->state.estimate, need, sizeof(need));
		add(&s->remarks, KD_SAY_SMALL_RESERVATION, have, need);
	}
	if (f->watchdog == KD_KNOWN_NO)
		add_no_watchdog(&s->remarks, &f->watchdog_driver);
	if (f->hard_lockups == KD_KNOWN_NO)
		add(&s->remarks, KD_SAY_LOCKUPS_UNSEEN, NULL, NULL);
	else if (f->lockups_panic == KD_KNOWN_NO)
		add(&s->remarks, KD_SAY_LOCKUPS_HARMLESS, NULL, NULL);
	if (f->oops_panics == KD_KNOWN_NO)
		add(&s->remarks, KD_SAY_OOPS_HARMLESS, NULL, NULL);
}

static void judge_history(const struct kd_status_facts *f, struct kd_status *s)
{
	bool lost = f->has_boot && kd_boot_verdict_of(&f->boot) == KD_BOOT_LOST;
	const struct kd_proof *proof;

	s->last_proof = f->has_proofs ? kd_proof_latest(&f->proofs) : -ENODATA;
	if (lost)
		add(&s->remarks, KD_SAY_LOST_CRASH, f->boot.why, NULL);
	if (!f->has_proofs)
		return;
	if (s->last_proof < 0) {
		add(&s->remarks, KD_SAY_NEVER_PROVEN, NULL, NULL);
		return;
	}
	proof = &f->proofs.kinds[s->last_proof];
	if (lost && strcmp(proof->detail, f->boot.why) == 0)
		return; /* one crash, told already */
	if (!proof->passed)
		add(&s->remarks, KD_SAY_PROOF_FAILED,
		    kd_proof_name((enum kd_proof_kind)s->last_proof), proof->detail);
	else if (s->armed && strcmp(proof->key, f->state.key) != 0)
		add(&s->remarks, KD_SAY_PROOF_OUTDATED,
		    kd_proof_name((enum kd_proof_kind)s->last_proof), NULL);
}

/* Only kexec_file_load(2) verifies anything, and of the files the kernel image alone
 * (kimage_validate_signature(), kernel/kexec_file.c); a policy of IMA's may add to it. */
static void judge_verified(const struct kd_status_facts *f, struct kd_status *s)
{
	bool by_files = strcmp(f->state.loaded_by, "kexec_file_load") == 0;
	bool forced = f->forced_signature || f->kexec.lockdown != KD_LOCKDOWN_NONE;
	enum kd_say id = KD_SAY_VERIFIES_NOTHING;

	if (by_files && f->ima_policy[0])
		id = KD_SAY_VERIFIES_MORE;
	else if (by_files && forced)
		id = KD_SAY_VERIFIES_KERNEL;
	s->verified.id = id;
	kd_say(id, f->ima_policy, NULL, s->verified.text, sizeof(s->verified.text));
}

void kd_status_judge(const struct kd_status_facts *f, struct kd_status *ret)
{
	struct kd_status s = { .last_proof = -ENODATA };

	if (f->kexec_error[0])
		add(&s.reasons, KD_SAY_UNREADABLE, f->kexec_error, NULL);
	else
		judge_image(f, &s);
	judge_targets(f, &s);
	judge_machine(f, &s);
	judge_history(f, &s);
	judge_verified(f, &s);
	s.operational = s.reasons.n == 0;
	*ret = s;
}
