/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of device-mapper: see dm-table.h. The layout is that of
 * include/uapi/linux/dm-ioctl.h: "next" counts from the start of its own struct.
 */
#include "capture-kernel/dm-table.h"

#include <inttypes.h>
#include <linux/dm-ioctl.h>
#include <string.h>

#include "base/parse.h"

#define LINE_SIZE 1024
#define ALIGN	  8u

/** A line, split. @params: "" when there are none; inside @text. */
struct line {
	char text[LINE_SIZE];
	uint64_t start, length;
	const char *type, *params;
};

/* Step to the next line; false at the end. @ret's text is cut off where it is too long,
 * which split() notices. */
static bool next_line(const char **rest, struct line *ret)
{
	size_t n = strcspn(*rest, ";");

	if (**rest == '\0')
		return false;
	(void)snprintf(ret->text, sizeof(ret->text), "%.*s", (int)n, *rest);
	*rest += n + ((*rest)[n] == ';');
	return true;
}

static int split(struct line *l, size_t n)
{
	char *rest = l->text, *start, *length;

	if (n >= sizeof(l->text))
		return -E2BIG;
	start = strsep(&rest, " ");
	length = strsep(&rest, " ");
	l->type = strsep(&rest, " ");
	l->params = rest ? rest : "";
	if (!length || !l->type || !l->type[0] || kd_parse_u64(start, &l->start) < 0 ||
	    kd_parse_u64(length, &l->length) < 0 || l->length == 0)
		return -EINVAL;
	return 0;
}

/* "{12}": the device's number; what is read of it. -EINVAL for anything else. */
static int device_at(const char *p, const struct kd_devnum *devices, size_t n,
		     const struct kd_devnum **ret, size_t *ret_length)
{
	const char *end = strchr(p, '}');
	char number[8];
	uint64_t i;

	if (!end || (size_t)(end - p) > sizeof(number))
		return -EINVAL;
	(void)snprintf(number, sizeof(number), "%.*s", (int)(end - p - 1), p + 1);
	if (kd_parse_u64(number, &i) < 0 || i >= n)
		return -EINVAL;
	*ret = &devices[i];
	*ret_length = (size_t)(end - p) + 1;
	return 0;
}

/* The parameters with numbers for devices; bytes without the NUL, or negative. */
static int substitute(const char *params, const struct kd_devnum *devices, size_t n,
		      char *ret, size_t size)
{
	const struct kd_devnum *device;
	size_t used = 0, length;
	int r;

	for (const char *p = params; *p; p += length) {
		char number[32] = { *p };

		length = 1;
		if (*p == '{') {
			r = device_at(p, devices, n, &device, &length);
			if (r < 0)
				return r;
			(void)snprintf(number, sizeof(number), "%u:%u", device->major,
				       device->minor);
		}
		if (used + strlen(number) + 1 > size)
			return -E2BIG;
		memcpy(ret + used, number, strlen(number));
		used += strlen(number);
	}
	if (used + 1 > size)
		return -E2BIG;
	ret[used] = '\0';
	return (int)used;
}

static int add(struct kd_dm_table *t, const struct line *l,
	       const struct kd_devnum *devices, size_t n)
{
	struct dm_target_spec spec = { .sector_start = l->start, .length = l->length };
	char *at = t->data + t->size;
	size_t room = sizeof(t->data) - t->size, all;
	int r;

	if (t->targets >= KD_DM_TARGETS || room < sizeof(spec) + ALIGN)
		return -E2BIG;
	if (l->start != t->sectors || l->length > UINT64_MAX / 512 - l->start ||
	    strlen(l->type) >= sizeof(spec.target_type))
		return -EINVAL;
	r = substitute(l->params, devices, n, at + sizeof(spec),
		       room - sizeof(spec) - ALIGN);
	if (r < 0)
		return r;
	all = (sizeof(spec) + (size_t)r + 1 + ALIGN - 1) / ALIGN * ALIGN;
	memset(at + sizeof(spec) + r, 0, all - sizeof(spec) - (size_t)r);
	memcpy(spec.target_type, l->type, strlen(l->type) + 1);
	spec.next = (uint32_t)all;
	memcpy(at, &spec, sizeof(spec));
	t->size += all;
	t->targets++;
	t->sectors += l->length;
	return 0;
}

int kd_dm_table_make(const char *text, const struct kd_devnum *devices, size_t n,
		     struct kd_dm_table *ret, struct kd_error *err)
{
	const char *rest = text, *before;
	struct line l;
	int r;

	ret->size = 0;
	ret->targets = 0;
	ret->sectors = 0;
	for (before = rest; next_line(&rest, &l); before = rest) {
		r = split(&l, (size_t)(rest - before));
		if (r >= 0)
			r = add(ret, &l, devices, n);
		if (r < 0)
			return kd_fail(err, r, "table, line %u", ret->targets + 1);
	}
	if (ret->targets == 0)
		return kd_fail_msg(err, -EINVAL, "table without a line");
	return 0;
}

int kd_dm_table_single(const char *text, const struct kd_devnum *device,
		       struct kd_dm_table *ret, struct kd_error *err)
{
	const char *rest = text, *before;
	char linear[64];
	uint64_t end = 0;
	struct line l;

	for (before = rest; next_line(&rest, &l); before = rest) {
		if (split(&l, (size_t)(rest - before)) < 0 || l.start != end ||
		    l.length > UINT64_MAX / 512 - l.start)
			return kd_fail_msg(err, -EINVAL, "table with a broken line");
		end += l.length;
	}
	(void)snprintf(linear, sizeof(linear), "0 %" PRIu64 " linear {0} 0", end);
	return kd_dm_table_make(linear, device, 1, ret, err);
}

bool kd_dm_table_is(const char *text, const char *type)
{
	const char *rest = text, *before;
	struct line l;

	for (before = rest; next_line(&rest, &l); before = rest)
		if (split(&l, (size_t)(rest - before)) < 0 || strcmp(l.type, type) != 0)
			return false;
	return *text != '\0';
}
