/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/arm, whole, on a machine made of a folder and a kernel made of a recorder:
 * arming, nothing to do, and that whatever goes wrong leaves the old image armed.
 */
#include "kdumpd/arm/arm.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/io.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define RELEASE "1.2.3-test"
#define FOLDER	"lib/modules/" RELEASE "/"
#define DISK	"devices/pci0000:00/0000:00:05.0/virtio2/block/vda"

/** @refuse: what the kernel answers to the next load, after it freed the old image */
struct machine {
	struct fake_root root;
	struct kd_arm_request request;
	struct kd_arm_result result;
	struct kd_error err;
	int refuse;
	unsigned int loads;
	bool armed;
	char cmdline[4096];
};

static int fake_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
		     size_t cmdline_len, unsigned long flags)
{
	struct machine *m = context;
	int r = m->refuse;

	(void)kernel_fd;
	(void)cmdline_len;
	m->loads++;
	m->refuse = 0;
	m->armed = r >= 0 && !(flags & KD_KEXEC_FILE_UNLOAD);
	if (m->armed && lseek(initrd_fd, 0, SEEK_END) <= 0)
		abort();
	if (m->armed)
		(void)snprintf(m->cmdline, sizeof(m->cmdline), "%s", cmdline);
	fake_text(&m->root, "sys/kernel/kexec_crash_loaded", m->armed ? "1\n" : "0\n");
	return r;
}

static int fake_loaded(void *context, enum kd_kexec_purpose purpose)
{
	return purpose == KD_KEXEC_CRASH && ((struct machine *)context)->armed;
}

static void fake_pause(void *context, unsigned int ms)
{
	(void)context;
	(void)ms;
}

static void make_disk(const struct fake_root *root)
{
	static uint8_t disk[1 << 20];

	disk[1024 + 0x18] = 2;	  /* ext4: s_log_block_size, s_magic, s_rev_level, */
	disk[1024 + 0x38] = 0x53; /* s_feature_compat, s_feature_incompat, s_uuid */
	disk[1024 + 0x39] = 0xef;
	disk[1024 + 0x4c] = 1;
	disk[1024 + 0x5c] = 0x04;
	disk[1024 + 0x60] = 0x40;
	memset(disk + 1024 + 0x68, 0x11, 16);
	fake_file(root, "dev/vda", disk, sizeof(disk));
	fake_text(root, "sys/" DISK "/dev", "254:0\n");
	fake_link(root, "sys/dev/block/254:0", "../../" DISK);
	fake_link(root, "sys/class/block/vda", "../../" DISK);
	fake_text(root, "proc/self/mountinfo", "1 1 254:0 / /data rw - ext4 /dev/vda rw");
	fake_text(root, "data/readme", "");
}

static void setup(struct machine *m)
{
	static const struct kd_linux_calls ops = { .file_load = fake_load,
						   .loaded = fake_loaded,
						   .pause = fake_pause };
	static const char *const nothing[] = { NULL };
	static const char *const info[] = { "license=GPL", NULL };
	uint8_t kernel[FAKE_BZIMAGE_SIZE];
	const struct fake_root *root = &m->root;

	*m = (struct machine) { .armed = false };
	fake_root_init(&m->root);
	m->request = (struct kd_arm_request) { .root_fd = m->root.fd,
					       .iomem_fd = -EBADF,
					       .backend = { &ops, m },
					       .init = "/usr/lib/kdumpd/init" };
	fake_bzimage(kernel);
	fake_file(root, "boot/vmlinuz-" RELEASE, kernel, sizeof(kernel));
	fake_module(root, FOLDER "kernel/ext4.ko", info, nothing, nothing);
	fake_text(root, FOLDER "modules.order", "");
	fake_text(root, FOLDER "modules.builtin", "");
	fake_text(root, FOLDER "modules.builtin.modinfo", "");
	(void)fake_run("PATH=$PATH:/sbin:/usr/sbin depmod -b %s " RELEASE, root->path);
	fake_text(root, "usr/lib/kdumpd/init", "#!/none\n");
	fake_text(root, "proc/sys/kernel/osrelease", RELEASE "\n");
	fake_text(root, "proc/sys/kernel/random/boot_id", "boot-1\n");
	fake_text(root, "proc/cmdline", "console=ttyS0 crashkernel=64M\n");
	fake_text(root, "sys/kernel/kexec_crash_loaded", "0\n");
	fake_text(root, "sys/kernel/kexec_crash_size", "67108864\n");
	make_disk(root);
	fake_text(root, "etc/kdump.conf", "ext4 /dev/vda\n");
}

