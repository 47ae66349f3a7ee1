/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/state: there and back, and the judgement whether a machine is armed.
 */
#include "base/io.h"
#include "kdumpd/arm/hardware.h"
#include "kdumpd/arm/state.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void round_trip(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_state in = {
		.boot_id = "b",
		.key = "k",
		.config = "c",
		.release = "6.1",
		.kernel = "/boot/vmlinuz",
		.image = "/var/lib/x.img",
		.cmdline = "a=b \"c d\" e",
		.target = "ext4 UUID=x /",
		.collector = "makedumpfile -l",
		.arm_ms = 850,
		.reserved = 1 << 26,
		.crash_loop_limit = 7,
		.image_bytes = 7,
		.armed_at = 1700000000,
		.error = "two\nlines",
		.error_at = 9,
	};
	struct kd_state out;

	fake_root_init(&root);
	CHECK_INT(t, kd_state_read(root.fd, &out, NULL), -ENOENT);
	CHECK_INT(t, kd_mkdir_p_at(root.fd, KD_STATE_DIR, 0755, NULL), 0);
	CHECK_INT(t, kd_state_write(root.fd, KD_STATE_PATH, &in, NULL), 0);
	CHECK_INT(t, kd_state_read(root.fd, &out, NULL), 0);
	CHECK_STR(t, out.boot_id, "b");
	CHECK_STR(t, out.cmdline, in.cmdline);
	CHECK_STR(t, out.target, in.target);
	CHECK_STR(t, out.collector, in.collector);
	CHECK_INT(t, out.reserved, 1 << 26);
	CHECK_INT(t, out.arm_ms, 850);
	CHECK_INT(t, out.crash_loop_limit, 7);
	CHECK_STR(t, out.error, "two?lines");
	CHECK_INT(t, out.image_bytes, 7);
	CHECK_INT(t, out.armed_at, 1700000000);
	CHECK_INT(t, out.error_at, 9);
}

static void wrong(struct test *t)
{
	static const char *const texts[] = {
		"nonsense\n",
		"armed_at=x\n",
		("boot_id=0123456789012345678901234567890123456"
		 "789\n"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct kd_state out = { .armed_at = 5 };
		struct kd_error err = { 0 };

		CHECK_INT(t, kd_state_decode(texts[i], strlen(texts[i]), &out, &err),
			  -EINVAL);
		CHECK(t, strstr(err.message, "line 1"));
		CHECK_INT(t, out.armed_at, 5);
	}
}

static void judgement(struct test *t)
{
	static const struct {
		const char *boot_id, *release, *config; /* NULL boot_id: no state */
		bool loaded;
		enum kd_armed want;
	} table[] = {
		{ "boot", "6.1", "conf", true, KD_ARMED_YES },
		{ "boot", "6.1", "conf", false, KD_ARMED_NOTHING },
		{ NULL, NULL, NULL, false, KD_ARMED_NOTHING },
		{ NULL, NULL, NULL, true, KD_ARMED_FOREIGN },
		{ "old", "6.1", "conf", true, KD_ARMED_FOREIGN },
		{ "", "6.1", "conf", true, KD_ARMED_FOREIGN },
		{ "boot", "6.0", "conf", true, KD_ARMED_OTHER_KERNEL },
		{ "boot", "6.1", "other", true, KD_ARMED_OLD_CONFIG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct kd_armed_now now = { .loaded = table[i].loaded,
						  .boot_id = "boot",
						  .release = "6.1",
						  .config = "conf" };
		struct kd_state s = { 0 };
		enum kd_armed got;

		if (table[i].boot_id) {
			(void)snprintf(s.boot_id, sizeof(s.boot_id), "%s",
				       table[i].boot_id);
			(void)snprintf(s.release, sizeof(s.release), "%s",
				       table[i].release);
			(void)snprintf(s.config, sizeof(s.config), "%s", table[i].config);
		}
		got = kd_state_judge(table[i].boot_id ? &s : NULL, &now);
		CHECK_INT(t, got, table[i].want);
	}
}

/* The same image on a machine that is not the same any more. */
static void machine(struct test *t)
{
	static const struct {
		uint64_t reserved;
		const char *cpus;
		bool followed, unfinished;
		enum kd_armed want;
	} table[] = {
		{ 64, "two", false, false, KD_ARMED_YES },
		{ 0, "", false, false, KD_ARMED_YES },
		{ 32, "two", false, false, KD_ARMED_OTHER_RESERVATION },
		{ 64, "three", false, false, KD_ARMED_OLD_HARDWARE },
		{ 64, "three", true, false, KD_ARMED_YES },
		{ 64, "two", false, true, KD_ARMED_UNFINISHED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_hardware hardware = { .cpus_followed = table[i].followed };
		const struct kd_armed_now now = { .loaded = true,
						  .unfinished = table[i].unfinished,
						  .boot_id = "b",
						  .release = "r",
						  .reserved = table[i].reserved,
						  .hardware = &hardware };
		const struct kd_state s = {
			.boot_id = "b", .release = "r", .reserved = 64, .cpus = "two"
		};
		enum kd_armed got;

		(void)snprintf(hardware.cpus, sizeof(hardware.cpus), "%s", table[i].cpus);
		got = kd_state_judge(&s, &now);
		if (got != table[i].want)
			printf("# row %zu\n", i);
		CHECK_INT(t, got, table[i].want);
	}
}

static void unreadable_config(struct test *t)
{
	const struct kd_state s = { .boot_id = "b", .release = "r", .config = "c" };
	const struct kd_armed_now now = { .loaded = true,
					  .boot_id = "b",
					  .release = "r" };

	CHECK_INT(t, kd_state_judge(&s, &now), KD_ARMED_YES);
}

static const struct test_case cases[] = {
	{ "written and read", round_trip },
	{ "wrong files", wrong },
	{ "judgement", judgement },
	{ "the machine has changed", machine },
	{ "a broken configuration does not disarm", unreadable_config },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
