/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A question over datagrams, asked again and again, at longer and longer intervals, until
 * there is an answer. Called by dhcp.c and dhcp6.c.
 */
#pragma once

#include "base/types.h"

/**
 * @fd:   a socket that does not block
 * @ask:  send the question; 0 or -errno
 * @take: judge what came; < 0 for what is no answer
 */
struct kd_converse {
	int fd;
	void *context;
	int (*ask)(void *context, int fd);
	int (*take)(void *context, const uint8_t *data, size_t size);
};

/** Ask until @take has an answer, or kd_now_ms() is @deadline_ms. Returns 0, -ETIMEDOUT,
 *  errors of the socket other than those of a link that is not ready yet. */
int kd_converse(const struct kd_converse *c, uint64_t deadline_ms);

/** A number that others do not guess easily, to know answers by. */
uint32_t kd_converse_number(void);
