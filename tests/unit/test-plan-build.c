/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/plan-build: configuration and machine to plan, and each reason for none.
 */
#include "kdumpd/arm/plan-build.h"
#include "tests/unit/test.h"

struct machine {
	struct kd_config config;
	struct kd_host host;
	struct kd_target_facts targets[KD_PLAN_TARGETS];
	struct kd_config_report report;
};

static struct kd_plan_input setup(struct machine *m)
{
	*m = (struct machine) { .host = { .release = "6.1.0-1-amd64",
					  .build_id = "abcd" } };
	kd_config_init(&m->config);
	m->targets[0] = (struct kd_target_facts) {
		.wanted = { .type = KD_TARGET_FS, .file = "f", .line = 1 },
		.name = "vda1",
		.probe = { .fstype = "ext4", .uuid = "11-22" },
		.path = "/var/crash",
		.mounted = true,
		.free_bytes = 1ull << 30,
	};
	return (struct kd_plan_input) { .config = &m->config,
					.host = &m->host,
					.targets = m->targets,
					.n_targets = 1 };
}

/* One more target, as it would be found. */
static void add(struct machine *m, struct kd_plan_input *in, const char *fstype,
		const char *source, const char *name)
{
	struct kd_target_facts *f = &m->targets[in->n_targets++];

	*f = m->targets[0];
	f->wanted.line = (unsigned int)in->n_targets;
	(void)snprintf(f->wanted.fstype, sizeof(f->wanted.fstype), "%s", fstype);
	(void)snprintf(f->wanted.source, sizeof(f->wanted.source), "%s", source);
	(void)snprintf(f->name, sizeof(f->name), "%s", name);
}

static int build(struct machine *m, const struct kd_plan_input *in, struct kd_plan *ret,
		 struct kd_error *err)
{
	kd_config_report_init(&m->report);
	return kd_plan_build(in, ret, &m->report, err);
}

/* What was found of networks and nodes goes into it as it is. */
static void nodes(struct test *t)
{
	static const struct kd_net_facts net = {
		.n = 1, .nets = { { .mac = "02:00:00:00:00:01" } }
	};
	static const struct kd_fence_facts fence = {
		.n = 1,
		.fences = { { .way = { .server = "192.0.2.9", .port = 7410 },
			      .interval = 10 } },
	};
	struct machine m;
	struct kd_plan_input in = setup(&m);
	struct kd_plan plan;

	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_INT(t, plan.n_fences + plan.n_nets, 0);
	in.net = &net;
	in.fence = &fence;
	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_INT(t, plan.n_fences, 1);
	CHECK_STR(t, plan.fences[0].way.server, "192.0.2.9");
	CHECK_INT(t, plan.n_nets, 1);
	CHECK_STR(t, plan.nets[0].mac, "02:00:00:00:00:01");
}

static void plain(struct test *t)
{
	struct machine m;
	struct kd_plan_input in = setup(&m);
	struct kd_plan plan;

	m.config.failure_action = KD_ACTION_HALT;
	m.config.crash_loop_limit = 7;
	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_STR(t, plan.release, "6.1.0-1-amd64");
	CHECK_STR(t, plan.build_id, "abcd");
	CHECK_STR(t, plan.host, "127.0.0.1");
	CHECK_STR(t, plan.collector, m.config.collector);
	CHECK_STR(t, plan.arm_id, "");
	CHECK_INT(t, plan.failure_action, KD_ACTION_HALT);
	CHECK_INT(t, plan.crash_loop_limit, 7);
	CHECK_INT(t, plan.n_targets, 1);
	CHECK_STR(t, plan.targets[0].device, "UUID=11-22");
	CHECK_STR(t, plan.targets[0].fstype, "ext4");
	CHECK_STR(t, plan.targets[0].path, "/var/crash");
	CHECK_INT(t, m.report.n, 0);
	CHECK(t, plan.total_timeout > plan.phase_timeout && plan.phase_timeout > 0);
}

