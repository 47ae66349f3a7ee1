/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nodes of a cluster that are told of a dump, as this machine reaches them. Called by
 * the arm path.
 */
#pragma once

#include "kdumpd/config/config.h"
#include "kdumpd/host/host-net.h"

/** @n of the nodes there is a way to. */
struct kd_fence_facts {
	size_t n;
	struct kd_plan_fence fences[KD_PLAN_FENCES];
};

/**
 * Find the way to each node that @config names, this machine itself left out, as a
 * cluster has the same file on all of its nodes. One that cannot be reached is a warning:
 * a dump is worth more than a cluster that waits.
 *
 * @net: interfaces are added
 */
void kd_fence_find(const struct kd_net_reader *reader, const struct kd_config *config,
		   struct kd_net_facts *net, struct kd_fence_facts *ret,
		   struct kd_config_report *report);
