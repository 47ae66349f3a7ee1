/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The summary: see summary.h. The kernel's word, the state file and the configuration are
 * read and judged. Of targets only the room on file systems that are mounted is asked for:
 * a server that is gone, or a disk, must not stop the daemon. Texts are made UTF-8, since
 * the bus drops who sends anything else.
 */
#include "kdumpd/summary.h"

#include <string.h>

#include "base/io.h"
#include "base/utf8.h"
#include "kdumpd/arm/hardware.h"
#include "kdumpd/arm/plan-build.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/host/room.h"
#include "kdumpd/report/judge.h"
#include "kexec/check/explain.h"
#include "kexec/host/facts.h"

#define USEC_PER_SECOND 1000000ull

static void add_reason(struct kd_summary *s, const char *text)
{
	size_t n = 0;

	while (s->reasons[n])
		n++;
	if (n == KD_SUMMARY_REASONS)
		return;
	(void)snprintf(s->texts[n], sizeof(s->texts[n]), "%s", text);
	kd_utf8_clean(s->texts[n]);
	s->reasons[n] = s->texts[n];
}

static void put(char *to, size_t size, const char *text)
{
	(void)snprintf(to, size, "%s", text);
	kd_utf8_clean(to);
}

/* What the configuration means now; a config that cannot be read is another one, too. */
static const char *read_config(int root_fd, const struct kd_state *state,
			       struct kd_settings *settings, struct kd_summary *s,
			       struct kd_error *err)
{
	bool readable = kd_settings_read(root_fd, settings, err) >= 0;

	s->config_changed = state && state->boot_id[0] &&
			    (!readable || strcmp(state->config, settings->digest) != 0);
	return readable ? settings->digest : NULL;
}

static void judge(int root_fd, const struct kd_state *state, struct kd_summary *s)
{
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	char boot_id[KD_BOOT_ID_SIZE] = "", release[KD_RELEASE_SIZE] = "";
	struct kd_kexec_facts facts;
	struct kd_error err = { 0 };
	struct kd_hardware hardware;
	struct kd_armed_now now = { .boot_id = boot_id, .release = release };
	const char *obstacle;
	enum kd_armed armed;
	enum kd_say sentence;
	char text[2 * KD_ERROR_SIZE];
	int r;

	if (kd_kexec_facts_read(root_fd, &facts, &err) < 0) {
		add_reason(s, err.message);
		return;
	}
	now.loaded = facts.crash_loaded;
	now.reserved = s->reserved_bytes = facts.crash_size;
	(void)kd_read_line_at(root_fd, "proc/sys/kernel/random/boot_id", boot_id,
			      sizeof(boot_id), NULL);
	(void)kd_read_line_at(root_fd, "proc/sys/kernel/osrelease", release,
			      sizeof(release), NULL);
	if (settings)
		now.config = read_config(root_fd, state, settings, s, &err);
	kd_hardware_read(root_fd, kd_arm_iomem_fd(), &hardware);
	now.hardware = &hardware;
	armed = kd_state_judge(state, &now);
	s->armed = armed == KD_ARMED_YES;
	if (s->armed)
		return;
	sentence = kd_armed_sentence(armed);
	kd_say_with_remedy(sentence, kd_sentence(sentence)->text, text, sizeof(text));
	add_reason(s, text);
	obstacle = kd_kexec_obstacle(&facts, &r);
	if (obstacle)
		add_reason(s, obstacle);
	if (err.message[0])
		add_reason(s, err.message);
}

static void say_full(struct kd_summary *s, const char *point, uint64_t bytes)
{
	char free[16], text[KD_ERROR_SIZE], line[2 * KD_ERROR_SIZE];

	kd_bytes_format(bytes, free, sizeof(free));
	kd_say(KD_SAY_TARGET_FULL, point, free, text, sizeof(text));
	kd_say_with_remedy(KD_SAY_TARGET_FULL, text, line, sizeof(line));
	add_reason(s, line);
}

/* Targets that are full are a reason when no other is left. What is not mounted here, or
 * is elsewhere, may have room. */
static void judge_room(int root_fd, const struct kd_state *state, struct kd_summary *s)
{
	char devices[KD_STATE_DEVICES], *rest = devices, *name;
	uint64_t bytes[KD_PLAN_TARGETS];
	bool usable = false;
	size_t n = 0;

	memcpy(devices, state->devices, sizeof(devices));
	while (n < KD_PLAN_TARGETS && (name = strsep(&rest, " "))) {
		struct kd_mount mount;

		if (kd_room_find(root_fd, name, &mount, &bytes[n], NULL) < 0 ||
		    bytes[n] >= KD_PLAN_FREE_MIN) {
			usable = true;
			continue;
		}
		put(s->points[n], sizeof(s->points[n]), mount.point);
		s->full[n] = s->points[n];
		n++;
	}
	for (size_t i = 0; i < n && !usable; i++)
		say_full(s, s->points[i], bytes[i]);
}

static void look_back(int root_fd, struct kd_summary *s)
{
	_cleanup_(kd_freep) struct kd_boot_report *report = calloc(1, sizeof(*report));

	if (!report || kd_boot_report_read(root_fd, report, NULL) < 0)
		return;
	put(s->last_boot, sizeof(s->last_boot), report->verdict);
	put(s->last_dump, sizeof(s->last_dump), report->dump);
}

void kd_summary_read(int root_fd, struct kd_summary *ret)
{
	struct kd_state state = { .boot_id = "" };
	bool known = kd_state_read(root_fd, &state, NULL) >= 0;

	/* compared as bytes: no padding may be left as it was */
	memset(ret, 0, sizeof(*ret));
	look_back(root_fd, ret);
	judge(root_fd, known ? &state : NULL, ret);
	if (state.boot_id[0])
		judge_room(root_fd, &state, ret);
	ret->operational = !ret->reasons[0];
	put(ret->error, sizeof(ret->error), state.error);
	ret->error_usec = state.error_at * USEC_PER_SECOND;
	if (!state.boot_id[0])
		return;
	ret->armed_usec = state.armed_at * USEC_PER_SECOND;
	put(ret->release, sizeof(ret->release), state.release);
	put(ret->target, sizeof(ret->target), state.target);
	put(ret->loaded_by, sizeof(ret->loaded_by), state.loaded_by);
	ret->image_bytes = state.image_bytes;
}
