/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging how the last boot ended: see boot-report.h. A dump outweighs all else, a
 * panic's record outweighs the absence of one. Called by boot-check.c.
 */
#include "kdumpd/report/boot-report.h"

#include <string.h>

#include "base/io.h"
#include "kdumpd/fields.h"

#define REPORT_MAX 8192

#define TEXT(member)   KD_FIELD_TEXT(struct kd_boot_report, member)
#define NUMBER(member) KD_FIELD_NUMBER(struct kd_boot_report, member)

static const struct kd_field items[] = {
	TEXT(boot_id),	     TEXT(last_boot_id), TEXT(verdict),	     TEXT(code),
	TEXT(why),	     TEXT(dump),	 TEXT(state),	     TEXT(release),
	NUMBER(crash_time),  NUMBER(dump_bytes), NUMBER(capture_ms), NUMBER(test),
	NUMBER(provisional), NUMBER(looked_at),
};

static const struct kd_fields fields = { items, ARRAY_SIZE(items), REPORT_MAX };

static const char *const names[KD_BOOT_VERDICTS] = {
	[KD_BOOT_UNKNOWN] = "unknown", [KD_BOOT_CLEAN] = "clean",
	[KD_BOOT_UNCLEAN] = "unclean", [KD_BOOT_DUMPED] = "dumped",
	[KD_BOOT_LOST] = "lost",
};

const char *kd_boot_verdict_name(enum kd_boot_verdict verdict)
{
	return names[verdict];
}

enum kd_boot_verdict kd_boot_verdict_of(const struct kd_boot_report *report)
{
	for (int i = 0; i < KD_BOOT_VERDICTS; i++)
		if (strcmp(names[i], report->verdict) == 0)
			return (enum kd_boot_verdict)i;
	return KD_BOOT_UNKNOWN;
}

static void set_verdict(struct kd_boot_report *r, enum kd_boot_verdict verdict)
{
	(void)snprintf(r->verdict, sizeof(r->verdict), "%s", names[verdict]);
}

static void lost(struct kd_boot_report *r, enum kd_say why, const char *first,
		 const char *second)
{
	set_verdict(r, KD_BOOT_LOST);
	(void)snprintf(r->code, sizeof(r->code), "%s", kd_sentence(why)->code);
	kd_say(why, first, second, r->why, sizeof(r->why));
}

static void judge_dump(const struct kd_boot_evidence *e, struct kd_boot_report *r)
{
	const struct kd_dump *d = e->dump;
	char trouble[KD_ERROR_SIZE + 2] = "";

	(void)snprintf(r->dump, sizeof(r->dump), "%s/%s", e->folder, d->name);
	(void)snprintf(r->state, sizeof(r->state), "%s", kd_outcome_state_name(d->state));
	(void)snprintf(r->release, sizeof(r->release), "%s", d->release);
	r->crash_time = d->time > 0 ? (uint64_t)d->time : 0;
	r->dump_bytes = d->bytes;
	r->capture_ms = d->capture_ms;
	r->test = d->test;
	if (d->trouble[0])
		(void)snprintf(trouble, sizeof(trouble), ": %s", d->trouble);
	switch (d->state) {
	case KD_OUTCOME_COMPLETE:
		set_verdict(r, KD_BOOT_DUMPED);
		return;
	case KD_OUTCOME_INCOMPLETE:
		lost(r, KD_SAY_WHY_INCOMPLETE, r->dump, trouble);
		return;
	case KD_OUTCOME_MINI:
		lost(r, KD_SAY_WHY_MINI, r->dump, trouble);
		return;
	case KD_OUTCOME_STARTED:
		lost(r, KD_SAY_WHY_CUT_OFF, r->dump, NULL);
		return;
	case KD_OUTCOME_DMESG_ONLY:
		lost(r, KD_SAY_WHY_LOG_ONLY, r->dump, trouble);
		return;
	default:
		lost(r, KD_SAY_WHY_FAILED, r->dump, trouble);
	}
}

