/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Targets on other machines: see host-net.h. Trusts the resolver: what it says now is
 * what the plan will hold, as a capture kernel asks nobody. Called by the arm path.
 */
#include "kdumpd/host/host-net.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netdb.h>
#include <string.h>

#include "base/io.h"
#include "base/parse.h"

#define WIRE_LIMIT_MS 5000
#define MOUNTINFO_MAX (4u << 20)

static int resolve(const char *host, struct kd_net_address ret[KD_NET_ADDRESSES],
		   size_t *ret_n, struct kd_error *err)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	size_t n = 0;
	int r;

	r = getaddrinfo(host, NULL, &hints, &list);
	if (r != 0)
		return kd_fail_msg(err, -ENOENT, "host %s: %s", host, gai_strerror(r));
	for (const struct addrinfo *a = list; a && n < KD_NET_ADDRESSES; a = a->ai_next) {
		const void *bytes = NULL;

		if (a->ai_family == AF_INET)
			bytes = &((const struct sockaddr_in *)(const void *)a->ai_addr)
					 ->sin_addr;
		else if (a->ai_family == AF_INET6)
			bytes = &((const struct sockaddr_in6 *)(const void *)a->ai_addr)
					 ->sin6_addr;
		if (!bytes)
			continue;
		ret[n] = (struct kd_net_address) { .family = a->ai_family };
		memcpy(ret[n].bytes, bytes, kd_net_address_size(a->ai_family));
		n++;
	}
	freeaddrinfo(list);
	*ret_n = n;
	return n ? 0 : kd_fail_msg(err, -ENOENT, "host %s has no address", host);
}

static int take_route(void *context, const struct kd_netlink_piece *message)
{
	return message->type == RTM_NEWROUTE ? kd_net_route_read(message, context) : 0;
}

static int ask_route(const struct kd_net_address *server, struct kd_net_route *ret,
		     struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = kd_netlink_open(WIRE_LIMIT_MS, err);
	size_t size = kd_net_address_size(server->family);
	const struct rtmsg head = { .rtm_family = (uint8_t)server->family,
				    .rtm_dst_len = (uint8_t)(8 * size) };
	struct kd_netlink_request q = { .length = 0 };
	char text[KD_NET_ADDRESS_TEXT];
	int r;

	if (fd < 0)
		return fd;
	kd_netlink_begin(&q, RTM_GETROUTE, 0, &head, sizeof(head));
	kd_netlink_put(&q, RTA_DST, server->bytes, size);
	r = kd_netlink_talk(fd, &q, take_route, ret);
	kd_net_address_text(server, text);
	return r < 0 ? kd_fail(err, r, "no way to %s", text) : 0;
}

static int take_link(void *context, const struct kd_netlink_piece *message)
{
	struct kd_net_view *view = context;

	if (message->type == RTM_NEWLINK && view->n_links < KD_NET_LINKS &&
	    kd_net_link_read(message, &view->links[view->n_links]) >= 0)
		view->n_links++;
	return 0;
}

static int take_own(void *context, const struct kd_netlink_piece *message)
{
	struct kd_net_view *view = context;

	if (message->type == RTM_NEWADDR && view->n_own < KD_NET_OWN &&
	    kd_net_own_read(message, &view->own[view->n_own]) >= 0)
		view->n_own++;
	return 0;
}

static int read_view(struct kd_net_view *ret, struct kd_error *err)
{
	const struct ifinfomsg links = { .ifi_family = AF_UNSPEC };
	const struct ifaddrmsg addresses = { .ifa_family = AF_UNSPEC };
	_cleanup_(kd_closep) int fd = kd_netlink_open(WIRE_LIMIT_MS, err);
	struct kd_netlink_request q = { .length = 0 };
	int r;

	if (fd < 0)
		return fd;
	ret->n_links = ret->n_own = 0;
	kd_netlink_begin(&q, RTM_GETLINK, NLM_F_DUMP, &links, sizeof(links));
	r = kd_netlink_talk(fd, &q, take_link, ret);
	if (r >= 0) {
		kd_netlink_begin(&q, RTM_GETADDR, NLM_F_DUMP, &addresses,
				 sizeof(addresses));
		r = kd_netlink_talk(fd, &q, take_own, ret);
	}
	return r < 0 ? kd_fail(err, r, "network interfaces") : 0;
}

static int read_lease(uint32_t index, const struct kd_net_address *own,
		      struct kd_lease6 *ret)
{
	_cleanup_(kd_closep) int root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return root_fd < 0 ? -errno : kd_lease6_find(root_fd, index, own, ret);
}

const struct kd_net_reader kd_net_kernel_reader = {
	.resolve = resolve,
	.route = ask_route,
	.view = read_view,
	.leased = read_lease,
};

bool kd_net_is_remote(enum kd_target_type type)
{
	return type == KD_TARGET_NFS || type == KD_TARGET_SSH || type == KD_TARGET_SFTP;
}

int kd_net_host_of(const char *source, char *ret, size_t size)
{
	const char *host = strrchr(source, '@');
	size_t n;

	host = host ? host + 1 : source;
	if (host[0] == '[') {
		host++;
		n = strcspn(host, "]");
	} else {
		/* more than one colon is an IPv6 address, and no export follows */
		n = strcspn(host, ":");
		if (host[n] && strchr(host + n + 1, ':'))
			n = strlen(host);
	}
	if (n == 0 || n >= size)
		return -EINVAL;
	memcpy(ret, host, n);
	ret[n] = '\0';
	return 0;
}

static bool is_ours(const struct kd_net_view *view, const struct kd_net_address *address)
{
	for (size_t i = 0; i < view->n_own; i++)
		if (kd_net_address_equal(&view->own[i].address, address))
			return true;
	return false;
}

