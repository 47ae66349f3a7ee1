/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Editing crypttab: see crypttab.h. Fields are separated by blanks: name, device, key
 * file, options. Called by kdumpctl setup-crypttab.
 */
#include "kdumpd/boot/crypttab.h"

#include <string.h>

#include "base/parse.h"

#define OPTION "link-volume-key="
#define KEYS   "@u::%%logon:" /* for a format */

enum {
	NAME,
	DEVICE,
	KEY_FILE,
	OPTIONS,
	FIELDS
};

struct field {
	const char *text;
	size_t length;
};

static void split(const struct kd_lines *it, struct field ret[static FIELDS])
{
	const char *s = it->line, *end = it->line + it->length;

	for (int i = 0; i < FIELDS; i++) {
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		ret[i].text = s;
		while (s < end && *s != ' ' && *s != '\t')
			s++;
		ret[i].length = (size_t)(s - ret[i].text);
	}
}

static bool begins(const struct field *f, const char *word)
{
	size_t n = strlen(word);

	return f->length >= n && memcmp(f->text, word, n) == 0;
}

static bool names(const struct field *device, const char *uuid)
{
	static const char *const ways[] = { "UUID=", "/dev/disk/by-uuid/" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		size_t n = strlen(ways[i]);

		if (begins(device, ways[i]) && device->length - n == strlen(uuid) &&
		    memcmp(device->text + n, uuid, strlen(uuid)) == 0)
			return true;
	}
	return false;
}

/* The UUID a line is for, of those wanted; NULL for any other line. */
static const char *wanted(const struct field *fields, const char *const *uuids)
{
	if (fields[NAME].length == 0 || fields[NAME].text[0] == '#')
		return NULL;
	for (; *uuids; uuids++)
		if (names(&fields[DEVICE], *uuids))
			return *uuids;
	return NULL;
}

/* The next of the options that commas separate; false at their end. */
static bool next_option(struct field *rest, struct field *ret)
{
	const char *comma = memchr(rest->text, ',', rest->length);
	size_t n = comma ? (size_t)(comma - rest->text) : rest->length;

	if (rest->length == 0)
		return false;
	*ret = (struct field) { rest->text, n };
	n += comma != NULL;
	rest->text += n;
	rest->length -= n;
	return true;
}

/* Options without ours, whatever its value was, then ours. */
static void put_options(struct kd_strbuf *to, struct field options, const char *uuid)
{
	struct field one;

	while (next_option(&options, &one))
		if (one.length > 0 && !begins(&one, OPTION)) {
			kd_strbuf_add(to, one.text, one.length);
			kd_strbuf_adds(to, ",");
		}
	kd_strbuf_addf(to, OPTION KEYS KD_VOLUME_KEY "%s", uuid);
}

static bool has_option(struct field options, const char *uuid)
{
	struct field one;
	char want[256];
	int n = snprintf(want, sizeof(want), OPTION KEYS KD_VOLUME_KEY "%s", uuid);

	if (n < 0 || (size_t)n >= sizeof(want))
		return false;
	while (next_option(&options, &one))
		if (one.length == (size_t)n && memcmp(one.text, want, one.length) == 0)
			return true;
	return false;
}

/* Returns 1 when the line was changed. */
static int edit_line(const struct kd_lines *it, const struct field *fields,
		     const char *uuid, struct kd_strbuf *to)
{
	if (!uuid || has_option(fields[OPTIONS], uuid)) {
		kd_strbuf_add(to, it->line, it->length);
		return 0;
	}
	kd_strbuf_add(to, fields[NAME].text, fields[NAME].length);
	kd_strbuf_adds(to, " ");
	kd_strbuf_add(to, fields[DEVICE].text, fields[DEVICE].length);
	kd_strbuf_adds(to, " ");
	if (fields[KEY_FILE].length)
		kd_strbuf_add(to, fields[KEY_FILE].text, fields[KEY_FILE].length);
	else
		kd_strbuf_adds(to, "none");
	kd_strbuf_adds(to, " ");
	put_options(to, fields[OPTIONS], uuid);
	return 1;
}

static bool has_line(const char *text, size_t size, const char *uuid)
{
	const char *const uuids[] = { uuid, NULL };
	struct kd_lines it = { .rest = text, .left = size };
	struct field fields[FIELDS];

	while (kd_lines_next(&it)) {
		split(&it, fields);
		if (wanted(fields, uuids))
			return true;
	}
	return false;
}

int kd_crypttab_edit(const char *text, size_t size, const char *const *uuids,
		     struct kd_strbuf *to, struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct field fields[FIELDS];
	int changed = 0;

	for (size_t i = 0; uuids[i]; i++)
		if (!has_line(text, size, uuids[i]))
			return kd_fail_msg(err, -ENOENT, "Device UUID=%s doesn't exist.",
					   uuids[i]);
	while (kd_lines_next(&it)) {
		split(&it, fields);
		changed += edit_line(&it, fields, wanted(fields, uuids), to);
		/* the last line may end without one */
		if (it.line + it.length < text + size)
			kd_strbuf_adds(to, "\n");
	}
	return to->status < 0 ? kd_fail(err, to->status, "crypttab") : changed;
}
