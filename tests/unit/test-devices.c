/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/devices.c over a fake sysfs and files that stand for devices; also
 * the sysctl and module lists that are found the same way.
 */
#include "base/io.h"
#include "capture-kernel/devices.h"
#include "capture-kernel/modules.h"
#include "capture-kernel/sysctl.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define UUID "01234567-89ab-cdef-fedc-ba9876543210"

static void specs(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		enum kd_device_tag tag;
		const char *value;
	} table[] = {
		{ "UUID=abc", 0, KD_DEVICE_UUID, "abc" },
		{ "LABEL=my disk", 0, KD_DEVICE_LABEL, "my disk" },
		{ "PARTUUID=1-2", 0, KD_DEVICE_PARTUUID, "1-2" },
		{ "PARTLABEL=crash", 0, KD_DEVICE_PARTLABEL, "crash" },
		{ "/dev/vda1", 0, KD_DEVICE_PATH, "vda1" },
		{ "/dev/cciss/c0d0p1", 0, KD_DEVICE_PATH, "cciss/c0d0p1" },
		{ "WWID=naa.5000", 0, KD_DEVICE_WWID, "naa.5000" },
		{ "SERIAL=a b", 0, KD_DEVICE_SERIAL, "a b" },
		{ "STACK=1.2", 0, KD_DEVICE_STACK, "1.2" },
		{ "/dev/disk/by-uuid/abc", 0, KD_DEVICE_UUID, "abc" },
		{ "/dev/disk/by-label/x", 0, KD_DEVICE_LABEL, "x" },
		{ "/dev/disk/by-partuuid/x", 0, KD_DEVICE_PARTUUID, "x" },
		{ "/dev/disk/by-partlabel/x", 0, KD_DEVICE_PARTLABEL, "x" },
		{ "", -EINVAL, 0, NULL },
		{ "vda1", -EINVAL, 0, NULL },
		{ "UUID=", -EINVAL, 0, NULL },
		{ "/dev/", -EINVAL, 0, NULL },
		{ "uuid=abc", -EINVAL, 0, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_device_spec spec = { 0 };

		CHECK_INT(t, kd_device_spec_parse(table[i].text, &spec), table[i].r);
		if (table[i].r < 0)
			continue;
		CHECK_INT(t, spec.tag, table[i].tag);
		CHECK_STR(t, spec.value, table[i].value);
	}
}

static void add_ext4(const struct fake_root *root, const char *dev, const char *label,
		     uint8_t first)
{
	uint8_t data[4096] = { 0 };

	data[1024 + 0x38] = 0x53;
	data[1024 + 0x39] = 0xef;
	data[1024 + 0x60] = 0x40;
	for (int i = 0; i < 16; i++)
		data[1024 + 0x68 + i] = (uint8_t)(i < 8 ? 0x23 + 0x22 * i - 0x22
							: 0x32 + 0xcc);
	data[1024 + 0x68] = first;
	memcpy(data + 1024 + 0x78, label, strlen(label));
	fake_file(root, dev, data, sizeof(data));
}

