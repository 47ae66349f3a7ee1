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
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "capture-kernel/deadline.h"

#define FIRST_WAIT_MS 1000 /* doubled up to the next with each repetition */
#define LAST_WAIT_MS  8000

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

static int ask(int fd, const struct kd_dhcp_question *q)
{
	const struct sockaddr_in all = {
		.sin_family = AF_INET,
		.sin_port = htons(KD_DHCP_SERVER_PORT),
		.sin_addr = { .s_addr = htonl(INADDR_BROADCAST) },
	};
	uint8_t message[KD_DHCP_SIZE];
	size_t size = kd_dhcp_encode(q, message);

	return sendto(fd, message, size, 0, (const struct sockaddr *)&all, sizeof(all)) <
			       0
		       ? -errno
		       : 0;
}

/* The first good answer before @until. Returns 0, -ETIMEDOUT, -errno. */
static int listen_until(int fd, const struct kd_dhcp_question *q, uint64_t until,
			struct kd_dhcp_answer *ret)
{
	uint8_t message[KD_DHCP_SIZE * 3];
	uint64_t now;
	ssize_t n;

	while ((now = kd_now_ms()) < until) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (poll(&p, 1, (int)(until - now)) < 0 && errno != EINTR)
			return -errno;
		n = recv(fd, message, sizeof(message), 0);
		if (n >= 0 && kd_dhcp_decode(q, message, (size_t)n, ret) >= 0)
			return 0;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -ETIMEDOUT;
}

/* Ask, and again, until there is an answer. */
static int converse(int fd, const struct kd_dhcp_question *q, uint64_t deadline,
		    struct kd_dhcp_answer *ret)
{
	uint64_t wait = FIRST_WAIT_MS, now;
	int r;

	while ((now = kd_now_ms()) < deadline) {
		r = ask(fd, q);
		/* a link that has just come up may not be ready yet */
		if (r < 0 && r != -ENETUNREACH && r != -ENETDOWN && r != -ENOBUFS)
			return r;
		r = listen_until(fd, q, MIN(now + wait, deadline), ret);
		if (r != -ETIMEDOUT)
			return r;
		wait = MIN(2 * wait, (uint64_t)LAST_WAIT_MS);
	}
	return -ETIMEDOUT;
}

int kd_dhcp_lease(uint32_t index, const uint8_t mac[static KD_NET_MAC],
		  unsigned int limit_ms, struct kd_dhcp_answer *ret, struct kd_error *err)
{
	uint64_t deadline = kd_now_ms() + limit_ms;
	struct kd_dhcp_question q = { .type = KD_DHCP_DISCOVER };
	_cleanup_(kd_closep) int fd = open_socket(index, err);
	struct kd_dhcp_answer a;
	int r;

	if (fd < 0)
		return fd;
	memcpy(q.mac, mac, KD_NET_MAC);
	do {
		if (getrandom(&q.number, sizeof(q.number), GRND_NONBLOCK) < 0)
			q.number = (uint32_t)kd_now_ms();
		q.type = KD_DHCP_DISCOVER;
		q.wanted.family = q.server.family = 0;
		r = converse(fd, &q, deadline, &a);
		if (r < 0 || a.type == KD_DHCP_NAK)
			continue;
		q.type = KD_DHCP_REQUEST;
		q.wanted = a.address;
		q.server = a.server;
		r = converse(fd, &q, deadline, &a);
	} while (r >= 0 && a.type == KD_DHCP_NAK && kd_now_ms() < deadline);
	if (r >= 0 && a.type == KD_DHCP_NAK)
		r = -ETIMEDOUT;
	if (r < 0)
		return kd_fail(err, r, "DHCP");
	*ret = a;
	return 0;
}
