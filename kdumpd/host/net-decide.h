/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a server is reached, for the plan: which hardware, what is put on it, how the own
 * address comes about. Pure: from what the kernel says of its network. Called by
 * host-net.c and by its table of tests.
 */
#pragma once

#include "base/net-facts.h"
#include "base/plan.h"

#define KD_NET_LINKS 256
#define KD_NET_OWN   512

/** The network as it is; more of either than there is room for is passed over. */
struct kd_net_view {
	size_t n_links, n_own;
	struct kd_net_link links[KD_NET_LINKS];
	struct kd_net_own own[KD_NET_OWN];
};

/** Interfaces that targets need: @index and @names are those of the running kernel. */
struct kd_net_facts {
	size_t n;
	struct kd_plan_net nets[KD_PLAN_NETS];
	uint32_t index[KD_PLAN_NETS];
	char names[KD_PLAN_NETS][KD_NET_NAME];
};

/**
 * Decide how @server is reached by @route, which the kernel takes now.
 *
 * A bridge is left out: its uplink takes the bridge's address. A capture kernel bridges
 * nothing, and a new bridge would first listen for other bridges for half a minute.
 *
 * @facts:   interfaces are added that are not there yet; untouched on failure
 * @ret_way: all but the port
 * Errors, each with one sentence: -ENOTSUP for interfaces that the capture side cannot
 * make, -ENODEV, -EADDRINUSE for this machine itself, -EADDRNOTAVAIL without an address of
 * our own, -E2BIG.
 */
int kd_net_decide(const struct kd_net_view *view, const struct kd_net_route *route,
		  const struct kd_net_address *server, struct kd_net_facts *facts,
		  struct kd_plan_way *ret_way, struct kd_error *err);
