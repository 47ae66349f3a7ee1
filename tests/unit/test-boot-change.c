/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing boot parameters: which entries are meant, what the files are afterwards, and
 * that a failure at any step leaves them as they were.
 */
#include "kdumpd/boot/boot-change.h"

#include "base/io.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void test_selects(struct test *t)
{
	static const struct {
		const char *kernel, *which, *release;
		unsigned int index;
		bool want;
	} rows[] = {
		{ "/vmlinuz-6.1", NULL, "6.1", 3, true },
		{ "/vmlinuz-16.1", NULL, "6.1", 3, false },
		{ "/vmlinuz-6.1+64k", NULL, "6.1", 3, false },
		{ "/boot/vmlinuz-6.1", NULL, "6.1", 3, true },
		{ "/36b54597/6.4.0-0.rc0.fc39/linux", NULL, "6.4.0-0.rc0.fc39", 0, true },
		{ "/36b54597/x6.4/linux", NULL, "6.4", 0, false },
		{ "/linux", NULL, "6.4", 0, false },
		{ "/vmlinuz-6.1", NULL, "", 0, false },
		{ "/vmlinuz-6.1", "ALL", "7", 3, true },
		{ "/vmlinuz-6.1", "DEFAULT", "7", 3, false },
		{ "/vmlinuz-6.1", "DEFAULT", "7", 0, true },
		{ "/vmlinuz-6.1", "/boot/vmlinuz-6.1", "7", 3, true },
		{ "/boot/vmlinuz-6.1", "/boot/vmlinuz-6.1", "7", 3, true },
		{ "/vmlinuz-6.1", "/boot/vmlinuz-6.2", "7", 3, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_boot_place place = { .kind = KD_BOOT_ENTRY,
					       .index = rows[i].index };

		(void)snprintf(place.kernel, sizeof(place.kernel), "%s", rows[i].kernel);
		if (kd_boot_selects(&place, rows[i].which, rows[i].release) !=
		    rows[i].want)
			test_failed(t, __FILE__, __LINE__, "row %zu", i);
	}
}

#define ENTRY	 "boot/loader/entries/a.conf"
#define ENTRY_IS "linux /vmlinuz-1\noptions root=x crashkernel=1M quiet\n"
#define CFG	 "boot/grub/grub.cfg"
#define GRUB_D	 "etc/default/grub.d/kdumpd.cfg"

static int good_tool(char *const argv[], struct kd_error *err)
{
	(void)err;
	return strcmp(argv[0], "update-grub") == 0 ? 0 : -EINVAL;
}

static int bad_tool(char *const argv[], struct kd_error *err)
{
	return kd_fail_msg(err, -ECHILD, "%s failed with exit status 1", argv[0]);
}

static int change(const struct fake_root *root, const char *const *values,
		  int (*run)(char *const argv[], struct kd_error *err),
		  struct kd_error *err)
{
	const struct kd_boot_change c = { root->fd, "crashkernel", values, run };
	_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };
	const struct kd_boot_place *all[8];
	int r;

	r = kd_boot_places_find(root->fd, &places, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < MIN(places.n, ARRAY_SIZE(all)); i++)
		all[i] = &places.items[i];
	return kd_boot_change(&c, all, MIN(places.n, ARRAY_SIZE(all)), err);
}

static void check_file(struct test *t, const struct fake_root *root, const char *path,
		       const char *want)
{
	_cleanup_(kd_freep) char *text = NULL;

	(void)kd_read_file_at(root->fd, path, KD_BOOT_TEXT, &text, NULL, NULL);
	if (want)
		CHECK_STR(t, text, want);
	else
		CHECK(t, !text);
}

static void test_changed(struct test *t)
{
	static const char *const values[] = { "1G,high", "64M,low", NULL };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_error err = { 0 };

	fake_text(&root, ENTRY, ENTRY_IS);
	fake_text(&root, "etc/default/grub.d/x.cfg", "");
	fake_text(&root, CFG,
		  "menuentry {\n\tlinux /vmlinuz crashkernel=1G,high "
		  "crashkernel=64M,low\n}\n");
	CHECK_INT(t, change(&root, values, good_tool, &err), 0);
	CHECK_STR(t, err.message, "");
	check_file(t, &root, ENTRY,
		   "linux /vmlinuz-1\noptions root=x crashkernel=1G,high "
		   "crashkernel=64M,low quiet\n");
	check_file(t, &root, KD_BOOT_BACKUP "/boot_loader_entries_a.conf", ENTRY_IS);
	CHECK(t, faccessat(root.fd, GRUB_D, F_OK, 0) == 0);
}

static void test_taken_back(struct test *t)
{
	static const char *const values[] = { "256M", NULL };
	static const struct {
		int (*run)(char *const argv[], struct kd_error *err);
		const char *cfg, *says;
	} rows[] = {
		{ bad_tool, "linux /vmlinuz crashkernel=256M\n",
		  "update-grub failed with exit status 1" },
		{ good_tool, "linux /vmlinuz quiet\n",
		  "/boot/grub/grub.cfg has no crashkernel=256M after update-grub: look "
		  "at /etc/default/grub" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		struct kd_error err = { 0 };

		fake_text(&root, ENTRY, ENTRY_IS);
		fake_text(&root, "etc/default/grub.d/x.cfg", "");
		fake_text(&root, CFG, rows[i].cfg);
		CHECK(t, change(&root, values, rows[i].run, &err) < 0);
		CHECK_STR(t, err.message, rows[i].says);
		check_file(t, &root, ENTRY, ENTRY_IS);
		check_file(t, &root, GRUB_D, NULL);
	}
}

/* A link stays a link. */
static void test_link(struct test *t)
{
	static const char *const values[] = { "256M", NULL };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	char target[64];

	fake_text(&root, "boot/efi/cmdline", "quiet\n");
	fake_link(&root, "etc/kernel/cmdline", "../../boot/efi/cmdline");
	CHECK_INT(t, change(&root, values, good_tool, NULL), 0);
	CHECK(t, readlinkat(root.fd, "etc/kernel/cmdline", target, sizeof(target)) > 0);
	check_file(t, &root, "boot/efi/cmdline", "quiet crashkernel=256M\n");
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "selects", test_selects },
		{ "changed", test_changed },
		{ "taken back", test_taken_back },
		{ "link", test_link },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