/* A panic was logged, and there is no dump of it. */
static void judge_panic(const struct kd_boot_evidence *e, struct kd_boot_report *r)
{
	const struct kd_marker *m = e->marker;

	r->crash_time = e->panic_at;
	r->provisional = e->unseen && m->armed;
	if (!m->armed && m->error[0])
		lost(r, KD_SAY_WHY_ARM_FAILED, m->error, NULL);
	else if (!m->armed)
		lost(r, KD_SAY_WHY_UNARMED, NULL, NULL);
	else if (e->unseen)
		lost(r, KD_SAY_WHY_UNSEEN, e->unseen, NULL);
	else
		lost(r, KD_SAY_WHY_NOTHING_LEFT, m->target, NULL);
}

void kd_boot_judge(const struct kd_boot_evidence *e, struct kd_boot_report *ret)
{
	const struct kd_marker *m = e->marker;
	struct kd_boot_report r = { .boot_id = "" };

	if (m) {
		memcpy(r.last_boot_id, m->boot_id, sizeof(r.last_boot_id));
		memcpy(r.release, m->release, sizeof(r.release));
		r.test = m->test; /* a dump, where there is one, knows better */
	}
	if (e->dump) {
		judge_dump(e, &r);
	} else if (!m) {
		set_verdict(&r, KD_BOOT_UNKNOWN);
		r.provisional = e->unseen != NULL;
	} else if (e->panic_at) {
		judge_panic(e, &r);
	} else if (m->ended_at) {
		set_verdict(&r, KD_BOOT_CLEAN);
	} else {
		set_verdict(&r, KD_BOOT_UNCLEAN);
		r.provisional = e->unseen && m->armed;
	}
	*ret = r;
}

enum kd_say kd_boot_event(const struct kd_boot_report *r, char *ret, size_t size)
{
	enum kd_say event = KD_SAY_BOOT_UNKNOWN;
	const char *detail = NULL;

	switch (kd_boot_verdict_of(r)) {
	case KD_BOOT_CLEAN:
		event = KD_SAY_BOOT_CLEAN;
		break;
	case KD_BOOT_UNCLEAN:
		event = KD_SAY_BOOT_UNCLEAN;
		detail = r->provisional ? "; its target could not be looked at yet" : "";
		break;
	case KD_BOOT_DUMPED:
		event = KD_SAY_CRASH_DUMPED;
		detail = r->dump;
		break;
	case KD_BOOT_LOST:
		event = KD_SAY_CRASH_LOST;
		detail = r->why;
		break;
	default:
		break;
	}
	kd_say(event, detail, NULL, ret, size);
	return event;
}

int kd_boot_report_read(int root_fd, struct kd_boot_report *ret, struct kd_error *err)
{
	static const char *const paths[] = { KD_BOOT_REPORT_PATH,
					     KD_BOOT_REPORT_PATH_LIB };
	char boot_id[KD_BOOT_ID_SIZE];
	int r;

	r = kd_read_line_at(root_fd, "proc/sys/kernel/random/boot_id", boot_id,
			    sizeof(boot_id), err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct kd_boot_report report = { .boot_id = "" };

		if (kd_fields_read(&fields, root_fd, paths[i], &report, NULL) < 0 ||
		    strcmp(report.boot_id, boot_id) != 0)
			continue;
		*ret = report;
		return 0;
	}
	return kd_fail(err, -ENOENT, "report on the last boot");
}

int kd_boot_report_write(int root_fd, const struct kd_boot_report *report,
			 struct kd_error *err)
{
	int r;

	r = kd_mkdir_p_at(root_fd, KD_STATE_DIR, 0755, err);
	if (r >= 0)
		r = kd_fields_write(&fields, root_fd, KD_BOOT_REPORT_PATH, report, 0644,
				    err);
	if (r < 0)
		return r;
	if (kd_mkdir_p_at(root_fd, KD_LIB_DIR, 0700, NULL) >= 0)
		(void)kd_fields_write(&fields, root_fd, KD_BOOT_REPORT_PATH_LIB, report,
				      0600, NULL);
	return 0;
}
