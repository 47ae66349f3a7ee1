/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gathering what the last boot left: see boot-check.h. Trusts nothing in dumps or pstore
 * beyond what their readers check. Called by the daemon and by kdumpctl gc.
 */
#include "kdumpd/report/boot-check.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "kdumpd/archive/places.h"
#include "kdumpd/archive/reported.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/report/proof.h"
#include "kdumpd/report/pstore.h"

/** What is read; large. */
struct check {
	struct kd_settings settings;
	struct kd_places places;
	struct kd_reported reported;
	struct kd_marker marker;
	bool has_marker;
};

static void check_free(struct check *c)
{
	if (!c)
		return;
	kd_places_done(&c->places);
	kd_reported_done(&c->reported);
	free(c);
}
KD_DEFINE_GUARD(struct check, check_free)

/* Without a list of what was reported, an old machine's dumps are not news: only what is
 * younger than the last arming is. */
static bool is_new(const struct check *c, const struct kd_dump *dump)
{
	if (c->reported.known)
		return !kd_reported_has(&c->reported, dump->name);
	return c->has_marker && c->marker.armed_at && dump->time > 0 &&
	       (uint64_t)dump->time >= c->marker.armed_at;
}

/* What says more about the last boot: a whole dump before any other, since one crash may
 * have left something on two targets; then the newer one. */
static bool is_better(const struct kd_dump *d, const struct kd_dump *than)
{
	bool whole = d->state == KD_OUTCOME_COMPLETE;

	if (!than)
		return true;
	if (whole != (than->state == KD_OUTCOME_COMPLETE))
		return whole;
	return d->time >= than->time;
}

static void find_dump(const struct check *c, struct kd_boot_evidence *e)
{
	for (size_t i = 0; i < c->places.n; i++) {
		const struct kd_place *place = &c->places.items[i];

		for (size_t k = 0; k < place->archive.n; k++) {
			const struct kd_dump *d = &place->archive.dumps[k];

			if (!is_new(c, d) || !is_better(d, e->dump))
				continue;
			e->dump = d;
			e->folder = place->folder;
		}
	}
}

/* The marker of the boot before this one: moved away by this boot's arming, or still
 * where it was. */
static void read_marker(int root_fd, const char *boot_id, struct check *c)
{
	c->has_marker = kd_marker_read(root_fd, KD_MARKER_PATH, &c->marker, NULL) >= 0 &&
			strcmp(c->marker.boot_id, boot_id) != 0;
	if (!c->has_marker)
		c->has_marker = kd_marker_read(root_fd, KD_MARKER_PATH_LAST, &c->marker,
					       NULL) >= 0;
}

static int gather(int root_fd, const char *boot_id, struct check *c,
		  struct kd_boot_evidence *ret, struct kd_error *err)
{
	int r;

	read_marker(root_fd, boot_id, c);
	r = kd_reported_read(root_fd, &c->reported, err);
	if (r < 0)
		return r;
	*ret = (struct kd_boot_evidence) { .marker = c->has_marker ? &c->marker : NULL };
	/* What is wrong with the configuration is told elsewhere; here it only hides. */
	if (kd_settings_read(root_fd, &c->settings, NULL) < 0) {
		ret->unseen = "the configuration names no target";
	} else {
		r = kd_places_read(root_fd, &c->settings.config, &c->places, err);
		if (r < 0)
			return r;
		ret->unseen = kd_places_unseen(&c->places);
	}
	find_dump(c, ret);
	if (c->has_marker)
		ret->panic_at = kd_pstore_panic(root_fd, c->marker.ended_at
								 ? c->marker.ended_at
								 : c->marker.begun_at);
	return 0;
}

static void tell(const struct kd_events *events, const struct kd_boot_report *r)
{
	char text[KD_ERROR_SIZE], when[24] = "";
	const struct kd_journal_field fields[] = {
		{ "KDUMP_DUMP", r->dump },
		{ "KDUMP_STATE", r->state },
		{ "KDUMP_RELEASE", r->release },
		{ "KDUMP_CRASH_TIME", when },
		{ "KDUMP_BOOT_ID", r->last_boot_id },
		{ "KDUMP_WHY", r->code },
	};
	enum kd_say event = kd_boot_event(r, text, sizeof(text));

	if (r->crash_time)
		(void)snprintf(when, sizeof(when), "%" PRIu64, r->crash_time);
	/* that nothing has happened is for who looks it up, not for a terminal */
	if (kd_sentence(event)->level >= KD_LOG_INFO)
		(void)kd_event_quiet(events, event, text, fields, ARRAY_SIZE(fields));
	else
		kd_event(events, event, text, fields, ARRAY_SIZE(fields));
}

