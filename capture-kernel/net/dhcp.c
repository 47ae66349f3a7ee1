/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking for a lease: see dhcp.h. A UDP socket bound to the interface is enough: Linux
 * sends broadcasts from an interface without an address and delivers those that come
 * (ip_route_output_key_hash(), ip_route_input_slow() in net/ipv4/route.c), and the
 * broadcast flag asks servers to answer so. Trusts no answer but to its own question.
 */
#include "capture-kernel/net/dhcp.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "capture-kernel/deadline.h"
#include "capture-kernel/net/converse.h"

struct talk {
	struct kd_dhcp_question question;
	struct kd_dhcp_answer answer;
};

static int open_socket(uint32_t index, struct kd_error *err)
{
	const struct sockaddr_in own = { .sin_family = AF_INET,
					 .sin_port = htons(KD_DHCP_CLIENT_PORT) };
	_cleanup_(kd_closep) int fd = -EBADF;
	char name[IF_NAMESIZE];
	const int on = 1;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return kd_fail(err, -errno, "DHCP: socket");
	if (!if_indextoname(index, name) ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
		       (socklen_t)strlen(name) + 1) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (const struct sockaddr *)&own, sizeof(own)) < 0)
		return kd_fail(err, -errno, "DHCP: socket");
	return TAKE_FD(fd);
}

static int ask(void *context, int fd)
{
	const struct talk *t = context;
	const struct sockaddr_in all = {
		.sin_family = AF_INET,
		.sin_port = htons(KD_DHCP_SERVER_PORT),
		.sin_addr = { .s_addr = htonl(INADDR_BROADCAST) },
	};
	uint8_t message[KD_DHCP_SIZE];
	size_t size = kd_dhcp_encode(&t->question, message);

	return sendto(fd, message, size, 0, (const struct sockaddr *)&all, sizeof(all)) <
			       0
		       ? -errno
		       : 0;
}

static int take(void *context, const uint8_t *data, size_t size)
{
	struct talk *t = context;

	return kd_dhcp_decode(&t->question, data, size, &t->answer);
}

int kd_dhcp_lease(uint32_t index, const uint8_t mac[static KD_NET_MAC],
		  unsigned int limit_ms, struct kd_dhcp_answer *ret, struct kd_error *err)
{
	uint64_t deadline = kd_now_ms() + limit_ms;
	_cleanup_(kd_closep) int fd = open_socket(index, err);
	struct talk t = { .answer = { .length = 0 } };
	struct kd_dhcp_question *q = &t.question;
	const struct kd_dhcp_answer *a = &t.answer;
	const struct kd_converse c = {
		.fd = fd, .context = &t, .ask = ask, .take = take
	};
	int r;

	if (fd < 0)
		return fd;
	memcpy(q->mac, mac, KD_NET_MAC);
	do {
		q->number = kd_converse_number();
		q->type = KD_DHCP_DISCOVER;
		q->wanted.family = q->server.family = 0;
		r = kd_converse(&c, deadline);
		if (r < 0 || a->type == KD_DHCP_NAK)
			continue;
		q->type = KD_DHCP_REQUEST;
		q->wanted = a->address;
		q->server = a->server;
		r = kd_converse(&c, deadline);
	} while (r >= 0 && a->type == KD_DHCP_NAK && kd_now_ms() < deadline);
	if (r >= 0 && a->type == KD_DHCP_NAK)
		r = -ETIMEDOUT;
	if (r < 0)
		return kd_fail(err, r, "DHCP");
	*ret = *a;
	return 0;
}
