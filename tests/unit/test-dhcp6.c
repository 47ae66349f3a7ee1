/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/net/dhcp6-message.c: questions byte by byte, answers good and bad.
 */
#include "capture-kernel/net/dhcp6-message.h"
#include "tests/unit/test.h"

#define CLIENT	"\0\1\0\x0a\0\3\0\1\x52\x54\0\x12\x34\x56"
#define SERVER	"\0\2\0\x06\0\2\1\2\3\4"
#define ADDRESS "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\5"
#define TIMES	"\0\0\0\x64\0\0\0\xc8"
#define IAADDR	"\0\5\0\x18" ADDRESS TIMES
#define IA	"\0\3\0\x28\0\x12\x34\x56\0\0\0\0\0\0\0\0" IAADDR
#define XID	"\x12\x34\x56"

static const uint8_t mac[] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

static struct kd_dhcp6_question question(enum kd_dhcp6_type type)
{
	struct kd_dhcp6_question q = { .type = type,
				       .number = 0x123456,
				       .iaid = kd_dhcp6_iaid_from_mac(mac) };

	kd_dhcp6_duid_from_mac(mac, &q.client);
	if (type == KD_DHCP6_REQUEST)
		q.server = (struct kd_dhcp6_duid) { 6, { 0, 2, 1, 2, 3, 4 } };
	return q;
}

static void asked(struct test *t)
{
	static const char solicit[] = "\1" XID CLIENT "\0\x08\0\2\0\0\0\x0e\0\0\0\3\0\x0c"
				      "\0\x12\x34\x56\0\0\0\0\0\0\0\0";
	static const char request[] =
		"\3" XID CLIENT SERVER
		"\0\x08\0\2\0\0\0\3\0\x28\0\x12\x34\x56\0\0\0\0\0\0\0\0"
		"\0\5\0\x18" ADDRESS "\0\0\0\0\0\0\0\0";
	struct kd_dhcp6_question q = question(KD_DHCP6_SOLICIT);
	uint8_t bytes[KD_DHCP6_SIZE];

	CHECK_INT(t, kd_dhcp6_encode(&q, bytes), sizeof(solicit) - 1);
	CHECK_INT(t, memcmp(bytes, solicit, sizeof(solicit) - 1), 0);
	q = question(KD_DHCP6_REQUEST);
	(void)kd_net_address_parse("2001:db8::5", &q.wanted);
	CHECK_INT(t, kd_dhcp6_encode(&q, bytes), sizeof(request) - 1);
	CHECK_INT(t, memcmp(bytes, request, sizeof(request) - 1), 0);
	/* the largest there can be */
	q.client.size = q.server.size = KD_DHCP6_DUID;
	CHECK(t, kd_dhcp6_encode(&q, bytes) < KD_DHCP6_SIZE);
}

#define ROW(text)    (text), sizeof(text) - 1
#define REFUSED	     "\0\x0d\0\3\0\2x"
#define EMPTY_IA(st) "\0\3\0\x13\0\x12\x34\x56\0\0\0\0\0\0\0\0" st
#define OTHER_IA     "\0\3\0\x28\0\0\0\1\0\0\0\0\0\0\0\0" IAADDR
#define LINK_LOCAL   "\0\5\0\x18\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\5" TIMES
#define MULTICAST    "\0\5\0\x18\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\5" TIMES
#define NONE	     "\0\5\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" TIMES
#define EXPIRED	     "\0\5\0\x18" ADDRESS "\0\0\0\0\0\0\0\0"
#define IA_OF(a)     "\0\3\0\x28\0\x12\x34\x56\0\0\0\0\0\0\0\0" a

