/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages to a cluster's nodes: see fence.h. Trusts no network: each wait for one has the
 * limits of net/network.c, and a datagram is sent without waiting. Called by capture.c and
 * init.c.
 */
#include "capture-kernel/fence.h"

#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"
#include "capture-kernel/deadline.h"
#include "capture-kernel/net/network.h"

/* struct fence_kdump_msg of fence-agents, in the sender's byte order */
#define MAGIC	UINT32_C(0x1b302a40)
#define VERSION UINT32_C(1)

#define TRIES	   3 /* to bring up the way to a node */
#define LAST_MS	   1000
#define NETLINK_MS 1000

/** @fd: valid once there is a way; @tries: made to get it; @sent: messages; @lost: some
 *  were, and it is noted */
struct node {
	const struct kd_plan_fence *fence;
	struct kd_net_address address;
	unsigned int tries, sent;
	int fd;
	bool lost;
};

/** The process. */
struct sender {
	const struct kd_plan *plan;
	const struct kd_log *log;
	struct kd_shared *shared;
	size_t n;
	struct node nodes[KD_PLAN_FENCES];
};

bool kd_fence_is_due(enum kd_step step, int result)
{
	return step >= KD_STEP_LOG ||
	       (result < 0 && (step == KD_STEP_DEVICE || step == KD_STEP_TARGET));
}

static socklen_t to_sockaddr(const struct node *n, struct sockaddr_storage *ret)
{
	uint16_t port = htons((uint16_t)n->fence->way.port);
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = port };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = port };

	memset(ret, 0, sizeof(*ret));
	if (n->address.family == AF_INET6) {
		memcpy(&six.sin6_addr, n->address.bytes, sizeof(six.sin6_addr));
		memcpy(ret, &six, sizeof(six));
		return sizeof(six);
	}
	memcpy(&four.sin_addr, n->address.bytes, sizeof(four.sin_addr));
	memcpy(ret, &four, sizeof(four));
	return sizeof(four);
}

/* A neighbour that does not answer is an error of the socket, some seconds later. */
static int open_socket(const struct node *n)
{
	struct sockaddr_storage to;
	socklen_t size = to_sockaddr(n, &to);
	bool six = n->address.family == AF_INET6;
	_cleanup_(kd_closep) int fd = -EBADF;
	const int on = 1;

	fd = socket(n->address.family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, size) < 0)
		return -errno;
	(void)setsockopt(fd, six ? IPPROTO_IPV6 : IPPROTO_IP,
			 six ? IPV6_RECVERR : IP_RECVERR, &on, sizeof(on));
	return TAKE_FD(fd);
}

/* Of the messages before. A port that nobody listens on is nothing to tell: fence_kdump
 * does so only while it waits. */
static void look_for_losses(struct sender *s, struct node *n)
{
	socklen_t size = sizeof(int);
	int e = 0;

	if (getsockopt(n->fd, SOL_SOCKET, SO_ERROR, &e, &size) < 0 || !e ||
	    e == ECONNREFUSED || n->lost)
		return;
	kd_outcome_note(&s->shared->outcome, "fence_kdump: messages to %s were lost: %s",
			n->fence->way.server, strerror(e));
	n->lost = true;
}

static void tell(struct sender *s, struct node *n)
{
	static const uint32_t message[] = { MAGIC, VERSION };

	/* an error that waits would be told instead of sending */
	look_for_losses(s, n);
	if (send(n->fd, message, sizeof(message), 0) < 0)
		return;
	s->shared->sent++;
	if (!n->sent++)
		kd_log(s->log, KD_LOG_INFO, "fence: %s is sent to", n->fence->way.server);
}

static void bring_up(struct sender *s, struct node *n)
{
	struct kd_outcome *o = &s->shared->outcome;
	struct kd_error err = { 0 };
	struct kd_net_address own;
	int r;

	n->tries++;
	r = kd_net_address_parse(n->fence->way.server, &n->address);
	if (r < 0)
		kd_fail_msg(&err, r, "\"%s\" is no address", n->fence->way.server);
	else
		r = kd_network_up(s->plan, &n->fence->way, s->shared, &own, &err);
	if (r >= 0) {
		n->fd = open_socket(n);
		r = n->fd < 0 ? kd_fail(&err, n->fd, "socket") : 0;
	}
	if (r >= 0)
		return;
	kd_log(s->log, KD_LOG_ERROR, "fence: %s: %s", n->fence->way.server, err.message);
	if (n->tries == TRIES)
		kd_outcome_note(o, "fence_kdump: %s was not told: %s",
				n->fence->way.server, err.message);
}

