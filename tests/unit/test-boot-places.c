/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boot loader parameters: one parameter asked for and set in lines and in every kind of
 * file. Rows of kdump-utils' tables (kdumpctl_general_spec.sh) are among them.
 */
#include "kdumpd/boot/boot-line.h"
#include "kdumpd/boot/boot-places.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define GRUBENV_SIZE 1024
#define SECURE_BOOT \
	"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static void test_get(struct test *t)
{
	static const char line[] =
		"crashkernel=11M nvidia-drm.modeset=1 crashkernel=100M "
		"ro rhgb quiet crcrashkernel=200M "
		"crashkernel=32T-64T:128G,64T-102400T:180G fadump=on";
	static const struct {
		const char *name, *want;
		bool found;
	} rows[] = {
		{ "fadump", "on", true },
		{ "nvidia-drm.modeset", "1", true },
		{ "crashkernel", "32T-64T:128G,64T-102400T:180G", true },
		{ "aaaa", "", false },
		{ "ro", "", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(kd_strbuf_done) struct kd_strbuf b;

		kd_strbuf_init(&b, 256);
		CHECK(t, kd_boot_line_get(line, rows[i].name, &b) == rows[i].found);
		CHECK_STR(t, kd_strbuf_text(&b), rows[i].want);
	}
}

static void test_values(struct test *t)
{
	static const struct {
		const char *line, *values[4];
	} rows[] = {
		{ "a b", { NULL } },
		{ "", { NULL } },
		{ "crcrashkernel=1 crashkernel=1G,high x crashkernel=64M,low",
		  { "1G,high", "64M,low" } },
		{ "crashkernel", { "" } },
		{ "crashkernel=1M crashkernel=1M", { "1M" } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(kd_strlist_done) struct kd_strlist got = { 0 };
		size_t n = 0;

		CHECK_INT(t, kd_boot_line_values(rows[i].line, "crashkernel", &got), 0);
		for (; rows[i].values[n]; n++)
			CHECK(t, kd_strlist_has(&got, rows[i].values[n]));
		CHECK_INT(t, got.n, n);
	}
}

static void test_set(struct test *t)
{
	static const struct {
		const char *line, *values[3], *want;
	} rows[] = {
		{ "a b", { "1M" }, "a b crashkernel=1M" },
		{ "", { "1M" }, "crashkernel=1M" },
		{ "a crashkernel=2M b", { "1M" }, "a crashkernel=1M b" },
		{ "a crashkernel=2M b crashkernel=64M,low",
		  { "1G,high", "64M,low" },
		  "a crashkernel=1G,high crashkernel=64M,low b" },
		{ "crcrashkernel=1 crashkernel",
		  { "1M" },
		  "crcrashkernel=1 crashkernel=1M" },
		{ "a crashkernel=2M b", { NULL }, "a b" },
		{ "a=\"x  y\" $tuned_params",
		  { "1M" },
		  "a=\"x  y\" $tuned_params crashkernel=1M" },
		{ "a -- b", { "1M" }, "a crashkernel=1M -- b" },
		{ "a crashkernel=2M -- b", { "1M" }, "a crashkernel=1M -- b" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(kd_strbuf_done) struct kd_strbuf b;

		kd_strbuf_init(&b, 256);
		kd_boot_line_set(rows[i].line, "crashkernel", rows[i].values, &b);
		CHECK_STR(t, kd_strbuf_text(&b), rows[i].want);
	}
}

#define ENTRY(release, options)                                                 \
	"title Linux " release "\nversion " release "\nlinux /vmlinuz-" release \
	"\n" options "grub_class fedora\n"

static void fill(const struct fake_root *root)
{
	char block[GRUBENV_SIZE];

	fake_text(root, "boot/loader/entries/m-6.9.0.conf",
		  ENTRY("6.9.0", "options root=/dev/sda1 crashkernel=64M ro\n"));
	fake_text(root, "boot/loader/entries/m-6.12.1.conf",
		  ENTRY("6.12.1", "options $kernelopts $tuned_params\n"));
	fake_text(root, "boot/loader/entries/m-rescue.conf",
		  "title Firmware\nefi /shell.efi\n");
	fake_text(root, "boot/loader/entries/.#m-6.9.0.conf.tmp", "options x\n");
	fake_text(root, "boot/loader/entries/m-6.9.0.conf.old", "options x\n");
	memset(block, '#', sizeof(block));
	(void)snprintf(block, sizeof(block), "%s",
		       "# GRUB Environment Block\nkernelopts=root=/dev/sda1 ro\nx=1\n");
	block[strlen(block)] = '#';
	fake_file(root, "boot/grub2/grubenv", block, sizeof(block));
	fake_text(root, "etc/default/grub.d/other.cfg", "");
	fake_text(root, "etc/kernel/cmdline", "root=/dev/sda1 quiet\n");
}

static void test_find(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };

	fill(&root);
	CHECK_INT(t, kd_boot_places_find(root.fd, &places, NULL), 0);
	CHECK_INT(t, places.n, 5);
	if (places.n != 5)
		return;
	CHECK_STR(t, places.items[0].kernel, "/vmlinuz-6.12.1");
	CHECK(t, places.items[0].indirect);
	CHECK_STR(t, places.items[1].kernel, "/vmlinuz-6.9.0");
	CHECK_INT(t, places.items[1].index, 1);
	CHECK_STR(t, places.items[1].line, "root=/dev/sda1 crashkernel=64M ro");
	CHECK_INT(t, places.items[2].kind, KD_BOOT_GRUBENV);
	CHECK_STR(t, places.items[2].line, "root=/dev/sda1 ro");
	CHECK_INT(t, places.items[3].kind, KD_BOOT_GRUB_D);
	CHECK(t, places.items[3].absent);
	CHECK_INT(t, places.items[4].kind, KD_BOOT_CMDLINE);
}

static void test_edit(struct test *t)
{
	static const char *const values[] = { "256M", NULL };
	static const char grub_d[] =
		"GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT "
		"crashkernel=256M\"\n";
	static const char *const wants[] = {
		"options $kernelopts $tuned_params crashkernel=256M\n",
		"options root=/dev/sda1 crashkernel=256M ro\n",
		"kernelopts=root=/dev/sda1 ro crashkernel=256M\nx=1\n####",
		grub_d,
		"root=/dev/sda1 quiet crashkernel=256M\n",
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };

	fill(&root);
	CHECK_INT(t, kd_boot_places_find(root.fd, &places, NULL), 0);
	for (size_t i = 0; i < MIN(places.n, ARRAY_SIZE(wants)); i++) {
		_cleanup_(kd_strbuf_done) struct kd_strbuf b;

		kd_strbuf_init(&b, KD_BOOT_TEXT);
		CHECK_INT(t,
			  kd_boot_place_edit(&places.items[i], "crashkernel", values, &b,
					     NULL),
			  0);
		if (!strstr(kd_strbuf_text(&b), wants[i]))
			test_failed(t, __FILE__, __LINE__, "%s", kd_strbuf_text(&b));
		if (places.items[i].kind == KD_BOOT_GRUBENV)
			CHECK_INT(t, b.length, GRUBENV_SIZE);
	}
}

/* What was written is found again, and can be changed again. */
static void test_grub_d_again(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	fake_text(&root, "etc/default/grub.d/other.cfg", "");
	for (int i = 0; i < 3; i++) {
		_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };
		_cleanup_(kd_strbuf_done) struct kd_strbuf b, old;
		const char *values[] = { i == 1 ? "1G,high" : "256M", "1M,low", NULL };

		kd_strbuf_init(&b, KD_BOOT_TEXT);
		kd_strbuf_init(&old, 64);
		CHECK_INT(t, kd_boot_places_find(root.fd, &places, NULL), 0);
		CHECK_INT(t, places.n, 1);
		if (places.n != 1)
			return;
		CHECK(t, places.items[0].absent == (i == 0));
		CHECK(t, kd_boot_place_get(&places.items[0], "crashkernel", &old) ==
				 (i > 0));
		CHECK_STR(t, kd_strbuf_text(&old), i ? "1M,low" : "");
		(void)kd_boot_place_edit(&places.items[0], "crashkernel", values, &b,
					 NULL);
		fake_text(&root, "etc/default/grub.d/kdumpd.cfg", kd_strbuf_text(&b));
	}
}

/* A machine of UKIs: the addon is written beside them, found again and changed. */
static void test_addon(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	fake_text(&root, "efi/EFI/Linux/debian-6.12.EFI", "MZ");
	fake_text(&root, "boot/EFI/Linux/notes.txt", "");
	for (int i = 0; i < 3; i++) {
		_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };
		_cleanup_(kd_strbuf_done) struct kd_strbuf b;
		const char *values[] = { i == 1 ? "1G,high" : "256M", "1M,low", NULL };
		static const char *const lines[] = {
			"",
			"crashkernel=256M crashkernel=1M,low",
			"crashkernel=1G,high crashkernel=1M,low",
		};

		kd_strbuf_init(&b, KD_BOOT_TEXT);
		CHECK_INT(t, kd_boot_places_find(root.fd, &places, NULL), 0);
		CHECK_INT(t, places.n, 1);
		if (places.n != 1)
			return;
		CHECK_INT(t, places.items[0].kind, KD_BOOT_ADDON);
		CHECK_STR(t, places.items[0].path, "efi/loader/addons/kdumpd.addon.efi");
		CHECK_STR(t, places.items[0].line, lines[i]);
		CHECK(t, places.items[0].absent == (i == 0));
		CHECK(t, places.items[0].secure == (i == 2));
		CHECK_INT(t,
			  kd_boot_place_edit(&places.items[0], "crashkernel", values, &b,
					     NULL),
			  0);
		fake_file(&root, "efi/loader/addons/kdumpd.addon.efi", b.data, b.length);
		if (i == 1)
			fake_file(&root, SECURE_BOOT, "\6\0\0\0\1", 5);
	}
}

