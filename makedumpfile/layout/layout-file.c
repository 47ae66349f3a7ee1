/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout file: see layout-file.h and docs/layout-file.md. The reader trusts
 * nothing: every line is known, well-formed and there once, or the file is refused.
 * Called by the daemon (encode) and by pid 1 and makedumpfile (decode).
 */
#include "makedumpfile/layout/layout-file.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/parse.h"

#define MAGIC	  "kdump-layout "
#define LAST_LINE "end"

/* One line's key and value; the longest key is under 50 bytes. */
struct line {
	char key[96];
	char value[KD_BUILD_ID_HEX];
};

static bool is_word(const char *s)
{
	for (; *s; s++)
		if (!isgraph((unsigned char)*s))
			return false;
	return true;
}

static bool is_hex(const char *s)
{
	for (; *s; s++)
		if (!isxdigit((unsigned char)*s))
			return false;
	return true;
}

int kd_layout_encode(const struct kd_layout *l, struct kd_strbuf *out,
		     struct kd_error *err)
{
	if (!is_word(l->release) || !is_hex(l->build_id))
		return kd_fail(err, -EINVAL, "layout: release or build ID");
	kd_strbuf_addf(out, MAGIC "%d\n", KD_LAYOUT_VERSION);
	kd_strbuf_addf(out, "release=%s\n", l->release);
	kd_strbuf_addf(out, "build-id=%s\n", l->build_id);
	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		enum kd_field f = (enum kd_field)i;

		if (!kd_layout_has(l, f) || kd_field_kind(f) == KD_KIND_SYMBOL)
			continue;
		kd_strbuf_addf(out, "%s(%s)=%" PRId64 " %s\n",
			       kd_field_kind_name(kd_field_kind(f)), kd_field_key(f),
			       kd_layout_get(l, f), kd_source_name(l->values[f].source));
	}
	kd_strbuf_adds(out, LAST_LINE "\n");
	return out->status < 0 ? kd_fail(err, out->status, "layout") : 0;
}

static int read_version(struct kd_lines *it, struct kd_error *err)
{
	static const char magic[] = MAGIC;
	size_t n = sizeof(magic) - 1;
	char number[8] = "";
	uint64_t version;

	if (!kd_lines_next(it) || it->length <= n || memcmp(it->line, magic, n) != 0 ||
	    it->length - n >= sizeof(number))
		return kd_fail_msg(err, -EINVAL, "not a layout file");
	memcpy(number, it->line + n, it->length - n);
	if (kd_parse_u64(number, &version) < 0)
		return kd_fail_msg(err, -EINVAL, "not a layout file");
	if (version != KD_LAYOUT_VERSION)
		return kd_fail_msg(err, -EPROTO,
				   "layout file of version %ju, not of version %d",
				   (uintmax_t)version, KD_LAYOUT_VERSION);
	return 0;
}

/* The field whose line begins with "KIND(key)". */
static int find_field(const char *text, enum kd_field *ret)
{
	char name[sizeof(((struct line *)NULL)->key)];

	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		enum kd_field f = (enum kd_field)i;

		(void)snprintf(name, sizeof(name), "%s(%s)",
			       kd_field_kind_name(kd_field_kind(f)), kd_field_key(f));
		if (strcmp(name, text) == 0 && kd_field_kind(f) != KD_KIND_SYMBOL) {
			*ret = f;
			return 0;
		}
	}
	return -EINVAL;
}

/* "NUMBER SOURCE" behind the equal sign; cuts @text at the space. */
static int read_value(char *text, struct kd_layout_value *ret)
{
	char *space = strchr(text, ' ');
	enum kd_source source;
	int64_t value;

	if (!space)
		return -EINVAL;
	*space = '\0';
	if (kd_parse_i64(text, &value) < 0 || kd_source_from_name(space + 1, &source) < 0)
		return -EINVAL;
	*ret = (struct kd_layout_value) { .value = value, .source = (uint8_t)source };
	return 0;
}

/* Which of the two strings were read: an empty one is a string too. */
struct seen {
	bool release;
	bool build_id;
};

static int read_string(const char *value, bool well_formed, bool *seen, char *ret,
		       size_t size)
{
	if (*seen || !well_formed || strlen(value) >= size)
		return -EINVAL;
	*seen = true;
	memcpy(ret, value, strlen(value) + 1);
	return 0;
}

static int read_line(const struct kd_lines *it, struct seen *seen, struct kd_layout *l)
{
	struct line line;
	enum kd_field f;

	if (kd_lines_key_value(it, line.key, sizeof(line.key), line.value,
			       sizeof(line.value)) < 0)
		return -EINVAL;
	if (strcmp(line.key, "release") == 0)
		return read_string(line.value, is_word(line.value), &seen->release,
				   l->release, sizeof(l->release));
	if (strcmp(line.key, "build-id") == 0)
		return read_string(line.value, is_hex(line.value), &seen->build_id,
				   l->build_id, sizeof(l->build_id));
	if (find_field(line.key, &f) < 0 || kd_layout_has(l, f))
		return -EINVAL;
	return read_value(line.value, &l->values[f]);
}

static bool is_last(const struct kd_lines *it)
{
	return it->length == strlen(LAST_LINE) &&
	       memcmp(it->line, LAST_LINE, it->length) == 0;
}

int kd_layout_decode(const char *text, size_t size, struct kd_layout *ret,
		     struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct kd_layout l = { 0 };
	struct seen seen = { 0 };
	bool last = false;
	int r;

	if (size > KD_LAYOUT_MAX_FILE)
		return kd_fail(err, -EFBIG, "layout file");
	r = read_version(&it, err);
	if (r < 0)
		return r;
	while (!last && kd_lines_next(&it)) {
		last = is_last(&it);
		if (!last && read_line(&it, &seen, &l) < 0)
			return kd_fail_msg(err, -EINVAL, "layout file, line %u: wrong",
					   it.number);
	}
	if (!last || it.left || !seen.release || !seen.build_id)
		return kd_fail_msg(err, -EINVAL, "layout file: not whole");
	if (kd_layout_drop_nonsense(&l))
		return kd_fail_msg(err, -EINVAL, "layout file: impossible values");
	*ret = l;
	return 0;
}
