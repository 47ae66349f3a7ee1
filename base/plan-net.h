/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of the plan that is about networks: interfaces as they lie on one another,
 * and how a server is reached over them. docs/plan.md is the specification. Included by
 * plan.h alone.
 */
#pragma once

#include "base/types.h"

#define KD_PLAN_NETS	16
#define KD_PLAN_ADDRESS 64 /* "2001:db8::1/64", and a NUL */
#define KD_PLAN_LOWER	64 /* "0,1,2", and a NUL */
#define KD_PLAN_MAC	18
#define KD_PLAN_DUID	261 /* 130 bytes in hex (RFC 8415, 11.1), and a NUL */

enum kd_plan_net_kind {
	KD_PLAN_NIC,
	KD_PLAN_VLAN,
	KD_PLAN_BOND,
	KD_PLAN_NET_KINDS,
};

/** How the own address on the way to a server comes about. */
enum kd_plan_method {
	KD_PLAN_STATIC,
	KD_PLAN_DHCP,  /* IPv4 */
	KD_PLAN_DHCP6, /* IPv6, a lease */
	KD_PLAN_AUTO,  /* IPv6, from router advertisements */
	KD_PLAN_METHODS,
};

/**
 * One interface; those it lies on come before it.
 *
 * @mac:    a NIC's own address, by which it is found: "52:54:00:12:34:56"
 * @hwaddr: address to give it; "" for the one it comes with
 * @lower:  numbers of the interfaces below, comma separated: one of a VLAN, all of a bond
 * @mtu:    0: as it comes
 * @vlan, @vlan_protocol: id and EtherType (0x8100, 0x88a8) of a VLAN
 * @bond_mode and the rest: as in IFLA_BOND_*, linux/if_link.h
 */
struct kd_plan_net {
	enum kd_plan_net_kind kind;
	char mac[KD_PLAN_MAC];
	char hwaddr[KD_PLAN_MAC];
	char lower[KD_PLAN_LOWER];
	unsigned int mtu;
	unsigned int vlan, vlan_protocol;
	unsigned int bond_mode, bond_miimon, bond_lacp_rate, bond_xmit_policy;
};

/**
 * The way to a target on another machine.
 *
 * @server:  its address, in numbers: a capture kernel resolves no names. "" for a target
 *           of this machine
 * @port:    0: the service's own
 * @net:     number of the interface that leads there
 * @method:  how the own address comes about
 * @address: "192.0.2.5/24": to be used, or if none can be had by @method; may be ""
 * @gateway: "" when the server is a neighbour
 * @duid, @iaid: of KD_PLAN_DHCP6: who this machine is to DHCPv6 servers, in hex, and which
 *           of its addresses; "" for what follows from the interface's address
 */
struct kd_plan_way {
	char server[KD_PLAN_ADDRESS];
	unsigned int port;
	unsigned int net;
	enum kd_plan_method method;
	char address[KD_PLAN_ADDRESS];
	char gateway[KD_PLAN_ADDRESS];
	char duid[KD_PLAN_DUID];
	unsigned int iaid;
};

#define KD_PLAN_FENCES 16

/**
 * A node of the cluster that is told, as fence_kdump_send does it, that this machine
 * dumps and need not be fenced.
 *
 * @way:      to it; its port is never 0
 * @interval: seconds between two messages, > 0
 * @count:    of messages, 0: until the end
 */
struct kd_plan_fence {
	struct kd_plan_way way;
	unsigned int interval, count;
};
