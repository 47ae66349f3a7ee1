/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The metrics' text and its file: see metrics.h. Form: Prometheus' text exposition format
 * 0.0.4. Called by the daemon and kdumpctl gc.
 */
#include "kdumpd/report/metrics.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/atomic-file.h"
#include "kdumpd/config/settings.h"

/* Debian's, the one its documentation and Ansible's role use, Fedora's. */
static const char *const folders[] = {
	"var/lib/prometheus/node-exporter",
	"var/lib/node_exporter/textfile_collector",
	"var/lib/node_exporter",
};

static void head(struct kd_strbuf *out, const char *name, const char *help)
{
	kd_strbuf_addf(out, "# HELP kdump_%s %s\n# TYPE kdump_%s gauge\n", name, help,
		       name);
}

static void number(struct kd_strbuf *out, const char *name, const char *help,
		   uint64_t value)
{
	head(out, name, help);
	kd_strbuf_addf(out, "kdump_%s %" PRIu64 "\n", name, value);
}

static void seconds(struct kd_strbuf *out, const char *name, const char *help,
		    uint64_t ms)
{
	head(out, name, help);
	kd_strbuf_addf(out, "kdump_%s %" PRIu64 ".%03u\n", name, ms / 1000,
		       (unsigned int)(ms % 1000));
}

/* name="value" with the three characters escaped that must be. */
static void label(struct kd_strbuf *out, const char *name, const char *value)
{
	kd_strbuf_addf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			kd_strbuf_adds(out, "\\");
		if (*value == '\n')
			kd_strbuf_adds(out, "\\n");
		else
			kd_strbuf_add(out, value, 1);
	}
	kd_strbuf_adds(out, "\"");
}

static void add_state(const struct kd_status_facts *f, const struct kd_status *s,
		      struct kd_strbuf *out)
{
	number(out, "armed", "Whether the kernel has a capture image of ours for now.",
	       s->armed);
	number(out, "operational", "Whether a crash would be captured.", s->operational);
	head(out, "finding", "Reasons why it would not be, and remarks, by code.");
	for (size_t i = 0; i < s->reasons.n; i++)
		kd_strbuf_addf(out, "kdump_finding{kind=\"reason\",code=\"%s\"} 1\n",
			       kd_sentence(s->reasons.items[i].id)->code);
	for (size_t i = 0; i < s->remarks.n; i++)
		kd_strbuf_addf(out, "kdump_finding{kind=\"remark\",code=\"%s\"} 1\n",
			       kd_sentence(s->remarks.items[i].id)->code);
	number(out, "reserved_bytes", "Memory set aside by crashkernel=.",
	       f->kexec.crash_size);
	if (f->state.estimate)
		number(out, "estimated_bytes", "Memory the capture is expected to need.",
		       f->state.estimate);
	if (!f->state.armed_at)
		return;
	number(out, "last_arm_timestamp_seconds", "When it was armed last.",
	       f->state.armed_at);
	seconds(out, "last_arm_seconds", "How long that took.", f->state.arm_ms);
	number(out, "image_bytes", "Size of the capture image.", f->state.image_bytes);
	head(out, "image_info", "What is armed.");
	kd_strbuf_adds(out, "kdump_image_info{");
	label(out, "release", f->state.release);
	kd_strbuf_adds(out, ",");
	label(out, "target", f->state.target);
	kd_strbuf_adds(out, ",");
	label(out, "loaded_by", f->state.loaded_by);
	kd_strbuf_adds(out, "} 1\n");
}

static void add_targets(const struct kd_status_facts *f, struct kd_strbuf *out)
{
	head(out, "target_free_bytes", "Space left on a target, where it is mounted.");
	for (size_t i = 0; i < f->n_targets; i++) {
		if (!f->targets[i].mounted)
			continue;
		kd_strbuf_adds(out, "kdump_target_free_bytes{");
		label(out, "target", f->targets[i].what);
		kd_strbuf_addf(out, "} %" PRIu64 "\n", f->targets[i].free_bytes);
	}
}

