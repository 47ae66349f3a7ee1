/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files through kexec_file_load(2). What the kernel cannot unwrap itself is unwrapped
 * here, and handed over as a file in memory that nobody can change any more. A refusal of
 * permission or of a signature is final: something else must not be tried behind it.
 * Trusts nothing in the files. Called by linux.c.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/io.h"
#include "kexec/backend/linux.h"
#include "kexec/image/kernel.h"

/* What may follow from a file in a wrapping the kernel does not know: ENOEXEC from x86,
 * EINVAL from arm64 and riscv. */
static bool may_be_wrapped(int r)
{
	return r == -ENOEXEC || r == -EINVAL;
}

static unsigned long file_flags(const struct kd_kexec_load *load, int initrd_fd)
{
	unsigned long flags = load->files->flags;

	if (load->purpose == KD_KEXEC_CRASH)
		flags |= KD_KEXEC_FILE_ON_CRASH;
	if (initrd_fd < 0)
		flags |= KD_KEXEC_FILE_NO_INITRAMFS;
	return flags;
}

static int call(struct kd_linux_backend *b, const struct kd_kexec_load *load,
		int kernel_fd, int initrd_fd)
{
	const char *cmdline = load->files->cmdline ? load->files->cmdline : "";
	struct kd_linux_patience p = kd_linux_patience(b, load->purpose);
	int r;

	do
		r = b->kernel.calls->file_load(b->kernel.context, kernel_fd, initrd_fd,
					       cmdline, strlen(cmdline) + 1,
					       file_flags(load, initrd_fd));
	while (kd_linux_again(b, &p, r));
	return r;
}

/* Open for reading only: the kernel refuses a file that is open for writing anywhere. */
static int memory_file(const char *name, struct kd_bytes bytes, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[64];
	int r;

	fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return kd_fail(err, -errno, "%s in memory", name);
	r = kd_write_full(fd, bytes.data, bytes.size);
	if (r >= 0 && fcntl(fd, F_ADD_SEALS,
			    F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		r = -errno;
	if (r < 0)
		return kd_fail(err, r, "%s in memory", name);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r = open(path, O_RDONLY | O_CLOEXEC);
	return r >= 0 ? r : TAKE_FD(fd);
}

/** What was in a wrapping; @initrd_fd negative when there was none */
struct unwrapped {
	int kernel_fd;
	int initrd_fd;
};

static void unwrapped_done(struct unwrapped *u)
{
	u->kernel_fd = kd_close(u->kernel_fd);
	u->initrd_fd = kd_close(u->initrd_fd);
}

static int keep_in_memory(const struct kd_kernel *kernel, struct unwrapped *ret,
			  struct kd_error *err)
{
	ret->kernel_fd = memory_file("kernel", kernel->file, err);
	if (ret->kernel_fd < 0)
		return ret->kernel_fd;
	if (kernel->initrd.size > 0) {
		ret->initrd_fd = memory_file("initrd", kernel->initrd, err);
		if (ret->initrd_fd < 0)
			return ret->initrd_fd;
	}
	return 1;
}

/* 1: there was a wrapping, and what was in it is in @ret; 0: there is none. */
static int unwrap(const struct kd_kexec_files *files, struct unwrapped *ret,
		  struct kd_error *err)
{
	_cleanup_(kd_kernel_done) struct kd_kernel room = { .n_wrappings = 0 };
	const struct kd_kernel *kernel;
	int r;

	r = kd_kexec_files_kernel(files, &room, &kernel, err);
	if (r < 0)
		return kd_fail(err, r, "%s", files->kernel_path);
	return kernel->n_wrappings > 0 ? keep_in_memory(kernel, ret, err) : 0;
}

static int load_unwrapped(struct kd_linux_backend *b, const struct kd_kexec_load *load,
			  const struct unwrapped *u)
{
	int initrd_fd = load->files->initrd_fd;

	return call(b, load, u->kernel_fd, initrd_fd >= 0 ? initrd_fd : u->initrd_fd);
}

/*
 * A refused try costs a crash load the armed image, so what is wrapped is taken out
 * before the first one, but where the kernel wants a signature: it lies on the wrapping.
 * Else the kernel has the first word.
 */
int kd_linux_load_files(struct kd_linux_backend *b, const struct kd_kexec_load *load,
			struct kd_error *err)
{
	_cleanup_(unwrapped_done) struct unwrapped u = { -EBADF, -EBADF };
	const struct kd_kexec_files *files = load->files;
	struct kd_error why = { 0 };
	int r, wrapped;

	if (load->purpose == KD_KEXEC_CRASH && b->facts->lockdown == KD_LOCKDOWN_NONE) {
		wrapped = unwrap(files, &u, NULL);
		if (wrapped > 0)
			return load_unwrapped(b, load, &u);
	}
	r = call(b, load, files->kernel_fd, files->initrd_fd);
	if (!may_be_wrapped(r))
		return r;
	wrapped = unwrap(files, &u, &why);
	/* a damaged wrapping says more than the kernel's errno; else that one stands */
	if (wrapped < 0)
		return kd_fail_msg(err, r, "%s", why.message);
	return wrapped > 0 ? load_unwrapped(b, load, &u) : r;
}
