/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files before kexec_file_load(2) sees them: what it would refuse, and a kernel cut short,
 * which it would not. Trusts the facts; nothing in the files. Called by load.c.
 */
#include "kexec/load-files.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "kexec/check/explain.h"
#include "kexec/image/kernel.h"

/* What bzImage64_load() appends before it compares with cmdline_size: "elfcorehdr=0x…",
 * MAX_ELFCOREHDR_STR_LEN in arch/x86/kernel/kexec-bzimage64.c. */
#define ELFCOREHDR_LENGTH 30

/* Page tables, boot_params, purgatory and a margin against fragmentation. */
#define LOADER_OVERHEAD (1ull << 20)

/* A read lease is refused while anybody has the file open for writing, which is what
 * kernel_read_file() would answer with ETXTBSY. Other errors of fcntl() say nothing. */
static int check_no_writer(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN ? -ETXTBSY : 0;
	(void)fcntl(fd, F_SETLEASE, F_UNLCK);
	return 0;
}

/* What kexec_file_load(2) of these machines has a loader for: arch_kexec_kernel_image_probe()
 * and kexec_file_loaders[]. Others' are left to the kernel. */
static int check_format(const struct kd_kernel *kernel, struct kd_error *err)
{
	enum kd_arch native = kd_arch_native();
	enum kd_kernel_format taken = native == KD_ARCH_X86_64 ? KD_KERNEL_BZIMAGE
							       : KD_KERNEL_ARM64;

	if (native != KD_ARCH_X86_64 && native != KD_ARCH_ARM64)
		return 0;
	if (kernel->format != taken)
		return kd_fail_msg(err, -ENOTSUP,
				   "a %s; kexec_file_load takes none but %s here",
				   kd_kernel_format_name(kernel->format),
				   kd_kernel_format_name(taken));
	return 0;
}

static int check_kernel(const struct kd_kexec_files *files, struct kd_kernel *room,
			const struct kd_kernel **ret, struct kd_error *err)
{
	struct stat st;
	int r;

	if (fstat(files->kernel_fd, &st) < 0)
		return kd_fail(err, -errno, "%s", files->kernel_path);
	if (!S_ISREG(st.st_mode)) {
		(void)kd_fail_msg(err, -ENOEXEC, "not a regular file");
		return kd_fail(err, -ENOEXEC, "%s", files->kernel_path);
	}
	r = kd_kexec_files_kernel(files, room, ret, err);
	if (r >= 0)
		r = check_format(*ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", files->kernel_path);
	r = check_no_writer(files->kernel_fd);
	if (r < 0)
		return kd_fail(err, r, "%s is open for writing in some process",
			       files->kernel_path);
	return 0;
}

static int check_cmdline(const struct kd_kexec_files *files,
			 const struct kd_kernel *kernel, struct kd_error *err)
{
	size_t length = files->cmdline ? strlen(files->cmdline) + 1 : 1;
	uint32_t most = kernel->cmdline_max;

	if (most == 0 || length + ELFCOREHDR_LENGTH <= most)
		return 0;
	return kd_fail_msg(err, -E2BIG, "the command line has %zu bytes, %s takes %u",
			   length - 1, files->kernel_path,
			   most > ELFCOREHDR_LENGTH ? most - ELFCOREHDR_LENGTH - 1 : 0);
}

static int initrd_size(const struct kd_kexec_files *files, const struct kd_kernel *kernel,
		       uint64_t *ret, struct kd_error *err)
{
	struct stat st;

	if (files->initrd_fd < 0) {
		*ret = kernel->initrd.size;
		return 0;
	}
	if (fstat(files->initrd_fd, &st) < 0)
		return kd_fail(err, -errno, "initrd");
	if (st.st_size <= 0)
		return kd_fail_msg(err, -EINVAL, "initrd: empty");
	*ret = (uint64_t)st.st_size;
	return 0;
}

static int check_fit(const struct kd_kexec_facts *facts, const struct kd_kernel *kernel,
		     uint64_t initrd, struct kd_error *err)
{
	uint64_t need;

	if (__builtin_add_overflow(kernel->mem_size, initrd + LOADER_OVERHEAD, &need) ||
	    need > facts->crash_size)
		return kd_fail_msg(err, -ENOMEM,
				   "kernel and image need %" PRIu64 " MB, crashkernel= "
				   "reserves %" PRIu64 " MB",
				   (need + (1 << 20) - 1) >> 20, facts->crash_size >> 20);
	return 0;
}

int kd_load_check_files(const struct kd_kexec_facts *facts, enum kd_kexec_purpose purpose,
			const struct kd_kexec_files *files, struct kd_error *err)
{
	const struct kd_kexec_attempt what = { .action = KD_KEXEC_LOAD_FILES,
					       .purpose = purpose };
	_cleanup_(kd_kernel_done) struct kd_kernel room = { .n_wrappings = 0 };
	const struct kd_kernel *kernel = NULL;
	const char *obstacle;
	uint64_t initrd = 0;
	int r;

	obstacle = kd_kexec_obstacle_to(facts, &what, &r);
	if (obstacle)
		return kd_fail_msg(err, r, "%s", obstacle);
	r = check_kernel(files, &room, &kernel, err);
	if (r < 0)
		return r;
	r = check_cmdline(files, kernel, err);
	if (r < 0)
		return r;
	r = initrd_size(files, kernel, &initrd, err);
	if (r < 0)
		return r;
	return purpose == KD_KEXEC_CRASH ? check_fit(facts, kernel, initrd, err) : 0;
}
