/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl gc: dumps that are over the configured limits go. With --boot, as
 * kdumpd-archive.service calls it, only after the last boot left a new whole dump; before
 * that the look at the last boot is finished, now that all targets may be mounted.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

#include "base/atomic-file.h"
#include "kdumpd/archive/remove.h"
#include "kdumpd/archive/reported.h"
#include "kdumpd/archive/retention.h"
#include "kdumpd/ctl/kdumpctl-dumps.h"
#include "kdumpd/ctl/kdumpctl-json.h"
#include "kdumpd/report/boot-check.h"
#include "kdumpd/report/judge.h"
#include "kdumpd/report/metrics.h"

/** @short_of: the last limit that could not be kept */
struct gc {
	const struct kd_ctl *ctl;
	const struct kd_config_keep *limits;
	struct kd_reported reported;
	struct kd_events events;
	struct kd_ctl_document document;
	bool dry_run;
	unsigned int removed, failed;
	enum kd_say short_of;
};

/* The limit in its own sentence. */
static void describe(const struct gc *gc, enum kd_say why, char *ret, size_t size)
{
	char limit[24] = "";

	switch (why) {
	case KD_SAY_OVER_COUNT:
		(void)snprintf(limit, sizeof(limit), "%" PRIu64, gc->limits->count);
		break;
	case KD_SAY_OVER_DAYS:
		(void)snprintf(limit, sizeof(limit), "%" PRIu64, gc->limits->days);
		break;
	case KD_SAY_OVER_BYTES:
		kd_bytes_format(gc->limits->bytes, limit, sizeof(limit));
		break;
	case KD_SAY_OVER_FREE:
		kd_bytes_format(gc->limits->free, limit, sizeof(limit));
		break;
	default:
		break;
	}
	kd_say(why, limit, NULL, ret, size);
}

static void remove_dump(struct gc *gc, const struct kd_place *place,
			const struct kd_dump *d, enum kd_say why)
{
	char path[sizeof(place->folder) + KD_DUMP_NAME + 1];
	char reason[KD_ERROR_SIZE], text[KD_ERROR_SIZE];
	struct kd_json *j = &gc->document.json;
	const struct kd_journal_field fields[] = {
		{ "KDUMP_DUMP", path }, { "KDUMP_WHY", kd_sentence(why)->code }
	};
	struct kd_error err = { 0 };

	(void)snprintf(path, sizeof(path), "%s/%s", place->folder, d->name);
	describe(gc, why, reason, sizeof(reason));
	if (!gc->dry_run && kd_dump_remove(place->fd, d->name, &err) < 0) {
		gc->failed++;
		kd_log(&gc->ctl->log, KD_LOG_WARNING, "%s", err.message);
		return;
	}
	gc->removed++;
	kd_json_object(j, NULL);
	kd_json_string(j, "path", path);
	kd_json_u64(j, "bytes", d->total_bytes);
	kd_json_string(j, "code", kd_sentence(why)->code);
	kd_json_string(j, "why", reason);
	kd_json_object_end(j);
	if (gc->dry_run && !kd_ctl_json(gc->ctl)) {
		(void)printf("%s would be removed: %s\n", path, reason);
	} else if (!gc->dry_run) {
		kd_say(KD_SAY_DUMP_REMOVED, path, reason, text, sizeof(text));
		kd_event(&gc->events, KD_SAY_DUMP_REMOVED, text, fields,
			 ARRAY_SIZE(fields));
	}
}

