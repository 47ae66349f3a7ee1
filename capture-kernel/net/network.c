/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A way to a server: see network.h. Each wait has its limit. Trusts no server's answer
 * further than that it is an address. Called by target-nfs.c and target-sftp.c.
 */
#include "capture-kernel/net/network.h"

#include <string.h>
#include <time.h>

#include "capture-kernel/deadline.h"
#include "capture-kernel/net/dhcp.h"
#include "capture-kernel/net/dhcp6.h"

#define WIRE_LIMIT_MS 5000
#define AUTO_LIMIT_S  30 /* router advertisements come within 4 s of a solicitation */
#define POLL_MS	      100
#define LEASED_LENGTH 128 /* a lease is of an address, not of its network (RFC 8415) */

/** @own: address to be used, family 0 without; @gateway: the same */
struct way {
	const struct kd_plan_way *plan;
	struct kd_shared *shared;
	int fd;
	uint32_t index;
	struct kd_net_address server, own, gateway;
	unsigned int length;
};

static int read_way(struct way *w, struct kd_error *err)
{
	const struct kd_plan_way *p = w->plan;

	if (kd_net_address_parse(p->server, &w->server) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no server's address",
				   p->server);
	if (p->address[0] && kd_net_prefix_parse(p->address, &w->own, &w->length) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no address", p->address);
	if (p->gateway[0] && kd_net_address_parse(p->gateway, &w->gateway) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no gateway", p->gateway);
	return 0;
}

static int mac_of(struct way *w, uint8_t ret[static KD_NET_MAC], struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_wire_links *list = malloc(sizeof(*list));
	int r;

	if (!list)
		return kd_fail(err, -ENOMEM, "network");
	r = kd_wire_list(w->fd, list, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < list->n; i++)
		if (list->links[i].index == w->index) {
			memcpy(ret, list->links[i].mac, KD_NET_MAC);
			return 0;
		}
	return kd_fail(err, -ENODEV, "network interface %u", w->index);
}

static int lease(struct way *w, struct kd_error *err)
{
	struct kd_dhcp_answer answer;
	uint8_t mac[KD_NET_MAC];
	int r;

	kd_shared_progress(w->shared, "asking for an address by DHCP", 0, 0);
	r = mac_of(w, mac, err);
	if (r >= 0)
		r = kd_dhcp_lease(w->index, mac, KD_DHCP_LIMIT_S * 1000, &answer, err);
	if (r < 0)
		return r;
	w->own = answer.address;
	w->length = answer.length;
	if (answer.gateway.family)
		w->gateway = answer.gateway;
	return 0;
}

static int lease6(struct way *w, struct kd_error *err)
{
	struct kd_dhcp6_client client = { .iaid = w->plan->iaid, .wanted = w->own };
	uint8_t mac[KD_NET_MAC];
	int r;

	kd_shared_progress(w->shared, "asking for an address by DHCPv6", 0, 0);
	r = mac_of(w, mac, err);
	if (r < 0)
		return r;
	if (kd_dhcp6_duid_parse(w->plan->duid, &client.duid) < 0) {
		kd_dhcp6_duid_from_mac(mac, &client.duid);
		client.iaid = kd_dhcp6_iaid_from_mac(mac);
	}
	r = kd_dhcp6_lease(w->index, &client, KD_DHCP_LIMIT_S * 1000, &w->own, err);
	if (r >= 0)
		w->length = LEASED_LENGTH;
	return r;
}

/* The kernel does the work once the interface is up; only wait for what comes of it. */
static int advertised(struct way *w, struct kd_error *err)
{
	uint64_t until = kd_now_ms() + UINT64_C(1000) * AUTO_LIMIT_S;
	const struct timespec nap = { .tv_nsec = POLL_MS * 1000000L };
	struct kd_net_own own;
	int r;

	kd_shared_progress(w->shared, "waiting for a router's advertisement", 0, 0);
	for (;;) {
		r = kd_wire_find_address(w->fd, w->index, AF_INET6, &own);
		if (r != -ENODATA)
			break;
		if (kd_now_ms() >= until)
			return kd_fail_msg(err, -ETIMEDOUT,
					   "no router advertised an IPv6 address in %d s",
					   AUTO_LIMIT_S);
		(void)nanosleep(&nap, NULL);
	}
	if (r < 0)
		return kd_fail(err, r, "IPv6 address");
	w->own = own.address;
	w->length = own.length;
	return 0;
}

/* By the plan's method, or else what the machine had. Returns 1 when the interface has it
 * already. */
static int get_address(struct way *w, struct kd_error *err)
{
	enum kd_plan_method method = w->plan->method;
	struct kd_error here = { 0 };
	int r = -ENODATA;

	if (method == KD_PLAN_DHCP)
		r = lease(w, &here);
	else if (method == KD_PLAN_DHCP6)
		r = lease6(w, &here);
	else if (method == KD_PLAN_AUTO)
		r = advertised(w, &here);
	if (r >= 0)
		return method == KD_PLAN_AUTO;
	if (!w->own.family || w->own.family != w->server.family)
		return here.code < 0 ? kd_fail_msg(err, r, "%s", here.message)
				     : kd_fail_msg(err, -EINVAL,
						   "no address of our own in the plan");
	if (here.code < 0)
		kd_outcome_note(&w->shared->outcome,
				"%s; going on with %s, which this machine had",
				here.message, w->plan->address);
	return 0;
}

static int add_address(struct way *w, struct kd_error *err)
{
	struct kd_net_own own;
	int r;

	/* of another target that goes the same way; not one that was only advertised */
	if (kd_wire_find_address(w->fd, w->index, w->server.family, &own) >= 0 &&
	    (w->plan->method != KD_PLAN_DHCP6 || own.length == LEASED_LENGTH) &&
	    (w->plan->method != KD_PLAN_STATIC || !w->own.family ||
	     kd_net_address_equal(&own.address, &w->own))) {
		w->own = own.address;
		w->length = own.length;
		return 0;
	}
	r = get_address(w, err);
	if (r != 0)
		return MIN(r, 0);
	return kd_wire_add_address(w->fd, w->index, &w->own, w->length, err);
}

/*
 * A neighbour needs no route, and what a router advertised has brought its own. A leased
 * address has no network: whether the server is a neighbour, only a router can tell, or
 * the plan, which has no gateway then.
 */
static int add_route(struct way *w, struct kd_error *err)
{
	struct kd_net_route route;

	if (kd_net_address_within(&w->own, &w->server, w->length))
		return 0;
	if ((w->plan->method == KD_PLAN_AUTO || w->plan->method == KD_PLAN_DHCP6) &&
	    kd_wire_find_route(w->fd, &w->server, &route, NULL) >= 0 &&
	    route.index == w->index)
		return 0;
	if (!w->gateway.family && w->plan->method != KD_PLAN_DHCP6)
		return kd_fail_msg(err, -ENETUNREACH, "no gateway on the way to %s",
				   w->plan->server);
	return kd_wire_add_route(w->fd, w->index, &w->server, &w->gateway, err);
}

int kd_network_up(const struct kd_plan *plan, const struct kd_plan_way *way,
		  struct kd_shared *shared, struct kd_net_address *ret_own,
		  struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = kd_netlink_open(WIRE_LIMIT_MS, err);
	struct way w = { .plan = way, .shared = shared, .fd = fd };
	struct kd_net_route route;
	int r;

	if (fd < 0)
		return fd;
	r = read_way(&w, err);
	if (r >= 0)
		r = kd_links_up(fd, plan, way->net, shared, &w.index, err);
	if (r >= 0)
		r = add_address(&w, err);
	if (r >= 0)
		r = add_route(&w, err);
	if (r >= 0)
		r = kd_wire_find_route(fd, &w.server, &route, err);
	if (r < 0)
		return r;
	*ret_own = route.source.family ? route.source : w.own;
	return 0;
}
