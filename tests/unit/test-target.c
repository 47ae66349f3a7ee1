/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/target.c, below.c and mount-options.c: folders on a target and the
 * options it is mounted with. Mounting itself is tested in tests/vm.
 */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/below.h"
#include "capture-kernel/mount-options.h"
#include "capture-kernel/target.h"
#include "tests/unit/fake-place.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void options(struct test *t)
{
	static const struct {
		const char *text;
		unsigned long flags;
		const char *data;
	} table[] = {
		{ "", 0, "" },
		{ "defaults", 0, "" },
		{ "rw,relatime", MS_RELATIME, "" },
		{ "ro", 0, "" },
		{ "noatime,data=ordered", MS_NOATIME, "data=ordered" },
		{ "subvol=/@,compress=zstd:1", 0, "subvol=/@,compress=zstd:1" },
		{ "noatime,atime", 0, "" },
		{ "defaults,nofail,x-systemd.device-timeout=5,_netdev", 0, "" },
		{ "user,users,user=me,comment=x y,loop,loop=/dev/loop0", 0, "" },
		{ ",,sync,,logbufs=8,", MS_SYNCHRONOUS, "logbufs=8" },
		{ "usrquota,users_too", 0, "usrquota,users_too" },
		{ "nodev,nosuid,noexec,dirsync",
		  MS_NODEV | MS_NOSUID | MS_NOEXEC | MS_DIRSYNC, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		unsigned long flags = 77;
		char data[256] = "untouched";

		CHECK_INT(t, kd_mount_options(table[i].text, &flags, data, sizeof(data)),
			  0);
		CHECK_INT(t, flags, table[i].flags);
		CHECK_STR(t, data, table[i].data);
	}
}

static void options_too_long(struct test *t)
{
	unsigned long flags = 77;
	char text[1024], data[1024] = "untouched";

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CHECK_INT(t, kd_mount_options(text, &flags, data, sizeof(data)), -E2BIG);
	CHECK_INT(t, kd_mount_options("abcdef", &flags, data, 6), -E2BIG);
	CHECK_INT(t, flags, 77);
	CHECK_STR(t, data, "untouched");
}

static bool is_folder(const struct fake_root *root, const char *path, mode_t mode)
{
	struct stat st;

	return fstatat(root->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode) && (st.st_mode & 0777) == mode;
}

static void open_below(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_open_below(root.fd, "/var/crash", false, &err), -ENOENT);
	CHECK_STR(t, err.message, "/var: No such file or directory");
	fd = kd_open_below(root.fd, "/var//crash/", true, NULL);
	CHECK(t, fd >= 0);
	CHECK(t, is_folder(&root, "var", 0700));
	CHECK(t, is_folder(&root, "var/crash", 0700));
	fd = kd_close(fd);
	fd = kd_open_below(root.fd, "var/crash", false, NULL);
	CHECK(t, fd >= 0);
	fd = kd_close(fd);
	fd = kd_open_below(root.fd, "", false, NULL);
	CHECK(t, fd >= 0);
	fake_text(&root, "var/file", "");
	CHECK_INT(t, kd_open_below(root.fd, "var/file/x", true, NULL), -ENOTDIR);
}

/* As the healthy system sees it: "/data" is the target's, ".." ends at its root. */
static void links_stay_inside(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_closep) int fd = -EBADF;

	(void)kd_mkdir_p_at(root.fd, "data/crash", 0755, NULL);
	(void)kd_mkdir_p_at(root.fd, "var", 0755, NULL);
	CHECK_INT(t, symlinkat("/data/crash", root.fd, "var/crash"), 0);
	fd = kd_open_below(root.fd, "/var/crash/new", true, NULL);
	CHECK(t, fd >= 0);
	CHECK(t, is_folder(&root, "data/crash/new", 0700));
	fd = kd_close(fd);
	fd = kd_open_below(root.fd, "/../../../inside", true, NULL);
	CHECK(t, fd >= 0);
	CHECK(t, is_folder(&root, "inside", 0700));
	CHECK_INT(t, symlinkat("/nowhere", root.fd, "var/dangling"), 0);
	CHECK_INT(t, kd_open_below(root.fd, "/var/dangling", true, NULL), -ENOENT);
}

static void dump_dirs(struct test *t)
{
	static const char *const want[] = {
		"/var/crash/web1-2023-11-14-22:13:20",
		"/var/crash/web1-2023-11-14-22:13:20.1",
		"/var/crash/web1-2023-11-14-22:13:20.2",
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *place = fake_place(root.fd);
	char dir[2 * KD_PLAN_STRING];

	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		CHECK_INT(t,
			  kd_target_make_dump_dir(place, "/var/crash", "web1", 1700000000,
						  dir, NULL),
			  0);
		CHECK_STR(t, dir, want[i]);
		CHECK(t, is_folder(&root, want[i] + 1, 0700));
	}
}

static void kinds(struct test *t)
{
	CHECK(t, kd_target_ops_for(KD_TARGET_FS) != NULL);
	CHECK(t, kd_target_ops_for(KD_TARGET_COUNT) == NULL);
}

static const struct test_case cases[] = {
	{ "mount options", options },
	{ "mount options that do not fit", options_too_long },
	{ "folders below a root", open_below },
	{ "links stay inside the target", links_stay_inside },
	{ "dump folders never collide", dump_dirs },
	{ "a kind of target and its functions", kinds },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
