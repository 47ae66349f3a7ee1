/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of reported dumps: see reported.h. Called by report/boot-check.c and
 * kdumpctl gc.
 */
#include "kdumpd/archive/reported.h"

#include <string.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/parse.h"

#define REPORTED_MAX (4u << 20)
#define GONE_MAX     1000 /* names kept of dumps that are not there */

int kd_reported_read(int root_fd, struct kd_reported *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_reported reported = { .known = true };
	size_t size = 0;
	int r;

	r = kd_read_file_at(root_fd, KD_REPORTED_PATH, REPORTED_MAX, &text, &size, NULL);
	if (r < 0 && r != -ENOENT)
		return kd_fail(err, r, "/" KD_REPORTED_PATH);
	reported.known = r >= 0;
	reported.text = malloc(size + 3);
	if (!reported.text)
		return kd_fail(err, -ENOMEM, "/" KD_REPORTED_PATH);
	reported.text[0] = '\n';
	memcpy(reported.text + 1, text ? text : "", size);
	memcpy(reported.text + 1 + size, "\n", 2);
	*ret = reported;
	return 0;
}

void kd_reported_done(struct kd_reported *reported)
{
	free(reported->text);
	*reported = (struct kd_reported) { .known = false };
}

bool kd_reported_has(const struct kd_reported *reported, const char *name)
{
	char line[sizeof(((struct kd_dump *)NULL)->name) + 2];

	if (!reported->text || !name[0] || strchr(name, '\n'))
		return false;
	(void)snprintf(line, sizeof(line), "\n%s\n", name);
	return strstr(reported->text, line) != NULL;
}

static bool is_in(const struct kd_places *places, const char *name, size_t length)
{
	for (size_t i = 0; i < places->n; i++) {
		const struct kd_archive *a = &places->items[i].archive;

		for (size_t k = 0; k < a->n; k++)
			if (strlen(a->dumps[k].name) == length &&
			    memcmp(a->dumps[k].name, name, length) == 0)
				return true;
	}
	return false;
}

static void keep_old(const struct kd_reported *before, const struct kd_places *places,
		     struct kd_strbuf *out)
{
	struct kd_lines it = { .rest = before->text ? before->text : "",
			       .left = before->text ? strlen(before->text) : 0 };
	size_t gone = 0;

	while (kd_lines_next(&it)) {
		if (!it.length || is_in(places, it.line, it.length) || gone++ >= GONE_MAX)
			continue;
		kd_strbuf_add(out, it.line, it.length);
		kd_strbuf_adds(out, "\n");
	}
}

int kd_reported_write(int root_fd, const struct kd_reported *before,
		      const struct kd_places *places, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	int r;

	kd_strbuf_init(&out, REPORTED_MAX);
	keep_old(before, places, &out);
	for (size_t i = 0; i < places->n; i++)
		for (size_t k = 0; k < places->items[i].archive.n; k++)
			kd_strbuf_addf(&out, "%s\n",
				       places->items[i].archive.dumps[k].name);
	if (out.status < 0)
		return kd_fail(err, out.status, "/" KD_REPORTED_PATH);
	r = kd_mkdir_p_at(root_fd, "var/lib/kdumpd", 0700, err);
	if (r < 0)
		return r;
	return kd_replace_file_at(root_fd, KD_REPORTED_PATH, kd_strbuf_text(&out),
				  out.length, 0600, err);
}
