/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/net/, base/netlink.c and net-facts.c: DHCP's messages, stacks of
 * interfaces, and rtnetlink itself in a network name space of the test's own.
 */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "capture-kernel/net/dhcp-message.h"
#include "capture-kernel/net/links.h"
#include "capture-kernel/net/network.h"
#include "tests/unit/in-child.h"
#include "tests/unit/test.h"

static const struct kd_dhcp_question question = {
	.type = KD_DHCP_REQUEST,
	.number = 0x12345678,
	.mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
};

static void asked(struct test *t)
{
	struct kd_dhcp_question q = question;
	uint8_t bytes[KD_DHCP_SIZE];
	size_t n;

	(void)kd_net_address_parse("192.0.2.5", &q.wanted);
	(void)kd_net_address_parse("192.0.2.1", &q.server);
	n = kd_dhcp_encode(&q, bytes);
	CHECK_INT(t, n, 300);
	CHECK_INT(t, memcmp(bytes, "\1\1\6\0\x12\x34\x56\x78", 8), 0);
	CHECK_INT(t, bytes[10], 0x80);
	CHECK_INT(t, memcmp(bytes + 28, q.mac, 6), 0);
	CHECK_INT(t,
		  memcmp(bytes + 236,
			 "\x63\x82\x53\x63\x35\x01\x03\x32\x04\xc0\x00\x02\x05"
			 "\x36\x04\xc0\x00\x02\x01\x37\x02\x01\x03\xff",
			 24),
		  0);
}

/* What a server sends back: the question's own bytes turned round, then @options. */
static size_t answer(uint8_t *bytes, const char *address, const void *options,
		     size_t size)
{
	struct kd_net_address a = { .family = 0 };

	memset(bytes, 0, KD_DHCP_SIZE);
	memcpy(bytes, "\2\1\6\0\x12\x34\x56\x78", 8);
	(void)kd_net_address_parse(address, &a);
	memcpy(bytes + 16, a.bytes, 4);
	memcpy(bytes + 28, question.mac, 6);
	memcpy(bytes + 236, "\x63\x82\x53\x63", 4);
	memcpy(bytes + 240, options, size);
	return 240 + size;
}

#define SERVER "\x36\x04\xc0\x00\x02\x01"

static void answered(struct test *t)
{
	static const struct {
		const char *address, *options;
		size_t size;
		int r;
		unsigned int length;
		const char *gateway;
	} table[] = {
		{ "192.0.2.5",
		  "\x35\1\5" SERVER "\1\4\xff\xff\xf0\0\3\10\xc0\0\2\xfe\xc0\0\2\xfd\xff",
		  26, 0, 20, "192.0.2.254" },
		{ "192.0.2.5", "\0\0\x35\1\5" SERVER, 11, 0, 24, "" },
		/* a mask with a hole is none */
		{ "192.0.2.5", "\x35\1\5" SERVER "\1\4\xff\0\xff\0", 15, 0, 24, "" },
		{ "192.0.2.5", "\x35\1\2" SERVER, 9, -ENOMSG, 0, "" }, /* an offer */
		{ "192.0.2.5", "\x35\1\6" SERVER, 9, 0, 0, "" },       /* refused */
		{ "192.0.2.5", "\x35\1\5", 3, -EBADMSG, 0, "" },
		{ "0.0.0.0", "\x35\1\5" SERVER, 9, -EBADMSG, 0, "" },
		{ "224.0.0.1", "\x35\1\5" SERVER, 9, -EBADMSG, 0, "" },
		{ "192.0.2.5", "\x35\1\5" SERVER "\3\xff\1", 12, -EBADMSG, 0, "" },
		{ "192.0.2.5", "\x35\1\5" SERVER "\3", 10, -EBADMSG, 0, "" },
	};
	uint8_t bytes[KD_DHCP_SIZE];
	char text[KD_NET_ADDRESS_TEXT];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		size_t n = answer(bytes, table[i].address, table[i].options,
				  table[i].size);
		struct kd_dhcp_answer a = { .length = 0 };

		CHECK_INT(t, kd_dhcp_decode(&question, bytes, n, &a), table[i].r);
		CHECK_INT(t, a.length, table[i].length);
		kd_net_address_text(&a.gateway, text);
		CHECK_STR(t, text, table[i].gateway);
		/* another's, and one cut short */
		bytes[7] ^= 1;
		CHECK_INT(t, kd_dhcp_decode(&question, bytes, n, &a), -ENOMSG);
		CHECK_INT(t, kd_dhcp_decode(&question, bytes, 239, &a), -EBADMSG);
	}
}

