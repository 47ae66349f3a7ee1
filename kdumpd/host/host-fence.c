/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nodes of a cluster: see host-fence.h. Trusts the resolver, as host-net.c does. Called by
 * the arm path.
 */
#include "kdumpd/host/host-fence.h"

#include <string.h>

#include "base/params.h"

static void find_one(const struct kd_net_reader *reader, const struct kd_config *config,
		     const char *node, struct kd_net_facts *net,
		     struct kd_fence_facts *facts, struct kd_error *err)
{
	const struct kd_net_wish wish = { .host = node, .family = config->fence.family };
	struct kd_plan_fence fence = { .interval = config->fence.interval,
				       .count = config->fence.count };

	if (facts->n == KD_PLAN_FENCES) {
		kd_fail_msg(err, -E2BIG, "more than %d nodes", KD_PLAN_FENCES);
		return;
	}
	if (kd_net_find_way(reader, &wish, net, &fence.way, err) < 0)
		return;
	fence.way.port = config->fence.port;
	facts->fences[facts->n++] = fence;
}

void kd_fence_find(const struct kd_net_reader *reader, const struct kd_config *config,
		   struct kd_net_facts *net, struct kd_fence_facts *ret,
		   struct kd_config_report *report)
{
	const char *word = config->fence_nodes;
	char node[KD_PLAN_STRING];
	size_t n;

	ret->n = 0;
	for (; (n = kd_params_next(&word)) > 0; word += n) {
		struct kd_error err = { 0 };

		(void)snprintf(node, sizeof(node), "%.*s", (int)n, word);
		find_one(reader, config, node, net, ret, &err);
		if (err.code < 0 && err.code != -EADDRINUSE)
			kd_config_complain(report, config->fence_where.file,
					   config->fence_where.line, /* warning= */ true,
					   "fence_kdump_nodes: %s is not told of a dump: "
					   "%s",
					   node, err.message);
	}
}