static const struct answer {
	enum kd_dhcp6_type question;
	const char *bytes;
	size_t size;
	int r;
} answers[] = {
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER IA), 0 },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID IA OTHER_IA SERVER CLIENT), 0 },
	{ KD_DHCP6_SOLICIT, ROW("\7" XID CLIENT SERVER "\0\x0e\0\0" IA), 0 },
	{ KD_DHCP6_REQUEST, ROW("\7" XID CLIENT SERVER IA), 0 },
	{ KD_DHCP6_REQUEST, ROW("\7" XID CLIENT SERVER "\0\x0d\0\2\0\0" IA), 0 },
	/* a reply that commits to what nobody asked, an advertisement late */
	{ KD_DHCP6_SOLICIT, ROW("\7" XID CLIENT SERVER IA), -ENOMSG },
	{ KD_DHCP6_REQUEST, ROW("\2" XID CLIENT SERVER IA), -ENOMSG },
	/* another's */
	{ KD_DHCP6_SOLICIT, ROW("\2\x12\x34\x57" CLIENT SERVER IA), -ENOMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID "\0\1\0\2\0\3" SERVER IA), -ENOMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID SERVER IA), -ENOMSG },
	{ KD_DHCP6_REQUEST, ROW("\7" XID CLIENT "\0\2\0\4\0\2\1\2" IA), -ENOMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER OTHER_IA), -EBADMSG },
	/* none to give */
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER REFUSED), -EADDRNOTAVAIL },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER EMPTY_IA(REFUSED)),
	  -EADDRNOTAVAIL },
	/* what is no address of a machine */
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER IA_OF(LINK_LOCAL)), -EBADMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER IA_OF(MULTICAST)), -EBADMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER IA_OF(NONE)), -EBADMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER IA_OF(EXPIRED)), -EBADMSG },
	/* damaged */
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT IA), -EBADMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER IA "\0"), -EBADMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER IA "\0\7\0\1"), -EBADMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2" XID CLIENT SERVER "\0\3\0\4\0\0\0\0"), -EBADMSG },
	{ KD_DHCP6_SOLICIT,
	  ROW("\2" XID CLIENT SERVER
	      "\0\3\0\x10\0\x12\x34\x56\0\0\0\0\0\0\0\0\0\5\0\x18"),
	  -EBADMSG },
	{ KD_DHCP6_SOLICIT, ROW("\2\x12"), -EBADMSG },
};

static void answered(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		const struct answer *row = &answers[i];
		struct kd_dhcp6_question q = question(row->question);
		struct kd_dhcp6_answer a = { .type = 0 };
		char text[KD_NET_ADDRESS_TEXT];
		int r = kd_dhcp6_decode(&q, (const uint8_t *)row->bytes, row->size, &a);

		CHECK_INT(t, r, row->r);
		if (r != row->r)
			printf("# row %zu\n", i);
		if (r < 0)
			continue;
		kd_net_address_text(&a.address, text);
		CHECK_STR(t, text, "2001:db8::5");
		CHECK_INT(t, a.server.size, 6);
	}
}

static void duids(struct test *t)
{
	static const char *const bad[] = { "", "0003", "00030", "0003zz", "0003AB" };
	char longest[2 * KD_DHCP6_DUID + 3];
	struct kd_dhcp6_duid d, back;

	kd_dhcp6_duid_from_mac(mac, &d);
	CHECK_INT(t, kd_dhcp6_duid_parse("00030001525400123456", &back), 0);
	CHECK(t, back.size == d.size && memcmp(back.bytes, d.bytes, d.size) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CHECK_INT(t, kd_dhcp6_duid_parse(bad[i], &back), -EINVAL);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CHECK_INT(t, kd_dhcp6_duid_parse(longest, &back), -EINVAL);
	longest[2 * KD_DHCP6_DUID] = '\0';
	CHECK_INT(t, kd_dhcp6_duid_parse(longest, &back), 0);
	CHECK_INT(t, back.size, KD_DHCP6_DUID);
	CHECK_INT(t, back.bytes[KD_DHCP6_DUID - 1], 0xaa);
}

static const struct test_case cases[] = {
	{ "questions", asked },
	{ "answers, good and bad", answered },
	{ "DUIDs as text", duids },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