static void addresses(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		unsigned int length;
	} table[] = {
		{ "192.0.2.1/24", 0, 24 },
		{ "2001:db8::1/64", 0, 64 },
		{ "::/0", 0, 0 },
		{ "192.0.2.1/33", -EINVAL, 0 },
		{ "2001:db8::1/129", -EINVAL, 0 },
		{ "192.0.2.1", -EINVAL, 0 },
		{ "host/24", -EINVAL, 0 },
		{ "/24", -EINVAL, 0 },
		{ "192.0.2.1/", -EINVAL, 0 },
	};
	struct kd_net_address a, b;
	uint8_t mac[KD_NET_MAC];
	char text[KD_NET_MAC_TEXT];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		unsigned int length = 0;

		CHECK_INT(t, kd_net_prefix_parse(table[i].text, &a, &length), table[i].r);
		CHECK_INT(t, length, table[i].length);
	}
	CHECK_INT(t, kd_net_address_parse("10.1.2.3", &a), 0);
	CHECK_INT(t, kd_net_address_parse("10.1.130.3", &b), 0);
	CHECK(t, kd_net_address_within(&a, &b, 16));
	CHECK(t, !kd_net_address_within(&a, &b, 17));
	CHECK(t, !kd_net_address_within(&a, &b, 33));
	CHECK_INT(t, kd_net_mac_parse("52:54:00:Ab:cD:ef", mac), 0);
	kd_net_mac_text(mac, text);
	CHECK_STR(t, text, "52:54:00:ab:cd:ef");
	CHECK_INT(t, kd_net_mac_parse("52:54:00:ab:cd", mac), -EINVAL);
	CHECK_INT(t, kd_net_mac_parse("52:54:00:ab:cd:eg", mac), -EINVAL);
	CHECK_INT(t, kd_net_mac_parse("52-54-00-ab-cd-ef", mac), -EINVAL);
}

static void needed(struct test *t)
{
	static struct kd_plan plan = {
		.n_nets = 7,
		.nets = { { .kind = KD_PLAN_NIC },
			  { .kind = KD_PLAN_NIC },
			  { .kind = KD_PLAN_BOND, .lower = "0,1" },
			  { .kind = KD_PLAN_VLAN, .lower = "2" },
			  { .kind = KD_PLAN_VLAN, .lower = "4" },
			  { .kind = KD_PLAN_BOND },
			  { .kind = KD_PLAN_VLAN, .lower = "x" } },
	};
	static const struct {
		unsigned int net;
		int r;
		uint32_t want;
	} table[] = {
		{ 0, 0, 1 },	   { 1, 0, 2 },	      { 2, 0, 7 },
		{ 3, 0, 15 },	   { 4, -EINVAL, 0 }, { 5, -EINVAL, 0 },
		{ 6, -EINVAL, 0 }, { 7, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint32_t got = 0;

		CHECK_INT(t, kd_links_needed(&plan, table[i].net, &got), table[i].r);
		CHECK_INT(t, got, table[i].want);
	}
}

static void nics(struct test *t)
{
	static const struct kd_wire_links list = {
		.n = 5,
		.links = { { .index = 1, .flags = IFF_LOOPBACK },
			   { .index = 2, .kind = "vlan", .mac = { 2, 0, 0, 0, 0, 1 } },
			   { .index = 3, .master = 9, .mac = { 2, 0, 0, 0, 0, 1 } },
			   { .index = 4, .mac = { 2, 0, 0, 0, 0, 1 } },
			   { .index = 5,
			     .mac = { 2, 0, 0, 0, 0, 9 },
			     .permanent = { 2, 0, 0, 0, 0, 3 } } },
	};
	const struct kd_net_link *l;

	l = kd_links_find_nic(&list, (const uint8_t[]) { 2, 0, 0, 0, 0, 1 });
	CHECK(t, l && l->index == 4);
	l = kd_links_find_nic(&list, (const uint8_t[]) { 2, 0, 0, 0, 0, 3 });
	CHECK(t, l && l->index == 5);
	CHECK(t, !kd_links_find_nic(&list, (const uint8_t[]) { 2, 0, 0, 0, 0, 7 }));
}

static void too_long(struct test *t)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct kd_netlink_request q = { .length = 0 };
	char data[600] = "";

	kd_netlink_begin(&q, RTM_NEWLINK, 0, &head, sizeof(head));
	for (int i = 0; i < 4; i++)
		kd_netlink_put(&q, IFLA_IFNAME, data, sizeof(data));
	CHECK_INT(t, q.status, -EMSGSIZE);
	CHECK_INT(t, kd_netlink_talk(-1, &q, NULL, NULL), -EMSGSIZE);
}