static void teardown(struct machine *m)
{
	kd_arm_result_done(&m->result);
	fake_root_done(&m->root);
}

static int arm(struct machine *m)
{
	kd_arm_result_done(&m->result);
	kd_arm_result_init(&m->result);
	kd_error_reset(&m->err);
	return kd_arm(&m->request, &m->result, &m->err);
}

static void arms(struct test *t)
{
	_cleanup_(teardown) struct machine m;
	struct kd_state state;
	struct stat st;

	setup(&m);
	CHECK_INT(t, arm(&m), 0);
	CHECK_STR(t, m.err.message, "");
	CHECK(t, m.armed && !m.result.already);
	CHECK(t, strncmp(m.cmdline, "console=ttyS0 irqpoll", 21) == 0);
	CHECK_INT(t, kd_state_read(m.root.fd, &state, NULL), 0);
	CHECK_STR(t, state.boot_id, "boot-1");
	CHECK_STR(t, state.target,
		  "ext4 UUID=11111111-1111-1111-1111-111111111111 /var/crash");
	CHECK_INT(t, fstatat(m.root.fd, state.image + 1, &st, 0), 0);
	CHECK_INT(t, st.st_mode & 07777, 0600);
	CHECK_INT(t, st.st_size, state.image_bytes);

	/* Nothing to do; then something. */
	CHECK_INT(t, arm(&m), 0);
	CHECK(t, m.result.already);
	CHECK_INT(t, m.loads, 1);
	fake_text(&m.root, "etc/kdump.conf", "# a comment\next4 /dev/vda\n");
	CHECK_INT(t, arm(&m), 0);
	CHECK(t, m.result.already);
	fake_text(&m.root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
	CHECK_INT(t, arm(&m), 0);
	CHECK(t, !m.result.already);
	CHECK_INT(t, m.loads, 2);
	fake_text(&m.root, "usr/lib/kdumpd/init", "#!/none2\n");
	CHECK_INT(t, arm(&m), 0);
	CHECK_INT(t, m.loads, 3);
	m.request.force = true;
	CHECK_INT(t, arm(&m), 0);
	CHECK_INT(t, m.loads, 4);
}

/* After a reboot the image on disk is taken as it is, unless it was damaged. */
static void next_boot(struct test *t)
{
	_cleanup_(teardown) struct machine m;
	const char *image = KD_LIB_DIR "/image-" RELEASE ".img";
	struct stat first, second;

	setup(&m);
	CHECK_INT(t, arm(&m), 0);
	CHECK_INT(t, fstatat(m.root.fd, image, &first, 0), 0);
	fake_text(&m.root, "proc/sys/kernel/random/boot_id", "boot-2\n");
	fake_text(&m.root, "sys/kernel/kexec_crash_loaded", "0\n");
	CHECK_INT(t, arm(&m), 0);
	CHECK_INT(t, m.loads, 2);
	CHECK_INT(t, fstatat(m.root.fd, image, &second, 0), 0);
	CHECK_INT(t, second.st_ino, first.st_ino);

	fake_text(&m.root, image, "damaged");
	fake_text(&m.root, "proc/sys/kernel/random/boot_id", "boot-3\n");
	CHECK_INT(t, arm(&m), 0);
	CHECK_INT(t, fstatat(m.root.fd, image, &second, 0), 0);
	CHECK_INT(t, second.st_size, first.st_size);
}

static void wrong_key(struct machine *m)
{
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vda\n\ncolor red\n");
}

static void wrong_target(struct machine *m)
{
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vdz\n");
}

static void wrong_kernel(struct machine *m)
{
	fake_text(&m->root, "boot/vmlinuz-" RELEASE, "#!/bin/sh\n");
}

static void no_reservation(struct machine *m)
{
	fake_text(&m->root, "sys/kernel/kexec_crash_size", "0\n");
}

static void load_disabled(struct machine *m)
{
	fake_text(&m->root, "proc/sys/kernel/kexec_load_disabled", "1\n");
}

static void no_module(struct machine *m)
{
	(void)unlinkat(m->root.fd, FOLDER "kernel/ext4.ko", 0);
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
}

static void no_folder(struct machine *m)
{
	(void)fake_run("rm -r %s/" KD_LIB_DIR ".old 2>/dev/null; mv %s/" KD_LIB_DIR
		       " %s/" KD_LIB_DIR ".old; touch %s/" KD_LIB_DIR,
		       m->root.path, m->root.path, m->root.path, m->root.path);
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
}

static void refused_load(struct machine *m)
{
	m->refuse = -ENOEXEC;
	fake_text(&m->root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
}

static const struct {
	const char *name, *words;
	void (*spoil)(struct machine *m);
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
		_cleanup_(teardown) struct machine m;
		char before[sizeof(m.cmdline)];
		struct kd_state state;

		setup(&m);
		CHECK_INT(t, arm(&m), 0);
		memcpy(before, m.cmdline, sizeof(before));
		faults[i].spoil(&m);
		CHECK(t, arm(&m) < 0);
		if (!strstr(m.err.message, faults[i].words))
			test_failed(t, __FILE__, __LINE__, "%s: %s", faults[i].name,
				    m.err.message);
		/* nowhere to write: the image is out of the test's reach too */
		CHECK(t, m.armed);
		CHECK_STR(t, m.cmdline, before);
		CHECK_INT(t, kd_state_read(m.root.fd, &state, NULL), 0);
		CHECK_STR(t, state.boot_id, "boot-1");
		CHECK_STR(t, state.error, m.err.message);
	}
}

/* A file size limit stands for a full disk: the write itself fails, half way. */
static void full_disk(struct test *t)
{
	_cleanup_(teardown) struct machine m;
	struct rlimit old, small;
	struct stat st;

	setup(&m);
	CHECK_INT(t, arm(&m), 0);
	fake_text(&m.root, "etc/kdump.conf", "ext4 /dev/vda\nfinal_action halt\n");
	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(t, getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit) { 200, old.rlim_max };
	CHECK_INT(t, setrlimit(RLIMIT_FSIZE, &small), 0);
	CHECK_INT(t, arm(&m), -EFBIG);
	CHECK_INT(t, setrlimit(RLIMIT_FSIZE, &old), 0);
	CHECK_INT(t, m.loads, 1);
	CHECK(t, m.armed);
	CHECK(t, fstatat(m.root.fd, KD_LIB_DIR "/image-" RELEASE ".img.new", &st, 0) < 0);
	CHECK_INT(t, arm(&m), 0);
	CHECK_INT(t, m.loads, 2);
}

static void disarms(struct test *t)
{
	_cleanup_(teardown) struct machine m;
	struct kd_state state;

	setup(&m);
	CHECK_INT(t, arm(&m), 0);
	CHECK_INT(t, kd_disarm(&m.request, NULL), 0);
	CHECK(t, !m.armed);
	CHECK_INT(t, kd_state_read(m.root.fd, &state, NULL), -ENOENT);
	CHECK_INT(t, kd_disarm(&m.request, NULL), 0);
}

static const struct test_case cases[] = {
	{ "arms, and only when something has changed", arms },
	{ "the image on disk at the next boot", next_boot },
	{ "every fault is told and leaves the machine armed", stays_armed },
	{ "a full disk", full_disk },
	{ "disarms", disarms },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
