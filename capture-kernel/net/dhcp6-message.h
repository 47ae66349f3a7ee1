/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of DHCP for IPv6 (RFC 8415), as far as a lease of one address needs them. Pure.
 * What comes from the network is hostile until it answers our own question. Called by
 * dhcp6.c, network.c and the fuzzer.
 */
#pragma once

#include "base/net-facts.h"

#define KD_DHCP6_SIZE	     512 /* more than a question of ours can be */
#define KD_DHCP6_DUID	     130 /* bytes (RFC 8415, 11.1) */
#define KD_DHCP6_CLIENT_PORT 546
#define KD_DHCP6_SERVER_PORT 547

enum kd_dhcp6_type {
	KD_DHCP6_SOLICIT = 1,
	KD_DHCP6_ADVERTISE = 2,
	KD_DHCP6_REQUEST = 3,
	KD_DHCP6_REPLY = 7,
};

/** Who a client or a server is. @size: 0 for none */
struct kd_dhcp6_duid {
	size_t size;
	uint8_t bytes[KD_DHCP6_DUID];
};

/**
 * A question. @number: 24 bits; @iaid: which of the client's addresses; @wanted: the one it
 * would like, or was offered, family 0 for any; @server: who is asked, none in a solicit
 */
struct kd_dhcp6_question {
	enum kd_dhcp6_type type;
	uint32_t number;
	struct kd_dhcp6_duid client, server;
	uint32_t iaid;
	struct kd_net_address wanted;
};

struct kd_dhcp6_answer {
	enum kd_dhcp6_type type;
	struct kd_net_address address;
	struct kd_dhcp6_duid server;
};

/** DUID-LL of an Ethernet address (RFC 8415, 11.4), and a number for what it belongs to,
 *  for who has no others. */
void kd_dhcp6_duid_from_mac(const uint8_t mac[static KD_NET_MAC],
			    struct kd_dhcp6_duid *ret);
uint32_t kd_dhcp6_iaid_from_mac(const uint8_t mac[static KD_NET_MAC]);

/** Out of a plan: "00030001525400123456". 0 or -EINVAL. */
int kd_dhcp6_duid_parse(const char *text, struct kd_dhcp6_duid *ret);

/** Put @q into @ret. Returns the bytes used. */
size_t kd_dhcp6_encode(const struct kd_dhcp6_question *q,
		       uint8_t ret[static KD_DHCP6_SIZE]);

/**
 * Read an answer to @q: to a solicit an advertisement, or a reply where a server commits at
 * once; to a request a reply.
 *
 * Returns 0; -ENOMSG for what answers another question, -EADDRNOTAVAIL when the server has
 * no address for us, -EBADMSG for what is damaged or lacks what it must say.
 */
int kd_dhcp6_decode(const struct kd_dhcp6_question *q, const uint8_t *data, size_t size,
		    struct kd_dhcp6_answer *ret);
