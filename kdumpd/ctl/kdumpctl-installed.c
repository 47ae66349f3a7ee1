/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl reset-crashkernel --installed: a kernel that was just installed is to be
 * captured, too, once it runs. Its boot entries get the running kernel's crashkernel=,
 * where they have none and auto_reset_crashkernel says so. Called by kernel-install's
 * plugin, conf/92-kdumpd.install.
 */
#include <string.h>

#include "base/io.h"
#include "kdumpd/boot/boot-change.h"
#include "kdumpd/boot/boot-line.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/host/host.h"
#include "kdumpd/tool.h"

#define CRASHKERNEL "crashkernel"

/** @n: of the entries in @chosen, which lack the parameter */
struct installed {
	struct kd_boot_places places;
	const struct kd_boot_place *chosen[KD_BOOT_PLACES];
	size_t n;
};

static void installed_freep(struct installed **p)
{
	if (*p)
		kd_boot_places_done(&(*p)->places);
	free(*p);
}

/* Returns whether it is wanted. */
static int is_wanted(int root_fd, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_settings *s = malloc(sizeof(*s));
	int r;

	if (!s)
		return kd_fail(err, -ENOMEM, "configuration");
	r = kd_settings_read(root_fd, s, err);
	return r < 0 ? r : s->config.auto_reset_crashkernel;
}

static int choose(int root_fd, const char *release, struct installed *in,
		  struct kd_error *err)
{
	int r = kd_boot_places_find(root_fd, &in->places, err);

	for (size_t i = 0; r >= 0 && i < in->places.n; i++)
		if (kd_boot_lacks(&in->places, &in->places.items[i], release,
				  CRASHKERNEL))
			in->chosen[in->n++] = &in->places.items[i];
	return r;
}

static int change(const struct kd_ctl *ctl, const struct installed *in,
		  const char *const *values, struct kd_error *err)
{
	const struct kd_boot_change c = { .root_fd = ctl->root_fd,
					  .name = CRASHKERNEL,
					  .values = values,
					  .run = kd_tool_run };
	int r = kd_boot_change(&c, in->chosen, in->n, err);

	for (size_t i = 0; r >= 0 && i < in->n; i++)
		for (const char *const *v = values; *v; v++)
			kd_log(&ctl->log, KD_LOG_INFO,
			       "For kernel=%s, crashkernel=%s now.",
			       in->chosen[i]->kernel, *v);
	return r;
}

static int reset(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_strlist_done) struct kd_strlist values = { 0 };
	_cleanup_(installed_freep) struct installed *in = calloc(1, sizeof(*in));
	char cmdline[KD_CMDLINE_SIZE];
	int r;

	if (!in)
		return kd_fail(err, -ENOMEM, "reset-crashkernel");
	r = is_wanted(ctl->root_fd, err);
	if (r <= 0)
		return r;
	r = kd_read_line_at(ctl->root_fd, "proc/cmdline", cmdline, sizeof(cmdline), err);
	if (r >= 0)
		r = kd_boot_line_values(cmdline, CRASHKERNEL, &values);
	if (r < 0 || values.n == 0)
		return r;
	r = choose(ctl->root_fd, ctl->args.installed, in, err);
	if (r < 0 || in->n == 0)
		return r;
	return change(ctl, in, (const char *const *)values.items, err);
}

int kd_ctl_reset_installed(const struct kd_ctl *ctl)
{
	struct kd_error err = { 0 };

	if (ctl->args.n_words || ctl->args.options != KD_CTL_INSTALLED)
		(void)kd_fail_msg(&err, -EINVAL,
				  "--installed takes no VALUE and no other option");
	else if (reset(ctl, &err) >= 0)
		return EXIT_SUCCESS;
	kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
	return EXIT_FAILURE;
}
