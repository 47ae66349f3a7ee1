/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps of the last hour: see brake.h. Trusts no name, and no clock but the crashed
 * kernel's: the capture's own may start in 1970 each time. Called by the target phase.
 */
#include "capture-kernel/brake.h"

#include <dirent.h>
#include <fcntl.h>

#include "capture-kernel/names.h"

bool kd_brake_counts(const char *name, int64_t crash)
{
	int64_t time;

	return kd_dump_name_time(name, &time) >= 0 && time <= crash &&
	       crash - time < KD_BRAKE_WINDOW;
}

int kd_brake_count(int folder_fd, int64_t crash, uint64_t *ret, struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	struct dirent *e;
	uint64_t n = 0;
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return kd_fail(err, -errno, "dumps of the last hour");
	dir = fdopendir(fd);
	if (!dir) {
		(void)kd_close(fd);
		return kd_fail(err, -ENOMEM, "dumps of the last hour");
	}
	for (unsigned int i = 0; i < KD_BRAKE_LOOKS && (e = readdir(dir)); i++)
		n += kd_brake_counts(e->d_name, crash);
	*ret = n;
	return 0;
}
