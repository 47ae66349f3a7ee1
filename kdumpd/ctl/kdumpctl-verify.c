/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl verify: whether every page of a dump can be had. The checking is done by a
 * child that is shut in, since nobody vouches for what a dump holds.
 */
#include <fcntl.h>
#include <inttypes.h>

#include "kdumpd/archive/check.h"
#include "kdumpd/ctl/kdumpctl-dumps.h"
#include "kdumpd/ctl/kdumpctl-json.h"
#include "kdumpd/report/events.h"

static bool has_vmcore(const struct kd_dump *d)
{
	return d->state == KD_OUTCOME_COMPLETE || d->state == KD_OUTCOME_INCOMPLETE;
}

static int check(const struct kd_found_dump *f, struct kd_dump_verdict *ret,
		 struct kd_error *err)
{
	_cleanup_(kd_closep) int dir = -EBADF;
	int r;

	dir = openat(f->place->fd, f->dump->name,
		     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return kd_fail(err, -errno, "%s", f->dump->name);
	r = kd_dump_check(dir, f->dump->file, ret, err);
	return r < 0 ? kd_fail(err, r, "%s", f->dump->name) : 0;
}

static void tell(const struct kd_events *events, const struct kd_found_dump *f,
		 const struct kd_dump_verdict *v)
{
	char path[sizeof(f->place->folder) + KD_DUMP_NAME + 1], text[KD_ERROR_SIZE];
	const struct kd_journal_field field = { "KDUMP_DUMP", path };

	(void)snprintf(path, sizeof(path), "%s/%s", f->place->folder, f->dump->name);
	if (v->good) {
		(void)printf("%s: good, %" PRIu64 " pages, %" PRIu64
			     " lost while dumping\n",
			     path, v->pages, v->unreadable);
		return;
	}
	(void)printf("%s: not good: %s\n", path, v->why);
	/* What calls itself whole and is not is an event; a part is known to be one. */
	if (f->dump->state != KD_OUTCOME_COMPLETE)
		return;
	kd_say(KD_SAY_DUMP_BAD, path, v->why, text, sizeof(text));
	kd_event(events, KD_SAY_DUMP_BAD, text, &field, 1);
}

static void add_json(struct kd_json *j, const struct kd_found_dump *f,
		     const struct kd_dump_verdict *v)
{
	char path[sizeof(f->place->folder) + KD_DUMP_NAME + 1];

	(void)snprintf(path, sizeof(path), "%s/%s", f->place->folder, f->dump->name);
	kd_json_object(j, NULL);
	kd_json_string(j, "path", path);
	kd_json_string(j, "state", kd_outcome_state_name(f->dump->state));
	kd_json_bool(j, "good", v->good);
	kd_json_u64(j, "pages", v->pages);
	kd_json_u64(j, "bad", v->bad);
	kd_json_u64(j, "unreadable", v->unreadable);
	kd_json_string(j, "why", v->why[0] ? v->why : NULL);
	kd_json_object_end(j);
}

/* Returns how many are not good. */
static int verify(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_ctl_dumps_done) struct kd_ctl_dumps dumps = { .n = 0 };
	_cleanup_(kd_events_done) struct kd_events events = { .journal = -EBADF };
	_cleanup_(kd_ctl_document_done) struct kd_ctl_document doc;
	struct kd_json *j = kd_ctl_document_array(&doc);
	struct kd_dump_verdict v;
	int r, bad = 0;

	r = kd_ctl_dumps_read(ctl, &dumps, err);
	if (r < 0)
		return r;
	kd_events_init(&events, ctl->root_fd, &ctl->log);
	for (size_t i = 0; i < dumps.n; i++) {
		const struct kd_found_dump *f = &dumps.dumps[i];

		if (!has_vmcore(f->dump))
			continue;
		(void)fflush(stdout); /* a fork copies what is not written */
		r = check(f, &v, err);
		if (r < 0)
			return r;
		bad += !v.good;
		if (kd_ctl_json(ctl))
			add_json(j, f, &v);
		else
			tell(&events, f, &v);
	}
	r = kd_ctl_json(ctl) ? kd_ctl_document_put(&doc, "verify", err) : 0;
	return r < 0 ? r : bad;
}

int kd_ctl_verify(const struct kd_ctl *ctl)
{
	struct kd_error err = { 0 };
	int r = verify(ctl, &err);

	if (r < 0)
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
