/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl list: the dumps below the configured path, as coredumpctl list shows cores.
 * An empty list is no error; a target that is not mounted is.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "capture-kernel/image/root.h"
#include "kdumpd/archive/archive.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/host/host.h"

#define JSON_MAX (16u << 20)

/* The folder of the dumps as it is reached now. */
static int find_folder(const struct kd_ctl *ctl, char *ret, size_t size,
		       struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_settings *s = malloc(sizeof(*s));
	_cleanup_(kd_freep) struct kd_target_facts *targets = calloc(KD_PLAN_TARGETS,
								     sizeof(*targets));
	const struct kd_target_facts *t;
	int n, r;

	if (!s || !targets)
		return kd_fail(err, -ENOMEM, "list");
	r = kd_settings_read(ctl->root_fd, s, err);
	if (r < 0)
		return r;
	if (strcmp(s->config.targets[0].source, KD_TARGET_OF_PATH) == 0) {
		(void)snprintf(ret, size, "%s", s->config.path);
		return 0;
	}
	kd_targets_find(ctl->root_fd, &s->config, targets);
	t = targets;
	for (size_t i = 1; i < s->config.n_targets && !t->mounted; i++)
		t = &targets[i];
	if (!t->mounted && targets[0].error.code < 0)
		return kd_fail_msg(err, targets[0].error.code, "%s",
				   targets[0].error.message);
	if (!t->mounted)
		return kd_fail_msg(err, -ENOENT,
				   "target %s is not mounted: mount it to see its dumps",
				   targets[0].wanted.source);
	n = snprintf(ret, size, "%s%s",
		     strcmp(t->mount_point, "/") == 0 ? "" : t->mount_point,
		     s->config.path);
	return n < 0 || (size_t)n >= size ? kd_fail(err, -ENAMETOOLONG, "list") : 0;
}

static void human_size(uint64_t bytes, char ret[16])
{
	static const char units[] = "BKMGTPE";
	double v = (double)bytes;
	size_t u = 0;

	for (; v >= 1024 && u + 2 < sizeof(units); u++)
		v /= 1024;
	(void)snprintf(ret, 16, u ? "%.1f%c" : "%.0f%c", v, units[u]);
}

static void put_table(const struct kd_archive *a, const char *folder)
{
	if (a->n == 0)
		return;
	(void)printf("%-19s %-10s %8s %-32s %s\n", "TIME", "STATE", "SIZE", "RELEASE",
		     "PATH");
	for (size_t i = 0; i < a->n; i++) {
		const struct kd_dump *d = &a->dumps[i];
		char when[32] = "-", size[16];
		time_t at = (time_t)d->time;
		struct tm tm;

		if (localtime_r(&at, &tm))
			(void)strftime(when, sizeof(when), "%F %T", &tm);
		human_size(d->bytes, size);
		(void)printf("%-19s %-10s %8s %-32s %s/%s/%s\n", when,
			     kd_outcome_state_name(d->state), size,
			     d->release[0] ? d->release : "-", folder, d->name, d->file);
	}
}

static int put_json(const struct kd_archive *a, const char *folder)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	char path[2 * KD_PLAN_STRING + 512];
	struct kd_json j;

	kd_strbuf_init(&out, JSON_MAX);
	kd_json_init(&j, &out);
	kd_json_array(&j, NULL);
	for (size_t i = 0; i < a->n; i++) {
		const struct kd_dump *d = &a->dumps[i];

		(void)snprintf(path, sizeof(path), "%s/%s/%s", folder, d->name, d->file);
		kd_json_object(&j, NULL);
		kd_json_i64(&j, "time", d->time);
		kd_json_string(&j, "state", kd_outcome_state_name(d->state));
		kd_json_u64(&j, "bytes", d->bytes);
		kd_json_string(&j, "release", d->release[0] ? d->release : NULL);
		kd_json_string(&j, "path", path);
		kd_json_object_end(&j);
	}
	kd_json_array_end(&j);
	if (out.status < 0)
		return out.status;
	(void)puts(kd_strbuf_text(&out));
	return 0;
}

static int list(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_archive_done) struct kd_archive archive = { 0 };
	_cleanup_(kd_closep) int fd = -EBADF;
	char folder[2 * KD_PLAN_STRING];
	int r;

	r = find_folder(ctl, folder, sizeof(folder), err);
	if (r < 0)
		return r;
	fd = kd_root_open(ctl->root_fd, folder, O_RDONLY | O_DIRECTORY);
	if (fd < 0 && fd != -ENOENT)
		return kd_fail(err, fd, "%s", folder);
	if (fd >= 0) {
		r = kd_archive_list(fd, &archive, err);
		if (r < 0)
			return kd_fail(err, r, "%s", folder);
	}
	if (kd_ctl_json(ctl))
		return put_json(&archive, folder);
	if (archive.n == 0)
		kd_log(&ctl->log, KD_LOG_INFO, "No dumps in %s", folder);
	put_table(&archive, folder);
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
