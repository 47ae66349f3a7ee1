/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lease for IPv6, asked for once: the machine restarts long before it ends. Called by
 * network.c, in a child.
 */
#pragma once

#include "capture-kernel/net/dhcp6-message.h"

/** Who asks. @wanted: the address it had, family 0 for any */
struct kd_dhcp6_client {
	struct kd_dhcp6_duid duid;
	uint32_t iaid;
	struct kd_net_address wanted;
};

/**
 * Ask the DHCPv6 servers behind an interface for an address.
 *
 * @index:    the interface, which is up
 * @limit_ms: after which it has failed
 * Errors: -ETIMEDOUT nobody answered with one, those of sockets.
 */
int kd_dhcp6_lease(uint32_t index, const struct kd_dhcp6_client *client,
		   unsigned int limit_ms, struct kd_net_address *ret,
		   struct kd_error *err);
