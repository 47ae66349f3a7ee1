/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/image/drivers on trees shaped as /sys of real machines: virtio, NVMe
 * with and without multipath, SCSI, SATA; stacked devices refused; watchdogs.
 */
#include "capture-kernel/image/drivers.h"

#include <sys/sysmacros.h>

#include "base/strbuf.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define PCI "sys/devices/pci0000:00/"

/* A device's driver, which is a module or built in, and its modalias. */
static void device(const struct fake_root *root, const char *path, const char *driver,
		   const char *module, const char *modalias)
{
	char at[512], up[256] = "../", target[512];

	for (const char *p = path; *p; p++)
		if (*p == '/')
			strcat(up, "../");
	if (driver) {
		(void)snprintf(at, sizeof(at), "%s/driver", path);
		(void)snprintf(target, sizeof(target), "%ssys/bus/any/drivers/%s", up,
			       driver);
		fake_link(root, at, target);
		(void)snprintf(at, sizeof(at), "sys/bus/any/drivers/%s/bind", driver);
		fake_text(root, at, "");
	}
	if (driver && module) {
		(void)snprintf(at, sizeof(at), "sys/bus/any/drivers/%s/module", driver);
		(void)snprintf(target, sizeof(target), "../../../../module/%s", module);
		fake_link(root, at, target);
		(void)snprintf(at, sizeof(at), "sys/module/%s/refcnt", module);
		fake_text(root, at, "1\n");
	}
	if (modalias) {
		(void)snprintf(at, sizeof(at), "%s/modalias", path);
		fake_text(root, at, modalias);
	}
}

/* @path: of the block device below sys/ */
static void block(const struct fake_root *root, const char *number, const char *path)
{
	char at[512], target[512];

	(void)snprintf(at, sizeof(at), "sys/%s/dev", path);
	fake_text(root, at, number);
	(void)snprintf(at, sizeof(at), "sys/dev/block/%s", number);
	(void)snprintf(target, sizeof(target), "../../%s", path);
	fake_link(root, at, target);
}

static void make_root(struct fake_root *root)
{
	fake_root_init(root);
	device(root, "sys/devices/pci0000:00", NULL, NULL, NULL);

	device(root, PCI "0000:00:05.0", "virtio-pci", "virtio_pci", "pci:v1AF4\n");
	device(root, PCI "0000:00:05.0/virtio2", "virtio_blk", "virtio_blk",
	       "virtio:d00000002v00001AF4\n");
	block(root, "254:0", "devices/pci0000:00/0000:00:05.0/virtio2/block/vda");
	block(root, "254:1", "devices/pci0000:00/0000:00:05.0/virtio2/block/vda/vda1");

	device(root, PCI "0000:00:06.0", "nvme", NULL, "pci:nvme-builtin\n");
	block(root, "259:0", "devices/pci0000:00/0000:00:06.0/nvme/nvme0/nvme0n1");

	device(root, PCI "0000:00:07.0", "nvme2", "nvme", "pci:nvme\n");
	fake_text(root, PCI "0000:00:07.0/nvme/nvme1/state", "live\n");
	block(root, "259:5",
	      "devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1/nvme1n1p1");
	fake_link(root, "sys/devices/virtual/nvme-subsystem/nvme-subsys1/nvme1",
		  "../../../pci0000:00/0000:00:07.0/nvme/nvme1");
	fake_link(root, "sys/devices/virtual/nvme-subsystem/nvme-subsys1/subsystem",
		  "../../../../class/nvme-subsystem");

	device(root, PCI "0000:00:08.0", "virtio-pci", NULL, "pci:v1AF4\n");
	device(root, PCI "0000:00:08.0/virtio3", "virtio_scsi", "virtio_scsi", NULL);
	device(root, PCI "0000:00:08.0/virtio3/host0/target0:0:0/0:0:0:0", "sd", "sd_mod",
	       "scsi:t-0x00\n");
	block(root, "8:0",
	      "devices/pci0000:00/0000:00:08.0/virtio3/host0/target0:0:0/0:0:0:0/"
	      "block/sda");

	block(root, "253:0", "devices/virtual/block/dm-0");
	fake_link(root, "sys/devices/virtual/block/dm-0/slaves/vda1", "../../x");
	block(root, "7:0", "devices/virtual/block/loop0");
}

static void check_lists(struct test *t, const struct kd_drivers *d, const char *required,
			const char *optional)
{
	const struct kd_strlist *lists[] = { &d->required, &d->optional };
	const char *want[] = { required, optional };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };

		kd_strbuf_init(&b, 4096);
		for (size_t j = 0; j < lists[i]->n; j++)
			kd_strbuf_addf(&b, "%s%s", j ? " " : "", lists[i]->items[j]);
		CHECK_STR(t, kd_strbuf_text(&b), want[i]);
	}
}

static void disks(struct test *t)
{
	static const struct {
		unsigned int major, minor;
		const char *required, *optional;
	} table[] = {
		{ 254, 0, "virtio_pci virtio_blk", "" },
		{ 254, 1, "virtio_pci virtio_blk", "" },
		{ 259, 0, "", "pci:nvme-builtin" },
		{ 259, 5, "nvme", "" },
		{ 8, 0, "virtio_pci virtio_scsi sd_mod", "" },
	};
	struct fake_root root;

	make_root(&root);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_drivers_done) struct kd_drivers d = { 0 };
		struct kd_error err = { 0 };
		dev_t dev = makedev(table[i].major, table[i].minor);

		CHECK_INT(t, kd_drivers_add_block(&d, root.fd, dev, &err), 0);
		CHECK_STR(t, err.message, "");
		check_lists(t, &d, table[i].required, table[i].optional);
	}
	fake_root_done(&root);
}