static void damaged_attributes(struct test *t)
{
	static const struct {
		const char *bytes;
		size_t size;
		unsigned int want;
	} table[] = {
		{ "\x08\0\1\0abcd\x05\0\2\0x", 13, 2 },
		{ "\x08\0\1\0abcd\x09\0\2\0x", 13, 1 },
		{ "\x03\0\1\0", 4, 0 },
		{ "\x04\0\1", 3, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const void *data = table[i].bytes;
		size_t size = table[i].size;
		struct kd_netlink_piece p;
		unsigned int n = 0;

		while (kd_netlink_next(&data, &size, &p))
			n++;
		CHECK_INT(t, n, table[i].want);
	}
}

/* The loopback interface takes addresses and routes as any other does. */
static void in_own_network(struct test *t)
{
	static struct kd_wire_links list;
	struct kd_net_address own, server, gateway;
	struct kd_error err = { 0 };
	struct kd_net_route route;
	struct kd_net_own found;
	int fd = kd_netlink_open(1000, &err);

	(void)kd_net_address_parse("192.0.2.5", &own);
	(void)kd_net_address_parse("198.51.100.1", &server);
	(void)kd_net_address_parse("192.0.2.254", &gateway);
	CHECK_INT(t, kd_wire_list(fd, &list, &err), 0);
	CHECK_INT(t, list.n, 1);
	CHECK_STR(t, list.links[0].name, "lo");
	CHECK_INT(t, list.links[0].flags & IFF_UP, 0);
	CHECK_INT(t, kd_wire_set_up(fd, 1, true, &err), 0);
	CHECK_INT(t, kd_wire_configure(fd, 1, 9000, NULL, &err), 0);
	CHECK_INT(t, kd_wire_list(fd, &list, &err), 0);
	CHECK(t, list.links[0].flags & IFF_UP);
	CHECK_INT(t, list.links[0].mtu, 9000);
	CHECK_INT(t, kd_wire_add_address(fd, 1, &own, 24, &err), 0);
	CHECK_INT(t, kd_wire_add_address(fd, 1, &own, 24, &err), 0);
	CHECK_INT(t, kd_wire_find_address(fd, 1, AF_INET, &found), 0);
	CHECK(t, kd_net_address_equal(&found.address, &own));
	CHECK(t, found.lasting && found.usable && found.length == 24);
	CHECK_INT(t, kd_wire_find_route(fd, &server, &route, &err), -ENETUNREACH);
	CHECK_STR(t, err.message, "the way to 198.51.100.1: Network is unreachable");
	CHECK_INT(t, kd_wire_set_up(fd, 77, true, NULL), -ENODEV);
	(void)kd_close(fd);
}

static void rtnetlink(struct test *t)
{
	test_in_child(t, CLONE_NEWNET, in_own_network);
}

static const struct test_case cases[] = {
	{ "a question by DHCP", asked },
	{ "answers, good and bad", answered },
	{ "addresses as text", addresses },
	{ "which interfaces are needed", needed },
	{ "which NIC it is", nics },
	{ "requests have an end", too_long },
	{ "attributes that make no sense", damaged_attributes },
	{ "rtnetlink", rtnetlink },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
