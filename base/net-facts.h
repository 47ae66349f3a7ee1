/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says of its network: interfaces, their addresses, the way to a host.
 * Out of rtnetlink's messages, each attribute within its bounds. The host side decides
 * from them how a server is reached; the capture side finds the same again by them.
 */
#pragma once

#include <netinet/in.h>

#include "base/netlink.h"

#define KD_NET_NAME	16 /* IFNAMSIZ */
#define KD_NET_KIND	16
#define KD_NET_MAC	6
#define KD_NET_MAC_TEXT 18

/** "52:54:00:12:34:56" of @mac; and back: 0 or -EINVAL. */
void kd_net_mac_text(const uint8_t mac[static KD_NET_MAC],
		     char ret[static KD_NET_MAC_TEXT]);
int kd_net_mac_parse(const char *text, uint8_t ret[static KD_NET_MAC]);

/** An IPv4 or IPv6 address. @family: AF_INET, AF_INET6, or 0 for none */
struct kd_net_address {
	int family;
	uint8_t bytes[16];
};

#define KD_NET_ADDRESS_TEXT (INET6_ADDRSTRLEN + 4) /* "/128", and a NUL */

/** Bytes in an address of @family. */
static inline size_t kd_net_address_size(int family)
{
	return family == AF_INET6 ? 16 : 4;
}

/** "192.0.2.1", "2001:db8::1"; "" for none. */
void kd_net_address_text(const struct kd_net_address *a,
			 char ret[static KD_NET_ADDRESS_TEXT]);
/** Numbers only, no name. 0 or -EINVAL. */
int kd_net_address_parse(const char *text, struct kd_net_address *ret);
/** "192.0.2.1/24". 0 or -EINVAL. */
int kd_net_prefix_parse(const char *text, struct kd_net_address *ret,
			unsigned int *ret_length);
bool kd_net_address_equal(const struct kd_net_address *a, const struct kd_net_address *b);
/** Whether the first @length bits are the same. */
bool kd_net_address_within(const struct kd_net_address *a, const struct kd_net_address *b,
			   unsigned int length);

/**
 * An interface.
 *
 * @kind:   "vlan", "bond", "bridge" …; "" for what drives hardware
 * @mac, @permanent: the address it has, and the one its hardware came with; all zero when
 *          it has none
 * @lower:  index of what a VLAN lies on; @master: of the bond or bridge it is a port of
 * @flags:  IFF_*
 */
struct kd_net_link {
	uint32_t index, lower, master, flags, mtu;
	char name[KD_NET_NAME];
	char kind[KD_NET_KIND];
	uint8_t mac[KD_NET_MAC], permanent[KD_NET_MAC];
	unsigned int vlan, vlan_protocol;
	unsigned int bond_mode, bond_miimon, bond_lacp_rate, bond_xmit_policy;
};

/** Read what follows the header of an RTM_NEWLINK. 0 or -EBADMSG. */
int kd_net_link_read(const struct kd_netlink_piece *message, struct kd_net_link *ret);

/** An address of an interface. @lasting: it was set by hand and has no end; @usable: not
 *  tentative, no duplicate of another's */
struct kd_net_own {
	uint32_t index;
	struct kd_net_address address;
	unsigned int length, scope;
	bool lasting, usable;
};

/** Read what follows the header of an RTM_NEWADDR. 0 or -EBADMSG. */
int kd_net_own_read(const struct kd_netlink_piece *message, struct kd_net_own *ret);

/** The way to a host. @gateway, @source: family 0 when the kernel names none */
struct kd_net_route {
	uint32_t index;
	struct kd_net_address gateway, source;
};

/** Read what follows the header of an RTM_NEWROUTE. 0 or -EBADMSG. */
int kd_net_route_read(const struct kd_netlink_piece *message, struct kd_net_route *ret);
