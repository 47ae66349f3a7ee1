/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/host/net-decide.c: machines as tables, and the plan's lines that come of them.
 */
#include <net/if.h>

#include "kdumpd/host/net-decide.h"
#include "tests/unit/test.h"

#define UP (IFF_UP | IFF_RUNNING)

/* "52:54:00:00:00:0n" */
#define MAC(n)                                  \
	{                                       \
		0x52, 0x54, 0x00, 0x00, 0x00, n \
	}

static const struct kd_net_link links[] = {
	{ .index = 1, .name = "lo", .flags = UP | IFF_LOOPBACK, .mtu = 65536 },
	{ .index = 2,
	  .name = "eth0",
	  .mac = MAC(1),
	  .permanent = MAC(1),
	  .mtu = 1500,
	  .flags = UP },
	{ .index = 3,
	  .name = "eth1",
	  .mac = MAC(2),
	  .permanent = MAC(2),
	  .master = 5,
	  .mtu = 9000,
	  .flags = UP },
	/* its bond has given it the address of the first port */
	{ .index = 4,
	  .name = "eth2",
	  .mac = MAC(2),
	  .permanent = MAC(3),
	  .master = 5,
	  .mtu = 9000,
	  .flags = UP },
	{ .index = 5,
	  .name = "bond0",
	  .kind = "bond",
	  .mac = MAC(2),
	  .bond_mode = 4,
	  .bond_miimon = 100,
	  .bond_lacp_rate = 1,
	  .mtu = 9000,
	  .flags = UP },
	{ .index = 6,
	  .name = "bond0.7",
	  .kind = "vlan",
	  .lower = 5,
	  .vlan = 7,
	  .vlan_protocol = 0x8100,
	  .mac = MAC(2),
	  .mtu = 1500,
	  .master = 7,
	  .flags = UP },
	{ .index = 7, .name = "br0", .kind = "bridge", .mac = MAC(2), .mtu = 1500 },
	{ .index = 8, .name = "vnet0", .kind = "tun", .mac = MAC(9), .master = 7 },
	{ .index = 9, .name = "wg0", .kind = "wireguard", .mtu = 1420 },
	{ .index = 10, .name = "br1", .kind = "bridge", .mac = MAC(8), .mtu = 1500 },
	/* a chosen address, on a port of a bridge with another one yet */
	{ .index = 11,
	  .name = "eth3",
	  .mac = MAC(6),
	  .permanent = MAC(5),
	  .master = 12,
	  .mtu = 1500,
	  .flags = UP },
	{ .index = 12, .name = "br2", .kind = "bridge", .mac = MAC(7), .mtu = 1500 },
	{ .index = 13, .name = "loop", .kind = "vlan", .lower = 13 },
	{ .index = 14, .name = "bond1", .kind = "bond" },
	{ .index = 15, .name = "nomac", .flags = UP },
	/* kernels before 5.6 do not tell the permanent address */
	{ .index = 16, .name = "old", .mac = MAC(4), .mtu = 1500, .flags = UP },
};

static void make_view(struct kd_net_view *v)
{
	*v = (struct kd_net_view) { .n_links = ARRAY_SIZE(links) };
	memcpy(v->links, links, sizeof(links));
}

static void add_own(struct kd_net_view *v, uint32_t index, const char *prefix,
		    bool lasting)
{
	struct kd_net_own *own = &v->own[v->n_own++];

	*own = (struct kd_net_own) { .index = index, .lasting = lasting, .usable = true };
	(void)kd_net_prefix_parse(prefix, &own->address, &own->length);
}

/** @nets: those of the plan, a word each: "nic 52:…", "vlan 7 on 0", "bond 4 on 0,1" */
static const struct row {
	uint32_t index;
	const char *own;
	bool lasting;
	int r;
	enum kd_plan_method method;
	unsigned int net;
	const char *nets[4];
} rows[] = {
	{ 2,
	  "192.0.2.5/24",
	  true,
	  0,
	  KD_PLAN_STATIC,
	  0,
	  { "nic 52:54:00:00:00:01 as  mtu 0" } },
	{ 2,
	  "192.0.2.5/24",
	  false,
	  0,
	  KD_PLAN_DHCP,
	  0,
	  { "nic 52:54:00:00:00:01 as  mtu 0" } },
	{ 2,
	  "2001:db8::5/64",
	  false,
	  0,
	  KD_PLAN_AUTO,
	  0,
	  { "nic 52:54:00:00:00:01 as  mtu 0" } },
	{ 2,
	  "2001:db8::5/128",
	  false,
	  0,
	  KD_PLAN_DHCP6,
	  0,
	  { "nic 52:54:00:00:00:01 as  mtu 0" } },
	{ 5,
	  "192.0.2.5/24",
	  true,
	  0,
	  KD_PLAN_STATIC,
	  2,
	  { "nic 52:54:00:00:00:02 as  mtu 9000", "nic 52:54:00:00:00:03 as  mtu 9000",
	    "bond 4 100 1 on 0,1 mtu 9000" } },
	/* a bridge over a VLAN over a bond */
	{ 7,
	  "192.0.2.5/24",
	  true,
	  0,
	  KD_PLAN_STATIC,
	  3,
	  { "nic 52:54:00:00:00:02 as  mtu 9000", "nic 52:54:00:00:00:03 as  mtu 9000",
	    "bond 4 100 1 on 0,1 mtu 9000", "vlan 7 on 2 mtu 0" } },
	{ 12,
	  "192.0.2.5/24",
	  true,
	  0,
	  KD_PLAN_STATIC,
	  0,
	  { "nic 52:54:00:00:00:05 as 52:54:00:00:00:07 mtu 0" } },
	{ 16,
	  "192.0.2.5/24",
	  true,
	  0,
	  KD_PLAN_STATIC,
	  0,
	  { "nic 52:54:00:00:00:04 as  mtu 0" } },
	{ 1, "192.0.2.5/24", true, -EADDRINUSE, 0, 0, { NULL } },
	{ 9, "192.0.2.5/24", true, -ENOTSUP, 0, 0, { NULL } },
	{ 10, "192.0.2.5/24", true, -ENODEV, 0, 0, { NULL } },
	{ 13, "192.0.2.5/24", true, -ENODEV, 0, 0, { NULL } },
	{ 14, "192.0.2.5/24", true, -ENODEV, 0, 0, { NULL } },
	{ 15, "192.0.2.5/24", true, -ENOTSUP, 0, 0, { NULL } },
	{ 99, "192.0.2.5/24", true, -ENODEV, 0, 0, { NULL } },
};