/* Whether it has all its messages, or will have none. */
static bool is_done(const struct node *n)
{
	unsigned int count = n->fence->count;

	return n->fd < 0 ? n->tries == TRIES : count && n->sent >= count;
}

static bool all_done(const struct sender *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!is_done(&s->nodes[i]))
			return false;
	return true;
}

/* Who can be told waits for no other. */
static void tell_all(struct sender *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->nodes[i].fd >= 0 && !is_done(&s->nodes[i]))
			tell(s, &s->nodes[i]);
}

static void bring_up_all(struct sender *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct node *n = &s->nodes[i];

		if (n->fd >= 0 || n->tries == TRIES)
			continue;
		bring_up(s, n);
		if (n->fd >= 0)
			tell(s, n);
	}
}

/* Until each has its messages, or SIGTERM, which is blocked: it asks for one more. */
static void send_messages(struct sender *s)
{
	const struct kd_plan_fence *f = &s->plan->fences[0];
	const struct timespec pause = { .tv_sec = MAX(f->interval, 1U) };
	sigset_t term;

	(void)sigemptyset(&term);
	(void)sigaddset(&term, SIGTERM);
	do {
		tell_all(s);
		bring_up_all(s);
		if (all_done(s))
			return;
	} while (sigtimedwait(&term, NULL, &pause) != SIGTERM);
	tell_all(s);
}

/* What a neighbour's silence is told by comes from the kernel itself, by this way. */
static void loopback_up(void)
{
	_cleanup_(kd_closep) int fd = kd_netlink_open(NETLINK_MS, /* err= */ NULL);

	if (fd >= 0)
		(void)kd_wire_set_up(fd, if_nametoindex("lo"), true, /* err= */ NULL);
}

static void run(const struct kd_fence *f, const struct kd_plan *plan, int root_fd,
		const struct kd_log *log)
{
	struct sender s = { .plan = plan, .log = log, .shared = f->shared };

	(void)setpgid(0, 0);
	/* no less than the dump's: what is killed for want of memory is never pid 1 */
	(void)kd_write_string_at(root_fd, "proc/self/oom_score_adj", "1000", NULL);
	s.n = MIN(plan->n_fences, (size_t)KD_PLAN_FENCES);
	for (size_t i = 0; i < s.n; i++)
		s.nodes[i] = (struct node) { .fence = &plan->fences[i], .fd = -EBADF };
	loopback_up();
	send_messages(&s);
}

int kd_fence_start(struct kd_fence *f, const struct kd_plan *plan, int root_fd,
		   const struct kd_log *log, struct kd_error *err)
{
	sigset_t term, old;
	pid_t pid;
	int r;

	r = kd_shared_new(&f->shared, err);
	if (r < 0)
		return r;
	/* before there is a process that it could end */
	(void)sigemptyset(&term);
	(void)sigaddset(&term, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &term, &old);
	pid = fork();
	if (pid == 0) {
		run(f, plan, root_fd, log);
		_exit(EXIT_SUCCESS);
	}
	r = pid < 0 ? kd_fail(err, -errno, "fork") : 0;
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	f->pid = MAX(pid, 0);
	return r;
}

void kd_fence_tell(struct kd_fence *f, struct kd_outcome *o)
{
	const struct kd_outcome *theirs;

	if (!f->shared)
		return;
	kd_shared_settle(f->shared);
	theirs = &f->shared->outcome;
	for (; f->notes < theirs->n_notes; f->notes++)
		kd_outcome_note(o, "%s", theirs->notes[f->notes]);
	if (f->pid > 0 && !f->shared->sent && !theirs->n_notes)
		kd_outcome_note_once(o,
				     "fence_kdump: no node was told until the dump was "
				     "done: the network is not up yet");
}

void kd_fence_stop(struct kd_fence *f)
{
	const struct timespec nap = { .tv_nsec = 20 * 1000000L };
	uint64_t until = kd_now_ms() + LAST_MS;

	/* one that has ended may have been reaped with other orphans */
	if (f->pid > 0 && waitpid(f->pid, NULL, WNOHANG) == 0) {
		(void)kill(f->pid, SIGTERM);
		while (waitpid(f->pid, NULL, WNOHANG) == 0 && kd_now_ms() < until)
			(void)nanosleep(&nap, NULL);
		(void)kill(f->pid, SIGKILL);
	}
	f->pid = 0;
	kd_shared_free(f->shared);
	f->shared = NULL;
}
