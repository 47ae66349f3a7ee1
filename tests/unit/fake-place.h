/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A test's folder as the place a capture writes to. The descriptor stays the test's.
 * Called by tests of what is saved.
 */
#pragma once

#include <fcntl.h>

#include "capture-kernel/place.h"

static inline struct kd_place *fake_place(int dir_fd)
{
	struct kd_place *place = NULL;
	int fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0 || kd_place_dir_new(fd, /* direct= */ true, &place, NULL) < 0)
		abort();
	return place;
}
