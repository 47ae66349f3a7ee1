/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Volume keys for the capture kernel: see volume-keys.h. Trusts the kernel's keyrings.
 * Called by inputs.c and arm-load.c.
 */
#include "kdumpd/arm/volume-keys.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/io.h"

#define FOLDER	 "sys/kernel/config/crash_dm_crypt_keys"
#define OURS	 "kdumpd-"
#define KEY_TYPE "logon" /* the one type the kernel looks for */

static bool in_keyring(const char *description)
{
	return syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, KEY_TYPE,
		       description, 0) >= 0;
}

int kd_volume_keys_check(int root_fd, const struct kd_stack_facts *facts,
			 struct kd_error *err)
{
	if (facts->n_keys == 0)
		return 0;
	if (faccessat(root_fd, FOLDER, F_OK, 0) < 0)
		return kd_fail_msg(
			err, -ENOTSUP,
			"it is encrypted, and this kernel cannot hand its key over: "
			"there is no /" FOLDER " (CONFIG_CRASH_DM_CRYPT, and "
			"configfs mounted): name a target that is not encrypted");
	for (size_t i = 0; i < facts->n_keys; i++)
		if (facts->keys[i].size == 0 && !in_keyring(facts->keys[i].description))
			return kd_fail_msg(
				err, -ENOKEY,
				"its volume key is out of reach: open it with "
				"link-volume-key=@u::%%logon:%s in /etc/crypttab",
				facts->keys[i].description);
	return 0;
}

/* Those of an earlier arming: rmdir(2) takes a name back. */
static void forget(int folder_fd)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;

	if (kd_opendir_at(folder_fd, ".", &dir) < 0)
		return;
	while ((e = readdir(dir)))
		if (strncmp(e->d_name, OURS, strlen(OURS)) == 0)
			(void)unlinkat(folder_fd, e->d_name, AT_REMOVEDIR);
}

static int add_to_keyring(const struct kd_stack_key *key)
{
	if (key->size == 0)
		return 0;
	return syscall(SYS_add_key, KEY_TYPE, key->description, key->key, key->size,
		       KEY_SPEC_USER_KEYRING) < 0
		       ? -errno
		       : 0;
}

int kd_volume_keys_register(int root_fd, const struct kd_stack_facts *facts,
			    struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[64];
	int r = 0;

	fd = openat(root_fd, FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return facts->n_keys == 0 ? 0 : kd_fail(err, -errno, "/" FOLDER);
	forget(fd);
	/* the kernel looks into the keyrings of this process, of which root's is none */
	if (facts->n_keys > 0)
		(void)syscall(SYS_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING,
			      KEY_SPEC_PROCESS_KEYRING);
	for (size_t i = 0; r >= 0 && i < facts->n_keys; i++) {
		r = add_to_keyring(&facts->keys[i]);
		if (r < 0)
			return kd_fail(err, r, "key %s", facts->keys[i].description);
		(void)snprintf(path, sizeof(path), OURS "%zu", i);
		if (mkdirat(fd, path, 0700) < 0)
			return kd_fail(err, -errno, "/" FOLDER "/%s", path);
		(void)snprintf(path, sizeof(path), OURS "%zu/description", i);
		r = kd_write_string_at(fd, path, facts->keys[i].description, err);
	}
	return r;
}
