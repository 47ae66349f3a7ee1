/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kdumpd.service is given: by the targets that are configured and by what can make
 * volumes on the machine.
 */
#include "kdumpd/host/service-needs.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void needs_of(struct test *t)
{
	static const struct {
		const char *config, *file;
		bool network, volumes;
	} rows[] = {
		{ NULL, NULL, false, false },
		{ "path /var/crash\n", NULL, false, false },
		{ "ext4 UUID=12\n", NULL, false, false },
		{ "nfs server:/export\n", NULL, true, false },
		{ "ext4 UUID=12\nssh root@server\n", NULL, true, false },
		{ "sftp root@server\n", "usr/sbin/cryptsetup", true, true },
		{ "virtiofs tag\n", "sbin/lvm", false, true },
		{ NULL, "sys/class/misc/device-mapper", false, true },
		{ NULL, "usr/sbin/dmsetup", false, false },
		{ "nfs server:/export\nnonsense\n", NULL, false, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		struct kd_service_needs needs;

		if (rows[i].config)
			fake_text(&root, "etc/kdump.conf", rows[i].config);
		if (rows[i].file)
			fake_text(&root, rows[i].file, "");
		kd_service_needs_find(root.fd, &needs);
		CHECK(t, needs.network == rows[i].network);
		CHECK(t, needs.volumes == rows[i].volumes);
	}
}

static void texts(struct test *t)
{
	for (int i = 0; i < 4; i++) {
		const struct kd_service_needs needs = { .network = i & 1,
							.volumes = i & 2 };
		_cleanup_(kd_strbuf_done) struct kd_strbuf b;
		const char *text;

		kd_strbuf_init(&b, 4096);
		kd_service_needs_write(&needs, &b);
		text = kd_strbuf_text(&b);
		CHECK(t, (strstr(text, "\nAfter=network-online.target") != NULL) ==
				 needs.network);
		CHECK(t, (strstr(text, "AF_INET6") != NULL) == needs.network);
		CHECK(t, (strstr(text, "CAP_SYS_ADMIN") != NULL) == needs.volumes);
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
