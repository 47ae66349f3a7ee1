/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl info and show-log: all an outcome tells of a dump, and the kernel's log that
 * was saved with it. Whatever came out of the crashed machine is kept from steering the
 * terminal.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/json.h"
#include "kdumpd/ctl/kdumpctl-dumps.h"
#include "kdumpd/ctl/pager.h"
#include "kdumpd/report/judge.h"

#define JSON_MAX (64u << 20)
#define CHUNK	 65536

static void line(const char *label, const char *value)
{
	if (!value[0])
		return;
	(void)printf("%12s%s ", label, label[0] == ' ' ? " " : ":");
	kd_put_plain(value, strlen(value));
	(void)putchar('\n');
}

static void put_bytes(const char *label, uint64_t bytes)
{
	char size[16], text[64];

	if (!bytes)
		return;
	kd_bytes_format(bytes, size, sizeof(size));
	(void)snprintf(text, sizeof(text), "%s (%" PRIu64 " bytes)", size, bytes);
	line(label, text);
}

static void put_pages(const struct kd_outcome *o)
{
	char text[128];

	if (!o->pages_total)
		return;
	(void)snprintf(text, sizeof(text),
		       "%" PRIu64 ", %" PRIu64 " kept, %" PRIu64 " unreadable",
		       o->pages_total, o->pages_kept, o->pages_unreadable);
	line("Pages", text);
	for (size_t i = 0; i < o->n_classes; i++) {
		(void)snprintf(text, sizeof(text), "%s: %" PRIu64 ", %" PRIu64 " kept",
			       o->classes[i].name, o->classes[i].seen,
			       o->classes[i].kept);
		line(" ", text);
	}
}

static void put_phases(const struct kd_outcome *o)
{
	char text[KD_ERROR_SIZE + 128];

	for (size_t i = 0; i < o->n_phases; i++) {
		const struct kd_outcome_phase *p = &o->phases[i];
		uint64_t ms = p->end_ms > p->start_ms ? p->end_ms - p->start_ms : 0;

		(void)snprintf(text, sizeof(text), "%-10s %6" PRIu64 ".%03u s%s%s",
			       p->name, ms / 1000, (unsigned int)(ms % 1000),
			       p->error < 0 ? "  failed: " : "",
			       p->error < 0 ? p->message : "");
		line(i == 0 ? "Phases" : " ", text);
	}
}

static void put_outcome(const struct kd_outcome *o)
{
	char text[64];

	line("Build ID", o->build_id);
	line("Arm ID", o->arm_id);
	line("Target", o->target);
	line("Layouts", o->layout);
	put_pages(o);
	if (o->peak_rss_kib) {
		(void)snprintf(text, sizeof(text), "%" PRIu64 " MiB",
			       o->peak_rss_kib >> 10);
		line("Peak memory", text);
	}
	put_phases(o);
	for (size_t i = 0; i < o->n_notes; i++)
		line(i == 0 ? "Notes" : " ", o->notes[i]);
}

static void put_text(const struct kd_found_dump *f, const struct kd_outcome *o)
{
	const struct kd_dump *d = f->dump;
	char text[sizeof(f->place->folder) + KD_DUMP_NAME + 1];

	(void)snprintf(text, sizeof(text), "%s/%s", f->place->folder, d->name);
	line("Dump", text);
	line("State", kd_outcome_state_name(d->state));
	if (o && o->state != d->state)
		line("Outcome", kd_outcome_state_name(o->state));
	kd_ctl_time_format(d->time, text, sizeof(text));
	line("Time", text);
	line("Host", d->host);
	line("Kernel", d->release);
	if (d->test)
		line("Test", "the crash was asked for");
	line("File", d->file);
	put_bytes("Size", d->bytes);
	line("Log", d->log);
	put_bytes("In all", d->total_bytes);
	line("Trouble", d->trouble);
	if (o)
		put_outcome(o);
	else
		line("Outcome", "none that can be read: not a capture of kdumpd's");
}

