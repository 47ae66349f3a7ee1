/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A service's needs: see service-needs.h. Volumes may come up long after units were
 * loaded, so that the programs that make them count, too. Called by the generator and
 * kdumpctl.
 */
#include "kdumpd/host/service-needs.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/guard.h"
#include "kdumpd/config/settings.h"

/* dmsetup alone comes with every Debian system. */
static const char *const volume_makers[] = {
	"sys/class/misc/device-mapper",
	"usr/sbin/lvm",
	"sbin/lvm",
	"usr/sbin/cryptsetup",
	"sbin/cryptsetup",
	"usr/sbin/multipathd",
	"sbin/multipathd",
};

static bool is_on_server(enum kd_target_type type)
{
	return type == KD_TARGET_NFS || type == KD_TARGET_SSH || type == KD_TARGET_SFTP;
}

void kd_service_needs_find(int root_fd, struct kd_service_needs *ret)
{
	_cleanup_(kd_freep) struct kd_settings *s = malloc(sizeof(*s));

	*ret = (struct kd_service_needs) { .network = false };
	for (size_t i = 0; i < ARRAY_SIZE(volume_makers); i++)
		ret->volumes |= faccessat(root_fd, volume_makers[i], F_OK, 0) >= 0;
	if (!s || kd_settings_read(root_fd, s, NULL) < 0)
		return;
	for (size_t i = 0; i < s->config.n_targets; i++)
		ret->network |= is_on_server(s->config.targets[i].type);
}

void kd_service_needs_write(const struct kd_service_needs *needs, struct kd_strbuf *to)
{
	if (!needs->network && !needs->volumes)
		return;
	kd_strbuf_adds(to, "# Written by kdumpd-generator: what this machine's targets "
			   "need.\n");
	if (needs->network)
		kd_strbuf_adds(to, "[Unit]\n"
				   "Wants=network-online.target\n"
				   "After=network-online.target nss-lookup.target\n"
				   "[Service]\n"
				   "RestrictAddressFamilies=AF_INET AF_INET6\n"
				   "IPAddressDeny=\n"
				   "ProtectHome=read-only\n");
	if (needs->volumes)
		kd_strbuf_adds(to, "[Service]\n"
				   "CapabilityBoundingSet=CAP_SYS_ADMIN\n"
				   "DeviceAllow=/dev/mapper/control rw\n");
}
