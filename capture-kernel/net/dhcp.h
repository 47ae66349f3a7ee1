/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lease for IPv4, asked for once: the machine restarts long before it ends. Called by
 * network.c, in a child.
 */
#pragma once

#include "capture-kernel/net/dhcp-message.h"

#define KD_DHCP_LIMIT_S 30

/**
 * Ask the DHCP servers behind an interface for an address.
 *
 * @index:    the interface, which is up
 * @mac:      its address
 * @limit_ms: after which it has failed
 * @ret:      address, prefix length, gateway
 * Errors: -ETIMEDOUT nobody answered, those of sockets.
 */
int kd_dhcp_lease(uint32_t index, const uint8_t mac[static KD_NET_MAC],
		  unsigned int limit_ms, struct kd_dhcp_answer *ret,
		  struct kd_error *err);
