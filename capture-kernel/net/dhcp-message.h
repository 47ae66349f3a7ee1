/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of DHCP for IPv4 (RFC 2131, RFC 2132), as far as a lease needs them. Pure.
 * What comes from the network is hostile until it answers our own question. Called by
 * dhcp.c and the fuzzer.
 */
#pragma once

#include "base/net-facts.h"

#define KD_DHCP_SIZE	    576 /* what every host must take (RFC 2131, 2) */
#define KD_DHCP_CLIENT_PORT 68
#define KD_DHCP_SERVER_PORT 67

/* Option 53 */
enum kd_dhcp_type {
	KD_DHCP_DISCOVER = 1,
	KD_DHCP_OFFER = 2,
	KD_DHCP_REQUEST = 3,
	KD_DHCP_ACK = 5,
	KD_DHCP_NAK = 6,
};

/**
 * A question. @number: xid; @wanted, @server: of a request: what was offered, by whom;
 * family 0 in a discover
 */
struct kd_dhcp_question {
	enum kd_dhcp_type type;
	uint32_t number;
	uint8_t mac[KD_NET_MAC];
	struct kd_net_address wanted, server;
};

/** An answer. @length: of the network's prefix; @gateway: family 0 when it names none */
struct kd_dhcp_answer {
	enum kd_dhcp_type type;
	struct kd_net_address address, server, gateway;
	unsigned int length;
};

/** Put @q into @ret. Returns the bytes used. */
size_t kd_dhcp_encode(const struct kd_dhcp_question *q, uint8_t ret[static KD_DHCP_SIZE]);

/**
 * Read an answer to @q.
 *
 * Returns 0; -ENOMSG for what answers another question; -EBADMSG for what is damaged or
 * lacks what it must say.
 */
int kd_dhcp_decode(const struct kd_dhcp_question *q, const uint8_t *data, size_t size,
		   struct kd_dhcp_answer *ret);
