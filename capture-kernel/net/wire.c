/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to rtnetlink: see wire.h. Trusts the kernel to do what it acknowledges. Called
 * by links.c and network.c.
 */
#include "capture-kernel/net/wire.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

static int take_link(void *context, const struct kd_netlink_piece *message)
{
	struct kd_wire_links *list = context;

	if (message->type == RTM_NEWLINK && list->n < KD_WIRE_LINKS &&
	    kd_net_link_read(message, &list->links[list->n]) >= 0)
		list->n++;
	return 0;
}

int kd_wire_list(int fd, struct kd_wire_links *ret, struct kd_error *err)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct kd_netlink_request q = { .length = 0 };
	int r;

	ret->n = 0;
	kd_netlink_begin(&q, RTM_GETLINK, NLM_F_DUMP, &head, sizeof(head));
	r = kd_netlink_talk(fd, &q, take_link, ret);
	return r < 0 ? kd_fail(err, r, "list of network interfaces") : 0;
}

int kd_wire_set_up(int fd, uint32_t index, bool up, struct kd_error *err)
{
	const struct ifinfomsg head = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = (int)index,
		.ifi_flags = up ? IFF_UP : 0,
		.ifi_change = IFF_UP,
	};
	struct kd_netlink_request q = { .length = 0 };
	int r;

	kd_netlink_begin(&q, RTM_NEWLINK, 0, &head, sizeof(head));
	r = kd_netlink_talk(fd, &q, NULL, NULL);
	return r < 0 ? kd_fail(err, r, "network interface %u %s", index,
			       up ? "up" : "down")
		     : 0;
}

static void begin_change(struct kd_netlink_request *q, uint32_t index)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC,
					.ifi_index = (int)index };

	kd_netlink_begin(q, RTM_NEWLINK, 0, &head, sizeof(head));
}

int kd_wire_enslave(int fd, uint32_t index, uint32_t master, struct kd_error *err)
{
	struct kd_netlink_request q = { .length = 0 };
	int r;

	begin_change(&q, index);
	kd_netlink_put_u32(&q, IFLA_MASTER, master);
	r = kd_netlink_talk(fd, &q, NULL, NULL);
	return r < 0 ? kd_fail(err, r, "network interface %u into the bond", index) : 0;
}

int kd_wire_configure(int fd, uint32_t index, unsigned int mtu, const uint8_t *mac,
		      struct kd_error *err)
{
	struct kd_netlink_request q = { .length = 0 };
	int r;

	begin_change(&q, index);
	if (mtu)
		kd_netlink_put_u32(&q, IFLA_MTU, mtu);
	if (mac)
		kd_netlink_put(&q, IFLA_ADDRESS, mac, KD_NET_MAC);
	r = kd_netlink_talk(fd, &q, NULL, NULL);
	return r < 0 ? kd_fail(err, r, "MTU and address of network interface %u", index)
		     : 0;
}

static void put_vlan(struct kd_netlink_request *q, const struct kd_plan_net *net)
{
	kd_netlink_put_u16(q, IFLA_VLAN_ID, (uint16_t)net->vlan);
	if (net->vlan_protocol)
		kd_netlink_put_u16(q, IFLA_VLAN_PROTOCOL,
				   htons((uint16_t)net->vlan_protocol));
}

static void put_bond(struct kd_netlink_request *q, const struct kd_plan_net *net)
{
	kd_netlink_put_u8(q, IFLA_BOND_MODE, (uint8_t)net->bond_mode);
	kd_netlink_put_u32(q, IFLA_BOND_MIIMON,
			   net->bond_miimon ? net->bond_miimon : 100);
	if (net->bond_lacp_rate)
		kd_netlink_put_u8(q, IFLA_BOND_AD_LACP_RATE,
				  (uint8_t)net->bond_lacp_rate);
	if (net->bond_xmit_policy)
		kd_netlink_put_u8(q, IFLA_BOND_XMIT_HASH_POLICY,
				  (uint8_t)net->bond_xmit_policy);
}

int kd_wire_create(int fd, const char *name, const struct kd_plan_net *net,
		   uint32_t lower, struct kd_error *err)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	const char *kind = net->kind == KD_PLAN_VLAN ? "vlan" : "bond";
	struct kd_netlink_request q = { .length = 0 };
	size_t info, data;
	int r;

	kd_netlink_begin(&q, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	kd_netlink_put_text(&q, IFLA_IFNAME, name);
	if (net->kind == KD_PLAN_VLAN)
		kd_netlink_put_u32(&q, IFLA_LINK, lower);
	info = kd_netlink_nest(&q, IFLA_LINKINFO);
	kd_netlink_put_text(&q, IFLA_INFO_KIND, kind);
	data = kd_netlink_nest(&q, IFLA_INFO_DATA);
	if (net->kind == KD_PLAN_VLAN)
		put_vlan(&q, net);
	else
		put_bond(&q, net);
	kd_netlink_close(&q, data);
	kd_netlink_close(&q, info);
	r = kd_netlink_talk(fd, &q, NULL, NULL);
	return r < 0 ? kd_fail(err, r, "making a %s", kind) : 0;
}

