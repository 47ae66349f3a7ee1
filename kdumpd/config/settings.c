/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the configuration: see settings.h. Trusts no file; a byte over the limit is
 * the parser's to complain about. Called by the arm path and kdumpctl.
 */
#include "kdumpd/config/settings.h"

#include "base/io.h"

static int read_text(int root_fd, const char *path, char **ret, size_t *ret_size,
		     struct kd_error *err)
{
	/* One byte more than allowed, for the parser to complain about it by line. */
	return kd_read_file_at(root_fd, path, KD_CONFIG_MAX_SIZE + 1, ret, ret_size, err);
}

static int read_config(int root_fd, struct kd_settings *s, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r;

	kd_config_init(&s->config);
	r = read_text(root_fd, KD_CONFIG_PATH, &text, &size, NULL);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return kd_fail(err, r, "/" KD_CONFIG_PATH);
	return kd_config_parse("/" KD_CONFIG_PATH, text, size, &s->config, &s->report,
			       err);
}

static int read_sysconfig(int root_fd, struct kd_settings *s, struct kd_error *err)
{
	static const char *const paths[] = { "/" KD_SYSCONFIG_PATH,
					     "/" KD_SYSCONFIG_PATH_DEBIAN };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		_cleanup_(kd_freep) char *text = NULL;
		size_t size;
		int r;

		r = read_text(root_fd, paths[i] + 1, &text, &size, NULL);
		if (r == -ENOENT)
			continue;
		if (r < 0)
			return kd_fail(err, r, "%s", paths[i]);
		return kd_sysconfig_parse(paths[i], text, size, &s->sysconfig, &s->report,
					  err);
	}
	return 0;
}

static int digest(struct kd_settings *s, struct kd_error *err)
{
	_cleanup_(kd_digest_freep) struct kd_digest *d = kd_digest_new();

	if (!d)
		return kd_fail(err, -ENOMEM, "configuration");
	kd_digest_adds(d, "path", s->config.path);
	kd_digest_adds(d, "collector", s->config.collector);
	for (size_t i = 0; i < s->config.n_targets; i++)
		kd_digest_adds(d, s->config.targets[i].fstype,
			       s->config.targets[i].source);
	kd_digest_adds(d, "final_action", kd_action_name(s->config.final_action));
	kd_digest_adds(d, "failure_action", kd_action_name(s->config.failure_action));
	kd_digest_adds(d, "kernel_version", s->sysconfig.kernel_version);
	kd_digest_adds(d, "commandline", s->sysconfig.commandline);
	kd_digest_adds(d, "remove", s->sysconfig.remove);
	kd_digest_adds(d, "kexec_args", s->sysconfig.kexec_args);
	if (s->sysconfig.has_append)
		kd_digest_adds(d, "append", s->sysconfig.append);
	kd_digest_hex(d, s->digest);
	return 0;
}

int kd_settings_read(int root_fd, struct kd_settings *ret, struct kd_error *err)
{
	int r, also;

	*ret = (struct kd_settings) { 0 };
	r = read_config(root_fd, ret, err);
	also = read_sysconfig(root_fd, ret, r < 0 ? NULL : err);
	if (r < 0 || also < 0)
		return r < 0 ? r : also;
	return digest(ret, err);
}
