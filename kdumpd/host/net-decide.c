/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way to a server: see net-decide.h. Trusts the kernel that interfaces do not lie on
 * themselves, but counts the levels. Called by host-net.c.
 */
#include "kdumpd/host/net-decide.h"

#include <net/if.h>
#include <string.h>

#define LEVELS	    6 /* bridge over VLAN over bond over NIC, and some */
#define MTU_DEFAULT 1500

/** @facts: grows, a copy until all went well */
struct decision {
	const struct kd_net_view *view;
	struct kd_net_facts facts;
};

static const struct kd_net_link *find_link(const struct kd_net_view *view, uint32_t index)
{
	for (size_t i = 0; i < view->n_links; i++)
		if (view->links[i].index == index)
			return &view->links[i];
	return NULL;
}

static bool has_mac(const uint8_t mac[static KD_NET_MAC])
{
	static const uint8_t none[KD_NET_MAC];

	return memcmp(mac, none, KD_NET_MAC) != 0;
}

static int append(struct decision *d, const struct kd_net_link *l,
		  const struct kd_plan_net *net, struct kd_error *err)
{
	size_t n = d->facts.n;

	if (n >= KD_PLAN_NETS)
		return kd_fail_msg(err, -E2BIG,
				   "interface %s: more than %d interfaces are needed",
				   l->name, KD_PLAN_NETS);
	d->facts.nets[n] = *net;
	if (l->mtu != MTU_DEFAULT)
		d->facts.nets[n].mtu = l->mtu;
	d->facts.index[n] = l->index;
	memcpy(d->facts.names[n], l->name, sizeof(l->name));
	d->facts.n++;
	return (int)n;
}

static int add_nic(struct decision *d, const struct kd_net_link *l, struct kd_error *err)
{
	const struct kd_net_link *master = find_link(d->view, l->master);
	const uint8_t *own = has_mac(l->permanent) ? l->permanent : l->mac;
	struct kd_plan_net net = { .kind = KD_PLAN_NIC };

	if (!has_mac(own))
		return kd_fail_msg(err, -ENOTSUP,
				   "interface %s has no address to find it again by",
				   l->name);
	kd_net_mac_text(own, net.mac);
	/* a bond gives its ports addresses; elsewhere somebody chose another one */
	if (memcmp(own, l->mac, KD_NET_MAC) != 0 &&
	    !(master && strcmp(master->kind, "bond") == 0))
		kd_net_mac_text(l->mac, net.hwaddr);
	return append(d, l, &net, err);
}

static int add_link(struct decision *d, uint32_t index, unsigned int level,
		    struct kd_error *err);

static int add_vlan(struct decision *d, const struct kd_net_link *l, unsigned int level,
		    struct kd_error *err)
{
	struct kd_plan_net net = { .kind = KD_PLAN_VLAN,
				   .vlan = l->vlan,
				   .vlan_protocol = l->vlan_protocol };
	int lower = add_link(d, l->lower, level + 1, err);

	if (lower < 0)
		return lower;
	(void)snprintf(net.lower, sizeof(net.lower), "%d", lower);
	return append(d, l, &net, err);
}

static int add_bond(struct decision *d, const struct kd_net_link *l, unsigned int level,
		    struct kd_error *err)
{
	struct kd_plan_net net = {
		.kind = KD_PLAN_BOND,
		.bond_mode = l->bond_mode,
		.bond_miimon = l->bond_miimon,
		.bond_lacp_rate = l->bond_lacp_rate,
		.bond_xmit_policy = l->bond_xmit_policy,
	};
	size_t used = 0;

	for (size_t i = 0; i < d->view->n_links; i++) {
		const struct kd_net_link *port = &d->view->links[i];
		int lower, n;

		if (port->master != l->index)
			continue;
		lower = add_link(d, port->index, level + 1, err);
		if (lower < 0)
			return lower;
		n = snprintf(net.lower + used, sizeof(net.lower) - used, "%s%d",
			     used ? "," : "", lower);
		if (n < 0 || (size_t)n >= sizeof(net.lower) - used)
			return kd_fail_msg(err, -E2BIG, "bond %s has too many ports",
					   l->name);
		used += (size_t)n;
	}
	if (!used)
		return kd_fail_msg(err, -ENODEV, "bond %s has no port", l->name);
	return append(d, l, &net, err);
}

