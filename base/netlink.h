/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnetlink in its plainest form: one request, its answers, its acknowledgement.
 * Messages are built in memory of fixed size and read with bounds on each attribute
 * (Documentation/userspace-api/netlink/intro.rst, linux/rtnetlink.h). Used by the host
 * side to look at the network and by the capture side to set it up.
 */
#pragma once

#include <linux/netlink.h>

#include "base/error.h"
#include "base/types.h"

#define KD_NETLINK_SIZE 2048 /* of a request, bytes */

/** A request under construction. @status: 0, or -EMSGSIZE once something did not fit. */
struct kd_netlink_request {
	_Alignas(NLMSG_ALIGNTO) char bytes[KD_NETLINK_SIZE];
	size_t length;
	int status;
};

/** Begin a request of @type (RTM_…); @flags besides NLM_F_REQUEST and NLM_F_ACK.
 *  @body: what the type starts with, ifinfomsg …, @size bytes. */
void kd_netlink_begin(struct kd_netlink_request *q, unsigned int type, unsigned int flags,
		      const void *body, size_t size);

/** Append an attribute. */
void kd_netlink_put(struct kd_netlink_request *q, unsigned int type, const void *data,
		    size_t size);
void kd_netlink_put_u8(struct kd_netlink_request *q, unsigned int type, uint8_t value);
void kd_netlink_put_u16(struct kd_netlink_request *q, unsigned int type, uint16_t value);
void kd_netlink_put_u32(struct kd_netlink_request *q, unsigned int type, uint32_t value);
void kd_netlink_put_text(struct kd_netlink_request *q, unsigned int type,
			 const char *text);

/** Open an attribute that holds attributes; returns what kd_netlink_close() closes. */
size_t kd_netlink_nest(struct kd_netlink_request *q, unsigned int type);
void kd_netlink_close(struct kd_netlink_request *q, size_t nest);

/** What a message or an attribute holds. */
struct kd_netlink_piece {
	unsigned int type;
	const void *data;
	size_t size;
};

/** Step through the attributes of @size bytes at @data, which are moved on. Returns false
 *  at the end, or where what follows makes no sense. */
bool kd_netlink_next(const void **data, size_t *size, struct kd_netlink_piece *ret);

/** A number out of an attribute, of the machine's byte order; 0 for another size. */
uint32_t kd_netlink_u32(const struct kd_netlink_piece *p);

/** A text out of an attribute, cut to fit, always ended. */
void kd_netlink_text(const struct kd_netlink_piece *p, char *ret, size_t size);

/** A socket for rtnetlink whose answers are waited for @limit_ms. Owned by the caller. */
int kd_netlink_open(unsigned int limit_ms, struct kd_error *err);

/**
 * Send @q and take its answers until it is acknowledged or a dump is done.
 *
 * @each: NULL, or given each answer's type and what follows its header; what it returns
 *        below 0 ends the call
 * Returns 0, what the kernel or @each answered, -ETIMEDOUT, -EMSGSIZE, -EBADMSG.
 */
int kd_netlink_talk(int fd, struct kd_netlink_request *q,
		    int (*each)(void *context, const struct kd_netlink_piece *message),
		    void *context);