static int way_to(const struct kd_net_reader *reader, const struct kd_net_view *view,
		  const struct kd_net_address *address, struct kd_net_facts *facts,
		  struct kd_plan_way *ret, struct kd_error *err)
{
	struct kd_net_route route = { .index = 0 };
	struct kd_lease6 lease;
	int r;

	if (is_ours(view, address))
		return kd_fail_msg(err, -EADDRINUSE, "the server is this machine itself");
	r = reader->route(address, &route, err);
	if (r >= 0)
		r = kd_net_decide(view, &route, address, facts, ret, err);
	if (r < 0 || ret->method != KD_PLAN_DHCP6 ||
	    reader->leased(route.index, &route.source, &lease) < 0)
		return r;
	memcpy(ret->duid, lease.duid, sizeof(ret->duid));
	ret->iaid = lease.iaid;
	return 0;
}

int kd_net_find_way(const struct kd_net_reader *reader, const struct kd_net_wish *wish,
		    struct kd_net_facts *facts, struct kd_plan_way *ret,
		    struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_net_view *view = malloc(sizeof(*view));
	struct kd_net_address addresses[KD_NET_ADDRESSES];
	struct kd_error first = { 0 };
	size_t n = 0;
	int r;

	if (!view)
		return kd_fail(err, -ENOMEM, "network");
	r = reader->view(view, err);
	if (r >= 0)
		r = reader->resolve(wish->host, addresses, &n, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		struct kd_error here = { 0 };

		if (wish->family != AF_UNSPEC && addresses[i].family != wish->family)
			continue;
		if (way_to(reader, view, &addresses[i], facts, ret, &here) >= 0)
			return 0;
		if (first.code == 0)
			first = here;
	}
	if (first.code == 0)
		return kd_fail_msg(err, -ENOENT, "host %s has no address of that family",
				   wish->host);
	return kd_fail_msg(err, first.code, "%s", first.message);
}

static bool is_wanted(const char *option, size_t n)
{
	static const char *const names[] = { "port=",  "mountport=", "mountvers=",
					     "rsize=", "wsize=",     "namlen=" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (n > strlen(names[i]) &&
		    strncmp(option, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

int kd_nfs_options(const char *options, char ret_type[static 32],
		   char ret_options[static KD_PLAN_STRING])
{
	char type[32] = "nfs", kept[KD_PLAN_STRING] = "";
	size_t used = 0, n;

	for (const char *p = options; *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		if (n > 5 && n < 16 && strncmp(p, "vers=", 5) == 0) {
			(void)snprintf(type, sizeof(type), "nfs%.*s", (int)n - 5, p + 5);
		} else if (n > 4 && strncmp(p, "sec=", 4) == 0) {
			if (n != 7 || strncmp(p, "sec=sys", 7) != 0)
				return -ENOTSUP;
		} else if (is_wanted(p, n)) {
			if (used + n + 2 > sizeof(kept))
				return -E2BIG;
			used += (size_t)snprintf(kept + used, sizeof(kept) - used,
						 "%s%.*s", used ? "," : "", (int)n, p);
		}
	}
	memcpy(ret_type, type, sizeof(type));
	memcpy(ret_options, kept, sizeof(kept));
	return 0;
}

/* Behind " - ": type, source, super options. */
static bool is_mount_of(const struct kd_lines *line, const char *source, char *ret,
			size_t size)
{
	char text[2048], *at, *type, *device, *save = NULL;

	if (line->length >= sizeof(text))
		return false;
	memcpy(text, line->line, line->length);
	text[line->length] = '\0';
	at = strstr(text, " - ");
	if (!at)
		return false;
	type = strtok_r(at + 3, " ", &save);
	device = strtok_r(NULL, " ", &save);
	at = strtok_r(NULL, " ", &save);
	if (!type || !device || !at || strncmp(type, "nfs", 3) != 0 ||
	    strcmp(device, source) != 0 || strlen(at) >= size)
		return false;
	memcpy(ret, at, strlen(at) + 1);
	return true;
}

static int look_at_mount(int root_fd, struct kd_target_facts *t, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	char options[1024];
	struct kd_lines it = { .left = 0 };
	int r;

	r = kd_read_file_at(root_fd, "proc/self/mountinfo", MOUNTINFO_MAX, &text,
			    &it.left, err);
	if (r < 0)
		return r;
	it.rest = text;
	while (kd_lines_next(&it)) {
		if (!is_mount_of(&it, t->wanted.source, options, sizeof(options)))
			continue;
		r = kd_nfs_options(options, t->wanted.fstype, t->options);
		if (r == -ENOTSUP)
			return kd_fail_msg(err, r,
					   "it is mounted with Kerberos, which the "
					   "capture side does not have: export it with "
					   "sec=sys to this machine");
		return r < 0 ? kd_fail(err, r, "its mount options") : 0;
	}
	return 0;
}

int kd_net_find(int root_fd, const struct kd_net_reader *reader,
		struct kd_target_facts *target, struct kd_net_facts *facts,
		struct kd_error *err)
{
	char host[KD_PLAN_STRING];
	const struct kd_net_wish wish = { .host = host, .family = AF_UNSPEC };
	int r;

	r = kd_net_host_of(target->wanted.source, host, sizeof(host));
	if (r < 0)
		return kd_fail_msg(err, r, "\"%s\" names no host", target->wanted.source);
	r = kd_net_find_way(reader, &wish, facts, &target->way, err);
	if (r >= 0 && target->wanted.type == KD_TARGET_NFS)
		r = look_at_mount(root_fd, target, err);
	return r;
}
