/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/host/host-stack.c: stacks of a machine made of folders, with a table in place of
 * the kernel's ioctls.
 */
#include <sys/sysmacros.h>

#include "base/le.h"
#include "kdumpd/host/host-stack.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define HEX "00112233445566778899aabbccddeeff"

static const struct {
	unsigned int minor;
	const char *name, *uuid, *table;
} live[] = {
	{ 0, "vg-pool_tmeta", "LVM-m", "0 8 linear 8:1 2048" },
	{ 1, "vg-pool_tdata", "LVM-d", "0 80 linear 8:1 4096" },
	{ 2, "vg-pool-tpool", "LVM-p", "0 80 thin-pool 253:0 253:1 128 0" },
	{ 3, "vg-crash", "LVM-c", "0 80 thin 253:2 1" },
	{ 4, "mpatha", "mpath-1",
	  "0 80 multipath 0 0 1 1 service-time 0 2 1 8:16 1 8:32 1" },
	{ 5, "luks", "CRYPT-LUKS1-0123456789abcdeffedcba9876543210-luks",
	  "0 80 crypt aes-xts-plain64 " HEX HEX " 0 9:127 4096" },
};

static int read_live(void *context, unsigned int major, unsigned int minor,
		     struct kd_dm_live *ret, struct kd_error *err)
{
	(void)context;
	for (size_t i = 0; i < ARRAY_SIZE(live); i++) {
		if (major != 253 || minor != live[i].minor)
			continue;
		(void)snprintf(ret->name, sizeof(ret->name), "%s", live[i].name);
		(void)snprintf(ret->uuid, sizeof(ret->uuid), "%s", live[i].uuid);
		(void)snprintf(ret->table, sizeof(ret->table), "%s", live[i].table);
		return 0;
	}
	return kd_fail(err, -ENODEV, "%u:%u", major, minor);
}

static const struct kd_dm_reader reader = { .read = read_live };

static void add_block(const struct fake_root *root, const char *name, const char *number)
{
	const char *leaf = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	char path[256], text[256];

	(void)snprintf(path, sizeof(path), "sys/devices/x/block/%s/dev", name);
	(void)snprintf(text, sizeof(text), "%s\n", number);
	fake_text(root, path, text);
	(void)snprintf(path, sizeof(path), "sys/class/block/%s", leaf);
	(void)snprintf(text, sizeof(text), "../../devices/x/block/%s", name);
	fake_link(root, path, text);
	(void)snprintf(path, sizeof(path), "sys/dev/block/%s", number);
	fake_link(root, path, text);
}

static void add_text(const struct fake_root *root, const char *name, const char *file,
		     const char *text)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "sys/devices/x/block/%s/%s", name, file);
	fake_text(root, path, text);
}

