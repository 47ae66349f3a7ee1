/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/host, host-target, mountinfo, kernel-image: machines made of folders.
 * kdump-utils' tables about mounts are among them (spec/kdump-lib-initramfs_spec.sh).
 */
#include "kdumpd/host/host.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "kdumpd/host/kernel-image.h"
#include "kdumpd/host/mountinfo.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define MOUNTS                                                               \
	"22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n"          \
	"23 22 0:21 / /tmp rw - tmpfs tmpfs rw\n"                            \
	"24 22 254:16 / /srv/with\\040space rw master:2 - xfs /dev/vdb rw\n" \
	"25 22 254:16 /deep/dir /var/crash rw - xfs /dev/vdb rw\n"

static void mountinfo(struct test *t)
{
	static const struct {
		const char *path, *point;
		unsigned int minor;
	} table[] = {
		{ "/", "/", 1 },
		{ "/home", "/", 1 },
		{ "/tmp/x", "/tmp", 21 },
		{ "/tmpx", "/", 1 },
		{ "/srv/with space/a", "/srv/with space", 16 },
		{ "/var/crash", "/var/crash", 16 },
	};
	struct kd_mount m;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		CHECK_INT(
			t,
			kd_mountinfo_find_path(MOUNTS, strlen(MOUNTS), table[i].path, &m),
			0);
		CHECK_STR(t, m.point, table[i].point);
		CHECK_INT(t, m.minor, table[i].minor);
	}
	CHECK_INT(t, kd_mountinfo_find_device(MOUNTS, strlen(MOUNTS), 254, 16, &m), 0);
	CHECK_STR(t, m.point, "/srv/with space");
	CHECK_INT(t, kd_mountinfo_find_device(MOUNTS, strlen(MOUNTS), 254, 99, &m),
		  -ENOENT);
	CHECK_INT(t, kd_mountinfo_find_path("garbage\n1 2 x y z\n", 18, "/", &m),
		  -ENOENT);
}

/* An ext4 superblock, as far as libblkid looks: magic, UUID, one feature. */
static void put_disk(const struct fake_root *root, const char *path)
{
	static uint8_t disk[1 << 20];

	memset(disk, 0, sizeof(disk));
	disk[1024 + 0x18] = 2;	  /* s_log_block_size */
	disk[1024 + 0x38] = 0x53; /* s_magic */
	disk[1024 + 0x39] = 0xef;
	disk[1024 + 0x4c] = 1;			    /* s_rev_level */
	disk[1024 + 0x5c] = 0x04;		    /* s_feature_compat: has_journal */
	disk[1024 + 0x60] = 0x40;		    /* s_feature_incompat: extents */
	memset(disk + 1024 + 0x68, 0x11, 16);	    /* s_uuid */
	memcpy(disk + 1024 + 0x78, "crashdisk", 9); /* s_volume_name */
	fake_file(root, path, disk, sizeof(disk));
}

static void machine(struct test *t, const struct fake_root *root)
{
	put_disk(root, "dev/vda1");
	fake_text(root, "sys/class/block/vda1/dev", "254:1\n");
	fake_text(root, "sys/class/block/vdb/dev", "254:16\n");
	fake_text(root, "dev/vdb", "");
	CHECK_INT(t, kd_mkdir_p_at(root->fd, "sys/dev/block", 0755, NULL), 0);
	CHECK_INT(t, symlinkat("../../class/block/vda1", root->fd, "sys/dev/block/254:1"),
		  0);
	fake_text(root, "proc/self/mountinfo", MOUNTS);
	CHECK_INT(t, kd_mkdir_p_at(root->fd, "data/dumps", 0755, NULL), 0);
	CHECK_INT(t, kd_mkdir_p_at(root->fd, "tmp", 0755, NULL), 0);
}

static struct kd_config_target wanted(const char *fstype, const char *source)
{
	struct kd_config_target w = { .type = KD_TARGET_FS };

	(void)snprintf(w.fstype, sizeof(w.fstype), "%s", fstype);
	(void)snprintf(w.source, sizeof(w.source), "%s", source);
	return w;
}

