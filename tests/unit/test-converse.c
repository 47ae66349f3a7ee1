/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/net/converse.c over a pair of sockets: asked again until there is an
 * answer, and no longer than there is time.
 */
#include <sys/socket.h>

#include "base/guard.h"
#include "capture-kernel/deadline.h"
#include "capture-kernel/net/converse.h"
#include "tests/unit/test.h"

/** The other side. @silent: questions it does not answer; @error: of sending each of them;
 *  @noise: bad answers before the good one */
struct peer {
	int fd;
	unsigned int asked, silent, noise;
	int error;
};

static int ask(void *context, int fd)
{
	struct peer *p = context;

	(void)fd;
	if (p->asked++ < p->silent)
		return p->error;
	for (unsigned int i = 0; i < p->noise; i++)
		if (send(p->fd, "bad", 3, 0) != 3)
			abort();
	return send(p->fd, "good", 4, 0) == 4 ? 0 : -EIO;
}

static int take(void *context, const uint8_t *data, size_t size)
{
	(void)context;
	return size == 4 && memcmp(data, "good", 4) == 0 ? 0 : -EBADMSG;
}

static void answers(struct test *t)
{
	static const struct {
		unsigned int silent, noise, limit_ms;
		int error, want;
		unsigned int asked;
	} rows[] = {
		{ 0, 0, 5000, 0, 0, 1 },
		{ 0, 3, 5000, 0, 0, 1 },
		{ 1, 1, 5000, 0, 0, 2 },
		{ 1, 0, 5000, -ENETDOWN, 0, 2 },
		{ 1, 0, 5000, -EADDRNOTAVAIL, 0, 2 },
		{ 9, 0, 5000, -EPERM, -EPERM, 1 },
		{ 9, 0, 300, 0, -ETIMEDOUT, 1 },
		{ 9, 0, 0, 0, -ETIMEDOUT, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct peer p = { .silent = rows[i].silent,
				  .noise = rows[i].noise,
				  .error = rows[i].error };
		struct kd_converse c = { .context = &p, .ask = ask, .take = take };
		uint64_t start = kd_now_ms();
		int fds[2];

		CHECK_INT(t,
			  socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
				     0, fds),
			  0);
		c.fd = fds[0];
		p.fd = fds[1];
		CHECK_INT(t, kd_converse(&c, start + rows[i].limit_ms), rows[i].want);
		CHECK_INT(t, p.asked, rows[i].asked);
		CHECK(t, kd_now_ms() - start < rows[i].limit_ms + 2000);
		(void)kd_close(fds[0]);
		(void)kd_close(fds[1]);
	}
}

static const struct test_case cases[] = {
	{ "asked until there is an answer", answers },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