/* A disk with a GPT, one partition of it, two disks with a file system, an empty drive. */
static void make_system(const struct fake_root *root)
{
	uint8_t disk[4096] = { 0 };

	memcpy(disk + 512, "EFI PART", 8);
	disk[512 + 72] = 2;
	disk[512 + 80] = 128;
	disk[512 + 84] = 128;
	disk[1024 + 128] = 1; /* entry 2: in use */
	for (int i = 0; i < 16; i++)
		disk[1024 + 128 + 16 + i] = (uint8_t)i;
	fake_file(root, "dev/sda", disk, sizeof(disk));
	add_ext4(root, "dev/sda2", "root", 0x01);
	add_ext4(root, "dev/cciss/c0d0", "crash", 0x02);
	fake_text(root, "dev/sr0", "");

	fake_text(root, "sys/devices/x/block/sda/uevent",
		  "MAJOR=8\nMINOR=0\nDEVNAME=sda\nDEVTYPE=disk\n");
	fake_text(root, "sys/devices/x/block/sda/size", "100\n");
	fake_text(root, "sys/devices/x/block/sda/queue/logical_block_size", "512\n");
	fake_text(root, "sys/devices/x/block/sda/sda2/uevent",
		  "DEVNAME=sda2\nDEVTYPE=partition\nPARTN=2\nPARTNAME=dump here\n");
	fake_text(root, "sys/devices/x/block/sda/sda2/size", "50\n");
	fake_text(root, "sys/devices/x/block/cciss!c0d0/uevent", "DEVNAME=cciss/c0d0\n");
	fake_text(root, "sys/devices/x/block/cciss!c0d0/size", "50\n");
	fake_text(root, "sys/devices/x/block/cciss!c0d0/device/wwid", "naa.5000\n");
	fake_text(root, "sys/devices/x/block/sda/device/wwid", "naa.5000\n");
	fake_text(root, "sys/devices/x/block/sda/serial", "  a b  \n");
	fake_text(root, "sys/devices/x/block/sda/sda2/serial", "partition\n");
	fake_text(root, "sys/devices/x/block/sr0/uevent", "DEVNAME=sr0\n");
	fake_text(root, "sys/devices/x/block/sr0/size", "0\n");
	fake_text(root, "sys/devices/x/block/vdb1/uevent",
		  "DEVNAME=vdb1\nPARTN=1\nPARTUUID=feedface-01\n");
	fake_text(root, "sys/devices/x/block/vdb1/size", "9\n");
	(void)kd_mkdir_p_at(root->fd, "sys/class/block", 0700, NULL);
#define LINK(target, name)                                          \
	(void)!symlinkat("../../devices/x/block/" target, root->fd, \
			 "sys/class/block/" name)
	LINK("sda", "sda");
	LINK("sda/sda2", "sda2");
	LINK("cciss!c0d0", "cciss!c0d0");
	LINK("sr0", "sr0");
	LINK("vdb1", "vdb1");
#undef LINK
}

static void finding(struct test *t)
{
	static const struct {
		const char *spec;
		const char *want; /* NULL: -ENODEV */
	} table[] = {
		{ "LABEL=root", "sda2" },
		{ "LABEL=crash", "cciss/c0d0" },
		{ "LABEL=none", NULL },
		{ "UUID=01456789-abcd-ef11-fefe-fefefefefefe", NULL },
		{ "PARTLABEL=dump here", "sda2" },
		{ "PARTLABEL=dump", NULL },
		{ "PARTUUID=03020100-0504-0706-0809-0a0b0c0d0e0f", "sda2" },
		{ "PARTUUID=FEEDFACE-01", "vdb1" },
		{ "PARTUUID=feedface-02", NULL },
		{ "/dev/sda2", "sda2" },
		{ "/dev/cciss/c0d0", "cciss/c0d0" },
		{ "/dev/sdz", NULL },
		{ "SERIAL=a b", "sda" },
		{ "SERIAL=partition", NULL },
		{ "WWID=naa.5001", NULL },
		{ "STACK=0", NULL },
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	make_system(&root);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_device_spec spec;
		char name[64] = "untouched";

		CHECK_INT(t, kd_device_spec_parse(table[i].spec, &spec), 0);
		CHECK_INT(t, kd_device_find_at(root.fd, &spec, name, sizeof(name), NULL),
			  table[i].want ? 0 : -ENODEV);
		CHECK_STR(t, name, table[i].want ? table[i].want : "untouched");
	}
}

static void by_uuid(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_device_spec spec = {
		.tag = KD_DEVICE_UUID,
		.value = "024567 is no UUID that matches",
	};
	char name[64] = "";

	make_system(&root);
	CHECK_INT(t, kd_device_find_at(root.fd, &spec, name, sizeof(name), NULL),
		  -ENODEV);
	spec.value = "02234567-89AB-CDEF-FEFE-FEFEFEFEFEFE";
	CHECK_INT(t, kd_device_find_at(root.fd, &spec, name, sizeof(name), NULL), 0);
	CHECK_STR(t, name, "cciss/c0d0");
	CHECK_INT(t, kd_device_find_at(root.fd, &spec, name, 4, NULL), -ENAMETOOLONG);
}

static void no_sysfs(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_device_spec spec = { .tag = KD_DEVICE_UUID, .value = UUID };
	char name[64];

	CHECK_INT(t, kd_device_find_at(root.fd, &spec, name, sizeof(name), NULL),
		  -ENOENT);
}