static void targets(struct test *t)
{
	static const char *const devices[] = {
		"/dev/vda1",
		"UUID=11111111-1111-1111-1111-111111111111",
		"LABEL=crashdisk",
	};
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_target_facts f;
	struct kd_error err = { 0 };

	fake_root_init(&root);
	machine(t, &root);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		struct kd_config_target w = wanted("ext4", devices[i]);

		kd_error_reset(&err);
		CHECK_INT(t, kd_target_find(root.fd, &w, "/dumps", &f, &err), 0);
		CHECK_STR(t, err.message, "");
		CHECK_STR(t, f.name, "vda1");
		CHECK_STR(t, f.probe.fstype, "ext4");
		CHECK_STR(t, f.probe.uuid, "11111111-1111-1111-1111-111111111111");
		CHECK_STR(t, f.path, "/dumps");
		CHECK(t, f.mounted && f.free_bytes > 0);
	}
}

static void by_path(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	const struct kd_config_target w = wanted("", KD_TARGET_OF_PATH);
	struct kd_target_facts f;
	struct kd_error err = { 0 };

	fake_root_init(&root);
	machine(t, &root);
	CHECK_INT(t, symlinkat("/data", root.fd, "link"), 0);
	CHECK_INT(t, kd_target_find(root.fd, &w, "/data/dumps", &f, NULL), 0);
	CHECK_STR(t, f.name, "vda1");
	CHECK_STR(t, f.path, "/data/dumps");
	CHECK_INT(t, kd_target_find(root.fd, &w, "/link/dumps", &f, NULL), 0);
	CHECK_STR(t, f.path, "/data/dumps");

	CHECK_INT(t, kd_target_find(root.fd, &w, "/absent", &f, &err), -ENOENT);
	CHECK_STR(t, err.message, "path /absent: no such folder");
	kd_error_reset(&err);
	CHECK_INT(t, kd_target_find(root.fd, &w, "/tmp", &f, &err), -ENOTSUP);
	CHECK(t, strstr(err.message, "is on tmpfs"));
}

/* kdump-utils' get_mntpoint_from_target(), spec/kdump-lib-initramfs_spec.sh: findmnt puts
 * "[folder]" behind a source where only a part is mounted, which a name may end in, too.
 * The kernel keeps the two in fields of their own. */
static void mount_points(struct test *t)
{
	static const char local[] =
		"22 1 253:0 / / rw - ext4 /dev/mapper/rhel[disk] rw\n",
			  ostree[] = "22 1 253:0 /ostree/deploy/default/var /var rw - "
				     "ext4 /dev/vda4 rw\n"
				     "23 1 253:0 / /sysroot rw - ext4 /dev/vda4 rw\n",
			  subvolumes[] = "22 1 0:35 /root / rw - btrfs /dev/nvme0n1p3 "
					 "rw,subvol=/root\n"
					 "23 22 0:35 /var /var rw - btrfs "
					 "/dev/nvme0n1p3 rw,subvol=/var\n";
	static const struct {
		const char *mounts, *device, *path, *point, *below;
	} rows[] = {
		{ local, "/dev/mapper/rhel[disk]", "/x", "/", "/x" },
		{ ostree, "/dev/vda4", "/x", "/sysroot", "/x" },
		/* the subvolume comes of the path that is asked for */
		{ subvolumes, KD_TARGET_OF_PATH, "/var/x", "/var", "/var/x" },
		{ subvolumes, KD_TARGET_OF_PATH, "/x", "/", "/root/x" },
		{ subvolumes, "/dev/nvme0n1p3", "/x", "/", "/root/x" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		const struct kd_config_target w = wanted("ext4", rows[i].device);
		struct kd_target_facts f = { 0 };
		struct kd_error err = { 0 };

		put_disk(&root, "dev/dm-0");
		fake_text(&root, "sys/class/block/dm-0/dev", "253:0\n");
		fake_link(&root, "dev/mapper/rhel[disk]", "../dm-0");
		fake_link(&root, "dev/vda4", "dm-0");
		fake_link(&root, "dev/nvme0n1p3", "dm-0");
		fake_text(&root, "var/x/y", "");
		fake_text(&root, "sysroot/y", "");
		fake_text(&root, "x/y", "");
		fake_text(&root, "proc/self/mountinfo", rows[i].mounts);
		CHECK_INT(t, kd_target_find(root.fd, &w, rows[i].path, &f, &err), 0);
		CHECK_STR(t, err.message, "");
		CHECK_STR(t, f.name, "dm-0");
		CHECK(t, f.mounted);
		CHECK_STR(t, f.mount_point, rows[i].point);
		CHECK_STR(t, f.path, rows[i].below);
	}
}

static bool is_same(void *context, const char *source)
{
	return strcmp(source, context) == 0;
}

/* Its exports: brackets of an address, and in the folder's name. */
static void exports(struct test *t)
{
	static const char *const sources[] = {
		"eng.redhat.com:/srv/[nfs]",
		"[2620:52:0:a1:217:38ff:fe01:131]:/srv/[nfs]",
	};

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		struct kd_mount m;
		char line[256], source[128];

		(void)snprintf(source, sizeof(source), "%s", sources[i]);
		(void)snprintf(line, sizeof(line),
			       "22 1 0:50 / /mnt rw - nfs4 %s rw,vers=4.2\n", source);
		CHECK_INT(t,
			  kd_mountinfo_find_source(line, strlen(line), "nfs4", is_same,
						   source, &m),
			  0);
		CHECK_STR(t, m.point, "/mnt");
		CHECK_STR(t, m.source, source);
	}
}

