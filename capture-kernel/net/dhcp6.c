/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking for a lease by DHCPv6: see dhcp6.h. From the link-local address, which the kernel
 * gives the interface by itself and which takes a second until it may be used. Trusts no
 * answer but to its own question.
 */
#include "capture-kernel/net/dhcp6.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "capture-kernel/deadline.h"
#include "capture-kernel/net/converse.h"

/** @index: of the interface, which ff02::1:2 needs to be told */
struct talk {
	uint32_t index;
	struct kd_dhcp6_question question;
	struct kd_dhcp6_answer answer;
};

static int open_socket(uint32_t index, struct kd_error *err)
{
	const struct sockaddr_in6 own = { .sin6_family = AF_INET6,
					  .sin6_port = htons(KD_DHCP6_CLIENT_PORT) };
	_cleanup_(kd_closep) int fd = -EBADF;
	char name[IF_NAMESIZE];
	const int on = 1;

	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return kd_fail(err, -errno, "DHCPv6: socket");
	if (!if_indextoname(index, name) ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
		       (socklen_t)strlen(name) + 1) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (const struct sockaddr *)&own, sizeof(own)) < 0)
		return kd_fail(err, -errno, "DHCPv6: socket");
	return TAKE_FD(fd);
}

/* To All_DHCP_Relay_Agents_and_Servers, ff02::1:2 (RFC 8415, 7.1) */
static int ask(void *context, int fd)
{
	const struct talk *t = context;
	const struct sockaddr_in6 all = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(KD_DHCP6_SERVER_PORT),
		.sin6_scope_id = t->index,
		.sin6_addr = { .s6_addr = { 0xff, 2, [13] = 1, [15] = 2 } },
	};
	uint8_t message[KD_DHCP6_SIZE];
	size_t size = kd_dhcp6_encode(&t->question, message);

	return sendto(fd, message, size, 0, (const struct sockaddr *)&all, sizeof(all)) <
			       0
		       ? -errno
		       : 0;
}

static int take(void *context, const uint8_t *data, size_t size)
{
	struct talk *t = context;

	return kd_dhcp6_decode(&t->question, data, size, &t->answer);
}

int kd_dhcp6_lease(uint32_t index, const struct kd_dhcp6_client *client,
		   unsigned int limit_ms, struct kd_net_address *ret,
		   struct kd_error *err)
{
	uint64_t deadline = kd_now_ms() + limit_ms;
	_cleanup_(kd_closep) int fd = open_socket(index, err);
	struct talk t = { .index = index,
			  .question = { .type = KD_DHCP6_SOLICIT,
					.number = kd_converse_number() >> 8,
					.client = client->duid,
					.iaid = client->iaid,
					.wanted = client->wanted } };
	const struct kd_converse c = {
		.fd = fd, .context = &t, .ask = ask, .take = take
	};
	int r;

	if (fd < 0)
		return fd;
	r = kd_converse(&c, deadline);
	if (r >= 0 && t.answer.type == KD_DHCP6_ADVERTISE) {
		t.question.type = KD_DHCP6_REQUEST;
		t.question.number = kd_converse_number() >> 8;
		t.question.server = t.answer.server;
		t.question.wanted = t.answer.address;
		r = kd_converse(&c, deadline);
	}
	if (r < 0)
		return kd_fail(err, r, "DHCPv6");
	*ret = t.answer.address;
	return 0;
}
