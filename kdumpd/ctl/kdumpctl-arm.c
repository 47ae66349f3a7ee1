/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl start, stop, restart, reload, rebuild. With systemd, starting and stopping is
 * its job; everything else is done here, under the same lock, and the daemon sees it in
 * the state file. Without systemd nothing else is needed.
 */
#include <string.h>

#include "base/io.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/host/service-needs.h"
#include "kdumpd/report/arm-tell.h"
#include "kdumpd/tool.h"
#include "kdumpd/version.h"

#define UNIT	   "kdumpd.service"
#define DROPIN_MAX 4096

static const char *const unit_paths[] = {
	"etc/systemd/system/" UNIT,	      "run/systemd/system/" UNIT,
	"usr/local/lib/systemd/system/" UNIT, "usr/lib/systemd/system/" UNIT,
	"lib/systemd/system/" UNIT,
};

/* systemd runs, has the unit, and is not who called us (ExecReload= sets it). */
static bool use_systemd(const struct kd_ctl *ctl)
{
	if (getenv("KDUMPD_UNIT"))
		return false;
	if (faccessat(ctl->root_fd, "run/systemd/system", F_OK, 0) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(unit_paths); i++)
		if (faccessat(ctl->root_fd, unit_paths[i], F_OK, 0) >= 0)
			return true;
	return false;
}

static int systemctl(const struct kd_ctl *ctl, const char *verb)
{
	char *const argv[] = { (char *)"systemctl", (char *)"--quiet", (char *)verb,
			       (char *)UNIT, NULL };
	struct kd_error err = { 0 };
	int r = kd_tool_run(argv, &err);

	/* systemctl says itself why it failed */
	if (r < 0 && r != -ECHILD)
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int arm(const struct kd_ctl *ctl, bool force)
{
	const struct kd_arm_request request = {
		.root_fd = ctl->root_fd,
		.iomem_fd = kd_arm_iomem_fd(),
		.backend = kd_linux_real(),
		.init = ctl->args.init ? ctl->args.init : KD_CAPTURE_INIT,
		.force = force,
	};
	_cleanup_(kd_events_done) struct kd_events events = { .journal = -EBADF };
	_cleanup_(kd_arm_result_done) struct kd_arm_result result;
	struct kd_error err = { 0 };
	int r;

	kd_arm_result_init(&result);
	r = kd_arm(&request, &result, &err);
	kd_events_init(&events, ctl->root_fd, &ctl->log);
	kd_arm_tell(&events, &result, r, &err);
	kd_after_arming(ctl->root_fd, &events);
	if (r < 0) {
		kd_log(&ctl->log, KD_LOG_INFO, "Starting kdump: [FAILED]");
		return EXIT_FAILURE;
	}
	kd_log(&ctl->log, KD_LOG_INFO, "Starting kdump: [OK]");
	return EXIT_SUCCESS;
}

/* The unit is given what the configuration needs when units are loaded; one that was
 * edited since may need more. */
static void load_units_again(const struct kd_ctl *ctl)
{
	char *const argv[] = { (char *)"systemctl", (char *)"daemon-reload", NULL };
	_cleanup_(kd_strbuf_done) struct kd_strbuf want;
	_cleanup_(kd_freep) char *have = NULL;
	struct kd_service_needs needs;
	struct kd_error err = { 0 };

	kd_strbuf_init(&want, DROPIN_MAX);
	kd_service_needs_find(ctl->root_fd, &needs);
	kd_service_needs_write(&needs, &want);
	(void)kd_read_file_at(ctl->root_fd, KD_SERVICE_DROPIN_PATH, DROPIN_MAX, &have,
			      NULL, NULL);
	if (strcmp(kd_strbuf_text(&want), have ? have : "") != 0 &&
	    kd_tool_run(argv, &err) < 0)
		kd_log(&ctl->log, KD_LOG_WARNING, "%s", err.message);
}

/* The unit's failure is in the journal; the reason itself is in the state file. */
static int start_unit(const struct kd_ctl *ctl)
{
	struct kd_state state;

	load_units_again(ctl);
	if (systemctl(ctl, "start") == EXIT_SUCCESS) {
		kd_log(&ctl->log, KD_LOG_INFO, "Starting kdump: [OK]");
		return EXIT_SUCCESS;
	}
	if (kd_state_read(ctl->root_fd, &state, NULL) >= 0 && state.error[0])
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", state.error);
	kd_log(&ctl->log, KD_LOG_INFO, "Starting kdump: [FAILED]");
	return EXIT_FAILURE;
}

int kd_ctl_start(const struct kd_ctl *ctl)
{
	/* A running unit would make `systemctl start` do nothing: changed settings would
	 * be ignored. Arming compares for itself. */
	if (use_systemd(ctl) && systemctl(ctl, "is-active") != EXIT_SUCCESS)
		return start_unit(ctl);
	return arm(ctl, /* force= */ false);
}

static void tell_disarmed(const struct kd_ctl *ctl)
{
	_cleanup_(kd_events_done) struct kd_events events;

	kd_events_init(&events, ctl->root_fd, &ctl->log);
	(void)kd_event_quiet(&events, KD_SAY_DISARMED, kd_sentence(KD_SAY_DISARMED)->text,
			     NULL, 0);
}

int kd_ctl_stop(const struct kd_ctl *ctl)
{
	const struct kd_arm_request request = { .root_fd = ctl->root_fd,
						.backend = kd_linux_real() };
	struct kd_error err = { 0 };

	if (use_systemd(ctl) && systemctl(ctl, "stop") != EXIT_SUCCESS) {
		kd_log(&ctl->log, KD_LOG_INFO, "Stopping kdump: [FAILED]");
		return EXIT_FAILURE;
	}
	if (kd_disarm(&request, &err) < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		kd_log(&ctl->log, KD_LOG_INFO, "Stopping kdump: [FAILED]");
		return EXIT_FAILURE;
	}
	tell_disarmed(ctl);
	kd_log(&ctl->log, KD_LOG_INFO, "kexec: unloaded kdump kernel");
	kd_log(&ctl->log, KD_LOG_INFO, "Stopping kdump: [OK]");
	return EXIT_SUCCESS;
}

int kd_ctl_reload(const struct kd_ctl *ctl)
{
	return arm(ctl, /* force= */ false);
}

int kd_ctl_restart(const struct kd_ctl *ctl)
{
	return kd_ctl_start(ctl);
}

int kd_ctl_rebuild(const struct kd_ctl *ctl)
{
	return arm(ctl, /* force= */ true);
}