static bool is_uplink(const struct kd_net_link *l)
{
	static const char *const kinds[] = { "", "vlan", "bond" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(l->kind, kinds[i]) == 0)
			return true;
	return false;
}

static int add_bridge(struct decision *d, const struct kd_net_link *l, unsigned int level,
		      struct kd_error *err)
{
	const struct kd_net_link *uplink = NULL;
	int n;

	for (size_t i = 0; i < d->view->n_links; i++) {
		const struct kd_net_link *port = &d->view->links[i];

		if (port->master == l->index && is_uplink(port) &&
		    (!uplink ||
		     (!(uplink->flags & IFF_RUNNING) && port->flags & IFF_RUNNING)))
			uplink = port;
	}
	if (!uplink)
		return kd_fail_msg(err, -ENODEV, "bridge %s has no hardware below it",
				   l->name);
	n = add_link(d, uplink->index, level + 1, err);
	if (n >= 0 && memcmp(uplink->mac, l->mac, KD_NET_MAC) != 0)
		kd_net_mac_text(l->mac, d->facts.nets[n].hwaddr);
	return n;
}

/* Returns its number in the plan. */
static int add_link(struct decision *d, uint32_t index, unsigned int level,
		    struct kd_error *err)
{
	const struct kd_net_link *l = find_link(d->view, index);

	if (!l || level >= LEVELS)
		return kd_fail_msg(err, -ENODEV,
				   "no interface %u, or it lies on too many", index);
	for (size_t i = 0; i < d->facts.n; i++)
		if (d->facts.index[i] == index)
			return (int)i;
	if (l->flags & IFF_LOOPBACK)
		return kd_fail_msg(err, -EADDRINUSE, "the server is this machine itself");
	if (!l->kind[0])
		return add_nic(d, l, err);
	if (strcmp(l->kind, "vlan") == 0)
		return add_vlan(d, l, level, err);
	if (strcmp(l->kind, "bond") == 0)
		return add_bond(d, l, level, err);
	if (strcmp(l->kind, "bridge") == 0)
		return add_bridge(d, l, level, err);
	return kd_fail_msg(
		err, -ENOTSUP,
		"interface %s is a %s, which the capture side cannot make: NICs, "
		"VLANs, bonds and bridges are supported",
		l->name, l->kind);
}

static enum kd_plan_method method_of(const struct kd_net_own *own)
{
	if (own->lasting)
		return KD_PLAN_STATIC;
	if (own->address.family == AF_INET)
		return KD_PLAN_DHCP;
	/* a lease is of one address, an advertisement of a prefix */
	return own->length == 128 ? KD_PLAN_DHCP6 : KD_PLAN_AUTO;
}

static const struct kd_net_own *find_own(const struct kd_net_view *view,
					 const struct kd_net_route *route)
{
	for (size_t i = 0; i < view->n_own; i++)
		if (view->own[i].index == route->index &&
		    kd_net_address_equal(&view->own[i].address, &route->source))
			return &view->own[i];
	return NULL;
}

int kd_net_decide(const struct kd_net_view *view, const struct kd_net_route *route,
		  const struct kd_net_address *server, struct kd_net_facts *facts,
		  struct kd_plan_way *ret_way, struct kd_error *err)
{
	const struct kd_net_own *own = find_own(view, route);
	struct decision d = { .view = view, .facts = *facts };
	char text[KD_NET_ADDRESS_TEXT];
	struct kd_plan_way way = { .port = 0 };
	int n;

	n = add_link(&d, route->index, 0, err);
	if (n < 0)
		return n;
	if (!own)
		return kd_fail_msg(err, -EADDRNOTAVAIL,
				   "no address of this machine on the way to the server");
	way.net = (unsigned int)n;
	way.method = method_of(own);
	kd_net_address_text(server, way.server);
	kd_net_address_text(&own->address, text);
	(void)snprintf(way.address, sizeof(way.address), "%s/%u", text, own->length);
	kd_net_address_text(&route->gateway, way.gateway);
	*facts = d.facts;
	*ret_way = way;
	return 0;
}
