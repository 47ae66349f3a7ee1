/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watchdog device: see watchdog.h and Documentation/watchdog/watchdog-api.rst.
 * Trusts drivers to answer an ioctl; one that does not is a case for the lifeline.
 * Called by the phases and, a few times a second, while pid 1 watches a child.
 */
#include "capture-kernel/watchdog.h"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>

#include "capture-kernel/deadline.h"

#define TIMEOUT_S 60 /* what is asked for; drivers round it or keep their own */

int kd_watchdog_open(struct kd_watchdog *ret, int root_fd, uint64_t until_ms,
		     struct kd_error *err)
{
	int seconds = TIMEOUT_S;

	*ret = (struct kd_watchdog) { .fd = -EBADF };
	ret->fd = openat(root_fd, "dev/watchdog", O_WRONLY | O_CLOEXEC);
	if (ret->fd < 0)
		return kd_fail(err, -errno, "/dev/watchdog");
	/* a driver without SETTIMEOUT keeps the one it has; ask for it */
	if (ioctl(ret->fd, WDIOC_SETTIMEOUT, &seconds) < 0 &&
	    ioctl(ret->fd, WDIOC_GETTIMEOUT, &seconds) < 0)
		seconds = 0;
	/* unknown: as if it were the shortest one sees in the field */
	ret->timeout_ms = seconds > 0 ? (uint64_t)seconds * 1000 : 10000;
	ret->until_ms = until_ms;
	ret->petted_ms = kd_now_ms();
	return 0;
}

bool kd_watchdog_due(const struct kd_watchdog *w, uint64_t now_ms)
{
	if (w->fd < 0 || now_ms >= w->until_ms)
		return false;
	return now_ms - MIN(w->petted_ms, now_ms) >= w->timeout_ms / 3;
}

void kd_watchdog_tick(struct kd_watchdog *w)
{
	uint64_t now = kd_now_ms();

	if (!kd_watchdog_due(w, now))
		return;
	w->petted_ms = now;
	/* a write counts as WDIOC_KEEPALIVE for every driver and is never "V" here */
	(void)!write(w->fd, "1", 1);
}

void kd_watchdog_close(struct kd_watchdog *w, bool disarm)
{
	if (w->fd >= 0 && disarm)
		(void)!write(w->fd, "V", 1);
	w->fd = kd_close(w->fd);
}
