/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kdumpd.service is given: by the targets that are configured and by what can make
 * volumes on the machine.
 */
#include "kdumpd/host/service-needs.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define NETWORK 1u
#define NAMES	2u
#define HOME	4u
#define VOLUMES 8u

static unsigned int bits(const struct kd_service_needs *n)
{
	return (n->network ? NETWORK : 0) | (n->names ? NAMES : 0) |
	       (n->home ? HOME : 0) | (n->volumes ? VOLUMES : 0);
}

static void needs_of(struct test *t)
{
	static const struct {
		const char *config, *file, *text;
		unsigned int needs;
	} rows[] = {
		{ NULL, NULL, NULL, 0 },
		{ "path /var/crash\n", NULL, NULL, 0 },
		{ "ext4 UUID=12\n", NULL, NULL, 0 },
		{ "nfs server:/export\n", NULL, NULL, NETWORK | NAMES },
		{ "nfs 10.0.2.2:/export\n", NULL, NULL, NETWORK },
		{ "nfs [fd00::1]:/export\n", NULL, NULL, NETWORK },
		{ "ext4 UUID=12\nssh root@server\n", NULL, NULL, NETWORK | NAMES | HOME },
		{ "ssh root@10.0.2.2\n", NULL, NULL, NETWORK | HOME },
		{ "sftp root@10.0.2.2\n", "etc/crypttab", "x UUID=1\n",
		  NETWORK | HOME | VOLUMES },
		{ "ext4 UUID=12\nfence_kdump_nodes 10.0.0.7 10.0.0.8\n", NULL, NULL,
		  NETWORK },
		{ "ext4 UUID=12\nfence_kdump_nodes 10.0.0.7 node8\n", NULL, NULL,
		  NETWORK | NAMES },
		{ "virtiofs tag\n", "etc/lvm/backup/vg", "", VOLUMES },
		{ NULL, "etc/multipath/bindings", "", VOLUMES },
		{ NULL, "sys/block/dm-0/size", "", VOLUMES },
		{ NULL, "sys/block/sda/size", "", 0 },
		{ NULL, "etc/crypttab", "# <target> <source>\n  \n\t# x\n", 0 },
		{ NULL, "etc/lvm/lvm.conf", "", 0 },
		{ NULL, "usr/sbin/lvm", "", 0 },
		{ "nfs server:/export\nnonsense\n", NULL, NULL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		struct kd_service_needs needs;

		if (rows[i].config)
			fake_text(&root, "etc/kdump.conf", rows[i].config);
		if (rows[i].file)
			fake_text(&root, rows[i].file, rows[i].text);
		kd_service_needs_find(root.fd, &needs);
		CHECK_INT(t, bits(&needs), rows[i].needs);
	}
}

static void texts(struct test *t)
{
	static const struct {
		unsigned int need;
		const char *line;
	} lines[] = {
		{ NETWORK, "\nAfter=network-online.target" },
		{ NAMES, "\nRestrictAddressFamilies=AF_INET AF_INET6\n" },
		{ HOME, "\nProtectHome=read-only\n" },
		{ VOLUMES, "\nCapabilityBoundingSet=CAP_SYS_ADMIN\n" },
	};

	for (unsigned int i = 0; i < 16; i++) {
		const struct kd_service_needs needs = { .network = i & NETWORK,
							.names = i & NAMES,
							.home = i & HOME,
							.volumes = i & VOLUMES };
		_cleanup_(kd_strbuf_done) struct kd_strbuf b;
		const char *text;

		if ((i & (NAMES | HOME)) && !(i & NETWORK))
			continue;
		kd_strbuf_init(&b, 4096);
		kd_service_needs_write(&needs, &b);
		text = kd_strbuf_text(&b);
		for (size_t n = 0; n < ARRAY_SIZE(lines); n++)
			CHECK_INT(t, strstr(text, lines[n].line) != NULL,
				  (i & lines[n].need) != 0);
		CHECK(t, (text[0] == '\0') == (i == 0));
	}
}

static const struct test_case cases[] = {
	{ "what targets and programs ask for", needs_of },
	{ "the drop-in", texts },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
