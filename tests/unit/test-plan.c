/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/plan: what is encoded decodes to the same; a damaged plan yields what it can.
 */
#include "base/plan.h"
#include "tests/unit/test.h"

static const struct kd_plan sample = {
	.release = "6.1.0-1-amd64",
	.build_id = "0123abcd",
	.arm_id = "id-1",
	.host = "127.0.0.1",
	.collector = "makedumpfile -d 31 --message-level 7",
	.final_action = KD_ACTION_POWEROFF,
	.failure_action = KD_ACTION_HALT,
	.phase_timeout = 30,
	.total_timeout = 600,
	.memory_limit = 24 << 20,
	.test = true,
	.crash_loop_limit = 5,
	.kdump_pre = "/sbin/pre hook",
	.kdump_post = "/sbin/post",
	.kdump_emergency = "/sbin/emergency",
	.n_targets = 3,
	.targets = { { .type = KD_TARGET_FS,
		       .device = "UUID=5c6f-11",
		       .fstype = "ext4",
		       .options = "noatime,data=ordered",
		       .path = "/var/crash" },
		     { .type = KD_TARGET_SHARE,
		       .device = "tag",
		       .fstype = "9p",
		       .path = "/" },
		     { .type = KD_TARGET_NFS,
		       .device = "backup:/crash",
		       .fstype = "nfs4.2",
		       .path = "/dumps",
		       .way = { .server = "2001:db8::1",
				.port = 2049,
				.net = 1,
				.method = KD_PLAN_AUTO,
				.address = "2001:db8::5/64",
				.gateway = "fe80::1",
				.duid = "00030001525400123456",
				.iaid = UINT32_MAX } } },
	.n_nets = 2,
	.nets = { { .kind = KD_PLAN_NIC,
		    .mac = "52:54:00:12:34:56",
		    .hwaddr = "52:54:00:12:34:57",
		    .mtu = 9000 },
		  { .kind = KD_PLAN_VLAN,
		    .lower = "0",
		    .vlan = 5,
		    .vlan_protocol = 0x8100 } },
	.n_stack = 2,
	.stack = { { .type = KD_STACK_MD,
		     .name = "md127",
		     .uuid = "01234567-89ab-cdef-fedc-ba9876543210" },
		   { .type = KD_STACK_DM,
		     .name = "vg-crash",
		     .uuid = "LVM-abc",
		     .table = "0 8 linear {0} 2048;8 8 linear {1} 0",
		     .n_devices = 2,
		     .devices = { "STACK=0.1", "UUID=aaaaaa-bbbb" } } },
	.n_fences = 2,
	.fences = { { .way = { .server = "192.0.2.9",
			       .port = 7410,
			       .method = KD_PLAN_DHCP,
			       .address = "192.0.2.5/24" },
		      .interval = 10 },
		    { .way = { .server = "2001:db8::9", .port = 7411, .net = 1 },
		      .interval = 3,
		      .count = 20 } },
};

static void round_trip(struct test *t)
{
	struct kd_error err = { 0 };
	struct kd_strbuf text;
	struct kd_plan back;

	kd_strbuf_init(&text, KD_PLAN_MAX_SIZE);
	CHECK_INT(t, kd_plan_encode(&sample, &text, &err), 0);
	CHECK_INT(t, kd_plan_decode(text.data, text.length, &back, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, memcmp(&back, &sample, sizeof(back)), 0);
	kd_strbuf_done(&text);
}

static void refuses_control_characters(struct test *t)
{
	struct kd_error err = { 0 };
	struct kd_plan bad = sample;
	struct kd_strbuf text;

	kd_strbuf_init(&text, KD_PLAN_MAX_SIZE);
	memcpy(bad.targets[1].path, "/a\nb", 5);
	CHECK_INT(t, kd_plan_encode(&bad, &text, &err), -EINVAL);
	CHECK_STR(t, err.message, "target.1.path: control character");
	kd_strbuf_done(&text);
}

#define V "kdump-plan 1\n"

static void damaged(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		const char *message;
	} table[] = {
		{ "", -EPROTO, "plan: first line is not \"kdump-plan 1\"" },
		{ "kdump-plan 2\n", -EPROTO, "plan: first line is not \"kdump-plan 1\"" },
		{ V "what=1\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "host\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "phase_timeout=-1\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "phase_timeout=0\n", -EINVAL, "plan: a timeout of 0 s" },
		{ V "final_action=shell\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "target.1.path=/x\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "target.0=/x\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "target.0.type=moon\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "stack.1.type=dm\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "fence.1.interval=1\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "fence.0.mac=x\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "stack.0.type=fs\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "stack.0.device=x\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "stack.0.device.1=x\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "stack.0.device.0.1=x\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "stack.0.device.-1=x\n", -EINVAL, "plan: line 2: Invalid argument" },
		{ V "target.99999999999.path=/\n", -EINVAL,
		  "plan: line 2: Invalid argument" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_error err = { 0 };
		struct kd_plan plan;

		CHECK_INT(
			t,
			kd_plan_decode(table[i].text, strlen(table[i].text), &plan, &err),
			table[i].r);
		CHECK_STR(t, err.message, table[i].message);
		CHECK(t, plan.phase_timeout > 0 && plan.total_timeout > 0);
	}
}

static void keeps_what_it_understood(struct test *t)
{
	static const char text[] = V "host=a\nbroken\ntarget.0.device=/dev/vda\n"
				     "final_action=halt\n";
	struct kd_plan plan;

	CHECK_INT(t, kd_plan_decode(text, sizeof(text) - 1, &plan, NULL), -EINVAL);
	CHECK_STR(t, plan.host, "a");
	CHECK_INT(t, plan.n_targets, 1);
	CHECK_STR(t, plan.targets[0].device, "/dev/vda");
	CHECK_INT(t, plan.final_action, KD_ACTION_HALT);
}

static void too_many_targets(struct test *t)
{
	struct kd_strbuf text;
	struct kd_plan plan;

	kd_strbuf_init(&text, KD_PLAN_MAX_SIZE);
	kd_strbuf_adds(&text, V);
	for (int i = 0; i <= KD_PLAN_TARGETS; i++)
		kd_strbuf_addf(&text, "target.%d.path=/%d\n", i, i);
	CHECK_INT(t, kd_plan_decode(text.data, text.length, &plan, NULL), -E2BIG);
	CHECK_INT(t, plan.n_targets, KD_PLAN_TARGETS);
	kd_strbuf_done(&text);
}

static void names(struct test *t)
{
	enum kd_action action = KD_ACTION_REBOOT;

	CHECK_STR(t, kd_action_name(KD_ACTION_POWEROFF), "poweroff");
	CHECK(t, kd_action_name(KD_ACTION_COUNT) == NULL);
	CHECK_INT(t, kd_action_from_name("halt", &action), 0);
	CHECK_INT(t, action, KD_ACTION_HALT);
	CHECK_INT(t, kd_action_from_name("shell", &action), -EINVAL);
}

static const struct test_case cases[] = {
	{ "round trip", round_trip },
	{ "control characters are refused", refuses_control_characters },
	{ "damaged plans", damaged },
	{ "what was understood is kept", keeps_what_it_understood },
	{ "too many targets", too_many_targets },
	{ "names of actions", names },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
