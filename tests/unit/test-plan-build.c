/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/plan-build: configuration and machine to plan, and each reason for none.
 */
#include "kdumpd/arm/plan-build.h"
#include "tests/unit/test.h"

struct machine {
	struct kd_config config;
	struct kd_host host;
	struct kd_target_facts target;
};

static struct kd_plan_input setup(struct machine *m)
{
	kd_config_init(&m->config);
	m->host = (struct kd_host) { .release = "6.1.0-1-amd64", .build_id = "abcd" };
	m->target = (struct kd_target_facts) {
		.name = "vda1",
		.probe = { .fstype = "ext4", .uuid = "11-22" },
		.path = "/var/crash",
		.mounted = true,
		.free_bytes = 1ull << 30,
	};
	return (struct kd_plan_input) { &m->config, &m->host, &m->target };
}

static void plain(struct test *t)
{
	struct machine m;
	struct kd_plan_input in = setup(&m);
	struct kd_plan plan;

	m.config.failure_action = KD_ACTION_HALT;
	CHECK_INT(t, kd_plan_build(&in, &plan, NULL), 0);
	CHECK_STR(t, plan.release, "6.1.0-1-amd64");
	CHECK_STR(t, plan.build_id, "abcd");
	CHECK_STR(t, plan.host, "127.0.0.1");
	CHECK_STR(t, plan.collector, m.config.collector);
	CHECK_STR(t, plan.arm_id, "");
	CHECK_INT(t, plan.failure_action, KD_ACTION_HALT);
	CHECK_INT(t, plan.n_targets, 1);
	CHECK_STR(t, plan.targets[0].device, "UUID=11-22");
	CHECK_STR(t, plan.targets[0].fstype, "ext4");
	CHECK_STR(t, plan.targets[0].path, "/var/crash");
	CHECK(t, plan.total_timeout > plan.phase_timeout && plan.phase_timeout > 0);
}

static void names(struct test *t)
{
	struct machine m;
	struct kd_plan_input in = setup(&m);
	struct kd_plan plan;

	memcpy(m.config.fstype, "ext4", 5);
	memcpy(m.config.device, "LABEL=x", 8);
	CHECK_INT(t, kd_plan_build(&in, &plan, NULL), 0);
	CHECK_STR(t, plan.targets[0].device, "LABEL=x");
	memcpy(m.config.device, "/dev/vda1", 10);
	CHECK_INT(t, kd_plan_build(&in, &plan, NULL), 0);
	CHECK_STR(t, plan.targets[0].device, "UUID=11-22");
	m.target.probe.uuid[0] = '\0';
	CHECK_INT(t, kd_plan_build(&in, &plan, NULL), 0);
	CHECK_STR(t, plan.targets[0].device, "/dev/vda1");
}

static void refusals(struct test *t)
{
	static const struct {
		const char *configured, *held;
		uint64_t free_bytes;
		int code;
		const char *message;
	} table[] = {
		{ "xfs", "ext4", 1 << 30, -EINVAL,
		  "target /dev/vda1: configured as xfs, but /dev/vda1 holds ext4" },
		{ "ext4", "", 1 << 30, -EINVAL,
		  "target /dev/vda1: configured as ext4, but /dev/vda1 holds nothing "
		  "known" },
		{ "", "btrfs", 1 << 30, -ENOTSUP,
		  "target /dev/vda1: btrfs is not supported yet (ext2, ext3, ext4 and xfs "
		  "are)" },
		{ "", "xfs", 3 << 20, -ENOSPC, "target /dev/vda1 is full: 3 MB free" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct machine m;
		struct kd_plan_input in = setup(&m);
		struct kd_plan plan = { .release = "untouched" };
		struct kd_error err = { 0 };

		memcpy(m.config.device, "/dev/vda1", 10);
		(void)snprintf(m.config.fstype, sizeof(m.config.fstype), "%s",
			       table[i].configured);
		(void)snprintf(m.target.probe.fstype, sizeof(m.target.probe.fstype), "%s",
			       table[i].held);
		m.target.free_bytes = table[i].free_bytes;
		CHECK_INT(t, kd_plan_build(&in, &plan, &err), table[i].code);
		CHECK_STR(t, err.message, table[i].message);
		CHECK_STR(t, plan.release, "untouched");
	}
}

static void unmounted(struct test *t)
{
	struct machine m;
	struct kd_plan_input in = setup(&m);
	struct kd_plan plan;

	m.target.mounted = false;
	m.target.free_bytes = 0;
	CHECK_INT(t, kd_plan_build(&in, &plan, NULL), 0);
}

static void collectors(struct test *t)
{
	static const struct {
		const char *line;
		int code;
	} table[] = {
		{ "makedumpfile -c -d 11", 0 },
		{ "makedumpfile -F -c --num-threads 2 -d 31", 0 },
		{ "makedumpfile -d 99", -EINVAL },
		{ "makedumpfile -E -d 31", -EINVAL },
		{ "makedumpfile --split -d 31", -EINVAL },
		{ "makedumpfile -x /boot/vmlinux -d 31", -EINVAL },
		{ "makedumpfile --config /etc/makedumpfile.conf -d 31", -EINVAL },
		{ "makedumpfile -R", -EINVAL },
		{ "makedumpfile --no-such-option", -EINVAL },
		{ "cp", -ENOTSUP },
		{ "makedumpfile -l -d 31", 0 },
		{ "makedumpfile -z -d 31", 0 },
		{ "makedumpfile -p -d 31", -ENOTSUP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct machine m;
		struct kd_plan_input in = setup(&m);
		struct kd_error err = { 0 };
		struct kd_plan plan;

		(void)snprintf(m.config.collector, sizeof(m.config.collector), "%s",
			       table[i].line);
		CHECK_INT(t, kd_plan_build(&in, &plan, &err), table[i].code);
		CHECK_INT(t, strncmp(err.message, "core_collector", 14) == 0,
			  table[i].code < 0);
	}
}

static void modules(struct test *t)
{
	CHECK_STR(t, kd_plan_fs_module("ext2"), "ext4");
	CHECK_STR(t, kd_plan_fs_module("xfs"), "xfs");
	CHECK(t, !kd_plan_fs_module("vfat"));
}

static const struct test_case cases[] = {
	{ "a plain machine", plain },
	{ "the name least likely to change", names },
	{ "refusals", refusals },
	{ "free space of what is not mounted is unknown", unmounted },
	{ "core_collector is checked", collectors },
	{ "modules of file systems", modules },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