static void names(struct test *t)
{
	struct machine m;
	struct kd_plan_input in = setup(&m);
	struct kd_config_target *wanted = &m.targets[0].wanted;
	struct kd_plan plan;

	memcpy(wanted->fstype, "ext4", 5);
	memcpy(wanted->source, "LABEL=x", 8);
	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_STR(t, plan.targets[0].device, "LABEL=x");
	memcpy(wanted->source, "/dev/vda1", 10);
	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_STR(t, plan.targets[0].device, "UUID=11-22");
	m.targets[0].probe.uuid[0] = '\0';
	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_STR(t, plan.targets[0].device, "/dev/vda1");
}

/* It is used, and told: room may be made before the crash. */
static void full(struct test *t)
{
	static const struct {
		bool mounted;
		uint64_t free_bytes;
		const char *file, *text;
	} table[] = {
		{ true, 3 << 20, "f",
		  "f:1: target /dev/vda1 is full: 3 MB free: make "
		  "room for a dump" },
		{ true, 0, "",
		  "target /dev/vda1 is full: 0 MB free: make room for a dump" },
		{ true, KD_PLAN_FREE_MIN, "f", NULL },
		{ false, 0, "f", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct machine m;
		struct kd_plan_input in = setup(&m);
		struct kd_plan plan;
		char text[KD_CONFIG_PROBLEM_TEXT];

		m.targets[0].mounted = table[i].mounted;
		m.targets[0].free_bytes = table[i].free_bytes;
		memcpy(m.targets[0].wanted.file, table[i].file,
		       strlen(table[i].file) + 1);
		CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
		CHECK_INT(t, plan.n_targets, 1);
		CHECK_INT(t, m.report.n, table[i].text != NULL);
		CHECK_INT(t, m.report.errors, 0);
		if (!table[i].text)
			continue;
		kd_config_problem_format(&m.report.problems[0], text, sizeof(text));
		CHECK_STR(t, text, table[i].text);
	}
}

static void several(struct test *t)
{
	struct machine m;
	struct kd_plan_input in = setup(&m);
	struct kd_plan plan;

	m.targets[0].probe.uuid[0] = '\0';
	add(&m, &in, "ext4", "LABEL=b", "vdb1");
	add(&m, &in, "ext4", "LABEL=c", "vdc1");
	add(&m, &in, "", KD_TARGET_OF_ROOT, "vdd1");
	m.targets[1].error = (struct kd_error) { -ENOENT, "target LABEL=b: gone" };
	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_INT(t, plan.n_targets, 3);
	CHECK_STR(t, plan.targets[0].device, "/dev/vda1");
	CHECK_STR(t, plan.targets[1].device, "LABEL=c");
	CHECK_STR(t, plan.targets[2].device, "/dev/vdd1");
	CHECK_INT(t, m.report.n, 1);
	CHECK_INT(t, m.report.errors, 0);
	CHECK_STR(t, m.report.problems[0].file, "f");
	CHECK_INT(t, m.report.problems[0].line, 2);
	CHECK_STR(t, m.report.problems[0].text,
		  "target LABEL=b: gone; the other targets are used");

	/* the root file system once, whoever named it; but not when that one failed */
	memcpy(m.targets[3].name, "vdc1", 5);
	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_INT(t, plan.n_targets, 2);
	memcpy(m.targets[3].name, "vdb1", 5);
	CHECK_INT(t, build(&m, &in, &plan, NULL), 0);
	CHECK_INT(t, plan.n_targets, 3);
}

static void none_of_several(struct test *t)
{
	struct machine m;
	struct kd_plan_input in = setup(&m);
	struct kd_plan plan = { .release = "untouched" };
	struct kd_error err = { 0 };

	add(&m, &in, "ext4", "LABEL=b", "vdb1");
	m.targets[0].error = (struct kd_error) { -ENOENT, "target a: gone" };
	m.targets[1].error = (struct kd_error) { -ENOSPC, "target b: full" };
	CHECK_INT(t, build(&m, &in, &plan, &err), -ENOENT);
	CHECK_STR(t, err.message, "none of 2 targets can be used: target a: gone");
	CHECK_STR(t, plan.release, "untouched");
	CHECK_INT(t, m.report.errors, 2);
	CHECK_STR(t, m.report.problems[1].text, "target b: full");

	in.n_targets = 1;
	kd_error_reset(&err);
	CHECK_INT(t, build(&m, &in, &plan, &err), -ENOENT);
	CHECK_STR(t, err.message, "target a: gone");
	CHECK_INT(t, m.report.n, 0);
}

static void refusals(struct test *t)
{
	static const struct {
		enum kd_target_type type;
		const char *configured, *held;
		uint64_t free_bytes;
		int code;
		const char *message;
	} table[] = {
		{ KD_TARGET_FS, "ext4", "ext4", 1 << 30, 0, "" },
		{ KD_TARGET_FS, "xfs", "ext4", 1 << 30, -EINVAL,
		  "target /dev/vda1: configured as xfs, but /dev/vda1 holds ext4" },
		{ KD_TARGET_FS, "ext4", "", 1 << 30, -EINVAL,
		  "target /dev/vda1: configured as ext4, but /dev/vda1 holds nothing "
		  "known" },
		{ KD_TARGET_FS, "btrfs", "btrfs", 1 << 30, 0, "" },
		{ KD_TARGET_FS, "", "vfat", 1 << 30, 0, "" },
		{ KD_TARGET_FS, "", "ntfs", 1 << 30, -ENOTSUP,
		  "target /dev/vda1: ntfs is not supported (ext2, ext3, ext4, xfs, btrfs "
		  "and vfat are)" },
		{ KD_TARGET_FS, "", "xfs", 3 << 20, 0, "" }, /* room can be made */
		{ KD_TARGET_RAW, "raw", "kdump_raw", 1 << 30, 0, "" },
		{ KD_TARGET_RAW, "raw", "kdump_raw", 1 << 20, -ENOSPC,
		  "target /dev/vda1 has 1 MB, too few for a dump: prepare a larger partition" },
		{ KD_TARGET_SHARE, "9p", "", 1 << 30, 0, "" },
		/* a server's disk is the server's business */
		{ KD_TARGET_NFS, "nfs", "", 0, 0, "" },
		{ KD_TARGET_SSH, "ssh", "", 0, 0, "" },
		{ KD_TARGET_SFTP, "sftp", "", 0, 0, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_target_facts f = {
			.wanted = { .type = table[i].type, .source = "/dev/vda1" },
			.name = "vda1",
			.mounted = true,
			.free_bytes = table[i].free_bytes,
		};
		struct kd_error err = { 0 };

		(void)snprintf(f.wanted.fstype, sizeof(f.wanted.fstype), "%s",
			       table[i].configured);
		(void)snprintf(f.probe.fstype, sizeof(f.probe.fstype), "%s",
			       table[i].held);
		CHECK_INT(t, kd_plan_check_target(&f, &err), table[i].code);
		CHECK_STR(t, err.message, table[i].message);
	}
}

static void unmounted(struct test *t)
{
	struct machine m;

	(void)setup(&m);
	m.targets[0].mounted = false;
	m.targets[0].free_bytes = 0;
	CHECK_INT(t, kd_plan_check_target(&m.targets[0], NULL), 0);
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
		{ "cp", 0 }, /* programs.c looks whether it is there */
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
		CHECK_INT(t, build(&m, &in, &plan, &err), table[i].code);
		CHECK_INT(t, strncmp(err.message, "core_collector", 14) == 0,
			  table[i].code < 0);
	}
}

static void modules(struct test *t)
{
	CHECK_STR(t, kd_plan_fs_module("ext2"), "ext4");
	CHECK_STR(t, kd_plan_fs_module("xfs"), "xfs");
	CHECK_STR(t, kd_plan_fs_module("vfat"), "vfat");
	CHECK(t, !kd_plan_fs_module("ntfs"));
}

static const struct test_case cases[] = {
	{ "a plain machine", plain },
	{ "networks, and nodes of a cluster", nodes },
	{ "the name least likely to change", names },
	{ "a full one is used", full },
	{ "several targets", several },
	{ "none of several can be used", none_of_several },
	{ "refusals", refusals },
	{ "free space of what is not mounted is unknown", unmounted },
	{ "core_collector is checked", collectors },
	{ "modules of file systems", modules },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
