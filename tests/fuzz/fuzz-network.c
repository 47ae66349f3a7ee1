/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as what comes from a network: a DHCP server's answer to our question, an SFTP
 * server's packets, rtnetlink's messages; and as a known_hosts file.
 */
#include <string.h>

#include "capture-kernel/net/dhcp-message.h"
#include "capture-kernel/sftp/packet.h"
#include "kdumpd/host/known-hosts.h"
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

static void try_sftp(const uint8_t *data, size_t size)
{
	struct kd_sftp_extensions extensions;
	struct kd_sftp_answer a, copy;
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
	try_sftp(data, size);
	try_netlink(data, size);
	try_known_hosts(data, size);
	return 0;
}
