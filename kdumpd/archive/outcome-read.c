/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading outcomes with jansson: see outcome-read.h. Bounded by the size limit; the
 * library bounds the nesting. One table names every plain field. Called by archive.c.
 */
#include "kdumpd/archive/outcome-read.h"

#include <jansson.h>
#include <string.h>

static void decref(json_t **json)
{
	json_decref(*json);
}

enum field_type {
	TEXT,
	NUMBER,
	FLAG
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset, size;
};

#define OUTCOME(n, t, f)                                       \
	{                                                      \
		n, t, offsetof(struct kd_outcome, f),          \
			sizeof(((struct kd_outcome *)NULL)->f) \
	}

static const struct field fields[] = {
	OUTCOME("armId", TEXT, arm_id),
	OUTCOME("release", TEXT, release),
	OUTCOME("buildId", TEXT, build_id),
	OUTCOME("crashTime", NUMBER, crash_time),
	OUTCOME("layout", TEXT, layout),
	OUTCOME("target", TEXT, target),
	OUTCOME("dumpDir", TEXT, dump_dir),
	OUTCOME("vmcoreBytes", NUMBER, vmcore_bytes),
	OUTCOME("dmesgBytes", NUMBER, dmesg_bytes),
	OUTCOME("peakRssKiB", NUMBER, peak_rss_kib),
	OUTCOME("miniBytes", NUMBER, mini_bytes),
	OUTCOME("dumpLevel", NUMBER, dump_level),
	OUTCOME("wantedLevel", NUMBER, wanted_level),
	OUTCOME("sha256", TEXT, sha256),
	OUTCOME("bootId", TEXT, boot_id),
	OUTCOME("memoryKiB", NUMBER, memory_kib),
	OUTCOME("availableKiB", NUMBER, available_kib),
	OUTCOME("threads", NUMBER, threads),
	OUTCOME("recentCrashes", NUMBER, recent_crashes),
	OUTCOME("crashLoop", FLAG, crash_loop),
	OUTCOME("test", FLAG, test),
};

static const struct field page_fields[] = {
	OUTCOME("total", NUMBER, pages_total),
	OUTCOME("kept", NUMBER, pages_kept),
	OUTCOME("unreadable", NUMBER, pages_unreadable),
};

static void copy_text(char *to, size_t size, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t n = strnlen(text, size - 1);

	memcpy(to, text, n);
	to[n] = '\0';
}

static int read_field(const json_t *object, const struct field *f, void *base)
{
	const json_t *value = json_object_get(object, f->name);
	void *to = (char *)base + f->offset;

	if (!value)
		return 0;
	switch (f->type) {
	case TEXT:
		if (!json_is_string(value))
			return -EBADMSG;
		copy_text(to, f->size, value);
		return 0;
	case NUMBER:
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			return -EBADMSG;
		*(uint64_t *)to = (uint64_t)json_integer_value(value);
		return 0;
	case FLAG:
		if (!json_is_boolean(value))
			return -EBADMSG;
		*(bool *)to = json_is_true(value);
		return 0;
	}
	return -EBADMSG;
}

static int read_fields(const json_t *object, const struct field *table, size_t n,
		       void *base, struct kd_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (read_field(object, &table[i], base) < 0)
			return kd_fail_msg(err, -EBADMSG, "\"%s\" has the wrong type",
					   table[i].name);
	return 0;
}

static uint64_t number(const json_t *object, const char *name)
{
	json_int_t v = json_integer_value(json_object_get(object, name));

	return v < 0 ? 0 : (uint64_t)v;
}

static void read_phases(const json_t *list, struct kd_outcome *o)
{
	for (size_t i = 0; i < json_array_size(list) && i < KD_OUTCOME_PHASES; i++) {
		const json_t *item = json_array_get(list, i);
		const json_t *name = json_object_get(item, "name");
		const json_t *message = json_object_get(item, "message");
		struct kd_outcome_phase *p = &o->phases[o->n_phases++];
		json_int_t code = json_integer_value(json_object_get(item, "error"));

		if (json_is_string(name))
			copy_text(p->name, sizeof(p->name), name);
		if (json_is_string(message))
			copy_text(p->message, sizeof(p->message), message);
		p->start_ms = number(item, "startMs");
		p->end_ms = number(item, "endMs");
		p->error = code < 0 && code > -4096 ? (int)code : 0;
	}
}

static void read_classes(const json_t *list, struct kd_outcome *o)
{
	for (size_t i = 0; i < json_array_size(list) && i < KD_OUTCOME_CLASSES; i++) {
		const json_t *item = json_array_get(list, i);
		const json_t *name = json_object_get(item, "name");
		struct kd_outcome_class *c = &o->classes[o->n_classes++];

		if (json_is_string(name))
			copy_text(c->name, sizeof(c->name), name);
		c->seen = number(item, "seen");
		c->kept = number(item, "kept");
	}
}

static void read_drivers(const json_t *list, struct kd_outcome *o)
{
	for (size_t i = 0; i < json_array_size(list) && i < KD_OUTCOME_DRIVERS; i++)
		if (json_is_string(json_array_get(list, i)))
			copy_text(o->drivers[o->n_drivers++], sizeof(o->drivers[0]),
				  json_array_get(list, i));
}

static void read_notes(const json_t *list, struct kd_outcome *o)
{
	for (size_t i = 0; i < json_array_size(list) && i < KD_OUTCOME_NOTES; i++)
		if (json_is_string(json_array_get(list, i)))
			copy_text(o->notes[o->n_notes++], sizeof(o->notes[0]),
				  json_array_get(list, i));
}

int kd_outcome_read(const char *text, size_t size, struct kd_outcome *ret,
		    struct kd_error *err)
{
	_cleanup_(decref) json_t *root = NULL;
	_cleanup_(kd_freep) struct kd_outcome *o = NULL;
	const json_t *state, *pages;
	json_error_t where;
	int r;

	if (size > KD_OUTCOME_MAX_SIZE)
		return kd_fail(err, -EFBIG, "outcome");
	root = json_loadb(text, size, 0, &where);
	if (!json_is_object(root))
		return kd_fail_msg(err, -EBADMSG, "outcome: line %d: %s",
				   root ? 1 : where.line,
				   root ? "not an object" : where.text);
	if (number(root, "schemaVersion") != KD_OUTCOME_VERSION)
		return kd_fail_msg(err, -EPROTO, "outcome: schemaVersion is not %d",
				   KD_OUTCOME_VERSION);
	o = calloc(1, sizeof(*o));
	if (!o)
		return kd_fail(err, -ENOMEM, "outcome");
	state = json_object_get(root, "state");
	if (!json_is_string(state) ||
	    kd_outcome_state_from_name(json_string_value(state), &o->state) < 0)
		return kd_fail_msg(err, -EBADMSG, "outcome: no \"state\"");
	pages = json_object_get(root, "pages");
	r = read_fields(root, fields, ARRAY_SIZE(fields), o, err);
	if (r >= 0)
		r = read_fields(pages, page_fields, ARRAY_SIZE(page_fields), o, err);
	if (r < 0)
		return kd_fail(err, r, "outcome");
	read_phases(json_object_get(root, "phases"), o);
	read_classes(json_object_get(pages, "classes"), o);
	read_drivers(json_object_get(root, "drivers"), o);
	read_notes(json_object_get(root, "notes"), o);
	*ret = *o;
	return 0;
}
