/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading mountinfo: see mountinfo.h. Lines that do not parse or hold longer paths than
 * a plan can name are passed over. Called by host-target.c and room.c.
 */
#include "kdumpd/host/mountinfo.h"

#include <string.h>

#include "base/parse.h"

#define LINE_SIZE 4096

/* \040 and friends, as mangle() of fs/proc_namespace.c writes them; in place. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++, to++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' &&
		    s[2] <= '7' && s[3] >= '0' && s[3] <= '7') {
			*to = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 |
				     (s[3] - '0'));
			s += 3;
		} else {
			*to = *s;
		}
	}
	*to = '\0';
}

static bool copy(char *to, size_t size, char *from)
{
	unescape(from);
	if (strlen(from) >= size)
		return false;
	memcpy(to, from, strlen(from) + 1);
	return true;
}

/* "36 35 98:0 /root /point options [optional…] - fstype source options" */
static bool parse_line(const struct kd_lines *it, struct kd_mount *ret)
{
	char line[LINE_SIZE], *fields[5], *rest = line, *dash, *type, *source;
	uint64_t major, minor;
	char *colon;

	if (it->length >= sizeof(line))
		return false;
	memcpy(line, it->line, it->length);
	line[it->length] = '\0';
	dash = strstr(line, " - ");
	if (!dash)
		return false;
	*dash = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		fields[i] = strsep(&rest, " ");
		if (!fields[i])
			return false;
	}
	rest = dash + 3;
	type = strsep(&rest, " ");
	source = strsep(&rest, " ");
	if (!source)
		return false;
	colon = strchr(fields[2], ':');
	if (!colon)
		return false;
	*colon = '\0';
	if (kd_parse_u64(fields[2], &major) < 0 || kd_parse_u64(colon + 1, &minor) < 0)
		return false;
	ret->major = (unsigned int)major;
	ret->minor = (unsigned int)minor;
	return copy(ret->root, sizeof(ret->root), fields[3]) &&
	       copy(ret->point, sizeof(ret->point), fields[4]) &&
	       copy(ret->fstype, sizeof(ret->fstype), type) &&
	       copy(ret->source, sizeof(ret->source), source);
}

static bool is_below(const char *path, const char *point)
{
	size_t n = strlen(point);

	if (strcmp(point, "/") == 0)
		return true;
	return strncmp(path, point, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

int kd_mountinfo_find_path(const char *text, size_t size, const char *path,
			   struct kd_mount *ret)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct kd_mount mount;
	size_t best = 0;

	/* The last of equal points covers those before it. */
	while (kd_lines_next(&it))
		if (parse_line(&it, &mount) && is_below(path, mount.point) &&
		    strlen(mount.point) >= best) {
			best = strlen(mount.point);
			*ret = mount;
		}
	return best ? 0 : -ENOENT;
}

int kd_mountinfo_find_device(const char *text, size_t size, unsigned int major,
			     unsigned int minor, struct kd_mount *ret)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct kd_mount mount;
	int r = -ENOENT;

	while (kd_lines_next(&it)) {
		if (!parse_line(&it, &mount) || mount.major != major ||
		    mount.minor != minor)
			continue;
		if (r < 0 || strcmp(mount.root, "/") == 0)
			*ret = mount;
		r = 0;
		if (strcmp(mount.root, "/") == 0)
			break;
	}
	return r;
}

int kd_mountinfo_find_source(const char *text, size_t size, const char *fstype,
			     bool (*is)(void *context, const char *source), void *context,
			     struct kd_mount *ret)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct kd_mount mount;
	int r = -ENOENT;

	while (kd_lines_next(&it)) {
		if (!parse_line(&it, &mount) || strcmp(mount.fstype, fstype) != 0 ||
		    !is(context, mount.source))
			continue;
		if (r < 0 || strcmp(mount.root, "/") == 0)
			*ret = mount;
		r = 0;
	}
	return r;
}
