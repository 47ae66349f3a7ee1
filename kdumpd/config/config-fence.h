/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence_kdump_nodes and fence_kdump_args of kdump.conf: which nodes of a cluster are told
 * that this machine dumps, and the options of fence_kdump_send(8) that say how. Called by
 * config-keys.c; trusts nothing.
 */
#pragma once

#include "base/types.h"

#define KD_FENCE_PORT	  7410
#define KD_FENCE_INTERVAL 10

struct kd_config_reader;

/** @family: AF_INET, AF_INET6, or AF_UNSPEC for either; @interval: seconds, > 0; @count: of
 *  messages, 0 for no end */
struct kd_config_fence {
	int family;
	unsigned int port, interval, count;
};

/** Read the options; those not given have fence_kdump_send's defaults. Complains into the
 *  reader's report; the rest is read all the same. */
void kd_config_fence_args(struct kd_config_reader *r, const char *text);

/** Whether a word may name a node. */
bool kd_config_is_node(const char *word, size_t length);
