/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl propagate: a key for dumps over ssh, and its public half on the servers. ssh's
 * own programs do both, and ask whoever sits there for passwords and host keys; what they
 * are told is in root's known_hosts, which is all a capture trusts later. Sentences are
 * kdump-utils'.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/tool.h"

static int make_key(const struct kd_ctl *ctl, const char *key, struct kd_error *err)
{
	const char *const argv[] = { "ssh-keygen", "-q",    "-t", "ed25519", "-N", "",
				     "-C",	   "kdump", "-f", key,	     NULL };
	char folder[KD_PLAN_STRING];
	char *slash;
	int r;

	if (faccessat(ctl->root_fd, key + 1, F_OK, 0) >= 0) {
		kd_log(&ctl->log, KD_LOG_INFO, "Using existing keys...");
		return 0;
	}
	(void)snprintf(folder, sizeof(folder), "%s", key + 1);
	slash = strrchr(folder, '/');
	if (slash) {
		*slash = '\0';
		r = kd_mkdir_p_at(ctl->root_fd, folder, 0700, err);
		if (r < 0)
			return r;
	}
	kd_log(&ctl->log, KD_LOG_INFO, "Generating new ssh keys...");
	r = kd_tool_run((char *const *)argv, err);
	if (r >= 0)
		kd_log(&ctl->log, KD_LOG_INFO, "done.");
	return r;
}

/* Put there, then used once as a capture will: no password, no unknown host. */
static int install(const struct kd_ctl *ctl, const char *key, const char *login,
		   struct kd_error *err)
{
	const char *const copy[] = { "ssh-copy-id", "-i", key, login, NULL };
	const char *const use[] = { "ssh",
				    "-i",
				    key,
				    "-o",
				    "BatchMode=yes",
				    "-o",
				    "IdentitiesOnly=yes",
				    "-o",
				    "StrictHostKeyChecking=yes",
				    login,
				    "true",
				    NULL };
	const char *at = strrchr(login, '@');
	int user = (int)(at - login), r;

	r = kd_tool_run((char *const *)copy, err);
	if (r >= 0)
		r = kd_tool_run((char *const *)use, err);
	if (r < 0)
		return kd_fail(err, r,
			       "Failed to propagate ssh key, %s could not be added to "
			       "~%.*s/.ssh/authorized_keys on %s",
			       key, user, login, at + 1);
	kd_log(&ctl->log, KD_LOG_INFO,
	       "%s has been added to ~%.*s/.ssh/authorized_keys on %s", key, user, login,
	       at + 1);
	return 0;
}

static int propagate(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	bool any = false;
	int r;

	if (!settings)
		return kd_fail(err, -ENOMEM, "configuration");
	r = kd_settings_read(ctl->root_fd, settings, err);
	for (size_t i = 0; r >= 0 && i < settings->config.n_targets; i++) {
		const struct kd_config_target *t = &settings->config.targets[i];

		if ((t->type != KD_TARGET_SSH && t->type != KD_TARGET_SFTP) ||
		    !strchr(t->source, '@'))
			continue;
		r = any ? 0 : make_key(ctl, settings->config.sshkey, err);
		if (r >= 0)
			r = install(ctl, settings->config.sshkey, t->source, err);
		any = true;
	}
	if (r >= 0 && !any)
		return kd_fail_msg(err, -ENOENT,
				   "No ssh config specified in /" KD_CONFIG_PATH
				   ".  Can't propagate");
	return r;
}

int kd_ctl_propagate(const struct kd_ctl *ctl)
{
	struct kd_error err = { 0 };

	if (propagate(ctl, &err) >= 0)
		return EXIT_SUCCESS;
	kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
	return EXIT_FAILURE;
}