static void add_json(struct kd_strbuf *out, const struct kd_found_dump *f,
		     const struct kd_outcome *o)
{
	const struct kd_dump *d = f->dump;
	char path[sizeof(f->place->folder) + KD_DUMP_NAME + 1];
	struct kd_json j;

	(void)snprintf(path, sizeof(path), "%s/%s", f->place->folder, d->name);
	kd_json_init(&j, out);
	kd_json_object(&j, NULL);
	kd_json_string(&j, "path", path);
	kd_json_string(&j, "state", kd_outcome_state_name(d->state));
	kd_json_i64(&j, "time", d->time);
	kd_json_string(&j, "host", d->host[0] ? d->host : NULL);
	kd_json_string(&j, "release", d->release[0] ? d->release : NULL);
	kd_json_string(&j, "file", d->file);
	kd_json_u64(&j, "bytes", d->bytes);
	kd_json_string(&j, "log", d->log[0] ? d->log : NULL);
	kd_json_u64(&j, "totalBytes", d->total_bytes);
	kd_json_string(&j, "trouble", d->trouble[0] ? d->trouble : NULL);
	kd_json_bool(&j, "ours", d->ours);
	kd_json_object_end(&j);
	if (!o)
		return;
	/* The outcome has a writer of its own: its object becomes the last member. */
	while (out->length &&
	       (out->data[out->length - 1] == '}' || out->data[out->length - 1] == '\n'))
		out->data[--out->length] = '\0';
	kd_strbuf_adds(out, ", \"outcome\": ");
	(void)kd_outcome_encode(o, out, NULL);
	kd_strbuf_adds(out, "}");
}

static int info(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_ctl_dumps_done) struct kd_ctl_dumps dumps = { .n = 0 };
	_cleanup_(kd_freep) struct kd_outcome *o = malloc(sizeof(*o));
	_cleanup_(kd_strbuf_done) struct kd_strbuf json;
	struct kd_pager pager = { .pid = 0 };
	size_t first;
	int r;

	kd_strbuf_init(&json, JSON_MAX);
	if (!o)
		return kd_fail(err, -ENOMEM, "info");
	r = kd_ctl_dumps_read(ctl, &dumps, err);
	if (r < 0)
		return r;
	/* Without a word: the newest. */
	first = ctl->args.n_words || dumps.n == 0 ? 0 : dumps.n - 1;
	if (!kd_ctl_json(ctl))
		kd_pager_start(&pager, !(ctl->args.options & KD_CTL_NO_PAGER));
	for (size_t i = first; i < dumps.n; i++) {
		const struct kd_found_dump *f = &dumps.dumps[i];
		bool has = kd_archive_outcome(f->place->fd, f->dump->name, o, NULL) >= 0;

		if (kd_ctl_json(ctl)) {
			kd_strbuf_adds(&json, i == first ? "[" : ",");
			add_json(&json, f, has ? o : NULL);
			continue;
		}
		if (i > first)
			(void)putchar('\n');
		put_text(f, has ? o : NULL);
	}
	if (kd_ctl_json(ctl) && json.status >= 0)
		(void)printf("%s]\n", dumps.n ? kd_strbuf_text(&json) : "[");
	kd_pager_done(&pager);
	return json.status < 0 ? kd_fail(err, json.status, "info") : 0;
}

static int copy_log(int fd, struct kd_error *err)
{
	_cleanup_(kd_freep) char *buf = malloc(CHUNK);
	ssize_t n;

	if (!buf)
		return kd_fail(err, -ENOMEM, "log");
	while ((n = kd_read_full(fd, buf, CHUNK)) > 0)
		kd_put_plain(buf, (size_t)n);
	return n < 0 ? kd_fail(err, (int)n, "log") : 0;
}

static int show_log(const struct kd_ctl *ctl, struct kd_error *err)
{
	_cleanup_(kd_ctl_dumps_done) struct kd_ctl_dumps dumps = { .n = 0 };
	_cleanup_(kd_closep) int dir = -EBADF, fd = -EBADF;
	const struct kd_found_dump *f = NULL;
	struct kd_pager pager;
	struct stat st;
	int r;

	r = kd_ctl_dumps_read(ctl, &dumps, err);
	if (r < 0)
		return r;
	for (size_t i = dumps.n; i > 0 && !f; i--)
		if (dumps.dumps[i - 1].dump->log[0])
			f = &dumps.dumps[i - 1];
	if (!f)
		return kd_fail_msg(err, -ENOENT, "no dump with a log is there");
	dir = openat(f->place->fd, f->dump->name,
		     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir >= 0)
		fd = openat(dir, f->dump->log,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return kd_fail(err, -errno, "%s/%s", f->dump->name, f->dump->log);
	if (!S_ISREG(st.st_mode))
		return kd_fail_msg(err, -EINVAL, "%s/%s is no file", f->dump->name,
				   f->dump->log);
	kd_pager_start(&pager, !(ctl->args.options & KD_CTL_NO_PAGER));
	r = copy_log(fd, err);
	kd_pager_done(&pager);
	return r;
}

static int run(const struct kd_ctl *ctl,
	       int (*command)(const struct kd_ctl *ctl, struct kd_error *err))
{
	struct kd_error err = { 0 };

	if (command(ctl, &err) < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

int kd_ctl_info(const struct kd_ctl *ctl)
{
	return run(ctl, info);
}

int kd_ctl_show_log(const struct kd_ctl *ctl)
{
	return run(ctl, show_log);
}
