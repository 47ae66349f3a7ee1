/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Importing: see import.h. Every line that comes out has been through the parser that
 * will read it. Trusts nothing.
 */
#include "kdumpd/config/import.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "kdumpd/config/assignment.h"
#include "kdumpd/config/import-private.h"
#include "makedumpfile/options.h"

/** @line: where the variable is set last, 0 for nowhere */
struct value {
	unsigned int line;
	char text[KD_IMPORT_VALUE];
};

struct kd_importer {
	const struct kd_import_dialect *dialect;
	const char *file;
	struct kd_strbuf *conf;
	struct kd_config_report *report;
	struct value values[KD_IMPORT_VARIABLES];
};

static const struct kd_import_dialect *const dialects[] = { &kd_import_debian,
							    &kd_import_suse };

static int find(const struct kd_import_dialect *d, const char *name)
{
	for (size_t i = 0; d->variables[i].name; i++)
		if (strcmp(d->variables[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

/* Whether it tells that a file is of that dialect. */
static bool is_of(const struct kd_import_dialect *d, const char *name)
{
	int i = find(d, name);

	return i >= 0 && !d->variables[i].common;
}

const char *kd_import_value(const struct kd_importer *im, const char *name)
{
	int i = find(im->dialect, name);

	return i < 0 ? "" : im->values[i].text;
}

void kd_import_remark(struct kd_importer *im, const char *name, const char *fmt, ...)
{
	int i = find(im->dialect, name);
	char text[KD_ERROR_SIZE];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	kd_config_complain(im->report, im->file, i < 0 ? 0 : im->values[i].line,
			   /* warning= */ true, "%s: %s", name, text);
}

/* Whether the parser takes the line, and makedumpfile its options. */
static int try_line(const char *line, size_t size, const char *key, struct kd_error *err)
{
	struct kd_dump_options options;
	struct kd_config_report report;
	struct kd_config config;

	kd_config_report_init(&report);
	if (kd_config_parse("", line, size, &config, &report, NULL) < 0)
		return kd_fail_msg(err, -EINVAL, "%s", report.problems[0].text);
	if (strcmp(key, "core_collector") == 0)
		return kd_options_parse_collector(config.collector, &options, err);
	return 0;
}

void kd_import_put(struct kd_importer *im, const char *name, const char *key,
		   const char *value)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf line;
	struct kd_error err = { 0 };
	int r;

	kd_strbuf_init(&line, 4 * KD_IMPORT_VALUE);
	kd_strbuf_addf(&line, "%s %s\n", key, value);
	r = line.status < 0 ? kd_fail(&err, line.status, "%s", key)
			    : try_line(kd_strbuf_text(&line), line.length, key, &err);
	if (r >= 0 && strchr(value, '#'))
		r = kd_fail_msg(&err, -EINVAL, "%s: a '#' would begin a comment", key);
	if (r < 0)
		kd_import_remark(im, name, "left out: %s", err.message);
	else
		kd_strbuf_adds(im->conf, kd_strbuf_text(&line));
}

static void take_line(struct kd_importer *im, const struct kd_lines *it)
{
	char line[KD_IMPORT_VALUE + 64], *value;
	struct kd_error err = { 0 };
	const char *name;
	int i, r;

	r = kd_assignment_split(it, line, sizeof(line), &name, &value, &err);
	if (r == 0)
		return;
	if (r < 0) {
		kd_config_complain(im->report, im->file, it->number, /* warning= */ true,
				   "not understood, left out: no assignment");
		return;
	}
	i = find(im->dialect, name);
	if (i < 0) {
		kd_config_complain(im->report, im->file, it->number, /* warning= */ true,
				   "%.64s: %s has no such variable, left out", name,
				   im->dialect->title);
		return;
	}
	im->values[i].line = it->number;
	im->values[i].text[0] = '\0';
	if (kd_assignment_unquote(value) < 0 || strlen(value) >= KD_IMPORT_VALUE)
		kd_import_remark(im, name, "left out: only a shell could tell its value");
	else
		memcpy(im->values[i].text, value, strlen(value) + 1);
}

static void tell_lost(struct kd_importer *im)
{
	for (size_t i = 0; im->dialect->variables[i].name; i++) {
		const struct kd_import_variable *v = &im->dialect->variables[i];

		if (v->lost && im->values[i].text[0] &&
		    strcmp(im->values[i].text, v->usual) != 0)
			kd_import_remark(im, v->name, "%s", v->lost);
	}
}

/* The one that has most of the file's variables for itself. */
static const struct kd_import_dialect *recognise(const char *text, size_t size)
{
	size_t best = 0, counts[ARRAY_SIZE(dialects)] = { 0 };
	struct kd_lines it = { .rest = text, .left = size };
	const struct kd_import_dialect *ret = NULL;

	while (kd_lines_next(&it)) {
		char line[KD_IMPORT_VALUE + 64], *value;
		const char *name;

		if (kd_assignment_split(&it, line, sizeof(line), &name, &value, NULL) > 0)
			for (size_t i = 0; i < ARRAY_SIZE(dialects); i++)
				counts[i] += is_of(dialects[i], name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++)
		if (counts[i] > best) {
			best = counts[i];
			ret = dialects[i];
		}
	return ret;
}

int kd_import(const char *file, const char *text, size_t size, struct kd_strbuf *conf,
	      struct kd_config_report *report, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_importer *im = calloc(1, sizeof(*im));
	struct kd_lines it = { .rest = text, .left = size };

	if (!im)
		return kd_fail(err, -ENOMEM, "%s", file);
	im->dialect = recognise(text, size);
	if (!im->dialect)
		return kd_fail_msg(err, -EINVAL,
				   "%s: neither kdump-tools' settings (KDUMP_COREDIR, "
				   "MAKEDUMP_ARGS, ...) nor openSUSE's (KDUMP_SAVEDIR, "
				   "KDUMP_DUMPLEVEL, ...)",
				   file);
	im->file = file;
	im->conf = conf;
	im->report = report;
	while (kd_lines_next(&it))
		take_line(im, &it);
	kd_strbuf_addf(conf, "# From the settings of %s, by kdumpctl import.\n",
		       im->dialect->title);
	im->dialect->compose(im);
	tell_lost(im);
	return conf->status < 0 ? kd_fail(err, conf->status, "%s", file) : 0;
}