/* A crash is the best proof there is, of success or of failure. */
static int record_proof(int root_fd, const struct check *c,
			const struct kd_boot_report *r)
{
	enum kd_boot_verdict verdict = kd_boot_verdict_of(r);
	struct kd_proof proof = { .at = r->looked_at,
				  .passed = verdict == KD_BOOT_DUMPED,
				  .seconds = (r->capture_ms + 500) / 1000 };

	if ((verdict != KD_BOOT_DUMPED && verdict != KD_BOOT_LOST) || r->provisional)
		return 0;
	if (c->has_marker)
		memcpy(proof.key, c->marker.key, sizeof(proof.key));
	memcpy(proof.release, r->release, sizeof(proof.release));
	(void)snprintf(proof.dump, sizeof(proof.dump), "%s", r->dump);
	memcpy(proof.detail, r->why, sizeof(proof.detail));
	return kd_proof_record(root_fd, r->test ? KD_PROOF_TEST : KD_PROOF_CRASH, &proof,
			       NULL);
}

static bool is_old_news(const struct kd_boot_report *old, const struct kd_boot_report *r)
{
	return old->verdict[0] && strcmp(old->verdict, r->verdict) == 0 &&
	       strcmp(old->code, r->code) == 0 && strcmp(old->dump, r->dump) == 0;
}

/* Crashes in a row, between which nobody looked. Each dump is told of once. */
static void tell_of_others(const struct kd_events *events, const struct check *c,
			   const struct kd_dump *told)
{
	for (size_t i = 0; i < c->places.n; i++) {
		const struct kd_place *place = &c->places.items[i];

		for (size_t k = 0; k < place->archive.n; k++) {
			const struct kd_dump *d = &place->archive.dumps[k];
			char path[sizeof(place->folder) + KD_DUMP_NAME + 1];
			char text[KD_ERROR_SIZE];
			const struct kd_journal_field field = { "KDUMP_DUMP", path };

			if (d == told || !is_new(c, d))
				continue;
			(void)snprintf(path, sizeof(path), "%s/%s", place->folder,
				       d->name);
			kd_say(KD_SAY_EARLIER_DUMP, path, kd_outcome_state_name(d->state),
			       text, sizeof(text));
			kd_event(events, KD_SAY_EARLIER_DUMP, text, &field, 1);
		}
	}
}

int kd_boot_check(int root_fd, const struct kd_events *events, struct kd_boot_report *ret,
		  struct kd_error *err)
{
	_cleanup_(check_freep) struct check *c = calloc(1, sizeof(*c));
	struct kd_boot_report old = { .boot_id = "" }, report;
	struct kd_boot_evidence evidence;
	char boot_id[KD_BOOT_ID_SIZE];
	int r;

	if (!c)
		return kd_fail(err, -ENOMEM, "the last boot");
	if (kd_boot_report_read(root_fd, &old, NULL) >= 0 && !old.provisional) {
		*ret = old;
		return 0;
	}
	r = kd_read_line_at(root_fd, "proc/sys/kernel/random/boot_id", boot_id,
			    sizeof(boot_id), err);
	if (r >= 0)
		r = gather(root_fd, boot_id, c, &evidence, err);
	if (r < 0)
		return r;
	kd_boot_judge(&evidence, &report);
	memcpy(report.boot_id, boot_id, sizeof(report.boot_id));
	report.looked_at = (uint64_t)time(NULL);
	r = kd_boot_report_write(root_fd, &report, err);
	if (r < 0)
		return r;
	if (!is_old_news(&old, &report))
		tell(events, &report);
	tell_of_others(events, c, evidence.dump);
	/* Where /var cannot be written, all of this is news once more next time. */
	(void)kd_reported_write(root_fd, &c->reported, &c->places, NULL);
	(void)record_proof(root_fd, c, &report);
	*ret = report;
	return 1;
}
