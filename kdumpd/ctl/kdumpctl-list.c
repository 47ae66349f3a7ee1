/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl list: the dumps of all targets that can be reached, as coredumpctl list shows
 * cores: a line each, the newest last. An empty list is no error; a target that is not
 * mounted is told on stderr.
 */
#include <string.h>

#include "base/parse.h"
#include "kdumpd/ctl/kdumpctl-dumps.h"
#include "kdumpd/ctl/kdumpctl-json.h"
#include "kdumpd/ctl/pager.h"
#include "kdumpd/report/judge.h"

/** A part of the list in the order it is shown. */
struct rows {
	const struct kd_found_dump *dumps;
	size_t n;
	bool reverse;
};

static const struct kd_found_dump *row(const struct rows *r, size_t i)
{
	return &r->dumps[r->reverse ? r->n - 1 - i : i];
}

/* Names are as wide as they are: columns that a script cuts by white space. */
static void put_table(const struct rows *rows, bool legend)
{
	size_t host = strlen("HOST"), release = strlen("RELEASE");

	for (size_t i = 0; i < rows->n; i++) {
		host = MAX(host, strlen(rows->dumps[i].dump->host));
		release = MAX(release, strlen(rows->dumps[i].dump->release));
	}
	if (legend && rows->n)
		(void)printf("%-19s %-*s %-*s %-10s %7s %s\n", "TIME", (int)host, "HOST",
			     (int)release, "RELEASE", "STATE", "SIZE", "PATH");
	for (size_t i = 0; i < rows->n; i++) {
		const struct kd_found_dump *f = row(rows, i);
		const struct kd_dump *d = f->dump;
		char when[32], size[16];

		kd_ctl_time_format(d->time, when, sizeof(when));
		kd_bytes_format(d->bytes, size, sizeof(size));
		(void)printf("%-19s %-*s %-*s %-10s %7s %s/%s/%s\n", when, (int)host,
			     d->host[0] ? d->host : "-", (int)release,
			     d->release[0] ? d->release : "-",
			     kd_outcome_state_name(d->state), size, f->place->folder,
			     d->name, d->file);
	}
}

static int put_json(const struct rows *rows, struct kd_error *err)
{
	_cleanup_(kd_ctl_document_done) struct kd_ctl_document doc;
	struct kd_json *j = kd_ctl_document_array(&doc);

	for (size_t i = 0; i < rows->n; i++) {
		const struct kd_found_dump *f = row(rows, i);
		const struct kd_dump *d = f->dump;
		char path[sizeof(f->place->folder) + KD_DUMP_NAME + KD_DUMP_FILE + 2];

		(void)snprintf(path, sizeof(path), "%s/%s/%s", f->place->folder, d->name,
			       d->file);
		kd_json_object(j, NULL);
		kd_json_i64(j, "time", d->time);
		kd_json_string(j, "state", kd_outcome_state_name(d->state));
		kd_json_u64(j, "bytes", d->bytes);
		kd_json_u64(j, "totalBytes", d->total_bytes);
		kd_json_string(j, "host", d->host[0] ? d->host : NULL);
		kd_json_string(j, "release", d->release[0] ? d->release : NULL);
		kd_json_string(j, "trouble", d->trouble[0] ? d->trouble : NULL);
		kd_json_bool(j, "test", d->test);
		kd_json_bool(j, "ours", d->ours);
		kd_json_string(j, "path", path);
		kd_json_object_end(j);
	}
	return kd_ctl_document_put(&doc, "list", err);
}

/* With -n: so many of the newest. */
static int limit_rows(const struct kd_ctl_args *args, struct rows *rows,
		      struct kd_error *err)
{
	uint64_t most;

	if (!args->count)
		return 0;
	if (kd_parse_u64(args->count, &most) < 0 || most == 0)
		return kd_fail_msg(err, -EINVAL,
				   "-n: expected a number above 0, found \"%s\"",
				   args->count);
	if (most < rows->n) {
		rows->dumps += rows->n - most;
		rows->n = (size_t)most;
	}
	return 0;
}

static int list(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_ctl_dumps_done) struct kd_ctl_dumps dumps = { .n = 0 };
	struct rows rows;
	struct kd_pager pager;
	const char *folder;
	int r;

	r = kd_ctl_dumps_read(ctl, &dumps, err);
	if (r == -ENOENT && kd_ctl_json(ctl)) {
		(void)puts("[]");
		kd_error_reset(err);
		return 0;
	}
	if (r < 0)
		return r;
	rows = (struct rows) { dumps.dumps, dumps.n, ctl->args.options & KD_CTL_REVERSE };
	r = limit_rows(&ctl->args, &rows, err);
	if (r < 0)
		return r;
	if (kd_ctl_json(ctl))
		return put_json(&rows, err);
	folder = dumps.places->n ? dumps.places->items[0].folder : "";
	if (rows.n == 0)
		kd_log(&ctl->log, KD_LOG_INFO, "No dumps%s%s", folder[0] ? " in " : "",
		       folder);
	kd_pager_start(&pager, !(ctl->args.options & KD_CTL_NO_PAGER));
	put_table(&rows, !(ctl->args.options & KD_CTL_NO_LEGEND));
	kd_pager_done(&pager);
	return 0;
}

int kd_ctl_list(const struct kd_ctl *ctl)
{
	struct kd_error err = { 0 };

	if (list(ctl, &err) < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