int kd_wire_add_address(int fd, uint32_t index, const struct kd_net_address *address,
			unsigned int length, struct kd_error *err)
{
	const struct ifaddrmsg head = {
		.ifa_family = (uint8_t)address->family,
		.ifa_prefixlen = (uint8_t)length,
		.ifa_flags = address->family == AF_INET6 ? IFA_F_NODAD : 0,
		.ifa_index = index,
	};
	size_t size = kd_net_address_size(address->family);
	struct kd_netlink_request q = { .length = 0 };
	char text[KD_NET_ADDRESS_TEXT];
	int r;

	kd_netlink_begin(&q, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &head,
			 sizeof(head));
	kd_netlink_put(&q, IFA_LOCAL, address->bytes, size);
	kd_netlink_put(&q, IFA_ADDRESS, address->bytes, size);
	r = kd_netlink_talk(fd, &q, NULL, NULL);
	kd_net_address_text(address, text);
	return r < 0 && r != -EEXIST ? kd_fail(err, r, "address %s", text) : 0;
}

struct search {
	uint32_t index;
	int family;
	bool found;
	struct kd_net_own own;
};

static int take_own(void *context, const struct kd_netlink_piece *message)
{
	struct search *s = context;
	struct kd_net_own own;

	if (message->type != RTM_NEWADDR || kd_net_own_read(message, &own) < 0)
		return 0;
	if (!s->found && own.index == s->index && own.address.family == s->family &&
	    own.scope < RT_SCOPE_LINK && own.usable) {
		s->found = true;
		s->own = own;
	}
	return 0;
}

int kd_wire_find_address(int fd, uint32_t index, int family, struct kd_net_own *ret)
{
	const struct ifaddrmsg head = { .ifa_family = (uint8_t)family };
	struct kd_netlink_request q = { .length = 0 };
	struct search s = { .index = index, .family = family };
	int r;

	kd_netlink_begin(&q, RTM_GETADDR, NLM_F_DUMP, &head, sizeof(head));
	r = kd_netlink_talk(fd, &q, take_own, &s);
	if (r < 0)
		return r;
	if (!s.found)
		return -ENODATA;
	*ret = s.own;
	return 0;
}

int kd_wire_add_route(int fd, uint32_t index, const struct kd_net_address *server,
		      const struct kd_net_address *gateway, struct kd_error *err)
{
	size_t size = kd_net_address_size(server->family);
	bool neighbour = !gateway->family;
	const struct rtmsg head = {
		.rtm_family = (uint8_t)server->family,
		.rtm_dst_len = (uint8_t)(8 * size),
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = neighbour ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
		/* a gateway need not be a neighbour by its number */
		.rtm_flags = neighbour ? 0 : RTNH_F_ONLINK,
	};
	struct kd_netlink_request q = { .length = 0 };
	char text[KD_NET_ADDRESS_TEXT];
	int r;

	kd_net_address_text(gateway, text);
	if (!neighbour && server->family != gateway->family)
		return kd_fail(err, -EAFNOSUPPORT, "gateway %s", text);
	kd_netlink_begin(&q, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &head,
			 sizeof(head));
	kd_netlink_put(&q, RTA_DST, server->bytes, size);
	if (!neighbour)
		kd_netlink_put(&q, RTA_GATEWAY, gateway->bytes, size);
	kd_netlink_put_u32(&q, RTA_OIF, index);
	r = kd_netlink_talk(fd, &q, NULL, NULL);
	return r < 0 ? kd_fail(err, r, "route by %s", neighbour ? "the link" : text) : 0;
}

static int take_route(void *context, const struct kd_netlink_piece *message)
{
	return message->type == RTM_NEWROUTE ? kd_net_route_read(message, context) : 0;
}

int kd_wire_find_route(int fd, const struct kd_net_address *server,
		       struct kd_net_route *ret, struct kd_error *err)
{
	size_t size = kd_net_address_size(server->family);
	const struct rtmsg head = {
		.rtm_family = (uint8_t)server->family,
		.rtm_dst_len = (uint8_t)(8 * size),
	};
	struct kd_netlink_request q = { .length = 0 };
	char text[KD_NET_ADDRESS_TEXT];
	int r;

	*ret = (struct kd_net_route) { .index = 0 };
	kd_netlink_begin(&q, RTM_GETROUTE, 0, &head, sizeof(head));
	kd_netlink_put(&q, RTA_DST, server->bytes, size);
	r = kd_netlink_talk(fd, &q, take_route, ret);
	kd_net_address_text(server, text);
	return r < 0 ? kd_fail(err, r, "the way to %s", text) : 0;
}
