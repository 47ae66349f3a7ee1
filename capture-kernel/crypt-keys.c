/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys handed over by the crashed kernel: see crypt-keys.h. No key is seen here: the
 * kernel moves them from its reserved memory into a keyring. Called by stack.c.
 */
#include "capture-kernel/crypt-keys.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/io.h"

#define CONFIGFS "/sys/kernel/config"
#define RESTORE	 "sys/kernel/config/crash_dm_crypt_keys/restore"

int kd_crypt_keys_restore(int root_fd, struct kd_error *err)
{
	char state[8];
	int r;

	if (faccessat(root_fd, RESTORE, F_OK, 0) < 0)
		(void)mount("configfs", CONFIGFS, "configfs",
			    MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	r = kd_read_line_at(root_fd, RESTORE, state, sizeof(state), NULL);
	if (r < 0)
		return kd_fail_msg(err, -ENOKEY,
				   "the crashed kernel handed over no key: /" RESTORE
				   ": %s",
				   strerror(-r));
	if (strcmp(state, "1") == 0)
		return 0;
	return kd_write_string_at(root_fd, RESTORE, "1", err);
}
