/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every place can do once it has the operations of place.h. Trusts them to be
 * durable where they say so. Called by the phases, in children.
 */
#include "capture-kernel/place.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

int kd_place_folder(const struct kd_place *p)
{
	return p->ops->folder ? p->ops->folder(p) : -ENOTSUP;
}

int kd_place_path(const struct kd_place *p, char *ret, size_t size)
{
	int fd = kd_place_folder(p);
	char link[32];
	ssize_t n;

	if (fd < 0)
		return fd;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, ret, size);
	if (n < 0)
		return -errno;
	if ((size_t)n == size)
		return -ENAMETOOLONG;
	ret[n] = '\0';
	return 0;
}

int kd_place_clear(struct kd_place *p, const char *name, struct kd_error *err)
{
	struct kd_error here = { 0 };
	int r = p->ops->remove(p, name, &here);

	if (r < 0 && r != -ENOENT)
		return kd_fail_msg(err, r, "%s", here.message);
	return 0;
}

static int write_file(struct kd_place *p, const char *name, const void *data, size_t size,
		      struct kd_error *err)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	int r;

	r = kd_place_clear(p, name, err);
	if (r >= 0)
		r = p->ops->write(p, name, &sink, err);
	if (r < 0)
		return r;
	r = sink->ops->write(sink, 0, data, size);
	if (r >= 0)
		r = kd_sink_finish(sink);
	return r < 0 ? kd_fail(err, r, "%s", name) : 0;
}

int kd_place_replace(struct kd_place *p, const char *name, const void *data, size_t size,
		     struct kd_error *err)
{
	char temporary[NAME_MAX + 1];
	int r = snprintf(temporary, sizeof(temporary), ".#%s.tmp", name);

	if (r < 0 || (size_t)r >= sizeof(temporary))
		return kd_fail(err, -ENAMETOOLONG, "%s", name);
	r = write_file(p, temporary, data, size, err);
	if (r >= 0)
		r = p->ops->rename(p, temporary, name, err);
	if (r < 0)
		(void)kd_place_clear(p, temporary, NULL);
	return r;
}
