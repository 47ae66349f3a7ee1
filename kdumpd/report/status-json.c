/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing the status as JSON: see status-json.h. Texts of the machine are made UTF-8 by
 * the emitter. Called by kdumpctl status.
 */
#include "kdumpd/report/status-json.h"

#include <string.h>

#include "base/json.h"

static void add_findings(struct kd_json *j, const char *key,
			 const struct kd_findings *list)
{
	kd_json_array(j, key);
	for (size_t i = 0; i < list->n; i++) {
		const struct kd_sentence *s = kd_sentence(list->items[i].id);

		kd_json_object(j, NULL);
		kd_json_string(j, "code", s->code);
		kd_json_string(j, "text", list->items[i].text);
		kd_json_string(j, "remedy", s->remedy);
		kd_json_object_end(j);
	}
	kd_json_array_end(j);
}

static void add_armed(struct kd_json *j, const struct kd_status_facts *f,
		      const struct kd_status *s)
{
	const struct kd_state *state = &f->state;

	kd_json_u64(j, "armedAt", state->armed_at);
	kd_json_u64(j, "armMilliseconds", state->arm_ms);
	kd_json_string(j, "release", state->release);
	kd_json_string(j, "target", state->target);
	kd_json_string(j, "collector", state->collector);
	kd_json_u64(j, "crashLoopLimit", state->crash_loop_limit);
	kd_json_string(j, "kernel", state->kernel);
	kd_json_string(j, "image", state->image);
	kd_json_u64(j, "imageBytes", state->image_bytes);
	kd_json_string(j, "commandLine", state->cmdline);
	kd_json_string(j, "key", state->key);
	kd_json_string(j, "loadedBy", state->loaded_by);
	kd_json_string(j, "verified", kd_sentence(s->verified.id)->code);
}

static void add_targets(struct kd_json *j, const struct kd_status_facts *f)
{
	kd_json_array(j, "targets");
	for (size_t i = 0; i < f->n_targets; i++) {
		const struct kd_status_target *t = &f->targets[i];

		kd_json_object(j, NULL);
		kd_json_string(j, "target", t->what);
		kd_json_string(j, "missing", t->missing[0] ? t->missing : NULL);
		if (t->mounted)
			kd_json_u64(j, "freeBytes", t->free_bytes);
		else
			kd_json_null(j, "freeBytes");
		kd_json_object_end(j);
	}
	kd_json_array_end(j);
}

static void add_proofs(struct kd_json *j, const struct kd_status_facts *f)
{
	if (!f->has_proofs) {
		kd_json_null(j, "proofs");
		return;
	}
	kd_json_object(j, "proofs");
	for (int i = 0; i < KD_PROOF_KINDS; i++) {
		const struct kd_proof *p = &f->proofs.kinds[i];
		const char *name = kd_proof_name((enum kd_proof_kind)i);

		if (!p->at) {
			kd_json_null(j, name);
			continue;
		}
		kd_json_object(j, name);
		kd_json_u64(j, "at", p->at);
		kd_json_bool(j, "passed", p->passed);
		kd_json_bool(j, "ofWhatIsArmed",
			     p->key[0] && strcmp(p->key, f->state.key) == 0);
		kd_json_string(j, "release", p->release);
		kd_json_string(j, "dump", p->dump[0] ? p->dump : NULL);
		kd_json_u64(j, "seconds", p->seconds);
		kd_json_string(j, "detail", p->detail[0] ? p->detail : NULL);
		kd_json_object_end(j);
	}
	kd_json_object_end(j);
}

static void add_boot(struct kd_json *j, const struct kd_status_facts *f)
{
	const struct kd_boot_report *b = &f->boot;

	if (!f->has_boot) {
		kd_json_null(j, "lastBoot");
		return;
	}
	kd_json_object(j, "lastBoot");
	kd_json_string(j, "verdict", b->verdict);
	kd_json_string(j, "bootId", b->last_boot_id[0] ? b->last_boot_id : NULL);
	kd_json_string(j, "code", b->code[0] ? b->code : NULL);
	kd_json_string(j, "why", b->why[0] ? b->why : NULL);
	kd_json_string(j, "dump", b->dump[0] ? b->dump : NULL);
	kd_json_string(j, "state", b->state[0] ? b->state : NULL);
	if (b->crash_time)
		kd_json_u64(j, "crashTime", b->crash_time);
	else
		kd_json_null(j, "crashTime");
	kd_json_bool(j, "test", b->test);
	kd_json_bool(j, "provisional", b->provisional);
	kd_json_object_end(j);
}

int kd_status_json(const struct kd_status_facts *f, const struct kd_status *s,
		   struct kd_strbuf *out, struct kd_error *err)
{
	struct kd_json j;

	kd_json_init(&j, out);
	kd_json_object(&j, NULL);
	kd_json_u64(&j, "schemaVersion", 1);
	kd_json_bool(&j, "operational", s->operational);
	kd_json_bool(&j, "armed", s->armed);
	kd_json_u64(&j, "reservedBytes", f->kexec.crash_size);
	if (f->state.estimate)
		kd_json_u64(&j, "estimatedBytes", f->state.estimate);
	if (s->armed)
		add_armed(&j, f, s);
	kd_json_string(&j, "lastError",
		       f->has_state && f->state.error[0] ? f->state.error : NULL);
	add_findings(&j, "reasons", &s->reasons);
	add_findings(&j, "remarks", &s->remarks);
	add_targets(&j, f);
	add_proofs(&j, f);
	add_boot(&j, f);
	kd_json_object_end(&j);
	return out->status < 0 ? kd_fail(err, out->status, "status") : 0;
}
