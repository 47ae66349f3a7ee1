/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reset-crashkernel on the machine of kdump-utils' spec/kdumpctl_reset_crashkernel_spec.sh:
 * two kernels, one of them with two entries, and a rescue entry. Which entries change for
 * which --kernel=. Its fadump half is refused here (docs/differences.md).
 */
#include "base/io.h"
#include "kdumpd/boot/boot-change.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define FOLDER "boot/loader/entries/"
#define NEW    "5.15.6-100.fc34.x86_64"
#define OLD    "5.14.14-200.fc34.x86_64"
#define BEFORE "222M"
#define AFTER  "2G-64G:256M,64G-:512M"
#define N      4

/* As grubby counts them: the newest first, the rescue entry last. */
static const struct {
	const char *file, *kernel;
} entries[N] = {
	{ FOLDER "m-" NEW ".conf", "/boot/vmlinuz-" NEW },
	{ FOLDER "m-" OLD ".0~custom.conf", "/boot/vmlinuz-" OLD },
	{ FOLDER "m-" OLD ".conf", "/boot/vmlinuz-" OLD },
	{ FOLDER "m-0-rescue.conf", "/boot/vmlinuz-0-rescue-m" },
};

static const struct row {
	const char *which;
	const char *before[N], *after[N];
	size_t changed;
} rows[] = {
	/* without --kernel: the running one */
	{ NULL,
	  { BEFORE, BEFORE, BEFORE, BEFORE },
	  { AFTER, BEFORE, BEFORE, BEFORE },
	  1 },
	{ "ALL", { BEFORE, BEFORE, BEFORE, BEFORE }, { AFTER, AFTER, AFTER, AFTER }, 4 },
	{ "/boot/vmlinuz-" NEW,
	  { BEFORE, BEFORE, BEFORE, BEFORE },
	  { AFTER, BEFORE, BEFORE, BEFORE },
	  1 },
	{ "/boot/vmlinuz-" OLD,
	  { BEFORE, BEFORE, BEFORE, BEFORE },
	  { BEFORE, AFTER, AFTER, BEFORE },
	  2 },
	/* one kernel, two entries, of which one differs */
	{ "/boot/vmlinuz-" OLD,
	  { AFTER, BEFORE, AFTER, AFTER },
	  { AFTER, AFTER, AFTER, AFTER },
	  1 },
	{ "/boot/vmlinuz-" OLD,
	  { AFTER, AFTER, BEFORE, AFTER },
	  { AFTER, AFTER, AFTER, AFTER },
	  1 },
	{ "/boot/vmlinuz-" OLD,
	  { BEFORE, AFTER, AFTER, BEFORE },
	  { BEFORE, AFTER, AFTER, BEFORE },
	  0 },
	{ "/boot/vmlinuz-6",
	  { BEFORE, BEFORE, BEFORE, BEFORE },
	  { BEFORE, BEFORE, BEFORE, BEFORE },
	  0 },
};

static void put_entry(const struct fake_root *root, size_t i, const char *value,
		      struct kd_strbuf *text)
{
	kd_strbuf_addf(text,
		       "title Fedora\nversion %s\nlinux %s\ninitrd /boot/initramfs.img\n"
		       "options root=UUID=1 ro rhgb quiet crashkernel=%s\n",
		       entries[i].kernel + strlen("/boot/vmlinuz-"), entries[i].kernel,
		       value);
	if (root)
		fake_text(root, entries[i].file, kd_strbuf_text(text));
}

static int no_tool(char *const argv[], struct kd_error *err)
{
	return kd_fail_msg(err, -EINVAL, "%s is not to be run", argv[0]);
}

/* What kdumpctl does: choose, leave alone what is set, change the rest. */
static size_t reset(struct test *t, const struct fake_root *root, const char *which)
{
	static const char *const values[] = { AFTER, NULL };
	const struct kd_boot_change change = { root->fd, "crashkernel", values, no_tool };
	_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };
	const struct kd_boot_place *chosen[N];
	struct kd_error err = { 0 };
	size_t n = 0;

	CHECK_INT(t, kd_boot_places_find(root->fd, &places, &err), 0);
	CHECK_INT(t, places.n, N);
	for (size_t i = 0; i < MIN(places.n, (size_t)N); i++) {
		CHECK_STR(t, places.items[i].path, entries[i].file);
		CHECK_INT(t, places.items[i].index, i);
	}
	for (size_t i = 0; i < MIN(places.n, (size_t)N); i++)
		if (kd_boot_selects(&places.items[i], which, NEW) &&
		    !kd_boot_is_set(&places.items[i], &change))
			chosen[n++] = &places.items[i];
	if (n)
		CHECK_INT(t, kd_boot_change(&change, chosen, n, &err), 0);
	CHECK_STR(t, err.message, "");
	return n;
}

