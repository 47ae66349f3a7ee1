/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/arm/marker: what the next boot learns of this one.
 */
#include "kdumpd/arm/marker.h"

#include <sys/stat.h>

#include "base/io.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void boot(const struct fake_root *root, const char *id)
{
	fake_text(root, "proc/sys/kernel/random/boot_id", id);
}

static void life(struct test *t)
{
	const struct kd_state state = {
		.key = "k1", .release = "6.1", .target = "ext4 /", .armed_at = 1000
	};
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_marker m;

	fake_root_init(&root);
	CHECK_INT(t, kd_mkdir_p_at(root.fd, KD_LIB_DIR, 0700, NULL), 0);
	boot(&root, "boot-1\n");
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH, &m, NULL), -ENOENT);
	CHECK_INT(t, kd_marker_disarmed(root.fd, "no memory", NULL), 0);
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH, &m, NULL), 0);
	CHECK_STR(t, m.boot_id, "boot-1");
	CHECK_STR(t, m.error, "no memory");
	CHECK_INT(t, m.armed, 0);

	CHECK_INT(t, kd_marker_armed(root.fd, &state, NULL), 0);
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH, &m, NULL), 0);
	CHECK_INT(t, m.armed, 1);
	CHECK_STR(t, m.key, "k1");
	CHECK_STR(t, m.error, "");
	CHECK_INT(t, m.armed_at, 1000);
	CHECK_INT(t, m.ended_at, 0);

	CHECK_INT(t, kd_marker_shutdown(root.fd, 2000, NULL), 0);
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH, &m, NULL), 0);
	CHECK_INT(t, m.ended_at, 2000);
	CHECK_INT(t, m.armed, 1);
	/* armed again: the shutdown was called off */
	CHECK_INT(t, kd_marker_armed(root.fd, &state, NULL), 0);
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH, &m, NULL), 0);
	CHECK_INT(t, m.ended_at, 0);

	boot(&root, "boot-2\n");
	CHECK_INT(t, kd_marker_disarmed(root.fd, "", NULL), 0);
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH, &m, NULL), 0);
	CHECK_STR(t, m.boot_id, "boot-2");
	CHECK_STR(t, m.key, "");
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH_LAST, &m, NULL), 0);
	CHECK_STR(t, m.boot_id, "boot-1");
	CHECK_INT(t, m.armed, 1);
}

static void written_once(struct test *t)
{
	const struct kd_state state = { .key = "k1", .armed_at = 1000 };
	_cleanup_(fake_root_done) struct fake_root root;
	struct stat first, second;

	fake_root_init(&root);
	CHECK_INT(t, kd_mkdir_p_at(root.fd, KD_LIB_DIR, 0700, NULL), 0);
	boot(&root, "boot-1\n");
	CHECK_INT(t, kd_marker_armed(root.fd, &state, NULL), 0);
	CHECK_INT(t, fstatat(root.fd, KD_MARKER_PATH, &first, 0), 0);
	CHECK_INT(t, first.st_mode & 07777, 0600);
	CHECK_INT(t, kd_marker_armed(root.fd, &state, NULL), 0);
	CHECK_INT(t, fstatat(root.fd, KD_MARKER_PATH, &second, 0), 0);
	CHECK_INT(t, first.st_ino, second.st_ino);
}

static void spoiled(struct test *t)
{
	const struct kd_state state = { .key = "k1" };
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_marker m;
	struct kd_error err = { 0 };

	fake_root_init(&root);
	boot(&root, "boot-1\n");
	fake_text(&root, KD_MARKER_PATH, "armed=maybe\n");
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH, &m, &err), -EINVAL);
	CHECK(t, strstr(err.message, "line 1"));
	CHECK_INT(t, kd_marker_armed(root.fd, &state, NULL), 0);
	CHECK_INT(t, kd_marker_read(root.fd, KD_MARKER_PATH, &m, NULL), 0);
	CHECK_STR(t, m.key, "k1");
}

static const struct test_case cases[] = {
	{ "one boot and the next", life },
	{ "nothing is written that would say the same", written_once },
	{ "a spoiled marker is replaced", spoiled },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
