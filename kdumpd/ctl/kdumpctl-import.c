/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl import: kdump-tools' or openSUSE's settings as a kdump.conf, on stdout or in
 * its place; what could not be carried over on stderr.
 */
#include <fcntl.h>

#include "base/io.h"
#include "kdumpd/config/config.h"
#include "kdumpd/config/import-write.h"
#include "kdumpd/config/import.h"
#include "kdumpd/ctl/kdumpctl.h"

/* The file that was named, or the first that is there. */
static int read_source(const struct kd_ctl *ctl, const char **ret_name, char **ret,
		       size_t *ret_size, struct kd_error *err)
{
	static const char *const usual[] = { "/" KD_IMPORT_DEBIAN, "/" KD_IMPORT_SUSE };
	int r;

	if (ctl->args.n_words) {
		*ret_name = ctl->args.words[0];
		return kd_read_file_at(AT_FDCWD, *ret_name, KD_CONFIG_MAX_SIZE, ret,
				       ret_size, err);
	}
	for (size_t i = 0; i < ARRAY_SIZE(usual); i++) {
		*ret_name = usual[i];
		r = kd_read_file_at(ctl->root_fd, usual[i] + 1, KD_CONFIG_MAX_SIZE, ret,
				    ret_size, NULL);
		if (r >= 0)
			return r;
		if (r != -ENOENT)
			return kd_fail(err, r, "%s", usual[i]);
	}
	return kd_fail_msg(err, -ENOENT,
			   "neither %s nor %s is there: name the file to import",
			   usual[0], usual[1]);
}

static int write_config(const struct kd_ctl *ctl, const struct kd_strbuf *conf,
			struct kd_error *err)
{
	char backup[64];
	int r;

	r = kd_import_write(ctl->root_fd, kd_strbuf_text(conf), conf->length,
			    ctl->args.options & KD_CTL_FORCE, backup, err);
	if (r < 0)
		return r;
	kd_log(&ctl->log, KD_LOG_INFO, "Wrote /" KD_CONFIG_PATH "%s%s",
	       backup[0] ? "; the old one is /" : "", backup);
	return 0;
}

static int import(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_config_report *report = malloc(sizeof(*report));
	_cleanup_(kd_strbuf_done) struct kd_strbuf conf;
	_cleanup_(kd_freep) char *text = NULL;
	char line[KD_CONFIG_PROBLEM_TEXT];
	const char *name;
	size_t size;
	int r;

	kd_strbuf_init(&conf, KD_IMPORT_MAX_CONF);
	if (!report)
		return kd_fail(err, -ENOMEM, "import");
	kd_config_report_init(report);
	r = read_source(ctl, &name, &text, &size, err);
	if (r < 0)
		return r;
	r = kd_import(name, text, size, &conf, report, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < MIN(report->n, (size_t)KD_CONFIG_PROBLEMS); i++) {
		kd_config_problem_format(&report->problems[i], line, sizeof(line));
		kd_log(&ctl->log, KD_LOG_WARNING, "%s", line);
	}
	if (report->n > KD_CONFIG_PROBLEMS)
		kd_log(&ctl->log, KD_LOG_WARNING, "%s: and %zu more", name,
		       report->n - KD_CONFIG_PROBLEMS);
	if (ctl->args.options & KD_CTL_WRITE)
		return write_config(ctl, &conf, err);
	(void)fputs(kd_strbuf_text(&conf), stdout);
	return 0;
}

int kd_ctl_import(const struct kd_ctl *ctl)
{
	struct kd_error err = { 0 };

	if (import(ctl, &err) < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
