/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of the network out of rtnetlink's messages: see net-facts.h. What is missing
 * stays zero, what is unknown is passed over: kernels add attributes. Called by
 * kdumpd/host and capture-kernel/net.
 */
#include "base/net-facts.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "base/parse.h"

/* IFLA_PERM_ADDRESS: Linux commit f74877a5457d ("rtnetlink: provide permanent hardware
 * address in RTM_NEWLINK") (in v5.6); older headers lack the name. */
#define PERM_ADDRESS 54

void kd_net_mac_text(const uint8_t mac[static KD_NET_MAC],
		     char ret[static KD_NET_MAC_TEXT])
{
	(void)snprintf(ret, KD_NET_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		       mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int kd_net_mac_parse(const char *text, uint8_t ret[static KD_NET_MAC])
{
	uint8_t mac[KD_NET_MAC];

	if (strlen(text) != KD_NET_MAC_TEXT - 1)
		return -EINVAL;
	for (size_t i = 0; i < KD_NET_MAC; i++) {
		int high = digit(text[3 * i]), low = digit(text[3 * i + 1]);

		if (high < 0 || low < 0 || (i + 1 < KD_NET_MAC && text[3 * i + 2] != ':'))
			return -EINVAL;
		mac[i] = (uint8_t)(high << 4 | low);
	}
	memcpy(ret, mac, sizeof(mac));
	return 0;
}

void kd_net_address_text(const struct kd_net_address *a,
			 char ret[static KD_NET_ADDRESS_TEXT])
{
	if (!a->family || !inet_ntop(a->family, a->bytes, ret, KD_NET_ADDRESS_TEXT))
		ret[0] = '\0';
}

int kd_net_address_parse(const char *text, struct kd_net_address *ret)
{
	struct kd_net_address a = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	if (inet_pton(a.family, text, a.bytes) != 1)
		return -EINVAL;
	*ret = a;
	return 0;
}

int kd_net_prefix_parse(const char *text, struct kd_net_address *ret,
			unsigned int *ret_length)
{
	const char *slash = strchr(text, '/');
	char address[KD_NET_ADDRESS_TEXT];
	struct kd_net_address a;
	uint64_t length;

	if (!slash || (size_t)(slash - text) >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	if (kd_net_address_parse(address, &a) < 0 ||
	    kd_parse_u64(slash + 1, &length) < 0 ||
	    length > 8 * kd_net_address_size(a.family))
		return -EINVAL;
	*ret = a;
	*ret_length = (unsigned int)length;
	return 0;
}

bool kd_net_address_within(const struct kd_net_address *a, const struct kd_net_address *b,
			   unsigned int length)
{
	unsigned int whole = length / 8, rest = length % 8;

	if (a->family != b->family || length > 8 * kd_net_address_size(a->family) ||
	    memcmp(a->bytes, b->bytes, whole) != 0)
		return false;
	return rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

bool kd_net_address_equal(const struct kd_net_address *a, const struct kd_net_address *b)
{
	return kd_net_address_within(a, b,
				     (unsigned int)(8 * kd_net_address_size(a->family)));
}

static void read_mac(const struct kd_netlink_piece *p, uint8_t ret[static KD_NET_MAC])
{
	if (p->size == KD_NET_MAC)
		memcpy(ret, p->data, KD_NET_MAC);
}

static void read_vlan(const void *data, size_t size, struct kd_net_link *l)
{
	struct kd_netlink_piece p;

	while (kd_netlink_next(&data, &size, &p)) {
		if (p.type == IFLA_VLAN_ID)
			l->vlan = kd_netlink_u32(&p);
		else if (p.type == IFLA_VLAN_PROTOCOL)
			l->vlan_protocol = ntohs((uint16_t)kd_netlink_u32(&p));
	}
}

static void read_bond(const void *data, size_t size, struct kd_net_link *l)
{
	struct kd_netlink_piece p;

	while (kd_netlink_next(&data, &size, &p)) {
		if (p.type == IFLA_BOND_MODE)
			l->bond_mode = kd_netlink_u32(&p);
		else if (p.type == IFLA_BOND_MIIMON)
			l->bond_miimon = kd_netlink_u32(&p);
		else if (p.type == IFLA_BOND_AD_LACP_RATE)
			l->bond_lacp_rate = kd_netlink_u32(&p);
		else if (p.type == IFLA_BOND_XMIT_HASH_POLICY)
			l->bond_xmit_policy = kd_netlink_u32(&p);
	}
}

static void read_linkinfo(const void *data, size_t size, struct kd_net_link *l)
{
	struct kd_netlink_piece p, own = { .size = 0 };

	while (kd_netlink_next(&data, &size, &p)) {
		if (p.type == IFLA_INFO_KIND)
			kd_netlink_text(&p, l->kind, sizeof(l->kind));
		else if (p.type == IFLA_INFO_DATA)
			own = p;
	}
	if (strcmp(l->kind, "vlan") == 0)
		read_vlan(own.data, own.size, l);
	else if (strcmp(l->kind, "bond") == 0)
		read_bond(own.data, own.size, l);
}

static void read_link_attribute(const struct kd_netlink_piece *p, struct kd_net_link *l)
{
	switch (p->type) {
	case IFLA_IFNAME:
		kd_netlink_text(p, l->name, sizeof(l->name));
		break;
	case IFLA_ADDRESS:
		read_mac(p, l->mac);
		break;
	case PERM_ADDRESS:
		read_mac(p, l->permanent);
		break;
	case IFLA_MTU:
		l->mtu = kd_netlink_u32(p);
		break;
	case IFLA_LINK:
		l->lower = kd_netlink_u32(p);
		break;
	case IFLA_MASTER:
		l->master = kd_netlink_u32(p);
		break;
	case IFLA_LINKINFO:
		read_linkinfo(p->data, p->size, l);
		break;
	default:
		break;
	}
}

int kd_net_link_read(const struct kd_netlink_piece *message, struct kd_net_link *ret)
{
	struct ifinfomsg head;
	struct kd_net_link l = { 0 };
	struct kd_netlink_piece p;
	const void *data;
	size_t size;

	if (message->size < sizeof(head))
		return -EBADMSG;
	memcpy(&head, message->data, sizeof(head));
	l.index = (uint32_t)head.ifi_index;
	l.flags = head.ifi_flags;
	size = message->size - sizeof(head);
	data = (const char *)message->data + sizeof(head);
	while (kd_netlink_next(&data, &size, &p))
		read_link_attribute(&p, &l);
	*ret = l;
	return 0;
}

static void read_address(const struct kd_netlink_piece *p, int family,
			 struct kd_net_address *ret)
{
	if ((family == AF_INET || family == AF_INET6) &&
	    p->size == kd_net_address_size(family)) {
		*ret = (struct kd_net_address) { .family = family };
		memcpy(ret->bytes, p->data, p->size);
	}
}

int kd_net_own_read(const struct kd_netlink_piece *message, struct kd_net_own *ret)
{
	struct kd_net_own a = { 0 };
	struct ifaddrmsg head;
	struct kd_netlink_piece p;
	uint32_t flags;
	const void *data;
	size_t size;

	if (message->size < sizeof(head))
		return -EBADMSG;
	memcpy(&head, message->data, sizeof(head));
	flags = head.ifa_flags;
	size = message->size - sizeof(head);
	data = (const char *)message->data + sizeof(head);
	while (kd_netlink_next(&data, &size, &p)) {
		/* with a peer, IFA_ADDRESS is the peer's */
		if (p.type == IFA_LOCAL || (p.type == IFA_ADDRESS && !a.address.family))
			read_address(&p, head.ifa_family, &a.address);
		else if (p.type == IFA_FLAGS)
			flags = kd_netlink_u32(&p);
	}
	a.index = head.ifa_index;
	a.length = head.ifa_prefixlen;
	a.scope = head.ifa_scope;
	a.lasting = flags & IFA_F_PERMANENT;
	a.usable = !(flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED | IFA_F_DEPRECATED));
	*ret = a;
	return 0;
}

/* RTA_VIA: a gateway of the other family, struct rtvia. */
static void read_via(const struct kd_netlink_piece *p, struct kd_net_address *ret)
{
	uint16_t family;

	if (p->size < sizeof(family))
		return;
	memcpy(&family, p->data, sizeof(family));
	read_address(&(struct kd_netlink_piece) { .data = (const char *)p->data +
							  sizeof(family),
						  .size = p->size - sizeof(family) },
		     family, ret);
}

int kd_net_route_read(const struct kd_netlink_piece *message, struct kd_net_route *ret)
{
	struct kd_net_route route = { 0 };
	struct kd_netlink_piece p;
	struct rtmsg head;
	const void *data;
	size_t size;

	if (message->size < sizeof(head))
		return -EBADMSG;
	memcpy(&head, message->data, sizeof(head));
	size = message->size - sizeof(head);
	data = (const char *)message->data + sizeof(head);
	while (kd_netlink_next(&data, &size, &p)) {
		if (p.type == RTA_OIF)
			route.index = kd_netlink_u32(&p);
		else if (p.type == RTA_GATEWAY)
			read_address(&p, head.rtm_family, &route.gateway);
		else if (p.type == RTA_VIA)
			read_via(&p, &route.gateway);
		else if (p.type == RTA_PREFSRC)
			read_address(&p, head.rtm_family, &route.source);
	}
	*ret = route;
	return 0;
}
