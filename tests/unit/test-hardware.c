/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/arm/hardware: what of a machine's change makes a loaded image stale.
 */
#include "kdumpd/arm/hardware.h"

#include <string.h>

#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define CPU    "sys/devices/system/cpu/"
#define MEMORY "sys/devices/system/memory/"
#define IOMEM                                 \
	"00001000-7fffffff : System RAM\n"    \
	"  01000000-01ffffff : Kernel code\n" \
	"80000000-8fffffff : PCI Bus 0000:00\n"

static void setup(const struct fake_root *root)
{
	fake_text(root, CPU "present", "0-3\n");
	fake_text(root, "proc/iomem", IOMEM);
}

static struct kd_state state_of(const struct fake_root *root)
{
	struct kd_hardware now;
	struct kd_state state = { .boot_id = "b" };

	kd_hardware_read(root->fd, -EBADF, &now);
	memcpy(state.cpus, now.cpus, sizeof(state.cpus));
	memcpy(state.memory, now.memory, sizeof(state.memory));
	return state;
}

static const struct {
	const char *name, *path, *text;
	bool changed;
} rows[] = {
	{ "nothing", "etc/nothing", "", false },
	{ "a CPU added", CPU "present", "0-4\n", true },
	{ "a CPU offline", CPU "online", "0-2\n", false },
	{ "memory added", "proc/iomem", IOMEM "100000000-13fffffff : System RAM\n",
	  true },
	{ "memory removed", "proc/iomem", "00001000-3fffffff : System RAM\n", true },
	{ "a device's window added", "proc/iomem",
	  IOMEM "90000000-90000fff : 0000:00:03.0\n", false },
	{ "addresses hidden", "proc/iomem", "00000000-00000000 : System RAM\n", false },
	{ "iomem unreadable", "proc/iomem", "nonsense\n", false },
};

static void changes(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		struct kd_hardware now;
		struct kd_state state;

		setup(&root);
		state = state_of(&root);
		CHECK(t, state.cpus[0] && state.memory[0]);
		fake_text(&root, rows[i].path, rows[i].text);
		kd_hardware_read(root.fd, -EBADF, &now);
		if (kd_hardware_changed(&state, &now) != rows[i].changed)
			test_failed(t, __FILE__, __LINE__, "%s", rows[i].name);
	}
}

/* crash_hotplug, each by itself. */
static void followed(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_hardware now;
	struct kd_state state;

	setup(&root);
	state = state_of(&root);
	fake_text(&root, CPU "present", "0-4\n");
	fake_text(&root, CPU "crash_hotplug", "1\n");
	fake_text(&root, MEMORY "crash_hotplug", "0\n");
	kd_hardware_read(root.fd, -EBADF, &now);
	CHECK(t, now.cpus_followed && !now.memory_followed);
	CHECK(t, !kd_hardware_changed(&state, &now));
	fake_text(&root, "proc/iomem", "00001000-3fffffff : System RAM\n");
	kd_hardware_read(root.fd, -EBADF, &now);
	CHECK(t, kd_hardware_changed(&state, &now));
	fake_text(&root, MEMORY "crash_hotplug", "1\n");
	kd_hardware_read(root.fd, -EBADF, &now);
	CHECK(t, !kd_hardware_changed(&state, &now));
}

/* A machine where nothing can be seen; a state of an earlier version. */
static void unknown(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_state state = { .boot_id = "b" };
	struct kd_hardware now;

	kd_hardware_read(root.fd, -EBADF, &now);
	CHECK_STR(t, now.cpus, "");
	CHECK_STR(t, now.memory, "");
	CHECK(t, !now.cpus_followed && !now.memory_followed);
	CHECK(t, !kd_hardware_changed(&state, &now));
	setup(&root);
	kd_hardware_read(root.fd, -EBADF, &now);
	CHECK(t, !kd_hardware_changed(&state, &now));
}

static const struct test_case cases[] = {
	{ "what counts as changed", changes },
	{ "what the kernel follows by itself", followed },
	{ "what is unknown is not held against it", unknown },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
