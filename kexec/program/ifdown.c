/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces down: see ifdown.h and netdevice(7). Through ioctl(2), as it needs no
 * library and works on every kernel. Called by main.c.
 */
#include "kexec/program/ifdown.h"

#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/guard.h"

static int take_down(int fd, const char *name)
{
	struct ifreq request = { 0 };

	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return -errno;
	if (!(request.ifr_flags & IFF_UP) || (request.ifr_flags & IFF_LOOPBACK))
		return 0;
	request.ifr_flags &= (short)~IFF_UP;
	return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
}

int kd_kexec_ifdown(void)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	struct if_nameindex *all;
	int r = 0;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno == EAFNOSUPPORT ? 0 : -errno;
	all = if_nameindex();
	if (!all)
		return -errno;
	for (const struct if_nameindex *i = all; i->if_index; i++) {
		int failed = take_down(fd, i->if_name);

		if (r == 0)
			r = failed;
	}
	if_freenameindex(all);
	return r;
}
