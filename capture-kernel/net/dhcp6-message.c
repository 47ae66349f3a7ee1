/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DHCPv6 messages: see dhcp6-message.h. Each option's length is held against what is left
 * of what it lies in. Called by dhcp6.c.
 */
#include "capture-kernel/net/dhcp6-message.h"

#include <arpa/inet.h>
#include <string.h>

#define HEADER	      4 /* type and transaction ID */
#define OPTION_HEADER 4
#define IA_HEADER     12 /* IAID, T1, T2 */
#define IAADDR_SIZE   24 /* address, preferred and valid lifetime */

#define HARDWARE_ETHERNET 1
#define DUID_LL		  3

/* RFC 8415, 21 */
enum option {
	CLIENT_ID = 1,
	SERVER_ID = 2,
	IA_NA = 3,
	IA_ADDRESS = 5,
	ELAPSED_TIME = 8,
	STATUS_CODE = 13,
	RAPID_COMMIT = 14,
};

void kd_dhcp6_duid_from_mac(const uint8_t mac[static KD_NET_MAC],
			    struct kd_dhcp6_duid *ret)
{
	const uint8_t head[] = { 0, DUID_LL, 0, HARDWARE_ETHERNET };

	*ret = (struct kd_dhcp6_duid) { .size = sizeof(head) + KD_NET_MAC };
	memcpy(ret->bytes, head, sizeof(head));
	memcpy(ret->bytes + sizeof(head), mac, KD_NET_MAC);
}

uint32_t kd_dhcp6_iaid_from_mac(const uint8_t mac[static KD_NET_MAC])
{
	return (uint32_t)mac[2] << 24 | (uint32_t)mac[3] << 16 | (uint32_t)mac[4] << 8 |
	       mac[5];
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -EINVAL;
}

