/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as what comes from a network: the answer of a DHCP server, old and new, to our
 * question, an SFTP server's packets, rtnetlink's messages; and as a known_hosts file, and
 * those that DHCPv6 clients keep.
 */
#include <string.h>

#include "capture-kernel/net/dhcp-message.h"
#include "capture-kernel/net/dhcp6-message.h"
#include "capture-kernel/sftp/packet.h"
#include "kdumpd/host/known-hosts.h"
#include "kdumpd/host/lease6.h"
#include "tests/fuzz/fuzz.h"

static void try_dhcp(const uint8_t *data, size_t size)
{
	struct kd_dhcp_question q = { .type = KD_DHCP_DISCOVER };
	struct kd_dhcp_answer a;

	/* it answers us, or the fuzzer would have to guess */
	if (size >= 34) {
		q.number = (uint32_t)data[4] << 24 | (uint32_t)data[5] << 16 |
			   (uint32_t)data[6] << 8 | data[7];
		memcpy(q.mac, data + 28, sizeof(q.mac));
	}
	for (int i = 0; i < 2; i++) {
		if (kd_dhcp_decode(&q, data, size, &a) >= 0 && a.type != KD_DHCP_NAK &&
		    (a.length == 0 || a.length > 32))
			abort();
		q.type = KD_DHCP_REQUEST;
	}
}

/* Its client ID is 00030001525400123456, its IAID 00123456. */
static void try_dhcp6(const uint8_t *data, size_t size)
{
	static const uint8_t mac[] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
	struct kd_dhcp6_question q = { .type = KD_DHCP6_SOLICIT,
				       .iaid = kd_dhcp6_iaid_from_mac(mac) };
	struct kd_dhcp6_answer a;

	kd_dhcp6_duid_from_mac(mac, &q.client);
	if (size >= 4)
		q.number = (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
	for (int i = 0; i < 2; i++) {
		if (kd_dhcp6_decode(&q, data, size, &a) >= 0 &&
		    (a.address.family != AF_INET6 || a.server.size > KD_DHCP6_DUID))
			abort();
		q.type = KD_DHCP6_REQUEST;
		q.server = (struct kd_dhcp6_duid) { 6, { 0, 2, 1, 2, 3, 4 } };
	}
}

static void try_leases(const uint8_t *data, size_t size)
{
	struct kd_net_address address;
	struct kd_dhcp6_duid duid;
	struct kd_lease6 lease;

	(void)kd_net_address_parse("fd09::110", &address);
	if (kd_lease6_from_networkd((const char *)data, size, &lease) >= 0 &&
	    kd_dhcp6_duid_parse(lease.duid, &duid) < 0)
		abort();
	if (kd_lease6_from_dhclient((const char *)data, size, &address, &lease) >= 0 &&
	    kd_dhcp6_duid_parse(lease.duid, &duid) < 0)
		abort();
}

static void try_sftp(const uint8_t *data, size_t size)
{
	struct kd_sftp_extensions extensions;
	struct kd_sftp_answer a, copy;
	char name[16];
	uint64_t number;
	size_t n;

	(void)kd_sftp_read_version(data, size, &extensions);
	if (kd_sftp_read_answer(data, size, &a) < 0)
		return;
	copy = a;
	if (kd_sftp_read_status(&copy) > 0)
		abort();
	copy = a;
	(void)kd_sftp_read_size(&copy, &number);
	copy = a;
	(void)kd_sftp_read_space(&copy, &number);
	copy = a;
	(void)kd_sftp_get_string(&copy.rest, &n);
	copy = a;
	while (kd_sftp_read_name(&copy.rest, name, sizeof(name)) >= 0)
		if (strlen(name) >= sizeof(name))
			abort();
	if (n > size)
		abort();
}

static void try_netlink(const uint8_t *data, size_t size)
{
	const struct kd_netlink_piece message = { .data = data, .size = size };
	struct kd_net_route route;
	struct kd_net_link link;
	struct kd_net_own own;

	if (kd_net_link_read(&message, &link) >= 0 &&
	    strnlen(link.name, sizeof(link.name)) == sizeof(link.name))
		abort();
	(void)kd_net_own_read(&message, &own);
	(void)kd_net_route_read(&message, &route);
}

static void try_known_hosts(const uint8_t *data, size_t size)
{
	struct kd_strbuf out;
	unsigned int n;

	kd_strbuf_init(&out, 4096);
	(void)kd_known_hosts_find((const char *)data, size, "backup", &out, &n);
	kd_strbuf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_dhcp(data, size);
	try_dhcp6(data, size);
	try_leases(data, size);
	try_sftp(data, size);
	try_netlink(data, size);
	try_known_hosts(data, size);
	return 0;
}
