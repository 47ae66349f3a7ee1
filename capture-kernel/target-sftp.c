/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host that takes files by SSH: see place-sftp.h. Each child logs in for itself, so
 * that nothing of a connection outlives the child that may hang on it. Called by the
 * phases.
 */
#include <string.h>

#include "capture-kernel/place-sftp.h"
#include "capture-kernel/target-network.h"

#define KEYS_FOLDER "/kdump/ssh"

/* Nothing to attach: whoever opens the place logs in. */
static int attach(const struct kd_target *t _unused_, struct kd_outcome *o _unused_,
		  struct kd_error *err _unused_)
{
	return 0;
}

/* "user@host", "user@[v6]" */
static void split_login(const char *device, char *user, char *host, size_t size)
{
	const char *at = strrchr(device, '@');
	size_t n = at ? (size_t)(at - device) : 0;

	(void)snprintf(user, size, "%.*s", (int)n, device);
	at = at ? at + 1 : device;
	at += *at == '[';
	(void)snprintf(host, size, "%.*s", (int)strcspn(at, "]"), at);
}

static int open_place(const struct kd_target *t, struct kd_place **ret,
		      struct kd_error *err)
{
	char user[KD_PLAN_STRING], host[KD_PLAN_STRING];
	const struct kd_ssh_login login = {
		.program = KD_SSH_PROGRAM,
		.user = user,
		.host = host,
		.address = t->plan->way.server,
		.port = t->plan->way.port,
		.folder = KEYS_FOLDER,
	};
	int r;

	split_login(t->plan->device, user, host, sizeof(user));
	r = kd_place_sftp_new(&login, ret, err);
	return r < 0 ? kd_fail_msg(err, r, "%s", t->plan->device) : 0;
}

static int release(const struct kd_target *t _unused_, struct kd_error *err _unused_)
{
	return 0;
}

const struct kd_target_ops kd_target_sftp_ops = {
	.reach = kd_target_reach_network,
	.attach = attach,
	.open = open_place,
	.release = release,
};
