/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine to arm: see arm-machine.h. Its disk has as much of ext4's superblock as
 * libblkid looks at, its kernel is a bzImage's head.
 */
#include "tests/unit/arm-machine.h"

#include <string.h>
#include <sys/mman.h>

#include "tests/unit/fake-bzimage.h"

#define DISK "devices/pci0000:00/0000:00:05.0/virtio2/block/vda"

void arm_machine_show(const struct arm_machine *m)
{
	fake_text(&m->root, "sys/kernel/kexec_crash_loaded",
		  m->kernel->armed ? "1\n" : "0\n");
}

/* As the real one: the image is freed, or replaced, in one go, which no signal to the
 * caller interrupts. getppid() shows a tracer where that is. */
static int fake_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
		     size_t cmdline_len, unsigned long flags)
{
	const struct arm_machine *m = context;
	struct arm_kernel *k = m->kernel;
	char image[KD_DIGEST_HEX] = "";
	int r = k->refuse;

	(void)kernel_fd;
	(void)cmdline_len;
	if (!(flags & KD_KEXEC_FILE_UNLOAD) && kd_digest_fd(initrd_fd, image) < 0)
		abort();
	(void)getppid();
	k->loads++;
	k->refuse = 0;
	k->armed = r >= 0 && image[0];
	if (k->armed) {
		(void)snprintf(k->cmdline, sizeof(k->cmdline), "%s", cmdline);
		memcpy(k->image, image, sizeof(image));
	}
	(void)getppid();
	arm_machine_show(m);
	return r;
}

static int fake_loaded(void *context, enum kd_kexec_purpose purpose)
{
	const struct arm_machine *m = context;

	return purpose == KD_KEXEC_CRASH && m->kernel->armed;
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

void arm_machine_init(struct arm_machine *m)
{
	static const struct kd_linux_calls ops = { .file_load = fake_load,
						   .loaded = fake_loaded,
						   .pause = fake_pause };
	static const char *const nothing[] = { NULL };
	static const char *const info[] = { "license=GPL", NULL };
	uint8_t kernel[FAKE_BZIMAGE_SIZE];
	const struct fake_root *root = &m->root;

	*m = (struct arm_machine) { .kernel = mmap(NULL, sizeof(*m->kernel),
						   PROT_READ | PROT_WRITE,
						   MAP_SHARED | MAP_ANONYMOUS, -1, 0) };
	if (m->kernel == MAP_FAILED)
		abort();
	fake_root_init_in(&m->root, "/dev/shm");
	m->request = (struct kd_arm_request) { .root_fd = m->root.fd,
					       .iomem_fd = -EBADF,
					       .backend = { &ops, m },
					       .init = "/usr/lib/kdumpd/init" };
	fake_bzimage(kernel);
	fake_file(root, "boot/vmlinuz-" ARM_RELEASE, kernel, sizeof(kernel));
	fake_module(root, ARM_MODULES "kernel/ext4.ko", info, nothing, nothing);
	fake_text(root, ARM_MODULES "modules.order", "");
	fake_text(root, ARM_MODULES "modules.builtin", "");
	fake_text(root, ARM_MODULES "modules.builtin.modinfo", "");
	(void)fake_run("PATH=$PATH:/sbin:/usr/sbin depmod -b %s " ARM_RELEASE,
		       root->path);
	fake_text(root, "usr/lib/kdumpd/init", "#!/none\n");
	fake_text(root, "proc/sys/kernel/osrelease", ARM_RELEASE "\n");
	fake_text(root, "proc/sys/kernel/random/boot_id", "boot-1\n");
	fake_text(root, "proc/cmdline", "console=ttyS0 crashkernel=64M\n");
	arm_machine_show(m);
	fake_text(root, "sys/kernel/kexec_crash_size", "67108864\n");
	make_disk(root);
	fake_text(root, "etc/kdump.conf", "ext4 /dev/vda\n");
}

void arm_machine_done(struct arm_machine *m)
{
	kd_arm_result_done(&m->result);
	fake_root_done(&m->root);
	(void)munmap(m->kernel, sizeof(*m->kernel));
}

int arm_machine_arm(struct arm_machine *m)
{
	kd_arm_result_done(&m->result);
	kd_arm_result_init(&m->result);
	kd_error_reset(&m->err);
	return kd_arm(&m->request, &m->result, &m->err);
}
