/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inputs of a load: see inputs.h. Files of any size are looked at before they are
 * read: none may be larger than a kernel may.
 */
#include "kexec/program/inputs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kexec/program/cmdline.h"

#define CMDLINE_MAX 65536

/* Since 6.6: drivers/firmware/…, init/initramfs.c; there when retain_initrd was given. */
#define RETAINED "sys/firmware/initrd"

static int open_file(const char *path, struct kd_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? kd_fail(err, -errno, "%s", path) : fd;
}

static int read_all(int fd, const char *path, struct kd_bytes *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) uint8_t *data = NULL;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return kd_fail(err, -errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return kd_fail_msg(err, -EINVAL, "%s: not a regular file", path);
	if (st.st_size <= 0)
		return kd_fail_msg(err, -EINVAL, "%s: empty", path);
	if ((uint64_t)st.st_size > KD_KERNEL_MAX)
		return kd_fail(err, -EFBIG, "%s", path);
	data = malloc((size_t)st.st_size);
	if (!data)
		return kd_fail(err, -ENOMEM, "%s", path);
	n = kd_pread_full(fd, data, (size_t)st.st_size, 0);
	if (n != st.st_size)
		return kd_fail(err, n < 0 ? (int)n : -EIO, "%s", path);
	*ret = (struct kd_bytes) { TAKE_PTR(data), (size_t)n };
	return 0;
}

/* The running kernel's own initrd, as a file in memory: sysfs files have no size that
 * the kernel's reader would believe. */
static int open_retained(const struct kd_kexec_program *p, struct kd_error *err)
{
	_cleanup_(kd_freep) char *data = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	size_t size;
	int r;

	r = kd_read_file_at(p->machine->root_fd, RETAINED, KD_KERNEL_MAX, &data, &size,
			    NULL);
	if (r == -ENOENT)
		return kd_fail_msg(
			err, r,
			"--reuseinitrd: the running kernel has kept none; boot "
			"it with retain_initrd (6.6 and later)");
	if (r < 0)
		return kd_fail(err, r, "/" RETAINED);
	fd = memfd_create("initrd", MFD_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "/" RETAINED);
	r = kd_write_full(fd, data, size);
	return r < 0 ? kd_fail(err, r, "/" RETAINED) : TAKE_FD(fd);
}

static int open_kernel(const struct kd_kexec_program *p, struct kd_kexec_inputs *in,
		       struct kd_error *err)
{
	const char *path = p->command.kernel;
	struct kd_file_view view;
	int r;

	if (!path)
		return kd_fail_msg(err, -EINVAL, "no kernel is named");
	in->kernel_fd = open_file(path, err);
	if (in->kernel_fd < 0)
		return in->kernel_fd;
	r = kd_file_view_init(&view, in->kernel_fd);
	if (r >= 0)
		r = kd_kernel_look(&view, p->command.type, &in->kernel, err);
	return r < 0 ? kd_fail(err, r, "%s", path) : 0;
}

static int make_cmdline(const struct kd_kexec_program *p, struct kd_kexec_inputs *in,
			struct kd_error *err)
{
	_cleanup_(kd_freep) char *running = NULL;
	int r = 0;

	if (p->command.reuse_cmdline)
		r = kd_read_file_at(p->machine->root_fd, "proc/cmdline", CMDLINE_MAX,
				    &running, NULL, err);
	if (r < 0)
		return r;
	if (running)
		running[strcspn(running, "\n")] = '\0';
	r = kd_kexec_cmdline(&p->command, running, &in->kernel.cmdline, &in->cmdline);
	return r < 0 ? kd_fail(err, r, "command line") : 0;
}

int kd_kexec_inputs_open(const struct kd_kexec_program *p, struct kd_kexec_inputs *ret,
			 struct kd_error *err)
{
	const struct kd_kexec_command *c = &p->command;
	int r;

	*ret = (struct kd_kexec_inputs) { .kernel_fd = -EBADF, .initrd_fd = -EBADF };
	r = open_kernel(p, ret, err);
	if (r < 0)
		return r;
	if (c->initrd || c->reuse_initrd) {
		ret->initrd_fd = c->initrd ? open_file(c->initrd, err)
					   : open_retained(p, err);
		if (ret->initrd_fd < 0)
			return ret->initrd_fd;
	}
	return make_cmdline(p, ret, err);
}

static int read_kernel(const struct kd_kexec_program *p, struct kd_kexec_inputs *in,
		       struct kd_error *err)
{
	struct kd_file_view view;
	int r;

	r = kd_file_view_init(&view, in->kernel_fd);
	if (r >= 0)
		r = kd_kernel_read_rest(&view, &in->kernel, err);
	return r < 0 ? kd_fail(err, r, "%s", p->command.kernel) : 0;
}

int kd_kexec_inputs_read(const struct kd_kexec_program *p, struct kd_kexec_inputs *in,
			 struct kd_error *err)
{
	const struct kd_kexec_command *c = &p->command;
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	r = read_kernel(p, in, err);
	if (r < 0)
		return r;
	if (in->initrd_fd >= 0 && !in->initrd.data) {
		r = read_all(in->initrd_fd, c->initrd ? c->initrd : "/" RETAINED,
			     &in->initrd, err);
		if (r < 0)
			return r;
	}
	if (!c->dtb || in->dtb.data)
		return 0;
	fd = open_file(c->dtb, err);
	return fd < 0 ? fd : read_all(fd, c->dtb, &in->dtb, err);
}

void kd_kexec_inputs_done(struct kd_kexec_inputs *in)
{
	in->kernel_fd = kd_close(in->kernel_fd);
	in->initrd_fd = kd_close(in->initrd_fd);
	kd_kernel_done(&in->kernel);
	free(in->cmdline);
	free((void *)in->initrd.data);
	free((void *)in->dtb.data);
	*in = (struct kd_kexec_inputs) { .kernel_fd = -EBADF, .initrd_fd = -EBADF };
}
