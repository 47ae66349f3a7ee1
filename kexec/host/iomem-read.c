/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading /proc/iomem: see iomem.h. It shows its addresses to whoever reads a descriptor
 * that was opened with CAP_SYS_ADMIN, hence the one handed in. Trusts nothing about its
 * size. Called by memory.c and the daemon.
 */
#include "base/guard.h"
#include "base/io.h"
#include "kexec/host/iomem.h"
#include "kexec/host/source.h"

static int read_open(int fd, char **ret, size_t *ret_size, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = malloc(KD_IOMEM_MAX + 1);
	ssize_t n;

	if (!text)
		return kd_fail(err, -ENOMEM, "/proc/iomem");
	n = kd_pread_full(fd, text, KD_IOMEM_MAX + 1, 0);
	if (n < 0 || (size_t)n > KD_IOMEM_MAX)
		return kd_fail(err, n < 0 ? (int)n : -EFBIG, "/proc/iomem");
	*ret = TAKE_PTR(text);
	*ret_size = (size_t)n;
	return 0;
}

int kd_iomem_read(int root_fd, int iomem_fd, struct kd_iomem *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r;

	r = iomem_fd < 0 ? kd_source_file(root_fd, "proc/iomem", KD_IOMEM_MAX, &text,
					  &size, err)
			 : read_open(iomem_fd, &text, &size, err);
	if (r < 0)
		return r;
	return text ? kd_iomem_parse(text, size, ret, err) : -ENOENT;
}
