/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kd_kernel_open() makes of a kernel file, as lines of "name value", and what it
 * unwrapped as files. Run by tests/reference/kernel-images.
 *
 *   kernel-image FILE [FOLDER]      FOLDER gets file, initrd and cmdline
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "kexec/image/kernel.h"

static void print(const struct kd_kernel *k)
{
	printf("format %s\narch %s\n", kd_kernel_format_name(k->format),
	       kd_arch_name(k->arch));
	printf("align %" PRIu64 "\nmin_addr %" PRIu64 "\nmem_size %" PRIu64 "\n",
	       k->align, k->min_addr, k->mem_size);
	printf("entry %" PRIu64 "\ncmdline_max %" PRIu32 "\nsetup %zu\n", k->entry,
	       k->cmdline_max, k->setup.size);
	printf("relocatable %d\nabove_4g %d\nla57 %d\nefi %d\n", k->relocatable,
	       k->above_4g, k->la57, k->efi);
	for (size_t i = 0; i < k->n_parts; i++)
		printf("part %" PRIu64 " %" PRIu64 " %zu %zu\n", k->parts[i].paddr,
		       k->parts[i].memsz, (size_t)(k->parts[i].data.data - k->file.data),
		       k->parts[i].data.size);
	for (size_t i = 0; i < k->n_wrappings; i++)
		printf("wrapping %s\n", k->wrappings[i]);
}

static int put(int dir_fd, const char *name, struct kd_bytes b)
{
	_cleanup_(kd_closep) int fd =
		openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : kd_write_full(fd, b.data, b.size);
}

static int extract(const struct kd_kernel *k, const char *folder)
{
	_cleanup_(kd_closep) int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = put(fd, "file", k->file);
	if (r == 0)
		r = put(fd, "initrd", k->initrd);
	if (r == 0)
		r = put(fd, "cmdline", k->cmdline);
	return r;
}

int main(int argc, char *argv[])
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	struct kd_error err = { 0 };
	int r;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: kernel-image FILE [FOLDER]\n");
		return 2;
	}
	r = kd_file_view_open_at(AT_FDCWD, argv[1], &view, &err);
	if (r == 0)
		r = kd_kernel_open(view, NULL, &k, &err);
	if (r == 0) {
		print(&k);
		r = argc > 2 ? extract(&k, argv[2]) : 0;
		if (r < 0)
			(void)kd_fail(&err, r, "%s", argv[2]);
	}
	if (r < 0)
		fprintf(stderr, "%s\n", err.message);
	return r < 0;
}
