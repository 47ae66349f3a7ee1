/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files an image is to hold, collected in any order and written sorted, each folder
 * once and before what lies in it: the archive depends on what was added and on nothing
 * else. Files of the host are read one at a time, when written. Used by image, closure.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"
#include "capture-kernel/image/cpio.h"

#define KD_TREE_MAX_ENTRIES 4096
#define KD_TREE_MAX_FILE    (256U << 20) /* bytes of one file, unpacked */

enum kd_tree_kind {
	KD_TREE_DIR,
	KD_TREE_DATA,	 /* bytes in memory */
	KD_TREE_HOST,	 /* a file of the host */
	KD_TREE_PACKED,	 /* a file of the host that is unpacked when it is compressed */
	KD_TREE_LINK,	 /* symbolic */
	KD_TREE_CONSOLE, /* the character device 5:1 */
};

/**
 * @path:   in the image, without a leading '/'; the tree's own copy
 * @source: host path, or a link's target; the tree's own copy
 * @data:   borrowed
 * @size:   bytes in the archive; of host files known once written
 */
struct kd_tree_entry {
	enum kd_tree_kind kind;
	uint32_t mode;
	const char *path;
	const char *source;
	const void *data;
	uint64_t size;
};

struct kd_tree {
	struct kd_tree_entry *entries;
	size_t n;
};

/** Free what it holds; the tree is empty and usable afterwards. */
void kd_tree_done(struct kd_tree *tree);

/**
 * Add an entry, and the folders above it.
 *
 * @entry: @path may begin with '/'; @path and @source are copied, @data is borrowed and
 *         must live until the tree is written. A folder's @mode may be 0: 0755.
 * The same entry twice is fine.
 * Errors: -EINVAL for a path with "." or ".." or empty parts, -EEXIST when another
 * entry has that path, -ENOTDIR when something above it is no folder, -E2BIG, -ENOMEM.
 */
int kd_tree_add(struct kd_tree *tree, const struct kd_tree_entry *entry,
		struct kd_error *err);

/** Sort the tree and append all of it to @cpio. Host files are looked up below
 *  @root_fd. Errors: of reading them, naming the file, and of the writer. */
int kd_tree_write(struct kd_tree *tree, int root_fd, struct kd_cpio *cpio,
		  struct kd_error *err);
