/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the kernel image: see kernel-image.h. Trusts nothing in the file. Called by
 * the arm path.
 */
#include "kdumpd/host/kernel-image.h"

#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "capture-kernel/image/root.h"

/* Documentation/arch/x86/boot.rst: offset of the version string, less 0x200 */
#define KERNEL_VERSION	    0x20e
#define KERNEL_VERSION_BASE 0x200

static bool says_release(int fd, const char *release)
{
	size_t n = strlen(release);
	uint8_t offset[2];
	char text[128];
	ssize_t got;

	if (kd_pread_full(fd, offset, sizeof(offset), KERNEL_VERSION) != 2)
		return false;
	got = kd_pread_full(fd, text, sizeof(text),
			    (uint64_t)(offset[0] | offset[1] << 8) + KERNEL_VERSION_BASE);
	return got > (ssize_t)n && memcmp(text, release, n) == 0 && text[n] == ' ';
}

int kd_kernel_image_open(int root_fd, const char *release, char *ret_path, size_t size,
			 struct kd_error *err)
{
	static const struct {
		const char *before, *after;
	} places[] = {
		{ "/boot/vmlinuz-", "" },
		{ "/usr/lib/modules/", "/vmlinuz" },
		{ "/lib/modules/", "/vmlinuz" },
	};
	_cleanup_(kd_closep) int fd = -EBADF;
	int n;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		n = snprintf(ret_path, size, "%s%s%s", places[i].before, release,
			     places[i].after);
		if (n < 0 || (size_t)n >= size)
			return kd_fail(err, -ENAMETOOLONG, "kernel image");
		fd = kd_root_open(root_fd, ret_path, O_RDONLY | O_NONBLOCK);
		if (fd >= 0)
			return TAKE_FD(fd);
		if (fd != -ENOENT)
			return kd_fail(err, fd, "%s", ret_path);
	}
	(void)snprintf(ret_path, size, "/boot/vmlinuz");
	fd = kd_root_open(root_fd, ret_path, O_RDONLY | O_NONBLOCK);
	if (fd >= 0 && says_release(fd, release))
		return TAKE_FD(fd);
	return kd_fail_msg(err, -ENOENT,
			   "no kernel image of %s: neither /boot/vmlinuz-%s nor "
			   "/usr/lib/modules/%s/vmlinuz",
			   release, release, release);
}
