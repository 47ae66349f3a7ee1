/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the configuration: see settings.h. Every file is read to its end, whatever the
 * one before held, so that all complaints are told at once. Trusts no file; a byte over
 * the limit is the parser's to complain about. Called by the arm path and kdumpctl.
 */
#include "kdumpd/config/settings.h"

#include <string.h>

#include "capture-kernel/image/root.h"
#include "kdumpd/config/dropins.h"

/* What cannot be read is a complaint about the file. @ret: NULL then, and for none */
static bool read_text(int root_fd, const char *name, struct kd_settings *s, char **ret,
		      size_t *ret_size)
{
	int r;

	/* One byte more than allowed, for the parser to complain about it. */
	r = kd_root_read(root_fd, name, KD_CONFIG_MAX_SIZE + 1, ret, ret_size, NULL);
	if (r >= 0)
		return true;
	if (r == -EFBIG)
		kd_config_complain(&s->report, name, 0, /* warning= */ false,
				   "longer than %d bytes", KD_CONFIG_MAX_SIZE);
	else if (r != -ENOENT)
		kd_config_complain(&s->report, name, 0, /* warning= */ false, "%s",
				   r == -EINVAL ? "is no file" : strerror(-r));
	return false;
}

static void read_file(int root_fd, const char *name, struct kd_settings *s,
		      struct kd_config_reader *reader)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;

	if (read_text(root_fd, name, s, &text, &size))
		kd_config_read(reader, name, text, size);
}

static int read_config(int root_fd, struct kd_settings *s)
{
	_cleanup_(kd_freep) struct kd_config_reader *reader = malloc(sizeof(*reader));
	_cleanup_(kd_strlist_done) struct kd_strlist dropins = { 0 };
	char name[KD_CONFIG_FILE + KD_PLAN_STRING];
	int r;

	if (!reader)
		return -ENOMEM;
	kd_config_reader_init(reader, &s->report);
	read_file(root_fd, "/" KD_CONFIG_PATH, s, reader);
	r = kd_dropins_list(root_fd, &dropins, &s->report);
	if (r < 0)
		return r;
	for (size_t i = 0; i < dropins.n; i++) {
		(void)snprintf(name, sizeof(name), "/%s", dropins.items[i]);
		read_file(root_fd, name, s, reader);
	}
	kd_config_finish(reader, &s->config);
	return 0;
}

static void read_sysconfig(int root_fd, struct kd_settings *s)
{
	static const char *const names[] = { "/" KD_SYSCONFIG_PATH,
					     "/" KD_SYSCONFIG_PATH_DEBIAN };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_(kd_freep) char *text = NULL;
		size_t size, before = s->report.n;

		if (read_text(root_fd, names[i], s, &text, &size))
			kd_sysconfig_read(names[i], text, size, &s->sysconfig,
					  &s->report);
		if (text || s->report.n > before)
			return;
	}
}

static int digest(struct kd_settings *s)
{
	_cleanup_(kd_digest_freep) struct kd_digest *d = kd_digest_new();

	if (!d)
		return -ENOMEM;
	kd_config_digest(&s->config, d);
	kd_digest_adds(d, "kernel_version", s->sysconfig.kernel_version);
	kd_digest_adds(d, "commandline", s->sysconfig.commandline);
	kd_digest_adds(d, "remove", s->sysconfig.remove);
	kd_digest_adds(d, "kexec_args", s->sysconfig.kexec_args);
	kd_digest_adds(d, "boot_dir", s->sysconfig.boot_dir);
	kd_digest_adds(d, "image", s->sysconfig.image);
	kd_digest_adds(d, "image_suffix", s->sysconfig.image_suffix);
	if (s->sysconfig.has_append)
		kd_digest_adds(d, s->sysconfig.append_to_ours ? "also" : "append",
			       s->sysconfig.append);
	kd_digest_hex(d, s->digest);
	return 0;
}

int kd_settings_read(int root_fd, struct kd_settings *ret, struct kd_error *err)
{
	int r;

	*ret = (struct kd_settings) { 0 };
	kd_config_init(&ret->config);
	r = read_config(root_fd, ret);
	if (r < 0)
		return kd_fail(err, r, "configuration");
	read_sysconfig(root_fd, ret);
	r = kd_config_verdict(&ret->report, err);
	if (r < 0)
		return r;
	r = digest(ret);
	return r < 0 ? kd_fail(err, r, "configuration") : 0;
}
