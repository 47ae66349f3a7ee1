/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way to a target: see target-network.h. Trusts the plan's address of the server: a
 * capture kernel resolves no names. Called by the device phase, in a child.
 */
#include "capture-kernel/target-network.h"

#include <string.h>

#include "capture-kernel/net/network.h"

int kd_target_reach_network(const struct kd_target *t, struct kd_shared *shared,
			    struct kd_error *err)
{
	struct kd_net_address own;
	char text[KD_NET_ADDRESS_TEXT];
	int r;

	r = kd_network_up(t->whole, &t->plan->way, shared, &own, err);
	if (r < 0)
		return kd_fail_msg(err, r, "%s: no network", t->plan->device);
	kd_net_address_text(&own, text);
	(void)snprintf(shared->host, sizeof(shared->host), "%.63s", text);
	return 0;
}
