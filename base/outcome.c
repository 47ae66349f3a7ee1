/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The outcome's JSON form: see outcome.h and docs/outcome.md. Trusts its caller's
 * counts and nothing in the strings, which come out of a crashed kernel. Called by
 * capture-kernel; the daemon reads it back with its own JSON library.
 */
#include "base/outcome.h"

#include <stdarg.h>
#include <string.h>

#include "base/json.h"

static const char *const state_names[KD_OUTCOME_STATES] = {
	[KD_OUTCOME_STARTED] = "started",	[KD_OUTCOME_FAILED] = "failed",
	[KD_OUTCOME_DMESG_ONLY] = "dmesg-only", [KD_OUTCOME_MINI] = "mini",
	[KD_OUTCOME_INCOMPLETE] = "incomplete", [KD_OUTCOME_COMPLETE] = "complete",
};

const char *kd_outcome_state_name(enum kd_outcome_state state)
{
	return (unsigned int)state < KD_OUTCOME_STATES ? state_names[state] : NULL;
}

int kd_outcome_state_from_name(const char *name, enum kd_outcome_state *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(state_names); i++)
		if (strcmp(state_names[i], name) == 0) {
			*ret = (enum kd_outcome_state)i;
			return 0;
		}
	return -EINVAL;
}

void kd_outcome_driver(struct kd_outcome *o, const char *name)
{
	if (o->n_drivers < KD_OUTCOME_DRIVERS)
		(void)snprintf(o->drivers[o->n_drivers++], sizeof(o->drivers[0]), "%s",
			       name);
}

void kd_outcome_note(struct kd_outcome *o, const char *fmt, ...)
{
	size_t i = MIN(o->n_notes, (size_t)KD_OUTCOME_NOTES - 1);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(o->notes[i], sizeof(o->notes[i]), fmt, ap);
	va_end(ap);
	o->n_notes = i + 1;
}

void kd_outcome_note_once(struct kd_outcome *o, const char *text)
{
	for (size_t i = 0; i < MIN(o->n_notes, (size_t)KD_OUTCOME_NOTES); i++)
		if (strncmp(o->notes[i], text, sizeof(o->notes[i]) - 1) == 0)
			return;
	kd_outcome_note(o, "%s", text);
}

static void encode_phases(const struct kd_outcome *o, struct kd_json *j)
{
	kd_json_array(j, "phases");
	for (size_t i = 0; i < o->n_phases; i++) {
		const struct kd_outcome_phase *p = &o->phases[i];

		kd_json_object(j, NULL);
		kd_json_string(j, "name", p->name);
		kd_json_u64(j, "startMs", p->start_ms);
		kd_json_u64(j, "endMs", p->end_ms);
		kd_json_i64(j, "error", p->error);
		if (p->error < 0)
			kd_json_string(j, "message", p->message);
		kd_json_object_end(j);
	}
	kd_json_array_end(j);
}

static void encode_pages(const struct kd_outcome *o, struct kd_json *j)
{
	kd_json_object(j, "pages");
	kd_json_u64(j, "total", o->pages_total);
	kd_json_u64(j, "kept", o->pages_kept);
	kd_json_u64(j, "unreadable", o->pages_unreadable);
	kd_json_array(j, "classes");
	for (size_t i = 0; i < o->n_classes; i++) {
		kd_json_object(j, NULL);
		kd_json_string(j, "name", o->classes[i].name);
		kd_json_u64(j, "seen", o->classes[i].seen);
		kd_json_u64(j, "kept", o->classes[i].kept);
		kd_json_object_end(j);
	}
	kd_json_array_end(j);
	kd_json_object_end(j);
}

static void encode_figures(const struct kd_outcome *o, struct kd_json *j)
{
	kd_json_u64(j, "miniBytes", o->mini_bytes);
	kd_json_u64(j, "dumpLevel", o->dump_level);
	kd_json_u64(j, "wantedLevel", o->wanted_level);
	kd_json_string(j, "sha256", o->sha256);
	kd_json_string(j, "bootId", o->boot_id);
	kd_json_u64(j, "memoryKiB", o->memory_kib);
	kd_json_u64(j, "availableKiB", o->available_kib);
	kd_json_u64(j, "threads", o->threads);
	kd_json_u64(j, "recentCrashes", o->recent_crashes);
}

static void encode_strings(struct kd_json *j, const char *name, const char *strings,
			   size_t size, size_t n)
{
	kd_json_array(j, name);
	for (size_t i = 0; i < n; i++)
		kd_json_string(j, NULL, strings + i * size);
	kd_json_array_end(j);
}

int kd_outcome_encode(const struct kd_outcome *o, struct kd_strbuf *out,
		      struct kd_error *err)
{
	struct kd_json j;

	kd_json_init(&j, out);
	kd_json_object(&j, NULL);
	kd_json_u64(&j, "schemaVersion", KD_OUTCOME_VERSION);
	kd_json_string(&j, "state", kd_outcome_state_name(o->state));
	kd_json_string(&j, "armId", o->arm_id);
	kd_json_string(&j, "release", o->release);
	kd_json_string(&j, "buildId", o->build_id);
	kd_json_u64(&j, "crashTime", o->crash_time);
	kd_json_string(&j, "layout", o->layout);
	kd_json_string(&j, "target", o->target);
	kd_json_string(&j, "dumpDir", o->dump_dir);
	kd_json_u64(&j, "vmcoreBytes", o->vmcore_bytes);
	kd_json_u64(&j, "dmesgBytes", o->dmesg_bytes);
	kd_json_u64(&j, "peakRssKiB", o->peak_rss_kib);
	encode_figures(o, &j);
	kd_json_bool(&j, "crashLoop", o->crash_loop);
	kd_json_bool(&j, "test", o->test);
	encode_pages(o, &j);
	encode_phases(o, &j);
	encode_strings(&j, "drivers", o->drivers[0], sizeof(o->drivers[0]), o->n_drivers);
	encode_strings(&j, "notes", o->notes[0], sizeof(o->notes[0]), o->n_notes);
	kd_json_object_end(&j);
	return out->status < 0 ? kd_fail(err, out->status, "outcome") : 0;
}