static void refused(struct test *t)
{
	static const struct {
		unsigned int major, minor;
		int want;
		const char *message;
	} table[] = {
		{ 253, 0, -EOPNOTSUPP,
		  "dm-0 is not a disk or a partition of one: the capture kernel cannot "
		  "put it together" },
		{ 7, 0, -EOPNOTSUPP,
		  "loop0 is not a disk or a partition of one: the capture kernel cannot "
		  "put it together" },
		{ 1, 9, -ENODEV, "there is no block device 1:9" },
		{ 1, 1, -ENODEV, "there is no block device 1:1" },
		{ 1, 2, -EINVAL, "/sys/dev/block/1:2: Invalid argument" },
		{ 1, 3, -EINVAL, "/sys/dev/block/1:3: Invalid argument" },
	};
	struct fake_root root;

	make_root(&root);
	fake_link(&root, "sys/dev/block/1:1", "../../class/net");
	fake_link(&root, "sys/dev/block/1:2", "/etc/passwd");
	fake_link(&root, "sys/dev/block/1:3", "../../../../../../etc/passwd");
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_drivers_done) struct kd_drivers d = { 0 };
		struct kd_error err = { 0 };
		dev_t dev = makedev(table[i].major, table[i].minor);

		CHECK_INT(t, kd_drivers_add_block(&d, root.fd, dev, &err), table[i].want);
		CHECK_STR(t, err.message, table[i].message);
	}
	fake_root_done(&root);
}

static void file_systems(struct test *t)
{
	_cleanup_(kd_drivers_done) struct kd_drivers d = { 0 };

	CHECK_INT(t, kd_drivers_add_filesystem(&d, "ext4", NULL), 0);
	CHECK_INT(t, kd_drivers_add_filesystem(&d, "vfat", NULL), 0);
	check_lists(t, &d, "fs-ext4 fs-vfat",
		    "crypto-crc32c nls_cp437 nls_iso8859_1 nls_ascii nls_utf8");
	CHECK_INT(t, kd_drivers_add_filesystem(&d, "", NULL), -EINVAL);
	CHECK_INT(t, kd_drivers_add_filesystem(&d, "ext*", NULL), -EINVAL);
}

static void watchdogs(struct test *t)
{
	_cleanup_(kd_drivers_done) struct kd_drivers none = { 0 }, some = { 0 };
	_cleanup_(kd_drivers_done) struct kd_drivers old = { 0 };
	struct fake_root root;

	make_root(&root);
	CHECK_INT(t, kd_drivers_add_watchdogs(&none, root.fd, NULL), 0);
	check_lists(t, &none, "", "softdog");

	fake_text(&root, "sys/devices/virtual/watchdog/watchdog1/state", "inactive\n");
	fake_link(&root, "sys/class/watchdog/watchdog1",
		  "../../devices/virtual/watchdog/watchdog1");
	device(&root, PCI "0000:00:1f.0", "lpc_ich", "lpc_ich", NULL);
	device(&root, PCI "0000:00:1f.0/iTCO_wdt.1.auto", "iTCO_wdt", "iTCO_wdt",
	       "platform:iTCO_wdt\n");
	fake_text(&root, PCI "0000:00:1f.0/iTCO_wdt.1.auto/watchdog/watchdog0/state",
		  "active\n");
	fake_link(&root, "sys/class/watchdog/watchdog0",
		  "../../devices/pci0000:00/0000:00:1f.0/iTCO_wdt.1.auto/watchdog/"
		  "watchdog0");
	CHECK_INT(t, kd_drivers_add_watchdogs(&some, root.fd, NULL), 0);
	check_lists(t, &some, "", "lpc_ich iTCO_wdt softdog");

	/* a driver whose watchdog has no parent is known as a user of the core */
	fake_link(&root, "sys/module/watchdog/holders/i6300esb", "../../i6300esb");
	CHECK_INT(t, kd_drivers_add_watchdogs(&old, root.fd, NULL), 0);
	check_lists(t, &old, "", "lpc_ich iTCO_wdt i6300esb softdog");
	fake_root_done(&root);
}

static void pstore(struct test *t)
{
	static const struct {
		const char *backend, *want;
	} table[] = {
		{ NULL, "" },
		{ "(null)\n", "" },
		{ "\n", "" },
		{ "efi\n", "efi_pstore" },
		{ "efi_pstore\n", "efi_pstore" },
		{ "ramoops\n", "ramoops" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(kd_drivers_done) struct kd_drivers found = { 0 };

		if (table[i].backend)
			fake_text(&root, "sys/module/pstore/parameters/backend",
				  table[i].backend);
		CHECK_INT(t, kd_drivers_add_pstore(&found, root.fd, NULL), 0);
		check_lists(t, &found, "", table[i].want);
	}
}

static const struct test_case cases[] = {
	{ "drivers of a disk, from the top", disks },
	{ "what is no disk is refused by name", refused },
	{ "file systems", file_systems },
	{ "watchdogs, or the one in software", watchdogs },
	{ "what keeps pstore", pstore },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
