/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/disk-queue: what sysfs says of disks and partitions, and to which of them
 * dumps go past the page cache.
 */
#include "capture-kernel/disk-queue.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define KIB UINT64_C(1024)

static void suits(struct test *t)
{
	static const struct {
		const char *what;
		struct kd_disk_queue queue;
		bool want;
	} rows[] = {
		{ "NVMe, its cache safe", { 0, false, false }, true },
		{ "NVMe", { 128 * KIB, false, true }, true },
		{ "virtual disk", { 0, true, true }, true },
		{ "platters behind a cache", { 0, true, true }, true },
		{ "platters alone", { 0, true, false }, false },
		{ "RAID 5 of four, chunks of 64 KiB", { 192 * KIB, false, true }, true },
		{ "RAID 5 of four, chunks of 512 KiB",
		  { 1536 * KIB, false, true },
		  false },
		{ "the largest stripe", { 256 * KIB, false, true }, true },
		{ "one that is larger", { 256 * KIB + 512, false, true }, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (kd_disk_queue_suits_direct(&rows[i].queue) != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%s", rows[i].what);
}

static void add_attribute(struct fake_root *root, const char *disk, const char *name,
			  const char *text)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "sys/devices/block/%s/%s", disk, name);
	fake_text(root, path, text);
}

static void add_disk(struct fake_root *root, const char *name, const char *optimal,
		     const char *rotational, const char *cache)
{
	char path[128], dev[64];

	(void)snprintf(dev, sizeof(dev), "MAJOR=8\nMINOR=0\nDEVNAME=%s\nDEVTYPE=disk\n",
		       name);
	add_attribute(root, name, "uevent", dev);
	add_attribute(root, name, "size", "2048\n");
	add_attribute(root, name, "queue/optimal_io_size", optimal);
	add_attribute(root, name, "queue/rotational", rotational);
	if (cache)
		add_attribute(root, name, "queue/write_cache", cache);
	(void)snprintf(path, sizeof(path), "sys/class/block/%s", name);
	(void)snprintf(dev, sizeof(dev), "../../devices/block/%s", name);
	fake_link(root, path, dev);
}

static void reads(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_disk_queue q = { .optimal = 77 };

	add_disk(&root, "sda", "65536\n", "1\n", "write back\n");
	add_disk(&root, "nvme0n1", "0\n", "0\n", "write through\n");
	add_disk(&root, "old", "0\n", "0\n", NULL);
	fake_text(&root, "sys/devices/block/sda/sda2/uevent",
		  "MAJOR=8\nMINOR=2\nDEVNAME=sda2\nDEVTYPE=partition\nPARTN=2\n");
	fake_text(&root, "sys/devices/block/sda/sda2/size", "1024\n");
	fake_link(&root, "sys/class/block/sda2", "../../devices/block/sda/sda2");

	CHECK_INT(t, kd_disk_queue_read(root.fd, "sdb", &q), -ENODEV);
	CHECK_INT(t, kd_disk_queue_read(root.fd, "old", &q), -ENOENT);
	CHECK_INT(t, q.optimal, 77);
	CHECK_INT(t, kd_disk_queue_read(root.fd, "sda2", &q), 0);
	CHECK(t, q.optimal == 65536 && q.rotational && q.write_back);
	CHECK_INT(t, kd_disk_queue_read(root.fd, "sda", &q), 0);
	CHECK(t, q.optimal == 65536 && q.rotational && q.write_back);
	CHECK_INT(t, kd_disk_queue_read(root.fd, "nvme0n1", &q), 0);
	CHECK(t, q.optimal == 0 && !q.rotational && !q.write_back);
}

static const struct test_case cases[] = {
	{ "which disks it suits", suits },
	{ "what sysfs says", reads },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
