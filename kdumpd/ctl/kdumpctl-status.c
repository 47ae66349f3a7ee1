/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl status and showmem. Takes no lock and needs no daemon: what the kernel says,
 * the state file, the configuration and the records are read and judged here.
 */
#include <inttypes.h>
#include <string.h>

#include "kdumpd/ctl/kdumpctl-dumps.h"
#include "kdumpd/report/status-json.h"

/** Both are large. */
struct view {
	struct kd_status_facts facts;
	struct kd_status status;
};

static void put_findings(const struct kd_ctl *ctl, enum kd_log_level level,
			 const struct kd_findings *list)
{
	char line[2 * KD_ERROR_SIZE];

	for (size_t i = 0; i < list->n; i++) {
		kd_say_with_remedy(list->items[i].id, list->items[i].text, line,
				   sizeof(line));
		kd_log(&ctl->log, level, "%s", line);
	}
}

static void put_armed(const struct kd_ctl *ctl, const struct view *v)
{
	const struct kd_state *state = &v->facts.state;
	char since[32], size[16];

	kd_ctl_time_format((int64_t)state->armed_at, since, sizeof(since));
	kd_bytes_format(state->image_bytes, size, sizeof(size));
	kd_log(&ctl->log, KD_LOG_INFO, "Armed since %s: %s to %s", since, state->release,
	       state->target);
	kd_log(&ctl->log, KD_LOG_INFO, "What runs then: %s, image %s of %s, by %s",
	       state->collector, state->image, size, state->loaded_by);
	kd_log(&ctl->log, KD_LOG_INFO, "Verified: %s", v->status.verified.text);
}

static void put_proof(const struct kd_ctl *ctl, const struct view *v)
{
	const struct kd_proof *p;
	char when[32];

	if (v->status.last_proof < 0)
		return;
	p = &v->facts.proofs.kinds[v->status.last_proof];
	kd_ctl_time_format((int64_t)p->at, when, sizeof(when));
	kd_log(&ctl->log, KD_LOG_INFO, "Last proof: %s, %s %s%s%s", when,
	       kd_proof_name((enum kd_proof_kind)v->status.last_proof),
	       p->passed ? "passed" : "failed", p->dump[0] ? ": " : "", p->dump);
}

static void put_boot(const struct kd_ctl *ctl, const struct view *v)
{
	char text[KD_ERROR_SIZE];

	/* a crash without a dump is among the remarks */
	if (!v->facts.has_boot || kd_boot_verdict_of(&v->facts.boot) == KD_BOOT_LOST)
		return;
	(void)kd_boot_event(&v->facts.boot, text, sizeof(text));
	kd_log(&ctl->log, KD_LOG_INFO, "%s", text);
}

static void put_text(const struct kd_ctl *ctl, const struct view *v)
{
	const struct kd_status *s = &v->status;

	kd_log(&ctl->log, KD_LOG_INFO, "Kdump is %soperational",
	       s->operational ? "" : "not ");
	put_findings(ctl, KD_LOG_INFO, &s->reasons);
	if (s->armed)
		put_armed(ctl, v);
	put_proof(ctl, v);
	put_boot(ctl, v);
	put_findings(ctl, KD_LOG_WARNING, &s->remarks);
}

static int put_json(const struct view *v, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	int r;

	kd_strbuf_init(&out, KD_STATUS_JSON_MAX);
	r = kd_status_json(&v->facts, &v->status, &out, err);
	if (r >= 0)
		(void)fputs(kd_strbuf_text(&out), stdout);
	return r;
}

int kd_ctl_status(const struct kd_ctl *ctl)
{
	_cleanup_(kd_freep) struct view *v = malloc(sizeof(*v));
	struct kd_error err = { 0 };
	int r;

	r = v ? kd_status_facts_read(ctl->root_fd, &v->facts, &err)
	      : kd_fail(&err, -ENOMEM, "status");
	if (r >= 0) {
		kd_status_judge(&v->facts, &v->status);
		if (kd_ctl_json(ctl))
			r = put_json(v, &err);
		else
			put_text(ctl, v);
	}
	if (r < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	return v->status.operational ? EXIT_SUCCESS : KD_EXIT_NOT_OPERATIONAL;
}

int kd_ctl_showmem(const struct kd_ctl *ctl)
{
	struct kd_error err = { 0 };
	uint64_t size;

	if (kd_kexec_crash_size(ctl->root_fd, &size, &err) < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	if (kd_ctl_json(ctl))
		(void)printf("{\"reservedBytes\":%" PRIu64 "}\n", size);
	else
		kd_log(&ctl->log, KD_LOG_INFO,
		       "Reserved %" PRIu64 "MB memory for crash kernel", size >> 20);
	return EXIT_SUCCESS;
}
