/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces brought up: see links.h. Trusts the plan only in so far as it can be
 * carried out. Called by network.c.
 */
#include "capture-kernel/net/links.h"

#include <net/if.h>
#include <string.h>
#include <time.h>

#include "base/parse.h"
#include "capture-kernel/deadline.h"

#define POLL_MS	      100
#define NAME_TEMPLATE "kdump%u" /* of what is made here: no driver's names clash */

/**
 * @index: of each interface of the plan that is up so far
 */
struct rise {
	int fd;
	const struct kd_plan *plan;
	struct kd_shared *shared;
	struct kd_wire_links list;
	uint32_t index[KD_PLAN_NETS];
};

/* Step through "0,1,2". Returns 0 at the end, 1 with a number, -EINVAL. */
static int next_lower(const char **text, uint64_t *ret)
{
	size_t n = strcspn(*text, ",");
	char number[8];

	if (n == 0)
		return **text ? -EINVAL : 0;
	if (n >= sizeof(number))
		return -EINVAL;
	memcpy(number, *text, n);
	number[n] = '\0';
	*text += n + ((*text)[n] == ',');
	return kd_parse_u64(number, ret) < 0 || *ret >= KD_PLAN_NETS ? -EINVAL : 1;
}

int kd_links_needed(const struct kd_plan *plan, unsigned int net, uint32_t *ret)
{
	uint32_t needed;

	if (net >= plan->n_nets)
		return -EINVAL;
	needed = UINT32_C(1) << net;
	for (unsigned int i = net + 1; i-- > 0;) {
		const char *text = plan->nets[i].lower;
		unsigned int n = 0;
		uint64_t lower;
		int r;

		if (!(needed & UINT32_C(1) << i))
			continue;
		while ((r = next_lower(&text, &lower)) > 0) {
			if (lower >= i)
				return -EINVAL;
			needed |= UINT32_C(1) << lower;
			n++;
		}
		if (r < 0 || (plan->nets[i].kind == KD_PLAN_NIC) != (n == 0))
			return -EINVAL;
	}
	*ret = needed;
	return 0;
}

const struct kd_net_link *kd_links_find_nic(const struct kd_wire_links *list,
					    const uint8_t mac[static KD_NET_MAC])
{
	const struct kd_net_link *best = NULL;
	unsigned int best_rank = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct kd_net_link *l = &list->links[i];
		unsigned int rank = 0;

		if (l->kind[0] || l->flags & IFF_LOOPBACK)
			continue;
		if (memcmp(l->permanent, mac, KD_NET_MAC) == 0)
			rank = 4;
		else if (memcmp(l->mac, mac, KD_NET_MAC) == 0)
			rank = 2;
		if (rank && !l->master)
			rank++;
		if (rank > best_rank) {
			best_rank = rank;
			best = l;
		}
	}
	return best;
}

static const struct kd_net_link *find_name(const struct kd_wire_links *list,
					   const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->links[i].name, name) == 0)
			return &list->links[i];
	return NULL;
}

static const struct kd_net_link *find_index(const struct kd_wire_links *list,
					    uint32_t index)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->links[i].index == index)
			return &list->links[i];
	return NULL;
}

static void nap(void)
{
	const struct timespec ts = { .tv_nsec = POLL_MS * 1000000L };

	(void)nanosleep(&ts, NULL);
}

static int wait_for_nic(struct rise *u, const char *mac_text, uint32_t *ret,
			struct kd_error *err)
{
	uint64_t until = kd_now_ms() + UINT64_C(1000) * KD_LINKS_APPEAR_S;
	const struct kd_net_link *l;
	uint8_t mac[KD_NET_MAC];
	char what[48];
	int r;

