/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/host/lease6.c: what DHCPv6 clients write down, as they write it.
 */
#include "kdumpd/host/lease6.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define ADDRESS "fd09::110"

static void networkd(struct test *t)
{
	static const struct {
		const char *text, *duid;
		uint32_t iaid;
	} rows[] = {
		{ "ADMIN_STATE=configured\nDHCP6_CLIENT_IAID=0xb6220feb\n"
		  "DHCP6_CLIENT_DUID=DUID-EN/Vendor:0000ab11d258482fc7eee4cc\n",
		  "00020000ab11d258482fc7eee4cc", 0xb6220feb },
		/* as versions before 254 print it */
		{ "DHCP6_CLIENT_IAID=0x1\n"
		  "DHCP6_CLIENT_DUID=DUID-EN/Vendor:0000ab11d258482fc7eee4cc0000\n",
		  "00020000ab11d258482fc7eee4cc", 1 },
		{ "DHCP6_CLIENT_IAID=0x1\nDHCP6_CLIENT_DUID=DUID-LL:0001525400123456\n",
		  "00030001525400123456", 1 },
		{ "DHCP6_CLIENT_IAID=0x1\n"
		  "DHCP6_CLIENT_DUID=UUID:00112233445566778899aabbccddeeff\n",
		  "000400112233445566778899aabbccddeeff", 1 },
		{ "DHCP6_CLIENT_DUID=DUID-LL:0001525400123456\n", NULL, 0 },
		{ "DHCP6_CLIENT_IAID=0x1\n", NULL, 0 },
		{ "DHCP6_CLIENT_IAID=0x100000000\n"
		  "DHCP6_CLIENT_DUID=DUID-LL:0001525400123456\n",
		  NULL, 0 },
		{ "DHCP6_CLIENT_IAID=1\nDHCP6_CLIENT_DUID=DUID-LL:00015\n", NULL, 0 },
		{ "DHCP6_CLIENT_IAID=1\nDHCP6_CLIENT_DUID=DUID-LL:xx\n", NULL, 0 },
		{ "DHCP6_CLIENT_IAID=1\nDHCP6_CLIENT_DUID=DUID-LL\n", NULL, 0 },
		{ "DHCP6_CLIENT_IAID=1\nDHCP6_CLIENT_DUID=DUID-XX:0001\n", NULL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_lease6 lease = { .iaid = 7 };
		int r = kd_lease6_from_networkd(rows[i].text, strlen(rows[i].text),
						&lease);

		CHECK_INT(t, r, rows[i].duid ? 0 : -ENODATA);
		CHECK_STR(t, lease.duid, rows[i].duid ? rows[i].duid : "");
		CHECK_INT(t, lease.iaid, rows[i].duid ? rows[i].iaid : 7);
	}
}

#define DEFAULT "default-duid \"\\000\\001\\000\\001-\\223\\\"\\\\RT\\000\\0224V\";\n"
#define LEASE                                                                             \
	"lease6 {\n  interface \"eth0\";\n  ia-na 0:12:34:56 {\n    starts 1700000000;\n" \
	"    iaaddr " ADDRESS " {\n      max-life 120;\n    }\n  }\n"

static void dhclient(struct test *t)
{
	static const struct {
		const char *text, *duid;
		uint32_t iaid;
	} rows[] = {
		{ DEFAULT LEASE "}\n", "000100012d93225c525400123456", 0x123456 },
		{ DEFAULT LEASE "  option dhcp6.client-id 0:3:0:1:52:54:0:12:34:56;\n}\n",
		  "00030001525400123456", 0x123456 },
		/* another interface's lease, and an older one of ours */
		{ DEFAULT "lease6 {\n  ia-na 1:1:1:1 {\n    iaaddr fd09::9 {\n" LEASE,
		  "000100012d93225c525400123456", 0x123456 },
		{ DEFAULT "lease6 {\n  ia-na 1:1:1:1 {\n    iaaddr " ADDRESS " {\n" LEASE,
		  "000100012d93225c525400123456", 0x123456 },
		{ DEFAULT "  ia-na \"abcd\" {\n iaaddr " ADDRESS " {\n",
		  "000100012d93225c525400123456", 0x61626364 },
		{ LEASE, NULL, 0 },
		{ DEFAULT "  ia-na 1:1 {\n iaaddr " ADDRESS " {\n", NULL, 0 },
		{ DEFAULT "  iaaddr " ADDRESS " {\n", NULL, 0 },
		{ "default-duid \"\\000\\001ab\n" LEASE, NULL, 0 },
		{ "default-duid \"\\000\\001\\777b\";\n" LEASE, NULL, 0 },
		{ "default-duid \"abc\\", NULL, 0 },
		{ "default-duid 0:1:123:4;\n" LEASE, NULL, 0 },
		{ "", NULL, 0 },
	};
	struct kd_net_address address;

	(void)kd_net_address_parse(ADDRESS, &address);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_lease6 lease = { .iaid = 7 };
		int r = kd_lease6_from_dhclient(rows[i].text, strlen(rows[i].text),
						&address, &lease);

		CHECK_INT(t, r, rows[i].duid ? 0 : -ENODATA);
		CHECK_STR(t, lease.duid, rows[i].duid ? rows[i].duid : "");
		CHECK_INT(t, lease.iaid, rows[i].duid ? rows[i].iaid : 7);
	}
}

static void found(struct test *t)
{
	static const struct {
		const char *path, *text;
		int r;
	} rows[] = {
		{ "run/systemd/netif/links/2",
		  "DHCP6_CLIENT_IAID=0x1\nDHCP6_CLIENT_DUID=DUID-LL:0001525400123456\n",
		  0 },
		{ "run/systemd/netif/links/3",
		  "DHCP6_CLIENT_IAID=0x1\nDHCP6_CLIENT_DUID=DUID-LL:0001525400123456\n",
		  -ENODATA },
		{ "var/lib/dhcp/dhclient6.eth0.leases", DEFAULT LEASE, 0 },
		{ "var/lib/dhclient/dhclient6--eth0.lease", DEFAULT LEASE, 0 },
		{ "var/lib/NetworkManager/dhclient6-1234-eth0.lease", DEFAULT LEASE, 0 },
		{ "var/lib/dhcp/dhclient.eth0.leases", DEFAULT LEASE, -ENODATA },
	};
	struct kd_net_address address;

	(void)kd_net_address_parse(ADDRESS, &address);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		struct kd_lease6 lease;

		CHECK_INT(t, kd_lease6_find(root.fd, 2, &address, &lease), -ENODATA);
		fake_text(&root, rows[i].path, rows[i].text);
		CHECK_INT(t, kd_lease6_find(root.fd, 2, &address, &lease), rows[i].r);
	}
}

static const struct test_case cases[] = {
	{ "systemd-networkd", networkd },
	{ "dhclient", dhclient },
	{ "where they are", found },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