int kd_dhcp6_duid_parse(const char *text, struct kd_dhcp6_duid *ret)
{
	size_t length = strlen(text);
	struct kd_dhcp6_duid duid = { .size = length / 2 };

	/* a type and at least a byte of it */
	if (length % 2 || length < 6 || duid.size > KD_DHCP6_DUID)
		return -EINVAL;
	for (size_t i = 0; i < duid.size; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		duid.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*ret = duid;
	return 0;
}

static void put_u16(uint8_t *at, size_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static uint16_t get_u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* Room for @size bytes behind the header is left to the caller to fill. */
static uint8_t *begin(uint8_t **at, enum option code, size_t size)
{
	uint8_t *data = *at + OPTION_HEADER;

	put_u16(*at, code);
	put_u16(*at + 2, size);
	*at = data + size;
	return data;
}

static void put_ia(const struct kd_dhcp6_question *q, uint8_t **at)
{
	bool hint = q->wanted.family == AF_INET6;
	size_t size = IA_HEADER + (hint ? OPTION_HEADER + IAADDR_SIZE : 0);
	uint8_t *ia = begin(at, IA_NA, size), *address = ia + IA_HEADER;
	uint32_t iaid = htonl(q->iaid);

	/* lifetimes are the server's to say: 0 */
	memset(ia, 0, size);
	memcpy(ia, &iaid, sizeof(iaid));
	if (hint)
		memcpy(begin(&address, IA_ADDRESS, IAADDR_SIZE), q->wanted.bytes, 16);
}

size_t kd_dhcp6_encode(const struct kd_dhcp6_question *q,
		       uint8_t ret[static KD_DHCP6_SIZE])
{
	uint8_t *at = ret + HEADER;

	ret[0] = (uint8_t)q->type;
	ret[1] = (uint8_t)(q->number >> 16);
	put_u16(ret + 2, q->number & 0xffff);
	memcpy(begin(&at, CLIENT_ID, q->client.size), q->client.bytes, q->client.size);
	if (q->server.size)
		memcpy(begin(&at, SERVER_ID, q->server.size), q->server.bytes,
		       q->server.size);
	put_u16(begin(&at, ELAPSED_TIME, 2), 0);
	if (q->type == KD_DHCP6_SOLICIT)
		(void)begin(&at, RAPID_COMMIT, 0);
	put_ia(q, &at);
	return (size_t)(at - ret);
}

/** Options still to come, and the one at hand. */
struct options {
	const uint8_t *rest;
	size_t left;
	uint16_t code;
	const uint8_t *data;
	size_t size;
};

/* 1 with the next option, 0 at the end, -EBADMSG. */
static int next(struct options *o)
{
	if (!o->left)
		return 0;
	if (o->left < OPTION_HEADER)
		return -EBADMSG;
	o->code = get_u16(o->rest);
	o->size = get_u16(o->rest + 2);
	o->data = o->rest + OPTION_HEADER;
	if (o->size > o->left - OPTION_HEADER)
		return -EBADMSG;
	o->rest = o->data + o->size;
	o->left -= OPTION_HEADER + o->size;
	return 1;
}

/** What an answer says. @refused: a status other than success, of it all or of our IA */
struct said {
	struct kd_dhcp6_answer answer;
	bool ours, rapid, refused;
};

static void take_status(const struct options *o, struct said *s)
{
	if (o->size >= 2 && get_u16(o->data) != 0)
		s->refused = true;
}

/* What no machine may have as its address: none, loopback, link-local, multicast. */
static bool usable(const uint8_t *bytes)
{
	static const uint8_t none[15];

	return !(memcmp(bytes, none, sizeof(none)) == 0 && bytes[15] <= 1) &&
	       !(bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) && bytes[0] != 0xff;
}

static void take_address(const struct options *o, struct said *s)
{
	uint32_t valid;

	if (o->size < IAADDR_SIZE)
		return;
	memcpy(&valid, o->data + 20, sizeof(valid));
	if (!valid || !usable(o->data) || s->answer.address.family)
		return;
	s->answer.address = (struct kd_net_address) { .family = AF_INET6 };
	memcpy(s->answer.address.bytes, o->data, 16);
}

static int take_ia(const struct kd_dhcp6_question *q, const struct options *outer,
		   struct said *s)
{
	struct options o = { .rest = outer->data + IA_HEADER };
	uint32_t iaid;
	int r;

	if (outer->size < IA_HEADER)
		return -EBADMSG;
	o.left = outer->size - IA_HEADER;
	memcpy(&iaid, outer->data, sizeof(iaid));
	if (ntohl(iaid) != q->iaid)
		return 0;
	while ((r = next(&o)) > 0) {
		if (o.code == IA_ADDRESS)
			take_address(&o, s);
		else if (o.code == STATUS_CODE)
			take_status(&o, s);
	}
	return r;
}

static int take_option(const struct kd_dhcp6_question *q, const struct options *o,
		       struct said *s)
{
	switch (o->code) {
	case CLIENT_ID:
		s->ours = o->size == q->client.size &&
			  memcmp(o->data, q->client.bytes, o->size) == 0;
		return 0;
	case SERVER_ID:
		if (o->size > KD_DHCP6_DUID)
			return -EBADMSG;
		s->answer.server.size = o->size;
		memcpy(s->answer.server.bytes, o->data, o->size);
		return 0;
	case IA_NA:
		return take_ia(q, o, s);
	case STATUS_CODE:
		take_status(o, s);
		return 0;
	case RAPID_COMMIT:
		s->rapid = true;
		return 0;
	default:
		return 0;
	}
}

static bool is_answer(const struct kd_dhcp6_question *q, const struct said *s)
{
	const struct kd_dhcp6_duid *server = &s->answer.server;

	if (!s->ours)
		return false;
	if (q->type == KD_DHCP6_SOLICIT)
		return s->answer.type == KD_DHCP6_ADVERTISE ||
		       (s->answer.type == KD_DHCP6_REPLY && s->rapid);
	return s->answer.type == KD_DHCP6_REPLY && server->size == q->server.size &&
	       memcmp(server->bytes, q->server.bytes, server->size) == 0;
}

int kd_dhcp6_decode(const struct kd_dhcp6_question *q, const uint8_t *data, size_t size,
		    struct kd_dhcp6_answer *ret)
{
	struct options o = { .rest = data + HEADER };
	struct said s = { .ours = false };
	int r;

	if (size < HEADER)
		return -EBADMSG;
	o.left = size - HEADER;
	if (((uint32_t)data[1] << 16 | get_u16(data + 2)) != q->number)
		return -ENOMSG;
	s.answer.type = (enum kd_dhcp6_type)data[0];
	while ((r = next(&o)) > 0) {
		r = take_option(q, &o, &s);
		if (r < 0)
			break;
	}
	if (r < 0)
		return r;
	if (!is_answer(q, &s))
		return -ENOMSG;
	if (s.refused)
		return -EADDRNOTAVAIL;
	if (!s.answer.server.size || !s.answer.address.family)
		return -EBADMSG;
	*ret = s.answer;
	return 0;
}