/* kdump-utils' get_btrfs_subvol_from_mntopt(): its options, and the folder that the kernel
 * says is mounted, which is what counts here: no option is read. */
static void subvolumes(struct test *t)
{
	static const struct {
		const char *options, *root, *below;
	} rows[] = {
		{ "subvol=/home,rw,relatime", "/home", "/home/d" },
		{ "rw,subvol=/root,defaults", "/root", "/root/d" },
		{ "rw,relatime,subvol=/root", "/root", "/root/d" },
		{ "subvol=@home", "/@home", "/@home/d" },
		{ "subvol=/path/to/subvolume,rw", "/path/to/subvolume",
		  "/path/to/subvolume/d" },
		{ "rw,relatime,defaults", "/", "/d" },
		{ "", "/", "/d" },
		{ "subvol=,rw", "/", "/d" },
		{ "rw,subvolume=@home", "/", "/d" },
		/* a folder bound there has a subvolume that is not its own root */
		{ "rw,subvol=/root", "/root/srv", "/root/srv/d" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		const struct kd_config_target w = wanted("", KD_TARGET_OF_PATH);
		struct kd_target_facts f = { 0 };
		char line[256];

		(void)snprintf(line, sizeof(line),
			       "22 1 0:35 %s /mnt rw - btrfs /dev/vda1 %s\n",
			       rows[i].root, rows[i].options);
		machine(t, &root);
		fake_text(&root, "mnt/d/y", "");
		fake_text(&root, "proc/self/mountinfo", line);
		CHECK_INT(t, kd_target_find(root.fd, &w, "/mnt/d", &f, NULL), 0);
		CHECK_STR(t, f.path, rows[i].below);
		CHECK_STR(t, f.options, "subvolid=5");
	}
}

/* All of a configuration's, with dump_to_rootfs at the end. */
static void several(struct test *t)
{
	static const char text[] = "path /dumps\next4 /dev/vdz\nnfs host:/export\n"
				   "ext4 LABEL=crashdisk\n"
				   "failure_action dump_to_rootfs\n";
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_target_facts f[KD_PLAN_TARGETS];
	struct kd_config_report report;
	struct kd_config c;

	fake_root_init(&root);
	machine(t, &root);
	kd_config_report_init(&report);
	CHECK_INT(t, kd_config_parse("f", text, strlen(text), &c, &report, NULL), 0);
	CHECK_INT(t, c.n_targets, 4);
	kd_targets_find(root.fd, &c, f);
	CHECK_STR(t, f[0].error.message, "target /dev/vdz: no such device");
	CHECK_STR(t, f[0].wanted.source, "/dev/vdz");
	CHECK_INT(t, f[0].wanted.line, 2);
	CHECK_INT(t, f[1].error.code, 0);
	CHECK_INT(t, f[1].wanted.type, KD_TARGET_NFS);
	CHECK_STR(t, f[1].path, "/dumps");
	CHECK_STR(t, f[2].name, "vda1");
	CHECK_INT(t, f[3].error.code, 0);
	CHECK_STR(t, f[3].name, "vda1");
	CHECK_STR(t, f[3].path, "/dumps");
	CHECK(t, f[3].mounted);
}

static void no_device(struct test *t)
{
	static const char *const devices[] = { "/dev/vdz", "UUID=none", "LABEL=none",
					       "PARTUUID=none" };
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_target_facts f;

	fake_root_init(&root);
	machine(t, &root);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		struct kd_config_target w = wanted("ext4", devices[i]);
		struct kd_error err = { 0 };

		CHECK_INT(t, kd_target_find(root.fd, &w, "/", &f, &err), -ENOENT);
		CHECK(t, strstr(err.message, "no such device"));
	}
}