static void table(struct test *t)
{
	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

		for (size_t i = 0; i < N; i++) {
			_cleanup_(kd_strbuf_done) struct kd_strbuf text;

			kd_strbuf_init(&text, 1024);
			put_entry(&root, i, rows[r].before[i], &text);
		}
		CHECK_INT(t, reset(t, &root, rows[r].which), rows[r].changed);
		for (size_t i = 0; i < N; i++) {
			_cleanup_(kd_strbuf_done) struct kd_strbuf want;
			_cleanup_(kd_freep) char *got = NULL;

			kd_strbuf_init(&want, 1024);
			put_entry(NULL, i, rows[r].after[i], &want);
			(void)kd_read_file_at(root.fd, entries[i].file, 4096, &got, NULL,
					      NULL);
			CHECK_STR(t, got, kd_strbuf_text(&want));
		}
	}
}

/* _find_kernel_path_by_release(), spec/kdumpctl_general_spec.sh: of these kernels, the one
 * of the release. */
static void releases(struct test *t)
{
	static const struct {
		const char *release, *kernel;
	} kernels[] = {
		{ "6.2.11-200.fc37.x86_64", "/boot/vmlinuz-6.2.11-200.fc37.x86_64" },
		{ "5.14.0-316.el9.aarch64+64k",
		  "/boot/vmlinuz-5.14.0-316.el9.aarch64+64k" },
		{ "5.14.0-322.el9.aarch64", "/boot/vmlinuz-5.14.0-322.el9.aarch64" },
		{ "6.4.0-0.rc0.20230427git6e98b09da931.5.fc39.aarch64",
		  "/boot/efi/36b54597c46383/"
		  "6.4.0-0.rc0.20230427git6e98b09da931.5.fc39.aarch64/linux" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		struct kd_boot_place place = { .kind = KD_BOOT_ENTRY };

		(void)snprintf(place.kernel, sizeof(place.kernel), "%s",
			       kernels[i].kernel);
		for (size_t j = 0; j < ARRAY_SIZE(kernels); j++)
			CHECK(t, kd_boot_selects(&place, NULL, kernels[j].release) ==
					 (i == j));
	}
}

/* reset_crashkernel_for_installed_kernel(), spec/kdumpctl_manage_crashkernel_spec.sh: two
 * kernels that keep what they have, and one that was added. */
static void installed(struct test *t)
{
	static const struct {
		const char *release, *options, *grubenv;
		bool lacks;
	} added[] = {
		{ "new_kernel", "options root=UUID=1 ro\n", "x=1", true },
		/* without a line of options there is none to write into */
		{ "new_kernel", "", "x=1", false },
		{ "new_kernel", "options ro crashkernel=1M\n", "x=1", false },
		{ "new_kernel", "options $kernelopts\n", "kernelopts=ro", true },
		{ "new_kernel", "options $kernelopts\n", "kernelopts=crashkernel=1M",
		  false },
		{ "new_kernel", "options ro\n", "kernelopts=crashkernel=1M", true },
		{ "other_kernel", "options ro\n", "x=1", false },
		{ NULL, "options ro\n", "x=1", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(added); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(kd_boot_places_done) struct kd_boot_places places = { 0 };
		char text[1024 + 1];
		size_t lacking = 0;

		fake_text(&root, FOLDER "m-" NEW ".conf",
			  "linux /boot/vmlinuz-" NEW "\noptions ro crashkernel=1M\n");
		fake_text(&root, FOLDER "m-" OLD ".conf",
			  "linux /boot/vmlinuz-" OLD "\noptions ro\n");
		(void)snprintf(text, sizeof(text), "linux /boot/vmlinuz-new_kernel\n%s",
			       added[i].options);
		fake_text(&root, FOLDER "m-new_kernel.conf", text);
		memset(text, '#', sizeof(text));
		text[snprintf(text, sizeof(text), "# GRUB Environment Block\n%s\n",
			      added[i].grubenv)] = '#';
		fake_file(&root, "boot/grub2/grubenv", text, 1024);
		fake_text(&root, "etc/kernel/cmdline", "ro\n");
		CHECK_INT(t, kd_boot_places_find(root.fd, &places, NULL), 0);
		for (size_t k = 0; k < places.n; k++) {
			if (!kd_boot_lacks(&places, &places.items[k], added[i].release,
					   "crashkernel"))
				continue;
			CHECK_STR(t, places.items[k].kernel, "/boot/vmlinuz-new_kernel");
			lacking++;
		}
		CHECK_INT(t, lacking, added[i].lacks);
	}
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "which entries change", table },
		{ "the kernel of a release", releases },
		{ "a kernel that was installed", installed },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