static void test_not_an_addon(struct test *t)
{
	static const char *const texts[] = { "", "MZ", "#!/bin/sh\n" };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };

	fake_text(&root, "boot/efi/EFI/Linux/a.efi", "MZ");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		fake_text(&root, "boot/efi/loader/addons/kdumpd.addon.efi", texts[i]);
		CHECK_INT(t, kd_boot_places_find(root.fd, &places, NULL), -EBADMSG);
	}
}

static void test_hostile(struct test *t)
{
	static const char *const values[] = { "256M", NULL };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	char block[GRUBENV_SIZE];

	memset(block, 'x', sizeof(block));
	memcpy(block, "# GRUB Environment Block\nkernelopts=", 36);
	fake_file(&root, "boot/grub/grubenv", block, sizeof(block));
	kd_strbuf_init(&b, KD_BOOT_TEXT);
	CHECK_INT(t, kd_boot_places_find(root.fd, &places, NULL), 0);
	CHECK_INT(t, places.n, 1);
	if (places.n == 1)
		CHECK_INT(t,
			  kd_boot_place_edit(&places.items[0], "crashkernel", values, &b,
					     NULL),
			  -ENOSPC);
	CHECK_INT(t, b.length, 0);
	kd_boot_places_done(&places);
	fake_text(&root, "boot/grub/grubenv", "# GRUB\n");
	CHECK_INT(t, kd_boot_places_find(root.fd, &places, NULL), -EBADMSG);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "get", test_get },
		{ "values", test_values },
		{ "set", test_set },
		{ "find", test_find },
		{ "edit", test_edit },
		{ "grub.d again", test_grub_d_again },
		{ "an addon for unified kernel images", test_addon },
		{ "what is no addon", test_not_an_addon },
		{ "hostile", test_hostile },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