static void host(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_host h;

	fake_root_init(&root);
	CHECK_INT(t, kd_host_read(root.fd, &h, NULL), -ENOENT);
	fake_text(&root, "proc/sys/kernel/osrelease", "6.1.0-9-amd64\n");
	fake_text(&root, "proc/sys/kernel/random/boot_id",
		  "5e9bd0b7-6b0f-4a0c-a2c3-6d1d8b1d4d01\n");
	fake_text(&root, "proc/cmdline", "ro quiet\n");
	fake_text(&root, "sys/kernel/kexec_crash_loaded", "0\n");
	fake_text(&root, "sys/kernel/kexec_crash_size", "1048576\n");
	CHECK_INT(t, kd_host_read(root.fd, &h, NULL), 0);
	CHECK_STR(t, h.release, "6.1.0-9-amd64");
	CHECK_STR(t, h.boot_id, "5e9bd0b7-6b0f-4a0c-a2c3-6d1d8b1d4d01");
	CHECK_STR(t, h.cmdline, "ro quiet");
	CHECK_STR(t, h.build_id, "");
	CHECK_INT(t, h.kexec.crash_size, 1 << 20);
}

static void kernels(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	char path[128], image[0x400] = { 0 };
	struct kd_error err = { 0 };
	int fd;

	fake_root_init(&root);
	CHECK_INT(t, kd_kernel_image_open(root.fd, "6.1", path, sizeof(path), &err),
		  -ENOENT);
	CHECK(t, strstr(err.message, "no kernel image of 6.1"));

	/* A bare name must say the release inside. */
	image[0x20e] = 0x60;
	memcpy(image + 0x260, "6.1 (root@x) #1", 16);
	fake_file(&root, "boot/vmlinuz", image, sizeof(image));
	CHECK_INT(t, kd_kernel_image_open(root.fd, "6.10", path, sizeof(path), NULL),
		  -ENOENT);
	fd = kd_kernel_image_open(root.fd, "6.1", path, sizeof(path), NULL);
	CHECK(t, fd >= 0);
	CHECK_STR(t, path, "/boot/vmlinuz");
	kd_close(fd);

	fake_text(&root, "usr/lib/modules/6.1/vmlinuz", "");
	fd = kd_kernel_image_open(root.fd, "6.1", path, sizeof(path), NULL);
	CHECK_STR(t, path, "/usr/lib/modules/6.1/vmlinuz");
	kd_close(fd);
	fake_text(&root, "boot/vmlinuz-6.1", "");
	fd = kd_kernel_image_open(root.fd, "6.1", path, sizeof(path), NULL);
	CHECK_STR(t, path, "/boot/vmlinuz-6.1");
	kd_close(fd);
}

static const struct test_case cases[] = {
	{ "mountinfo", mountinfo },
	{ "targets by device, UUID and label, without udev", targets },
	{ "the device that holds a path", by_path },
	{ "where a target is mounted", mount_points },
	{ "exports with brackets", exports },
	{ "subvolumes", subvolumes },
	{ "several, and the root at last", several },
	{ "no such device", no_device },
	{ "the running kernel", host },
	{ "kernel images", kernels },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