	if (kd_net_mac_parse(mac_text, mac) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no NIC's address", mac_text);
	(void)snprintf(what, sizeof(what), "waiting for NIC %s", mac_text);
	kd_shared_progress(u->shared, what, 0, 0);
	for (;;) {
		r = kd_wire_list(u->fd, &u->list, err);
		if (r < 0)
			return r;
		l = kd_links_find_nic(&u->list, mac);
		if (l)
			break;
		if (kd_now_ms() >= until)
			return kd_fail_msg(err, -ENODEV,
					   "no NIC with address %s appeared in %d s",
					   mac_text, KD_LINKS_APPEAR_S);
		nap();
	}
	*ret = l->index;
	return 0;
}

/* Down first where it has to be, and only then. */
static int configure(struct rise *u, unsigned int i, struct kd_error *err)
{
	const struct kd_plan_net *net = &u->plan->nets[i];
	const struct kd_net_link *l = find_index(&u->list, u->index[i]);
	uint8_t mac[KD_NET_MAC], *change = NULL;
	int r = 0;

	if (net->hwaddr[0] && kd_net_mac_parse(net->hwaddr, mac) >= 0 && l &&
	    memcmp(l->mac, mac, sizeof(mac)) != 0)
		change = mac;
	if (l && (!net->mtu || l->mtu == net->mtu) && !change)
		return 0;
	if (l && l->flags & IFF_UP)
		r = kd_wire_set_up(u->fd, u->index[i], false, err);
	return r < 0 ? r : kd_wire_configure(u->fd, u->index[i], net->mtu, change, err);
}

static int add_ports(struct rise *u, unsigned int i, struct kd_error *err)
{
	const char *text = u->plan->nets[i].lower;
	uint64_t port;
	int r = 0;

	while (r >= 0 && next_lower(&text, &port) > 0) {
		const struct kd_net_link *l = find_index(&u->list, u->index[port]);

		if (l && l->master == u->index[i])
			continue;
		r = kd_wire_set_up(u->fd, u->index[port], false, err);
		if (r >= 0)
			r = kd_wire_enslave(u->fd, u->index[port], u->index[i], err);
		if (r >= 0)
			r = kd_wire_set_up(u->fd, u->index[port], true, err);
	}
	return r;
}

static int find_or_create(struct rise *u, unsigned int i, struct kd_error *err)
{
	const struct kd_plan_net *net = &u->plan->nets[i];
	const char *text = net->lower;
	const struct kd_net_link *l;
	uint64_t lower = 0;
	char name[KD_NET_NAME];
	int r;

	(void)snprintf(name, sizeof(name), NAME_TEMPLATE, i);
	(void)next_lower(&text, &lower);
	r = kd_wire_list(u->fd, &u->list, err);
	if (r >= 0 && !find_name(&u->list, name)) {
		r = kd_wire_create(u->fd, name, net, u->index[lower], err);
		/* whoever tells the cluster brings interfaces up at the same time */
		if (r == -EEXIST) {
			kd_error_reset(err);
			r = 0;
		}
		if (r >= 0)
			r = kd_wire_list(u->fd, &u->list, err);
	}
	if (r < 0)
		return r;
	l = find_name(&u->list, name);
	if (!l)
		return kd_fail(err, -ENODEV, "%s", name);
	u->index[i] = l->index;
	return 0;
}

static int rise_one(struct rise *u, unsigned int i, struct kd_error *err)
{
	const struct kd_plan_net *net = &u->plan->nets[i];
	int r;

	r = net->kind == KD_PLAN_NIC ? wait_for_nic(u, net->mac, &u->index[i], err)
				     : find_or_create(u, i, err);
	if (r >= 0)
		r = configure(u, i, err);
	if (r >= 0 && net->kind == KD_PLAN_BOND)
		r = add_ports(u, i, err);
	return r < 0 ? r : kd_wire_set_up(u->fd, u->index[i], true, err);
}

static int wait_for_carrier(struct rise *u, uint32_t index, struct kd_error *err)
{
	uint64_t until = kd_now_ms() + UINT64_C(1000) * KD_LINKS_CARRIER_S;
	const struct kd_net_link *l;
	int r;

	kd_shared_progress(u->shared, "waiting for the network link", 0, 0);
	for (;;) {
		r = kd_wire_list(u->fd, &u->list, err);
		if (r < 0)
			return r;
		l = find_index(&u->list, index);
		if (l && l->flags & IFF_RUNNING)
			return 0;
		if (kd_now_ms() >= until)
			return kd_fail_msg(err, -ENETDOWN,
					   "the network link did not come up in %d s",
					   KD_LINKS_CARRIER_S);
		nap();
	}
}

int kd_links_up(int fd, const struct kd_plan *plan, unsigned int net,
		struct kd_shared *shared, uint32_t *ret_index, struct kd_error *err)
{
	_cleanup_(kd_freep) struct rise *u = calloc(1, sizeof(*u));
	uint32_t needed;
	int r = 0;

	if (!u)
		return kd_fail(err, -ENOMEM, "network interfaces");
	*u = (struct rise) { .fd = fd, .plan = plan, .shared = shared };
	if (kd_links_needed(plan, net, &needed) < 0)
		return kd_fail_msg(err, -EINVAL,
				   "network interface %u of the plan makes no sense",
				   net);
	for (unsigned int i = 0; r >= 0 && i <= net; i++)
		if (needed & UINT32_C(1) << i)
			r = rise_one(u, i, err);
	if (r >= 0)
		r = wait_for_carrier(u, u->index[net], err);
	if (r >= 0)
		*ret_index = u->index[net];
	return r;
}