/* LVM's own start value, lib/misc/crc.h, over the rest of the sector. */
static uint32_t lvm_crc(const uint8_t *data, size_t size)
{
	uint32_t crc = 0xf597a6cf;

	while (size-- > 0) {
		crc ^= *data++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

static void add_lvm(const struct fake_root *root, const char *device)
{
	static uint8_t data[2 << 20]; /* below 1440 KiB libblkid thinks of floppies */

	memcpy(data + 512, "LABELONE", 8);
	data[512 + 8] = 1;
	data[512 + 20] = 32;
	memcpy(data + 512 + 24, "LVM2 001", 8);
	memcpy(data + 512 + 32, "aaaaaabbbbccccddddeeeeffffgggggg", 32);
	kd_put_le32(data + 512 + 16, lvm_crc(data + 512 + 20, 512 - 20));
	fake_file(root, device, data, sizeof(data));
}

static void make_system(struct fake_root *root)
{
	char name[16], number[16];

	fake_root_init(root);
	add_block(root, "sda", "8:0");
	add_block(root, "sda/sda1", "8:1");
	add_text(root, "sda/sda1", "partition", "1\n");
	add_block(root, "sdb", "8:16");
	add_block(root, "sdc", "8:32");
	add_text(root, "sdb", "device/wwid", "naa.5\n");
	add_text(root, "sdc", "device/wwid", "naa.5\n");
	add_lvm(root, "dev/sda1");
	for (unsigned int i = 0; i < ARRAY_SIZE(live); i++) {
		(void)snprintf(name, sizeof(name), "dm-%u", i);
		(void)snprintf(number, sizeof(number), "253:%u", i);
		add_block(root, name, number);
		add_text(root, name, "dm/name", live[i].name);
	}
	add_block(root, "md127", "9:127");
	add_text(root, "md127", "md/metadata_version", "1.2\n");
	add_text(root, "md127", "md/level", "raid1\n");
}

/* A 1.2 superblock that libblkid takes for one. */
static void add_member(const struct fake_root *root, const char *name)
{
	static uint8_t data[2 << 20]; /* below 1440 KiB libblkid thinks of floppies */
	uint64_t sum = 0;
	char path[64];

	memset(data, 0, sizeof(data));
	memcpy(data + 4096, "\xfc\x4e\x2b\xa9\x01", 5);
	memcpy(data + 4096 + 16, "0123456789abcdef", 16);
	data[4096 + 144] = 8;
	for (size_t i = 0; i < 256; i += 4)
		sum += kd_le32(data + 4096 + i);
	kd_put_le32(data + 4096 + 216, (uint32_t)sum + (uint32_t)(sum >> 32));
	(void)snprintf(path, sizeof(path), "dev/%s", name);
	fake_file(root, path, data, sizeof(data));
	(void)snprintf(path, sizeof(path), "sys/devices/x/block/md127/slaves/%s", name);
	fake_text(root, path, "");
}

static void plain(struct test *t)
{
	static struct kd_stack_facts facts;
	struct fake_root root;
	char device[KD_PLAN_STRING] = "x";

	make_system(&root);
	CHECK_INT(t, kd_stack_read(root.fd, &reader, "sda1", &facts, device, NULL), 0);
	CHECK_STR(t, device, "");
	CHECK_INT(t, facts.n, 0);
	CHECK_INT(t, facts.n_bottom, 1);
	CHECK_INT(t, facts.bottom[0], makedev(8, 1));
	kd_stack_facts_done(&facts);
	fake_root_done(&root);
}

static void thin(struct test *t)
{
	static struct kd_stack_facts facts;
	struct fake_root root;
	struct kd_stack_mark mark;
	char device[KD_PLAN_STRING] = "";

	make_system(&root);
	mark = kd_stack_mark(&facts);
	CHECK_INT(t, kd_stack_read(root.fd, &reader, "dm-3", &facts, device, NULL), 0);
	CHECK_STR(t, device, "STACK=3");
	CHECK_INT(t, facts.n, 4);
	CHECK_STR(t, facts.entries[0].name, "vg-pool_tmeta");
	CHECK_STR(t, facts.entries[0].table, "0 8 linear {0} 2048");
	CHECK_STR(t, facts.entries[0].devices[0],
		  "UUID=aaaaaa-bbbb-cccc-dddd-eeee-ffff-gggggg");
	CHECK_STR(t, facts.entries[2].table,
		  "0 80 thin-pool {0} {1} 128 0 1 error_if_no_space");
	CHECK_STR(t, facts.entries[2].devices[0], "STACK=0");
	CHECK_STR(t, facts.entries[2].devices[1], "STACK=1");
	CHECK_STR(t, facts.entries[3].uuid, "LVM-c");
	CHECK(t, kd_strlist_has(&facts.kinds, "dm:thin-pool"));
	CHECK(t, kd_strlist_has(&facts.kinds, "dm:linear"));
	CHECK_INT(t, facts.n_bottom, 1);
	/* a second target on the same volumes */
	CHECK_INT(t, kd_stack_read(root.fd, &reader, "dm-1", &facts, device, NULL), 0);
	CHECK_STR(t, device, "STACK=1");
	CHECK_INT(t, facts.n, 4);
	kd_stack_back_to(&facts, &mark);
	CHECK_INT(t, facts.n, 0);
	CHECK_INT(t, facts.kinds.n, 0);
	kd_stack_facts_done(&facts);
	fake_root_done(&root);
}

static void multipath(struct test *t)
{
	static struct kd_stack_facts facts;
	struct fake_root root;
	char device[KD_PLAN_STRING] = "";

	make_system(&root);
	CHECK_INT(t, kd_stack_read(root.fd, &reader, "dm-4", &facts, device, NULL), 0);
	CHECK_STR(t, device, "STACK=0");
	CHECK_STR(t, facts.entries[0].devices[0], "WWID=naa.5");
	CHECK_STR(t, facts.entries[0].devices[1], "WWID=naa.5");
	CHECK_INT(t, facts.n_bottom, 2);
	CHECK(t, kd_strlist_has(&facts.kinds, "selector:service-time"));
	kd_stack_facts_done(&facts);
	fake_root_done(&root);
}

static void luks_on_md(struct test *t)
{
	static struct kd_stack_facts facts;
	struct fake_root root;
	char device[KD_PLAN_STRING] = "";

	make_system(&root);
	add_member(&root, "sdb");
	add_member(&root, "sdc");
	CHECK_INT(t, kd_stack_read(root.fd, &reader, "dm-5", &facts, device, NULL), 0);
	CHECK_STR(t, device, "STACK=1");
	CHECK_INT(t, facts.entries[0].type, KD_STACK_MD);
	CHECK_STR(t, facts.entries[0].name, "md127");
	CHECK_STR(t, facts.entries[0].uuid, "30313233-3435-3637-3839-616263646566");
	CHECK_STR(t, facts.entries[1].devices[0], "STACK=0");
	CHECK(t, !strstr(facts.entries[1].table, HEX));
	CHECK(t, strstr(facts.entries[1].table, ":32:user:kdump-cryptsetup:vk-"
						"01234567-89ab-cdef-fedc-ba9876543210 "));
	CHECK_INT(t, facts.n_keys, 1);
	CHECK_INT(t, facts.keys[0].size, 32);
	CHECK_INT(t, facts.keys[0].key[1], 0x11);
	CHECK(t, kd_strlist_has(&facts.kinds, "md:raid1"));
	CHECK(t, kd_strlist_has(&facts.kinds, "cipher:aes-xts-plain64"));
	kd_stack_facts_done(&facts);
	CHECK_INT(t, facts.keys[0].key[1], 0);
	fake_root_done(&root);
}

static void refused(struct test *t)
{
	static struct kd_stack_facts facts;
	struct fake_root root;
	struct kd_error err = { 0 };
	char device[KD_PLAN_STRING] = "";

	make_system(&root);
	fake_text(&root, "sys/devices/x/block/md127/md/metadata_version",
		  "external:imsm\n");
	CHECK_INT(t, kd_stack_read(root.fd, &reader, "md127", &facts, device, &err),
		  -ENOTSUP);
	CHECK_STR(t, err.message,
		  "md127 has metadata \"external:imsm\", which the "
		  "capture kernel cannot read: use an array with 1.x or 0.90");
	add_block(&root, "dm-9", "253:9");
	add_text(&root, "dm-9", "dm/name", "unknown\n");
	CHECK_INT(t, kd_stack_read(root.fd, &reader, "dm-9", &facts, device, NULL),
		  -ENODEV);
	CHECK_INT(t, kd_stack_read(root.fd, &reader, "nothing", &facts, device, NULL),
		  -ENOENT);
	kd_stack_facts_done(&facts);
	fake_root_done(&root);
}

static const struct test_case cases[] = {
	{ "a partition", plain },
	{ "a thin volume in its pool", thin },
	{ "several paths", multipath },
	{ "an encrypted volume on an array", luks_on_md },
	{ "what cannot be put together", refused },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
