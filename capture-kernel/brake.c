/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps of the last hour: see brake.h. Trusts no name, and no clock but the crashed
 * kernel's: the capture's own may start in 1970 each time. Called by the target phase.
 */
#include "capture-kernel/brake.h"

#include "capture-kernel/deadline.h"
#include "capture-kernel/names.h"

bool kd_brake_counts(const struct kd_brake *b, const char *name)
{
	int64_t time;

	return kd_dump_name_read(name, b->host, &time) >= 0 && time <= b->crash &&
	       b->crash - time < KD_BRAKE_WINDOW;
}

/** While a folder is listed. */
struct count {
	const struct kd_brake *brake;
	uint64_t n;
};

static bool look(void *context, const char *name)
{
	struct count *c = context;

	c->n += kd_brake_counts(c->brake, name);
	return kd_now_ms() < c->brake->until_ms;
}

int kd_brake_count(const struct kd_brake *b, struct kd_place *folder, uint64_t *ret,
		   struct kd_error *err)
{
	struct count c = { .brake = b };
	int r;

	if (!folder->ops->list)
		return kd_fail(err, -ENOTSUP, "dumps of the last hour");
	r = folder->ops->list(folder, look, &c, err);
	if (r < 0)
		return r;
	*ret = c.n;
	return 0;
}