static void module_lists(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_modules m;
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_modules_read_at(root.fd, "kdump/modules", &m, &err), 0);
	CHECK_INT(t, m.n, 0);
	CHECK_INT(t, err.code, 0);
	kd_modules_done(&m);

	fake_text(&root, "kdump/modules",
		  "/lib/modules/6.1/virtio.ko\n\n  lib/b.ko \n//lib/c.ko");
	CHECK_INT(t, kd_modules_read_at(root.fd, "kdump/modules", &m, &err), 0);
	CHECK_INT(t, m.n, 3);
	CHECK_STR(t, m.paths[0], "lib/modules/6.1/virtio.ko");
	CHECK_STR(t, m.paths[1], "lib/b.ko");
	CHECK_STR(t, m.paths[2], "lib/c.ko");
	kd_modules_done(&m);
}

static void too_many_modules(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_freep) char *text = malloc(2 * KD_MODULES_LIST_SIZE);
	struct kd_modules m;
	size_t n = 0;

	for (int i = 0; i < KD_MODULES_MAX + 1; i++)
		n += (size_t)sprintf(text + n, "/m%d.ko\n", i);
	fake_file(&root, "list", text, n);
	CHECK_INT(t, kd_modules_read_at(root.fd, "list", &m, NULL), -E2BIG);
	CHECK_INT(t, m.n, KD_MODULES_MAX);
	kd_modules_done(&m);

	memset(text, 'x', 2 * KD_MODULES_LIST_SIZE);
	fake_file(&root, "list", text, 2 * KD_MODULES_LIST_SIZE);
	CHECK_INT(t, kd_modules_read_at(root.fd, "list", &m, NULL), -EFBIG);
	CHECK_INT(t, m.n, 0);
	kd_modules_done(&m);
	CHECK_INT(t, kd_module_load_at(root.fd, "absent.ko", NULL), -ENOENT);
}

static void check_line(struct test *t, const struct fake_root *root, const char *path,
		       const char *want)
{
	char line[32] = "";

	CHECK_INT(t, kd_read_line_at(root->fd, path, line, sizeof(line), NULL), 0);
	CHECK_STR(t, line, want);
}

static void sysctls(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	CHECK_INT(t, kd_sysctl_setup(root.fd, NULL), -ENOENT);
	fake_text(&root, "proc/sys/kernel/panic", "0\n");
	fake_text(&root, "proc/sys/kernel/panic_on_warn", "1\n");
	fake_text(&root, "proc/sys/vm/panic_on_oom", "2\n");
	CHECK_INT(t, kd_sysctl_setup(root.fd, NULL), 0);
	check_line(t, &root, "proc/sys/kernel/panic", "10");
	check_line(t, &root, "proc/sys/kernel/panic_on_warn", "0");
	check_line(t, &root, "proc/sys/vm/panic_on_oom", "0");

	/* what the command line chose stays: it reboots as well */
	fake_text(&root, "proc/sys/kernel/panic", "-1\n");
	CHECK_INT(t, kd_sysctl_setup(root.fd, NULL), 0);
	check_line(t, &root, "proc/sys/kernel/panic", "-1");
}

/* Two paths to one disk are two devices that say the same of themselves. */
static void paths(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_device_spec spec = { .tag = KD_DEVICE_WWID, .value = "naa.5000" };
	char first[64] = "", second[64] = "", third[64] = "";

	make_system(&root);
	CHECK_INT(t, kd_device_find_at(root.fd, &spec, first, sizeof(first), NULL), 0);
	spec.skip = 1;
	CHECK_INT(t, kd_device_find_at(root.fd, &spec, second, sizeof(second), NULL), 0);
	spec.skip = 2;
	CHECK_INT(t, kd_device_find_at(root.fd, &spec, third, sizeof(third), NULL),
		  -ENODEV);
	CHECK(t, strcmp(first, second) != 0);
}

static const struct test_case cases[] = {
	{ "what names a device", specs },
	{ "finding it by each name", finding },
	{ "finding it by UUID", by_uuid },
	{ "several paths to one disk", paths },
	{ "no sysfs", no_sysfs },
	{ "module lists", module_lists },
	{ "module lists without an end", too_many_modules },
	{ "kernel settings", sysctls },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
