/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who this machine is to DHCPv6 servers, so that it gets the same address after a crash: as
 * its DHCP client has written it down. systemd-networkd and dhclient do, the latter also
 * for NetworkManager; NetworkManager's own client keeps it to itself. Trusts no byte of
 * their files. Called by host-net.c.
 */
#pragma once

#include "base/net-facts.h"
#include "base/plan.h"

/** @duid: in hex, as in struct kd_plan_way */
struct kd_lease6 {
	char duid[KD_PLAN_DUID];
	uint32_t iaid;
};

/** Out of networkd's file of a link, /run/systemd/netif/links/<index>. 0 or -ENODATA. */
int kd_lease6_from_networkd(const char *text, size_t size, struct kd_lease6 *ret);

/** Out of a file of dhclient's leases: of the one that has @address. 0 or -ENODATA. */
int kd_lease6_from_dhclient(const char *text, size_t size,
			    const struct kd_net_address *address, struct kd_lease6 *ret);

/** Wherever it is: of the interface with that index, or of that address. 0 or -ENODATA. */
int kd_lease6_find(int root_fd, uint32_t index, const struct kd_net_address *address,
		   struct kd_lease6 *ret);
