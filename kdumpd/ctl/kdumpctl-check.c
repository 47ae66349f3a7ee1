/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl check: everything that is wrong with the configuration, and whether arming
 * with it would go through. Nothing is built, loaded or written. With a file's name, that
 * file alone is read: for templates that are checked before they are put in place.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/io.h"
#include "kdumpd/arm/inputs.h"
#include "kdumpd/ctl/kdumpctl-json.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/version.h"

/**
 * @valid: the report has no errors of the configuration itself
 * @tried: arming was tried, too; @error: why it would fail, "" when it would not
 * @n_targets: that would be used
 */
struct finding {
	struct kd_config_report report;
	bool valid, tried;
	char error[KD_ERROR_SIZE];
	size_t n_targets;
};

static int check_file(const char *name, struct finding *f, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_config config;
	size_t size;
	int r;

	r = kd_read_file_at(AT_FDCWD, name, KD_CONFIG_MAX_SIZE, &text, &size, err);
	if (r < 0)
		return r;
	f->valid = kd_config_parse(name, text, size, &config, &f->report, NULL) >= 0;
	return 0;
}

static int check_all(const struct kd_ctl *ctl, struct finding *f, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	_cleanup_(kd_freep) struct kd_inputs *in = malloc(sizeof(*in));
	const struct kd_inputs_request request = {
		.root_fd = ctl->root_fd,
		.init = ctl->args.init ? ctl->args.init : KD_CAPTURE_INIT,
		.now = 0, /* keep no digests either */
	};
	struct kd_error why = { 0 };

	if (!settings || !in)
		return kd_fail(err, -ENOMEM, "check");
	f->valid = kd_settings_read(ctl->root_fd, settings, NULL) >= 0;
	f->report = settings->report;
	if (!f->valid)
		return 0;
	f->tried = true;
	if (kd_inputs_gather(&request, in, &why) < 0)
		memcpy(f->error, why.message, sizeof(f->error));
	f->report = in->settings.report; /* targets' complaints, too */
	f->n_targets = in->plan.n_targets;
	kd_inputs_done(in);
	return 0;
}

static int put_json(const struct finding *f, struct kd_error *err)
{
	_cleanup_(kd_ctl_document_done) struct kd_ctl_document d;
	struct kd_json *j = kd_ctl_document_object(&d);

	kd_json_bool(j, "valid", f->valid);
	if (f->tried)
		kd_json_bool(j, "wouldArm", !f->error[0]);
	else
		kd_json_null(j, "wouldArm");
	kd_json_string(j, "error", f->error[0] ? f->error : NULL);
	kd_json_u64(j, "problemCount", f->report.n);
	kd_json_array(j, "problems");
	for (size_t i = 0; i < MIN(f->report.n, (size_t)KD_CONFIG_PROBLEMS); i++) {
		const struct kd_config_problem *p = &f->report.problems[i];

		kd_json_object(j, NULL);
		kd_json_string(j, "file", p->file);
		if (p->line)
			kd_json_u64(j, "line", p->line);
		else
			kd_json_null(j, "line");
		kd_json_string(j, "severity", p->warning ? "warning" : "error");
		kd_json_string(j, "text", p->text);
		kd_json_object_end(j);
	}
	kd_json_array_end(j);
	return kd_ctl_document_put(&d, "check", err);
}

static void put_text(const struct kd_ctl *ctl, const struct finding *f)
{
	char line[KD_CONFIG_PROBLEM_TEXT];

	for (size_t i = 0; i < MIN(f->report.n, (size_t)KD_CONFIG_PROBLEMS); i++) {
		const struct kd_config_problem *p = &f->report.problems[i];

		kd_config_problem_format(p, line, sizeof(line));
		(void)printf("%s%s\n", line, p->warning ? " (warning)" : "");
	}
	if (f->report.n > KD_CONFIG_PROBLEMS)
		(void)printf("and %zu more\n", f->report.n - KD_CONFIG_PROBLEMS);
	if (!f->valid)
		kd_log(&ctl->log, KD_LOG_ERROR, "The configuration has %zu error%s",
		       f->report.errors, f->report.errors == 1 ? "" : "s");
	else if (!f->tried)
		kd_log(&ctl->log, KD_LOG_INFO, "The configuration is valid");
	else if (f->error[0])
		kd_log(&ctl->log, KD_LOG_ERROR,
		       "The configuration is valid, but arming would fail: %s", f->error);
	else
		kd_log(&ctl->log, KD_LOG_INFO,
		       "The configuration is valid, and arming would go through: %zu "
		       "target%s",
		       f->n_targets, f->n_targets == 1 ? "" : "s");
}

static int failed(const struct kd_ctl *ctl, const struct kd_error *err)
{
	kd_log(&ctl->log, KD_LOG_ERROR, "%s", err->message);
	return EXIT_FAILURE;
}

int kd_ctl_check(const struct kd_ctl *ctl)
{
	_cleanup_(kd_freep) struct finding *f = calloc(1, sizeof(*f));
	struct kd_error err = { 0 };
	int r;

	if (!f)
		r = kd_fail(&err, -ENOMEM, "check");
	else
		r = ctl->args.n_words ? check_file(ctl->args.words[0], f, &err)
				      : check_all(ctl, f, &err);
	if (r < 0)
		return failed(ctl, &err);
	if (!kd_ctl_json(ctl))
		put_text(ctl, f);
	else if (put_json(f, &err) < 0)
		return failed(ctl, &err);
	return f->valid && !f->error[0] ? EXIT_SUCCESS : EXIT_FAILURE;
}
