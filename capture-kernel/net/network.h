/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way to a server, made usable: interfaces, an address of our own, a route. Nothing
 * but what this one server needs. Called by the targets on other machines and by fence.c,
 * each in a child of its own: two may do so at the same time.
 */
#pragma once

#include "capture-kernel/net/links.h"

/**
 * Make the way of @way usable.
 *
 * Where no address can be had as the plan says, the one the machine had before the crash
 * is used, which is noted in the outcome.
 * @ret_own: the address this machine is seen with by the server
 * Errors: -EINVAL for a plan that makes no sense, those of kd_links_up(), -ETIMEDOUT no
 * address could be had.
 */
int kd_network_up(const struct kd_plan *plan, const struct kd_plan_way *way,
		  struct kd_shared *shared, struct kd_net_address *ret_own,
		  struct kd_error *err);
