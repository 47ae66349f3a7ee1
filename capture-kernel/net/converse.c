/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking until there is an answer: see converse.h. Trusts nothing that comes: @take does.
 * Called by dhcp.c and dhcp6.c.
 */
#include "capture-kernel/net/converse.h"

#include <errno.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/guard.h"
#include "capture-kernel/deadline.h"

#define FIRST_WAIT_MS 1000 /* doubled up to the next with each repetition */
#define LAST_WAIT_MS  8000
#define ANSWER_MAX    2048

/* The first good answer before @until. Returns 0, -ETIMEDOUT, -errno. */
static int listen_until(const struct kd_converse *c, uint64_t until)
{
	uint8_t message[ANSWER_MAX];
	uint64_t now;
	ssize_t n;

	while ((now = kd_now_ms()) < until) {
		struct pollfd p = { .fd = c->fd, .events = POLLIN };

		if (poll(&p, 1, (int)(until - now)) < 0 && errno != EINTR)
			return -errno;
		n = recv(c->fd, message, sizeof(message), 0);
		if (n >= 0 && c->take(c->context, message, (size_t)n) >= 0)
			return 0;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -ETIMEDOUT;
}

/* A link that has just come up may not be ready yet, nor its own IPv6 address. */
static bool passes(int r)
{
	return r == -ENETUNREACH || r == -ENETDOWN || r == -ENOBUFS ||
	       r == -EADDRNOTAVAIL;
}

int kd_converse(const struct kd_converse *c, uint64_t deadline_ms)
{
	uint64_t wait = FIRST_WAIT_MS, now;
	int r;

	while ((now = kd_now_ms()) < deadline_ms) {
		r = c->ask(c->context, c->fd);
		if (r < 0 && !passes(r))
			return r;
		r = listen_until(c, MIN(now + wait, deadline_ms));
		if (r != -ETIMEDOUT)
			return r;
		wait = MIN(2 * wait, (uint64_t)LAST_WAIT_MS);
	}
	return -ETIMEDOUT;
}

uint32_t kd_converse_number(void)
{
	uint32_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		number = (uint32_t)kd_now_ms();
	return number;
}
