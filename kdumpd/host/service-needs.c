/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A service's needs: see service-needs.h. Volumes may come up long after units were
 * loaded, so that what their makers leave in /etc counts, too. Called by the generator and
 * kdumpctl.
 */
#include "kdumpd/host/service-needs.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "base/params.h"
#include "base/parse.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/host/host-net.h"

#define BLOCK_DEVICES "sys/block"
#define CRYPTTAB      "etc/crypttab"
#define CRYPTTAB_MAX  (64u << 10)

/* Made by whoever made volumes: LVM's copies of what it wrote to its disks, multipath's
 * names. The programs alone say nothing, many machines have them for no use. */
static const char *const traces[] = {
	"etc/lvm/backup",
	"etc/lvm/archive",
	"etc/multipath",
};

/* A folder that holds an entry whose name begins with @prefix. */
static bool has_entry(int root_fd, const char *path, const char *prefix)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;

	if (kd_opendir_at(root_fd, path, &dir) < 0)
		return false;
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.' &&
		    strncmp(e->d_name, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

static bool has_crypttab(int root_fd)
{
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_lines it = { 0 };
	size_t size;

	if (kd_read_file_at(root_fd, CRYPTTAB, CRYPTTAB_MAX, &text, &size, NULL) < 0)
		return false;
	it = (struct kd_lines) { .rest = text, .left = size };
	while (kd_lines_next(&it)) {
		size_t blank = 0;

		while (blank < it.length && strchr(" \t\r", it.line[blank]))
			blank++;
		if (blank < it.length && it.line[blank] != '#')
			return true;
	}
	return false;
}

static bool has_volumes(int root_fd)
{
	for (size_t i = 0; i < ARRAY_SIZE(traces); i++)
		if (has_entry(root_fd, traces[i], ""))
			return true;
	return has_entry(root_fd, BLOCK_DEVICES, "dm-") || has_crypttab(root_fd);
}

static bool is_address(const char *host)
{
	struct in6_addr a;

	return inet_pton(AF_INET, host, &a) == 1 || inet_pton(AF_INET6, host, &a) == 1;
}

static void add_target(struct kd_service_needs *n, const struct kd_config_target *target)
{
	char host[KD_PLAN_STRING];

	if (!kd_net_is_remote(target->type))
		return;
	n->network = true;
	n->names |= kd_net_host_of(target->source, host, sizeof(host)) < 0 ||
		    !is_address(host);
	n->home |= target->type != KD_TARGET_NFS;
}

static void add_nodes(struct kd_service_needs *n, const char *nodes)
{
	char node[KD_CONFIG_WORDS];
	size_t length;

	while ((length = kd_params_next(&nodes)) > 0) {
		(void)snprintf(node, sizeof(node), "%.*s", (int)length, nodes);
		n->network = true;
		n->names |= !is_address(node);
		nodes += length;
	}
}

void kd_service_needs_find(int root_fd, struct kd_service_needs *ret)
{
	_cleanup_(kd_freep) struct kd_settings *s = malloc(sizeof(*s));

	*ret = (struct kd_service_needs) { .volumes = has_volumes(root_fd) };
	if (!s || kd_settings_read(root_fd, s, NULL) < 0)
		return;
	for (size_t i = 0; i < s->config.n_targets; i++)
		add_target(ret, &s->config.targets[i]);
	add_nodes(ret, s->config.fence_nodes);
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
				   "After=network-online.target nss-lookup.target\n");
	if (needs->names)
		kd_strbuf_adds(to, "[Service]\n"
				   "RestrictAddressFamilies=AF_INET AF_INET6\n"
				   "IPAddressDeny=\n");
	if (needs->home)
		kd_strbuf_adds(to, "[Service]\n"
				   "ProtectHome=read-only\n");
	if (needs->volumes)
		kd_strbuf_adds(to, "[Service]\n"
				   "CapabilityBoundingSet=CAP_SYS_ADMIN\n"
				   "DeviceAllow=/dev/mapper/control rw\n");
}
