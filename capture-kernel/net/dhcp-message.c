/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DHCP messages: see dhcp-message.h. Each option's length is held against what is left
 * of the message. Called by dhcp.c.
 */
#include "capture-kernel/net/dhcp-message.h"

#include <arpa/inet.h>
#include <string.h>

/* The fixed part, RFC 2131 figure 1, and where its fields lie. */
#define HEADER_SIZE 236
#define AT_XID	    4
#define AT_FLAGS    10
#define AT_YIADDR   16
#define AT_CHADDR   28

#define BOOT_REQUEST   1
#define BOOT_REPLY     2
#define HTYPE_ETHERNET 1
#define FLAG_BROADCAST 0x80 /* of the first byte: we cannot be reached yet otherwise */

/* RFC 2132 */
enum option {
	PAD = 0,
	SUBNET_MASK = 1,
	ROUTER = 3,
	REQUESTED_ADDRESS = 50,
	MESSAGE_TYPE = 53,
	SERVER_ID = 54,
	PARAMETERS = 55,
	END = 255,
};

static const uint8_t cookie[] = { 99, 130, 83, 99 };

static size_t put(uint8_t *at, uint8_t code, const void *data, uint8_t size)
{
	at[0] = code;
	at[1] = size;
	memcpy(at + 2, data, size);
	return (size_t)size + 2;
}

size_t kd_dhcp_encode(const struct kd_dhcp_question *q, uint8_t ret[static KD_DHCP_SIZE])
{
	static const uint8_t parameters[] = { SUBNET_MASK, ROUTER };
	const uint8_t type = (uint8_t)q->type;
	uint32_t number = htonl(q->number);
	size_t n = HEADER_SIZE;

	memset(ret, 0, KD_DHCP_SIZE);
	ret[0] = BOOT_REQUEST;
	ret[1] = HTYPE_ETHERNET;
	ret[2] = KD_NET_MAC;
	memcpy(ret + AT_XID, &number, sizeof(number));
	ret[AT_FLAGS] = FLAG_BROADCAST;
	memcpy(ret + AT_CHADDR, q->mac, KD_NET_MAC);
	memcpy(ret + n, cookie, sizeof(cookie));
	n += sizeof(cookie);
	n += put(ret + n, MESSAGE_TYPE, &type, 1);
	if (q->wanted.family)
		n += put(ret + n, REQUESTED_ADDRESS, q->wanted.bytes, 4);
	if (q->server.family)
		n += put(ret + n, SERVER_ID, q->server.bytes, 4);
	n += put(ret + n, PARAMETERS, parameters, sizeof(parameters));
	ret[n++] = END;
	/* BOOTP relays want 300 bytes at least (RFC 1542, 2.1) */
	return MAX(n, (size_t)300);
}

static void take_address(const uint8_t *data, size_t size, struct kd_net_address *ret)
{
	if (size < 4)
		return;
	*ret = (struct kd_net_address) { .family = AF_INET };
	memcpy(ret->bytes, data, 4);
}

/* 255.255.240.0 to 20; a mask with holes is none. */
static unsigned int mask_length(const uint8_t *data)
{
	uint32_t mask;

	memcpy(&mask, data, sizeof(mask));
	mask = ntohl(mask);
	if (mask == 0 || (~mask & (~mask + 1)) != 0)
		return 0;
	return (unsigned int)__builtin_popcount(mask);
}

static void take_option(uint8_t code, const uint8_t *data, size_t size,
			struct kd_dhcp_answer *a)
{
	switch (code) {
	case MESSAGE_TYPE:
		if (size == 1)
			a->type = (enum kd_dhcp_type)data[0];
		break;
	case SUBNET_MASK:
		if (size == 4)
			a->length = mask_length(data);
		break;
	case ROUTER:
		take_address(data, size, &a->gateway);
		break;
	case SERVER_ID:
		take_address(data, size, &a->server);
		break;
	default:
		break;
	}
}

static int take_options(const uint8_t *data, size_t size, struct kd_dhcp_answer *a)
{
	while (size > 0 && data[0] != END) {
		size_t step = 1;

		if (data[0] != PAD) {
			if (size < 2 || size - 2 < data[1])
				return -EBADMSG;
			take_option(data[0], data + 2, data[1], a);
			step = (size_t)data[1] + 2;
		}
		data += step;
		size -= step;
	}
	return 0;
}

/* What no machine may have as its address. */
static bool usable(const uint8_t *bytes)
{
	return bytes[0] != 0 && bytes[0] != 127 && bytes[0] < 224;
}

int kd_dhcp_decode(const struct kd_dhcp_question *q, const uint8_t *data, size_t size,
		   struct kd_dhcp_answer *ret)
{
	uint32_t number = htonl(q->number);
	struct kd_dhcp_answer a = { .length = 0 };

	if (size < HEADER_SIZE + sizeof(cookie) ||
	    memcmp(data + HEADER_SIZE, cookie, sizeof(cookie)) != 0)
		return -EBADMSG;
	if (data[0] != BOOT_REPLY ||
	    memcmp(data + AT_XID, &number, sizeof(number)) != 0 ||
	    memcmp(data + AT_CHADDR, q->mac, KD_NET_MAC) != 0)
		return -ENOMSG;
	take_address(data + AT_YIADDR, 4, &a.address);
	if (take_options(data + HEADER_SIZE + sizeof(cookie),
			 size - HEADER_SIZE - sizeof(cookie), &a) < 0)
		return -EBADMSG;
	if (a.type == KD_DHCP_NAK) {
		*ret = a;
		return 0;
	}
	if (a.type != (q->type == KD_DHCP_DISCOVER ? KD_DHCP_OFFER : KD_DHCP_ACK))
		return -ENOMSG;
	if (!a.server.family || !usable(a.address.bytes))
		return -EBADMSG;
	/* without a mask: that of the address's old class would be a guess; a /24 is too,
	 * and with the gateway's own route nothing hangs on it */
	if (!a.length)
		a.length = 24;
	*ret = a;
	return 0;
}
