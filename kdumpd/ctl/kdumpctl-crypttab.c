/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl setup-crypttab: lets systemd keep the keys of LUKS volumes a dump goes through,
 * so that arming finds them without a passphrase. Sentences and exit statuses are
 * kdump-utils'.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "kdumpd/boot/crypttab.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/host/host.h"
#include "kdumpd/host/luks.h"

#define CRYPTTAB "etc/crypttab"
#define BACKUP	 CRYPTTAB ".before-kdump"

static int find_volumes(int root_fd, struct kd_strlist *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	_cleanup_(kd_freep) struct kd_target_facts *targets = NULL;
	int r;

	targets = calloc(KD_PLAN_TARGETS, sizeof(*targets));
	if (!settings || !targets)
		return kd_fail(err, -ENOMEM, "configuration");
	r = kd_settings_read(root_fd, settings, err);
	if (r < 0)
		return r;
	kd_targets_find(root_fd, &settings->config, targets);
	/* one that is not there, or no block device, has no keys to keep */
	for (size_t i = 0; r >= 0 && i < settings->config.n_targets; i++)
		if (targets[i].name[0])
			r = kd_luks_find(root_fd, targets[i].name, ret, err);
	return r;
}

/* The old file first, then the new one in its place, with its mode. */
static int replace(int root_fd, const char *old, size_t old_size,
		   const struct kd_strbuf *text, struct kd_error *err)
{
	struct stat st;
	int r;

	if (fstatat(root_fd, CRYPTTAB, &st, 0) < 0)
		return kd_fail(err, -errno, "/" CRYPTTAB);
	r = kd_replace_file_at(root_fd, BACKUP, old, old_size, st.st_mode & 07777, err);
	if (r < 0)
		return r;
	return kd_replace_file_at(root_fd, CRYPTTAB, text->data, text->length,
				  st.st_mode & 07777, err);
}

static int setup(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_strlist_done) struct kd_strlist volumes = { 0 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	_cleanup_(kd_freep) char *old = NULL;
	size_t size;
	int r;

	kd_strbuf_init(&text, 2 * KD_CRYPTTAB_MAX);
	r = kd_read_file_at(ctl->root_fd, CRYPTTAB, KD_CRYPTTAB_MAX, &old, &size, err);
	if (r == -ENOENT) {
		kd_log(&ctl->log, KD_LOG_INFO, "/" CRYPTTAB " doesn't exist, skip setup");
		return 0;
	}
	if (r >= 0)
		r = find_volumes(ctl->root_fd, &volumes, err);
	if (r < 0)
		return r;
	if (volumes.n == 0) {
		kd_log(&ctl->log, KD_LOG_INFO,
		       "No LUKS-encrypted device found to process. Exiting.");
		return 0;
	}
	r = kd_crypttab_edit(old, size, (const char *const *)volumes.items, &text, err);
	if (r == 0)
		kd_log(&ctl->log, KD_LOG_INFO, "No changes were needed.");
	if (r > 0)
		r = replace(ctl->root_fd, old, size, &text, err);
	else
		return r;
	if (r < 0)
		return r;
	kd_log(&ctl->log, KD_LOG_INFO, "Success! /" CRYPTTAB " has been updated.");
	kd_log(&ctl->log, KD_LOG_INFO,
	       "Remember to run 'dracut -f --regenerate-all' where the initramfs unlocks "
	       "the device, then restart; the old file is /" BACKUP);
	return 0;
}

int kd_ctl_setup_crypttab(const struct kd_ctl *ctl)
{
	struct kd_error err = { 0 };

	if (setup(ctl, &err) >= 0)
		return EXIT_SUCCESS;
	kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
	return EXIT_FAILURE;
}