/* The limits hold for each place by itself: each is a file system of its own. */
static int collect(struct gc *gc, const struct kd_place *place, struct kd_error *err)
{
	size_t n = place->archive.n;
	_cleanup_(kd_freep) struct kd_keep_dump *dumps = calloc(n + 1, sizeof(*dumps));
	_cleanup_(kd_freep) enum kd_say *verdicts = calloc(n + 1, sizeof(*verdicts));
	struct kd_keep_input in = {
		.dumps = dumps, .n = n, .limits = gc->limits, .now = (int64_t)time(NULL)
	};
	struct statvfs st;
	enum kd_say short_of;

	if (!dumps || !verdicts)
		return kd_fail(err, -ENOMEM, "gc");
	if (place->fd < 0 || n == 0)
		return 0;
	if (fstatvfs(place->fd, &st) < 0)
		return kd_fail(err, -errno, "%s", place->folder);
	in.free_bytes = (uint64_t)st.f_bavail * st.f_frsize;
	for (size_t i = 0; i < n; i++)
		dumps[i] = (struct kd_keep_dump) {
			&place->archive.dumps[i],
			kd_reported_has(&gc->reported, place->archive.dumps[i].name)
		};
	(void)kd_keep_judge(&in, verdicts, &short_of);
	if (short_of != KD_SAY_COUNT)
		gc->short_of = short_of;
	for (size_t i = 0; i < n; i++)
		if (verdicts[i] != KD_SAY_COUNT)
			remove_dump(gc, place, dumps[i].dump, verdicts[i]);
	return 0;
}

static int collect_all(struct gc *gc, struct kd_error *err)
{
	_cleanup_(kd_ctl_dumps_done) struct kd_ctl_dumps dumps = { .n = 0 };
	char text[KD_ERROR_SIZE];
	int r;

	r = kd_ctl_dumps_read(gc->ctl, &dumps, err);
	if (r >= 0)
		r = kd_reported_read(gc->ctl->root_fd, &gc->reported, err);
	if (r < 0)
		return r;
	gc->limits = &dumps.settings->config.keep;
	for (size_t i = 0; i < dumps.places->n && r >= 0; i++)
		r = collect(gc, &dumps.places->items[i], err);
	if (gc->short_of != KD_SAY_COUNT) {
		describe(gc, gc->short_of, text, sizeof(text));
		kd_log(&gc->ctl->log, KD_LOG_WARNING,
		       "%s, and what may be removed is not enough", text);
	}
	return r;
}

static int look_at_boot(struct gc *gc, struct kd_boot_report *ret, struct kd_error *err)
{
	return kd_boot_check(gc->ctl->root_fd, &gc->events, ret, err);
}

/* Whoever tells of full targets looks again; where nobody does, there is no folder. */
static void tell_room(const struct gc *gc)
{
	if (gc->removed && !gc->dry_run)
		(void)kd_replace_file_at(gc->ctl->root_fd, KD_STATE_DIR "/" KD_STATE_ROOM,
					 "", 0, 0644, NULL);
}

static int run(struct gc *gc, struct kd_error *err)
{
	struct kd_boot_report report = { .verdict = "" };
	int r;

	if (gc->ctl->args.options & KD_CTL_BOOT) {
		r = look_at_boot(gc, &report, err);
		if (r < 0)
			return r;
	}
	if (!(gc->ctl->args.options & KD_CTL_BOOT) ||
	    kd_boot_verdict_of(&report) == KD_BOOT_DUMPED) {
		r = collect_all(gc, err);
		tell_room(gc);
		if (r < 0)
			return r;
	}
	if (!gc->dry_run && kd_metrics_update(gc->ctl->root_fd, err) < 0) {
		kd_log(&gc->ctl->log, KD_LOG_WARNING, "%s", err->message);
		kd_error_reset(err);
	}
	return 0;
}

int kd_ctl_gc(const struct kd_ctl *ctl)
{
	struct gc gc = { .ctl = ctl,
			 .dry_run = ctl->args.options & KD_CTL_DRY_RUN,
			 .short_of = KD_SAY_COUNT };
	struct kd_error err = { 0 };
	int r;

	(void)kd_ctl_document_array(&gc.document);
	kd_events_init(&gc.events, ctl->root_fd, &ctl->log);
	r = run(&gc, &err);
	if (r >= 0 && kd_ctl_json(ctl))
		r = kd_ctl_document_put(&gc.document, "gc", &err);
	kd_ctl_document_done(&gc.document);
	kd_events_done(&gc.events);
	kd_reported_done(&gc.reported);
	if (r < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	if (!kd_ctl_json(ctl) && !gc.removed && !(ctl->args.options & KD_CTL_BOOT))
		kd_log(&ctl->log, KD_LOG_INFO, "Nothing is over the limits");
	return gc.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
