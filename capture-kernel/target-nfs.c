/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An NFS export, mounted by the kernel's own client: it speaks the MOUNT protocol and
 * asks the portmapper by itself when it is given addresses, so that no helper program is
 * needed. Soft, so that a server that went away becomes an error within the limits below.
 * Trusts the server no further than any file system. Called by the phases, in children.
 */
#include <string.h>
#include <sys/socket.h>

#include "base/net-facts.h"
#include "capture-kernel/target-mount.h"
#include "capture-kernel/target-network.h"

#define DATA_SIZE (2 * KD_PLAN_STRING)

/* nfs(5): a request is sent again after 10 s, once, and given up 20 s later. */
#define PATIENCE "soft,timeo=100,retrans=1"

static const char *const versions[] = { "4.2", "4.1", "4.0", "3" };

/* fs/nfs/fs_context.c, nfs_fs_parameters[] */
static int mount_as(const struct kd_target *t, const char *version, const char *point)
{
	const char *server = t->plan->way.server, *own = t->own;
	const char *options = t->plan->options;
	const char *v6 = strchr(server, ':') ? "6" : "";
	char data[DATA_SIZE];
	int n;

	if (version[0] == '3')
		n = snprintf(data, sizeof(data),
			     "vers=3,addr=%s,mountaddr=%s,proto=tcp%s,mountproto=tcp%s,"
			     "nolock," PATIENCE "%s%s",
			     server, server, v6, v6, options[0] ? "," : "", options);
	else
		n = snprintf(data, sizeof(data),
			     "vers=%s,addr=%s,clientaddr=%s,proto=tcp%s," PATIENCE "%s%s",
			     version, server, own, v6, options[0] ? "," : "", options);
	if (n < 0 || (size_t)n >= sizeof(data))
		return -E2BIG;
	return mount(t->plan->device, point, "nfs", KD_MOUNT_FLAGS, data) < 0 ? -errno
									      : 0;
}

/* What a server says of version 4 that has this export for version 3 alone: its pseudo file
 * system does not lead there; and what this kernel says of a version that it lacks. */
static bool may_be_another_version(int r)
{
	return r == -EPROTONOSUPPORT || r == -EINVAL || r == -ENOENT || r == -EPERM ||
	       r == -EACCES;
}

/* Each that this kernel and the server may have in common. Of several errors the first
 * that is about the export tells most. */
static int mount_as_any(const struct kd_target *t, const char *point)
{
	int first = -EPROTONOSUPPORT, r = first;

	for (size_t i = 0; may_be_another_version(r) && i < ARRAY_SIZE(versions); i++) {
		r = mount_as(t, versions[i], point);
		if (first == -EPROTONOSUPPORT)
			first = r;
	}
	return r < 0 && may_be_another_version(r) ? first : r;
}

/* By the plan's version, "nfs4.1", when it names one. */
static int attach(const struct kd_target *t, struct kd_outcome *o _unused_,
		  struct kd_error *err)
{
	const char *planned = t->plan->fstype;
	char point[KD_POINT_SIZE];
	int r;

	r = kd_target_make_point(t, point, err);
	if (r < 0)
		return r;
	planned += strncmp(planned, "nfs", 3) == 0 ? 3 : 0;
	r = planned[0] ? mount_as(t, planned, point) : mount_as_any(t, point);
	return r < 0 ? kd_fail(err, r, "mount %s (NFS)", t->plan->device) : 0;
}

const struct kd_target_ops kd_target_nfs_ops = {
	.reach = kd_target_reach_network,
	.attach = attach,
	.open = kd_target_open_mounted,
	.release = kd_target_unmount,
};