static void add_proofs(const struct kd_status_facts *f, struct kd_strbuf *out)
{
	static const char *const names[] = { "last_proof_timestamp_seconds",
					     "last_proof_passed" };
	static const char *const help[] = {
		"When a capture was last put to the proof.",
		"Whether that worked.",
	};

	for (size_t what = 0; what < ARRAY_SIZE(names); what++) {
		head(out, names[what], help[what]);
		for (int i = 0; i < KD_PROOF_KINDS; i++) {
			const struct kd_proof *p = &f->proofs.kinds[i];

			if (p->at)
				kd_strbuf_addf(out, "kdump_%s{kind=\"%s\"} %" PRIu64 "\n",
					       names[what],
					       kd_proof_name((enum kd_proof_kind)i),
					       what ? p->passed : p->at);
		}
	}
}

static void add_dumps(const struct kd_dump_totals *t, struct kd_strbuf *out)
{
	head(out, "dumps", "Dumps that are kept, by state.");
	for (int i = 0; i < KD_OUTCOME_STATES; i++)
		kd_strbuf_addf(out, "kdump_dumps{state=\"%s\"} %" PRIu64 "\n",
			       kd_outcome_state_name((enum kd_outcome_state)i),
			       t->count[i]);
	number(out, "dump_bytes", "What they take.", t->bytes);
	if (t->last_crash > 0)
		number(out, "last_crash_timestamp_seconds",
		       "When the latest of them was made.", (uint64_t)t->last_crash);
	if (t->last_capture_ms)
		seconds(out, "last_capture_seconds",
			"How long that took, from the capture kernel's start.",
			t->last_capture_ms);
}

void kd_dump_totals(const struct kd_places *places, struct kd_dump_totals *ret)
{
	struct kd_dump_totals t = { .bytes = 0 };

	for (size_t i = 0; i < places->n; i++)
		for (size_t k = 0; k < places->items[i].archive.n; k++) {
			const struct kd_dump *d = &places->items[i].archive.dumps[k];

			t.count[d->state]++;
			t.bytes += d->total_bytes;
			if (d->time < t.last_crash)
				continue;
			t.last_crash = d->time;
			t.last_capture_ms = d->capture_ms;
		}
	*ret = t;
}

int kd_metrics_text(const struct kd_status_facts *f, const struct kd_status *s,
		    const struct kd_dump_totals *totals, struct kd_strbuf *out,
		    struct kd_error *err)
{
	add_state(f, s, out);
	add_targets(f, out);
	add_proofs(f, out);
	if (f->has_boot) {
		head(out, "last_boot", "How the last boot ended.");
		kd_strbuf_adds(out, "kdump_last_boot{");
		label(out, "verdict", f->boot.verdict);
		kd_strbuf_adds(out, "} 1\n");
	}
	add_dumps(totals, out);
	return out->status < 0 ? kd_fail(err, out->status, "metrics") : 0;
}

int kd_metrics_write(int root_fd, const char *file, const struct kd_strbuf *text,
		     struct kd_error *err)
{
	char path[KD_PLAN_STRING];
	int n = 0, r;

	if (file[0]) {
		r = kd_replace_file_at(root_fd, file + 1, kd_strbuf_text(text),
				       text->length, 0644, err);
		return r < 0 ? r : 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (faccessat(root_fd, folders[i], F_OK, 0) < 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folders[i], KD_METRICS_NAME);
		r = kd_replace_file_at(root_fd, path, kd_strbuf_text(text), text->length,
				       0644, err);
		if (r < 0)
			return r;
		n++;
	}
	return n;
}

/** All of it on the heap: some hundred KiB. */
struct update {
	struct kd_settings settings;
	struct kd_status_facts facts;
	struct kd_status status;
};

int kd_metrics_update(int root_fd, struct kd_error *err)
{
	_cleanup_(kd_freep) struct update *u = calloc(1, sizeof(*u));
	_cleanup_(kd_places_done) struct kd_places places = { .n = 0 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	struct kd_dump_totals totals;
	int r;

	kd_strbuf_init(&text, KD_METRICS_MAX);
	if (!u)
		return kd_fail(err, -ENOMEM, "metrics");
	r = kd_status_facts_read(root_fd, &u->facts, err);
	if (r < 0)
		return r;
	kd_status_judge(&u->facts, &u->status);
	if (kd_settings_read(root_fd, &u->settings, NULL) >= 0)
		(void)kd_places_read(root_fd, &u->settings.config, &places, NULL);
	kd_dump_totals(&places, &totals);
	r = kd_metrics_text(&u->facts, &u->status, &totals, &text, err);
	return r < 0 ? r
		     : kd_metrics_write(root_fd, u->settings.config.metrics_file, &text,
					err);
}
