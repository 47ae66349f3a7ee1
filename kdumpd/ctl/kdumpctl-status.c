/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl status and showmem. Takes no lock and needs no daemon: the kernel's flag, the
 * state file and the configuration are read and judged here.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "base/json.h"
#include "kdumpd/arm/hardware.h"
#include "kdumpd/arm/state.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kexec/check/explain.h"

#define REASONS	 8
#define TEXT_MAX 65536

/** @known: there is a state of this boot; @reasons: why it is not operational */
struct status {
	bool known, operational;
	struct kd_state state;
	uint64_t crash_size;
	size_t n_reasons;
	char reasons[REASONS][KD_ERROR_SIZE];
};

static void reason(struct status *s, const char *text)
{
	if (s->n_reasons < REASONS)
		(void)snprintf(s->reasons[s->n_reasons++], KD_ERROR_SIZE, "%s", text);
}

static void look(const struct kd_ctl *ctl, struct status *s)
{
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	char boot_id[KD_BOOT_ID_SIZE] = "", release[KD_RELEASE_SIZE] = "";
	struct kd_kexec_facts facts;
	struct kd_error err = { 0 };
	struct kd_hardware hardware;
	struct kd_armed_now now;
	const char *words, *digest = NULL;
	enum kd_armed armed;
	int r;

	*s = (struct status) { 0 };
	if (kd_kexec_facts_read(ctl->root_fd, &facts, &err) < 0) {
		reason(s, err.message);
		return;
	}
	s->crash_size = facts.crash_size;
	(void)kd_read_line_at(ctl->root_fd, "proc/sys/kernel/random/boot_id", boot_id,
			      sizeof(boot_id), NULL);
	(void)kd_read_line_at(ctl->root_fd, "proc/sys/kernel/osrelease", release,
			      sizeof(release), NULL);
	s->known = kd_state_read(ctl->root_fd, &s->state, NULL) >= 0;
	if (settings && kd_settings_read(ctl->root_fd, settings, &err) >= 0)
		digest = settings->digest;

	kd_hardware_read(ctl->root_fd, /* iomem_fd= */ -EBADF, &hardware);
	now = (struct kd_armed_now) { .loaded = facts.crash_loaded,
				      .boot_id = boot_id,
				      .release = release,
				      .config = digest,
				      .reserved = facts.crash_size,
				      .hardware = &hardware };
	armed = kd_state_judge(s->known ? &s->state : NULL, &now);
	s->operational = armed == KD_ARMED_YES;
	if (s->operational)
		return;
	reason(s, kd_armed_reason(armed));
	/* What would refuse the next arming matters only when it is needed. */
	facts.cap_sys_boot = true;
	words = kd_kexec_obstacle(&facts, &r);
	if (words)
		reason(s, words);
	if (err.code < 0)
		reason(s, err.message);
	else if (!words && s->known && s->state.error[0])
		reason(s, s->state.error);
}

static void put_json(const struct status *s)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	struct kd_json j;

	kd_strbuf_init(&out, TEXT_MAX);
	kd_json_init(&j, &out);
	kd_json_object(&j, NULL);
	kd_json_u64(&j, "schemaVersion", 1);
	kd_json_bool(&j, "operational", s->operational);
	kd_json_u64(&j, "reservedBytes", s->crash_size);
	if (s->operational) {
		kd_json_u64(&j, "armedAt", s->state.armed_at);
		kd_json_string(&j, "release", s->state.release);
		kd_json_string(&j, "target", s->state.target);
		kd_json_string(&j, "kernel", s->state.kernel);
		kd_json_string(&j, "image", s->state.image);
		kd_json_u64(&j, "imageBytes", s->state.image_bytes);
		kd_json_string(&j, "commandLine", s->state.cmdline);
		kd_json_string(&j, "key", s->state.key);
		kd_json_string(&j, "loadedBy", s->state.loaded_by);
	}
	kd_json_string(&j, "lastError",
		       s->known && s->state.error[0] ? s->state.error : NULL);
	kd_json_array(&j, "reasons");
	for (size_t i = 0; i < s->n_reasons; i++)
		kd_json_string(&j, NULL, s->reasons[i]);
	kd_json_array_end(&j);
	kd_json_object_end(&j);
	(void)puts(kd_strbuf_text(&out));
}

static void put_text(const struct kd_ctl *ctl, const struct status *s)
{
	char since[64] = "";
	struct tm tm;
	time_t at;

	if (!s->operational) {
		kd_log(&ctl->log, KD_LOG_INFO, "Kdump is not operational");
		for (size_t i = 0; i < s->n_reasons; i++)
			kd_log(&ctl->log, KD_LOG_INFO, "%s", s->reasons[i]);
		return;
	}
	kd_log(&ctl->log, KD_LOG_INFO, "Kdump is operational");
	at = (time_t)s->state.armed_at;
	if (localtime_r(&at, &tm))
		(void)strftime(since, sizeof(since), "%F %T", &tm);
	kd_log(&ctl->log, KD_LOG_INFO, "Armed since %s: %s to %s", since,
	       s->state.release, s->state.target);
	if (s->state.error[0])
		kd_log(&ctl->log, KD_LOG_WARNING, "the last attempt to arm failed: %s",
		       s->state.error);
}

int kd_ctl_status(const struct kd_ctl *ctl)
{
	_cleanup_(kd_freep) struct status *s = malloc(sizeof(*s));

	if (!s) {
		kd_log(&ctl->log, KD_LOG_ERROR, "status: %s", strerror(ENOMEM));
		return EXIT_FAILURE;
	}
	look(ctl, s);
	if (kd_ctl_json(ctl))
		put_json(s);
	else
		put_text(ctl, s);
	return s->operational ? EXIT_SUCCESS : KD_EXIT_NOT_OPERATIONAL;
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
