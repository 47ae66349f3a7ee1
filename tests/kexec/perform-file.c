/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arguments of kexec_file_load(2) from a row, and the files rows name: perform.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "tests/kexec/perform.h"

#define MAX_KERNEL (64u << 20)

static int open_in(const struct perform_files *files, const char *name, int flags)
{
	char path[512];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", files->folder, name);
	fd = open(path, flags | O_CLOEXEC, 0644);
	if (fd < 0) {
		perror(path);
		abort();
	}
	return fd;
}

static void make(const struct perform_files *files, const char *name, const void *data,
		 size_t size)
{
	_cleanup_(kd_closep) int fd = open_in(files, name, O_WRONLY | O_CREAT | O_TRUNC);

	if (kd_write_full(fd, data, size) < 0)
		abort();
}

void perform_files_make(const struct perform_files *files)
{
	_cleanup_(kd_closep) int fd = open_in(files, "good", O_RDONLY);
	_cleanup_(kd_freep) uint8_t *data = malloc(MAX_KERNEL);
	static uint8_t junk[65536];
	ssize_t n;

	if (!data)
		abort();
	n = kd_pread_full(fd, data, MAX_KERNEL, 0);
	if (n < 1024)
		abort();
	memset(junk, 0x5a, sizeof(junk));
	make(files, "empty", junk, 0);
	make(files, "junk", junk, sizeof(junk));
	make(files, "short", data, 1023);
	make(files, "cut", data, n > 1 << 20 ? 1 << 16 : (size_t)n - 64);
	make(files, "busy", data, (size_t)n);
}

static int open_kernel(const struct perform_files *files, const char *name)
{
	static const struct {
		const char *name, *path;
		int flags;
	} odd[] = {
		{ "folder", ".", O_RDONLY | O_DIRECTORY },
		{ "path-only", "good", O_PATH },
		{ "write-only", "cut", O_WRONLY },
	};

	if (strcmp(name, "none") == 0)
		return -1;
	if (strcmp(name, "null") == 0)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (strcmp(name, "zero") == 0)
		return open("/dev/zero", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++)
		if (strcmp(name, odd[i].name) == 0)
			return open_in(files, odd[i].path, odd[i].flags);
	return open_in(files, name, O_RDONLY);
}

static bool read_cmdline(const char *text, const struct perform_buffers *buffers,
			 struct perform_file *ret)
{
	size_t length;

	ret->cmdline = ret->text;
	if (strncmp(text, "length:", 7) == 0) {
		length = strtoul(text + 7, NULL, 10);
		if (length == 0 || length > sizeof(ret->text))
			return false;
		memset(ret->text, 'a', length - 1);
		ret->text[length - 1] = '\0';
		ret->cmdline_len = length;
		return true;
	}
	(void)snprintf(ret->text, sizeof(ret->text), "%s", text);
	ret->cmdline_len = strlen(text) + 1;
	if (strcmp(text, "unended") == 0)
		ret->cmdline_len--;
	else if (strcmp(text, "unmapped") == 0)
		ret->cmdline = (const char *)buffers->unmapped;
	else if (strcmp(text, "none") == 0) {
		ret->cmdline = NULL;
		ret->cmdline_len = 0;
	}
	return true;
}

bool perform_file_read(const struct table_step *step, const struct perform_files *files,
		       const struct perform_buffers *buffers, struct perform_file *ret)
{
	static const struct table_symbol none[] = { { NULL, 0 } };
	char kernel[64], initrd[64], text[128];
	uint64_t flags = 0;

	*ret = (struct perform_file) { .kernel_fd = -1,
				       .writer_fd = -1,
				       .initrd_fd = -1 };
	if (!table_value(step, "kernel", 0, kernel, sizeof(kernel)) ||
	    !table_value(step, "initrd", 0, initrd, sizeof(initrd)) ||
	    !table_value(step, "cmdline", 0, text, sizeof(text)) ||
	    !read_cmdline(text, buffers, ret))
		return false;
	if (table_value(step, "flags", 0, text, sizeof(text)) &&
	    !table_number(none, text, &flags))
		return false;
	ret->flags = flags;
	if (table_has_word(step->call, "crash"))
		ret->flags |= KD_KEXEC_FILE_ON_CRASH;
	ret->kernel_fd = open_kernel(files, kernel);
	if (strcmp(kernel, "busy") == 0)
		ret->writer_fd = open_in(files, kernel, O_WRONLY);
	if (strcmp(initrd, "none") != 0)
		ret->initrd_fd = open_in(
			files, strcmp(initrd, "good") == 0 ? "initrd" : initrd, O_RDONLY);
	return true;
}

void perform_file_done(struct perform_file *f)
{
	f->kernel_fd = kd_close(f->kernel_fd);
	f->writer_fd = kd_close(f->writer_fd);
	f->initrd_fd = kd_close(f->initrd_fd);
}
