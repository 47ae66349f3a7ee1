/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A temporary folder that stands for a machine's root: files, links, and kernel modules
 * small enough to be made from text. Removed again by fake_root_done().
 */
#pragma once

#include "base/types.h"

struct fake_root {
	char path[64];
	int fd;
};

/** Make an empty root below /tmp; aborts the test program when it cannot. */
void fake_root_init(struct fake_root *root);
/** The same in another folder: /dev/shm where much is made durable, which disks are slow
 *  at. */
void fake_root_init_in(struct fake_root *root, const char *folder);
/** The same, for where a declaration needs it at once. */
struct fake_root fake_root_new(void);
/** Remove it with all it holds. */
void fake_root_done(struct fake_root *root);

/** Whether its file system may have no O_DIRECT: memory's own alone, of kernels before 6.6. */
bool fake_root_may_refuse_direct(const struct fake_root *root);

/** Write a file, and the folders above it. @path: without a leading '/'. */
void fake_file(const struct fake_root *root, const char *path, const void *data,
	       size_t size);
void fake_text(const struct fake_root *root, const char *path, const char *text);
/** Make a symbolic link, and the folders above it. */
void fake_link(const struct fake_root *root, const char *path, const char *target);

/**
 * Write a module's ELF file, as far as depmod and libkmod read one.
 *
 * @modinfo: "key=value" strings
 * @exports, @imports: symbols; each list ends with NULL
 */
void fake_module(const struct fake_root *root, const char *path,
		 const char *const *modinfo, const char *const *exports,
		 const char *const *imports);

/** Run a command of the shell; returns its exit status. */
int fake_run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
