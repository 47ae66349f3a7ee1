/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/arm, whole, on a machine made of a folder and a kernel made of a recorder:
 * arming, nothing to do, and that whatever goes wrong leaves the old image armed.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/arm/marker.h"
#include "tests/unit/arm-machine.h"
#include "tests/unit/test.h"

static void arms(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	struct kd_marker marker;
	struct kd_state state;
	struct stat st;

	arm_machine_init(&m);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_STR(t, m.err.message, "");
	CHECK(t, m.kernel->armed && !m.result.already);
	CHECK(t, strncmp(m.kernel->cmdline, "console=ttyS0 irqpoll", 21) == 0);
	CHECK_INT(t, kd_state_read(m.root.fd, &state, NULL), 0);
	CHECK_STR(t, state.boot_id, "boot-1");
	CHECK_STR(t, state.target,
		  "ext4 UUID=11111111-1111-1111-1111-111111111111 /var/crash");
	CHECK_INT(t, fstatat(m.root.fd, state.image + 1, &st, 0), 0);
	CHECK_INT(t, st.st_mode & 07777, 0600);
	CHECK_INT(t, st.st_size, state.image_bytes);
	CHECK_INT(t, state.reserved, 67108864);
	CHECK_INT(t, kd_marker_read(m.root.fd, KD_MARKER_PATH, &marker, NULL), 0);
	CHECK_STR(t, marker.boot_id, "boot-1");
	CHECK_STR(t, marker.key, state.key);
	CHECK_INT(t, marker.armed, 1);

	/* Nothing to do; then something. */
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, m.result.already);
	CHECK_INT(t, m.kernel->loads, 1);
	fake_text(&m.root, "etc/kdump.conf", "# a comment\next4 /dev/vda\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, m.result.already);
	fake_text(&m.root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, !m.result.already);
	CHECK_INT(t, m.kernel->loads, 2);
	fake_text(&m.root, "usr/lib/kdumpd/init", "#!/none2\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, m.kernel->loads, 3);

	/* A CPU comes: the same image with a new header; then the kernel follows itself. */
	fake_text(&m.root, "sys/devices/system/cpu/present", "0\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, m.result.already);
	m.request.force = true;
	CHECK_INT(t, arm_machine_arm(&m), 0);
	m.request.force = false;
	fake_text(&m.root, "sys/devices/system/cpu/present", "0-1\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, m.kernel->loads, 5);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, m.result.already);
	fake_text(&m.root, "sys/devices/system/cpu/crash_hotplug", "1\n");
	fake_text(&m.root, "sys/devices/system/cpu/present", "0-2\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, m.result.already);
	m.request.force = true;
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, m.kernel->loads, 6);
}

/* After a reboot the image on disk is taken as it is, unless it was damaged. */
static void next_boot(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	const char *image = KD_LIB_DIR "/image-" ARM_RELEASE ".img";
	struct stat first, second;

	arm_machine_init(&m);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, fstatat(m.root.fd, image, &first, 0), 0);
	fake_text(&m.root, "proc/sys/kernel/random/boot_id", "boot-2\n");
	fake_text(&m.root, "sys/kernel/kexec_crash_loaded", "0\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, m.kernel->loads, 2);
	CHECK_INT(t, fstatat(m.root.fd, image, &second, 0), 0);
	CHECK_INT(t, second.st_ino, first.st_ino);

	fake_text(&m.root, image, "damaged");
	fake_text(&m.root, "proc/sys/kernel/random/boot_id", "boot-3\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, fstatat(m.root.fd, image, &second, 0), 0);
	CHECK_INT(t, second.st_size, first.st_size);
}

static void wrong_key(struct arm_machine *m)
{
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vda\n\ncolor red\n");
}

static void wrong_target(struct arm_machine *m)
{
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vdz\n");
}

static void wrong_kernel(struct arm_machine *m)
{
	fake_text(&m->root, "boot/vmlinuz-" ARM_RELEASE, "#!/bin/sh\n");
}

static void no_reservation(struct arm_machine *m)
{
	fake_text(&m->root, "sys/kernel/kexec_crash_size", "0\n");
}

static void load_disabled(struct arm_machine *m)
{
	fake_text(&m->root, "proc/sys/kernel/kexec_load_disabled", "1\n");
}

static void no_module(struct arm_machine *m)
{
	(void)unlinkat(m->root.fd, ARM_MODULES "kernel/ext4.ko", 0);
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
}

static void no_folder(struct arm_machine *m)
{
	(void)fake_run("rm -r %s/" KD_LIB_DIR ".old 2>/dev/null; mv %s/" KD_LIB_DIR
		       " %s/" KD_LIB_DIR ".old; touch %s/" KD_LIB_DIR,
		       m->root.path, m->root.path, m->root.path, m->root.path);
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
}

static void refused_load(struct arm_machine *m)
{
	m->kernel->refuse = -ENOEXEC;
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
}

static const struct {
	const char *name, *words;
	void (*spoil)(struct arm_machine *m);
} faults[] = {
	{ "unknown key", "/etc/kdump.conf:3: unknown key \"color\"", wrong_key },
	{ "missing target", "target /dev/vdz: no such device", wrong_target },
	{ "no kernel image", "not a kernel but a script", wrong_kernel },
	{ "no reservation", "add crashkernel=", no_reservation },
	{ "load disabled", "kexec_load_disabled is 1", load_disabled },
	{ "module gone", "ext4", no_module },
	{ "nowhere to write", KD_LIB_DIR, no_folder },
	{ "refused by the kernel", "armed again: load refused", refused_load },
};

static void stays_armed(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		_cleanup_(arm_machine_done) struct arm_machine m;
		char before[sizeof(m.kernel->cmdline)];
		struct kd_marker marker;
		struct kd_state state;

		arm_machine_init(&m);
		CHECK_INT(t, arm_machine_arm(&m), 0);
		memcpy(before, m.kernel->cmdline, sizeof(before));
		faults[i].spoil(&m);
		CHECK(t, arm_machine_arm(&m) < 0);
		if (!strstr(m.err.message, faults[i].words))
			test_failed(t, __FILE__, __LINE__, "%s: %s", faults[i].name,
				    m.err.message);
		/* nowhere to write: the image is out of the test's reach too */
		CHECK(t, m.kernel->armed);
		CHECK_STR(t, m.kernel->cmdline, before);
		CHECK_INT(t, kd_state_read(m.root.fd, &state, NULL), 0);
		CHECK_STR(t, state.boot_id, "boot-1");
		CHECK_STR(t, state.error, m.err.message);
		/* the old image is armed still, and the next boot is to know that */
		if (kd_marker_read(m.root.fd, KD_MARKER_PATH, &marker, NULL) >= 0)
			CHECK_INT(t, marker.armed, 1);
		else
			CHECK_STR(t, faults[i].name, "nowhere to write");
	}
}

/* A file size limit stands for a full disk: the write itself fails, half way. */
static void full_disk(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	struct rlimit old, small;
	struct stat st;

	arm_machine_init(&m);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	fake_text(&m.root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(t, getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit) { 200, old.rlim_max };
	CHECK_INT(t, setrlimit(RLIMIT_FSIZE, &small), 0);
	CHECK_INT(t, arm_machine_arm(&m), -EFBIG);
	CHECK_INT(t, setrlimit(RLIMIT_FSIZE, &old), 0);
	CHECK_INT(t, m.kernel->loads, 1);
	CHECK(t, m.kernel->armed);
	CHECK(t, fstatat(m.root.fd, KD_LIB_DIR "/image-" ARM_RELEASE ".img.new", &st, 0) <
			 0);
	/* of a day when the disk took nothing */
	fake_text(&m.root, KD_STATE_DIR "/image-" ARM_RELEASE ".img", "another image");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, m.kernel->loads, 2);
	CHECK(t,
	      fstatat(m.root.fd, KD_STATE_DIR "/image-" ARM_RELEASE ".img", &st, 0) < 0);
}

/* Armed with those that can be used; none is refused, and each is told. */
static void several_targets(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	struct kd_state state;

	arm_machine_init(&m);
	fake_text(&m.root, "etc/kdump.conf",
		  "path /dumps\next4 /dev/vdz\next4 /dev/vda\n9p tag\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, m.kernel->armed);
	CHECK(t,
	      strstr(kd_strbuf_text(&m.result.warnings),
		     "/etc/kdump.conf:2: target /dev/vdz: no such device; the other "
		     "targets are used\n"
		     "/etc/kdump.conf:4: target tag: 9p: the hypervisor shares nothing with this machine; the "
		     "other targets are used\n"));
	CHECK_INT(t, kd_state_read(m.root.fd, &state, NULL), 0);
	CHECK_STR(t, state.target,
		  "ext4 UUID=11111111-1111-1111-1111-111111111111 /dumps");

	fake_text(&m.root, "etc/kdump.conf", "ext4 /dev/vdz\n9p tag\n");
	CHECK_INT(t, arm_machine_arm(&m), -ENOENT);
	CHECK(t, m.kernel->armed);
	CHECK_STR(t, m.err.message,
		  "none of 2 targets can be used: target /dev/vdz: no such device");
	CHECK_STR(
		t, kd_strbuf_text(&m.result.report),
		"/etc/kdump.conf:1: target /dev/vdz: no such device\n"
		"/etc/kdump.conf:2: target tag: 9p: the hypervisor shares nothing with this machine\n");
}

static void forced(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	const char *image = KD_LIB_DIR "/image-" ARM_RELEASE ".img";
	struct stat first, second;

	arm_machine_init(&m);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, fstatat(m.root.fd, image, &first, 0), 0);

	/* another configuration, and still the old image, which is told */
	fake_text(&m.root, "etc/kdump.conf",
		  "ext4 /dev/vda\npath /other\nforce_no_rebuild yes\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, m.kernel->loads, 2);
	CHECK_INT(t, fstatat(m.root.fd, image, &second, 0), 0);
	CHECK_INT(t, second.st_ino, first.st_ino);
	CHECK(t, strstr(kd_strbuf_text(&m.result.warnings), "force_no_rebuild: /"));
	m.request.force = true; /* kdumpctl rebuild */
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, fstatat(m.root.fd, image, &second, 0), 0);
	CHECK(t, second.st_ino != first.st_ino);
	CHECK(t, !strstr(kd_strbuf_text(&m.result.warnings), "force_no_rebuild"));
	m.request.force = false;

	/* nothing has changed but that it is to be built each time */
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, m.result.already);
	fake_text(&m.root, "etc/kdump.conf",
		  "ext4 /dev/vda\npath /other\nforce_rebuild yes\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, !m.result.already);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, !m.result.already);

	fake_text(&m.root, "etc/kdump.conf", "ext4 /dev/vda\nextra_modules nosuch\n");
	CHECK(t, arm_machine_arm(&m) < 0);
	CHECK(t, strstr(m.err.message, "nosuch"));
	CHECK(t, m.kernel->armed);
}

static void disarms(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	struct kd_marker marker;
	struct kd_state state;

	arm_machine_init(&m);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, kd_disarm(&m.request, NULL), 0);
	CHECK(t, !m.kernel->armed);
	CHECK_INT(t, kd_marker_read(m.root.fd, KD_MARKER_PATH, &marker, NULL), 0);
	CHECK_INT(t, marker.armed, 0);
	CHECK_INT(t, kd_state_read(m.root.fd, &state, NULL), -ENOENT);
	CHECK_INT(t, kd_disarm(&m.request, NULL), 0);
}

static const struct test_case cases[] = {
	{ "arms, and only when something has changed", arms },
	{ "the image on disk at the next boot", next_boot },
	{ "every fault is told and leaves the machine armed", stays_armed },
	{ "a full disk", full_disk },
	{ "several targets", several_targets },
	{ "images that are forced, or kept", forced },
	{ "disarms", disarms },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