static void describe(const struct kd_plan_net *n, char *ret, size_t size)
{
	switch (n->kind) {
	case KD_PLAN_NIC:
		(void)snprintf(ret, size, "nic %s as %s mtu %u", n->mac, n->hwaddr,
			       n->mtu);
		break;
	case KD_PLAN_VLAN:
		(void)snprintf(ret, size, "vlan %u on %s mtu %u", n->vlan, n->lower,
			       n->mtu);
		break;
	default:
		(void)snprintf(ret, size, "bond %u %u %u on %s mtu %u", n->bond_mode,
			       n->bond_miimon, n->bond_lacp_rate, n->lower, n->mtu);
		break;
	}
}

static void check_row(struct test *t, const struct row *row)
{
	static struct kd_net_view view;
	struct kd_net_facts facts = { .n = 0 };
	struct kd_plan_way way = { .port = 0 };
	struct kd_net_address server;
	struct kd_net_route route = { .index = row->index };
	struct kd_error err = { 0 };
	char got[128];
	size_t n = 0;

	make_view(&view);
	add_own(&view, row->index, row->own, row->lasting);
	route.source = view.own[0].address;
	(void)kd_net_address_parse(strchr(row->own, ':') ? "2001:db8::1" : "192.0.2.1",
				   &server);
	CHECK_INT(t, kd_net_decide(&view, &route, &server, &facts, &way, &err), row->r);
	CHECK_INT(t, err.code, row->r);
	while (n < ARRAY_SIZE(row->nets) && row->nets[n])
		n++;
	CHECK_INT(t, facts.n, n);
	for (size_t i = 0; i < MIN(n, facts.n); i++) {
		describe(&facts.nets[i], got, sizeof(got));
		CHECK_STR(t, got, row->nets[i]);
	}
	if (row->r < 0)
		return;
	CHECK_STR(t, way.address, row->own);
	CHECK_STR(t, way.gateway, "");
	CHECK_INT(t, way.method, row->method);
	CHECK_INT(t, way.net, row->net);
}

static void machines(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(t, &rows[i]);
}

/* A second target over the same bond adds nothing, one beside it its own. */
static void shared(struct test *t)
{
	static struct kd_net_view view;
	struct kd_net_facts facts = { .n = 0 };
	struct kd_net_address server, gateway;
	struct kd_net_route route = { .index = 5 };
	struct kd_plan_way way;

	make_view(&view);
	add_own(&view, 5, "192.0.2.5/24", true);
	add_own(&view, 2, "198.51.100.5/24", true);
	(void)kd_net_address_parse("203.0.113.1", &server);
	(void)kd_net_address_parse("192.0.2.254", &gateway);
	route.gateway = gateway;
	route.source = view.own[0].address;
	CHECK_INT(t, kd_net_decide(&view, &route, &server, &facts, &way, NULL), 0);
	CHECK_INT(t, kd_net_decide(&view, &route, &server, &facts, &way, NULL), 0);
	CHECK_INT(t, facts.n, 3);
	CHECK_INT(t, way.net, 2);
	CHECK_STR(t, way.server, "203.0.113.1");
	CHECK_STR(t, way.gateway, "192.0.2.254");
	route = (struct kd_net_route) { .index = 2, .source = view.own[1].address };
	CHECK_INT(t, kd_net_decide(&view, &route, &server, &facts, &way, NULL), 0);
	CHECK_INT(t, facts.n, 4);
	CHECK_INT(t, way.net, 3);
	/* an address that is another interface's */
	route.source = view.own[0].address;
	CHECK_INT(t, kd_net_decide(&view, &route, &server, &facts, &way, NULL),
		  -EADDRNOTAVAIL);
	CHECK_INT(t, facts.n, 4);
}

static const struct test_case cases[] = {
	{ "machines", machines },
	{ "targets that share interfaces", shared },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
