/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of "name=value" lines: see fields.h. Every line is bounded by the stack it is
 * taken apart on. Called by whoever keeps such a record.
 */
#include "kdumpd/fields.h"

#include <inttypes.h>
#include <string.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/parse.h"

#define NAME_SIZE  64
#define VALUE_SIZE 8192

static void add_text(struct kd_strbuf *out, const char *s)
{
	for (; *s; s++) {
		char c = (unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s;

		kd_strbuf_add(out, &c, 1);
	}
}

int kd_fields_encode(const struct kd_fields *fields, const void *record,
		     struct kd_strbuf *out, struct kd_error *err)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct kd_field *f = &fields->items[i];
		const char *p = (const char *)record + f->offset;

		kd_strbuf_addf(out, "%s=", f->name);
		if (f->number)
			kd_strbuf_addf(out, "%" PRIu64,
				       *(const uint64_t *)(const void *)p);
		else
			add_text(out, p);
		kd_strbuf_adds(out, "\n");
	}
	return out->status < 0 ? kd_fail(err, out->status, "record") : 0;
}

static int decode_line(const struct kd_fields *fields, void *record,
		       const struct kd_lines *it)
{
	char name[NAME_SIZE], value[VALUE_SIZE];

	if (kd_lines_key_value(it, name, sizeof(name), value, sizeof(value)) < 0)
		return -EINVAL;
	for (size_t i = 0; i < fields->n; i++) {
		const struct kd_field *f = &fields->items[i];
		char *p = (char *)record + f->offset;

		if (strcmp(f->name, name) != 0)
			continue;
		if (f->number)
			return kd_parse_u64(value, (uint64_t *)(void *)p);
		if (strlen(value) >= f->size)
			return -EINVAL;
		memcpy(p, value, strlen(value) + 1);
		return 0;
	}
	return 0;
}

int kd_fields_decode(const struct kd_fields *fields, const char *text, size_t size,
		     void *record, struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };

	while (kd_lines_next(&it))
		if (decode_line(fields, record, &it) < 0)
			return kd_fail_msg(err, -EINVAL, "line %u makes no sense",
					   it.number);
	return 0;
}

int kd_fields_read(const struct kd_fields *fields, int root_fd, const char *path,
		   void *record, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r;

	r = kd_read_file_at(root_fd, path, fields->max, &text, &size, err);
	if (r < 0)
		return r;
	r = kd_fields_decode(fields, text, size, record, err);
	return r < 0 ? kd_fail(err, r, "/%s", path) : 0;
}

int kd_fields_write(const struct kd_fields *fields, int root_fd, const char *path,
		    const void *record, mode_t mode, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	int r;

	kd_strbuf_init(&text, fields->max);
	r = kd_fields_encode(fields, record, &text, err);
	if (r < 0)
		return r;
	return kd_replace_file_at(root_fd, path, kd_strbuf_text(&text), text.length, mode,
				  err);
}
