/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to rtnetlink: see netlink.h. Trusts the kernel's answers only within the
 * bounds of what was received. Called by kdumpd/host and capture-kernel/net.
 */
#include "base/netlink.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define ANSWER_SIZE 32768 /* what the kernel fills at most, NLMSG_GOODSIZE and more */

static void *room(struct kd_netlink_request *q, size_t size)
{
	size_t aligned = NLMSG_ALIGN(size);
	void *p;

	if (q->status < 0 || aligned > sizeof(q->bytes) - q->length) {
		q->status = -EMSGSIZE;
		return NULL;
	}
	p = q->bytes + q->length;
	memset(p, 0, aligned);
	q->length += aligned;
	return p;
}

void kd_netlink_begin(struct kd_netlink_request *q, unsigned int type, unsigned int flags,
		      const void *body, size_t size)
{
	struct nlmsghdr *h;
	void *p;

	q->length = 0;
	q->status = 0;
	h = room(q, NLMSG_HDRLEN);
	h->nlmsg_type = (uint16_t)type;
	h->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	p = room(q, size);
	if (p)
		memcpy(p, body, size);
}

void kd_netlink_put(struct kd_netlink_request *q, unsigned int type, const void *data,
		    size_t size)
{
	const struct nlattr a = { .nla_len = (uint16_t)(NLA_HDRLEN + size),
				  .nla_type = (uint16_t)type };
	char *p;

	if (size > KD_NETLINK_SIZE) {
		q->status = -EMSGSIZE;
		return;
	}
	p = room(q, NLA_HDRLEN + size);
	if (!p)
		return;
	memcpy(p, &a, sizeof(a));
	if (size)
		memcpy(p + NLA_HDRLEN, data, size);
}

void kd_netlink_put_u8(struct kd_netlink_request *q, unsigned int type, uint8_t value)
{
	kd_netlink_put(q, type, &value, sizeof(value));
}

void kd_netlink_put_u16(struct kd_netlink_request *q, unsigned int type, uint16_t value)
{
	kd_netlink_put(q, type, &value, sizeof(value));
}

void kd_netlink_put_u32(struct kd_netlink_request *q, unsigned int type, uint32_t value)
{
	kd_netlink_put(q, type, &value, sizeof(value));
}

void kd_netlink_put_text(struct kd_netlink_request *q, unsigned int type,
			 const char *text)
{
	kd_netlink_put(q, type, text, strlen(text) + 1);
}

size_t kd_netlink_nest(struct kd_netlink_request *q, unsigned int type)
{
	size_t at = q->length;

	kd_netlink_put(q, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void kd_netlink_close(struct kd_netlink_request *q, size_t nest)
{
	uint16_t length = (uint16_t)(q->length - nest);

	if (q->status == 0)
		memcpy(q->bytes + nest, &length, sizeof(length));
}

bool kd_netlink_next(const void **data, size_t *size, struct kd_netlink_piece *ret)
{
	struct nlattr a;
	size_t step;

	if (*size < NLA_HDRLEN)
		return false;
	memcpy(&a, *data, sizeof(a));
	if (a.nla_len < NLA_HDRLEN || a.nla_len > *size)
		return false;
	*ret = (struct kd_netlink_piece) {
		.type = a.nla_type & (unsigned int)NLA_TYPE_MASK,
		.data = (const char *)*data + NLA_HDRLEN,
		.size = (size_t)a.nla_len - NLA_HDRLEN,
	};
	step = MIN((size_t)NLA_ALIGN(a.nla_len), *size);
	*data = (const char *)*data + step;
	*size -= step;
	return true;
}

uint32_t kd_netlink_u32(const struct kd_netlink_piece *p)
{
	uint32_t wide = 0;
	uint16_t half;

	if (p->size == 1)
		return *(const uint8_t *)p->data;
	if (p->size == sizeof(half)) {
		memcpy(&half, p->data, sizeof(half));
		return half;
	}
	if (p->size == sizeof(wide))
		memcpy(&wide, p->data, sizeof(wide));
	return wide;
}

void kd_netlink_text(const struct kd_netlink_piece *p, char *ret, size_t size)
{
	size_t n = MIN(strnlen(p->data, p->size), size - 1);

	memcpy(ret, p->data, n);
	ret[n] = '\0';
}

int kd_netlink_open(unsigned int limit_ms, struct kd_error *err)
{
	const struct timeval limit = { .tv_sec = limit_ms / 1000,
				       .tv_usec = (limit_ms % 1000) * 1000 };
	_cleanup_(kd_closep) int fd = -EBADF;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return kd_fail(err, -errno, "rtnetlink");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0)
		return kd_fail(err, -errno, "rtnetlink");
	return TAKE_FD(fd);
}

/* Returns 1 when the conversation is over well, 0 to go on. */
static int take_message(const struct nlmsghdr *h,
			int (*each)(void *context,
				    const struct kd_netlink_piece *message),
			void *context)
{
	const struct kd_netlink_piece message = {
		.type = h->nlmsg_type,
		.data = (const char *)h + NLMSG_HDRLEN,
		.size = h->nlmsg_len - NLMSG_HDRLEN,
	};
	int error;

	if (h->nlmsg_type == NLMSG_DONE)
		return 1;
	if (h->nlmsg_type == NLMSG_ERROR) {
		if (message.size < sizeof(error))
			return -EBADMSG;
		memcpy(&error, message.data, sizeof(error));
		return error < 0 ? error : 1;
	}
	return each && h->nlmsg_type >= NLMSG_MIN_TYPE ? MIN(each(context, &message), 0)
						       : 0;
}

static int take_answers(const char *bytes, size_t size,
			int (*each)(void *context,
				    const struct kd_netlink_piece *message),
			void *context)
{
	struct nlmsghdr h;
	int r = 0;

	while (r == 0 && size >= NLMSG_HDRLEN) {
		size_t step;

		memcpy(&h, bytes, sizeof(h));
		if (h.nlmsg_len < NLMSG_HDRLEN || h.nlmsg_len > size)
			return -EBADMSG;
		r = take_message((const struct nlmsghdr *)(const void *)bytes, each,
				 context);
		step = MIN((size_t)NLMSG_ALIGN(h.nlmsg_len), size);
		bytes += step;
		size -= step;
	}
	return r;
}

int kd_netlink_talk(int fd, struct kd_netlink_request *q,
		    int (*each)(void *context, const struct kd_netlink_piece *message),
		    void *context)
{
	_cleanup_(kd_freep) char *answer = malloc(ANSWER_SIZE);
	struct nlmsghdr *h = (struct nlmsghdr *)(void *)q->bytes;
	ssize_t n;
	int r;

	if (!answer)
		return -ENOMEM;
	if (q->status < 0)
		return q->status;
	h->nlmsg_len = (uint32_t)q->length;
	h->nlmsg_seq = 1; /* one request at a time: there is nothing to tell apart */
	if (send(fd, q->bytes, q->length, 0) < 0)
		return -errno;
	for (;;) {
		n = recv(fd, answer, ANSWER_SIZE, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		r = take_answers(answer, (size_t)n, each, context);
		if (r != 0)
			return r < 0 ? r : 0;
	}
}
