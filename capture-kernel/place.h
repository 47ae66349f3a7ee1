/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder on a target, wherever that is: below a mount point (place-dir.c), or on
 * another machine behind a protocol. What is saved goes through these few operations, so
 * that no phase knows where it writes. Opened by targets; used in children, since each
 * operation may block for as long as a disk or a server likes.
 */
#pragma once

#include "base/file-view.h"
#include "makedumpfile/sink/sink.h"

#define KD_PLACE_NAMES \
	65536 /* of a folder that is listed; what comes behind is not seen */

struct kd_place;

/** Returns whether more names are asked for. */
typedef bool kd_place_look_fn(void *context, const char *name);

/**
 * What a kind of place implements. Names are single components, paths have several and
 * are looked up inside the target's root, links too. Errors are negative errnos with a
 * sentence in @err, as everywhere: -ENOENT, -EEXIST, -ENOSPC, -EACCES, -EIO …
 *
 * @enter:     open the folder @path below. @create: make what is missing, 0700, durable
 * @make:      make the folder @name, 0700, durable; -EEXIST when something has that name
 * @write:     a new file, 0600, to be written and read back; -EEXIST when it is there
 * @read:      an existing file. @fresh: as the disk has it, not as it is cached, as far
 *             as the place can tell
 * @settle:    write everything back, blocks of the file system's own as well, and tell of
 *             errors since the place was opened; NULL where each file's sync tells all
 * @rename:    durable; replaces what has the name @to
 * @remove:    a file
 * @cut:       a file to @size bytes, durable
 * @list:      call @look with each name in the folder, KD_PLACE_NAMES at most; NULL where
 *             there is nothing to be listed
 * @space:     bytes that may still be written; -ENOTSUP where that is not known
 * @folder:    a descriptor of the folder, the place's own; NULL where it is in no file
 *             system. See kd_place_folder()
 * @free:      let go; what was written and not synced may be lost
 */
struct kd_place_ops {
	int (*enter)(struct kd_place *p, const char *path, bool create,
		     struct kd_place **ret, struct kd_error *err);
	int (*make)(struct kd_place *p, const char *name, struct kd_error *err);
	int (*write)(struct kd_place *p, const char *name, struct kd_sink **ret,
		     struct kd_error *err);
	int (*read)(struct kd_place *p, const char *name, bool fresh,
		    struct kd_file_view **ret, struct kd_error *err);
	int (*settle)(struct kd_place *p, struct kd_error *err);
	int (*rename)(struct kd_place *p, const char *from, const char *to,
		      struct kd_error *err);
	int (*remove)(struct kd_place *p, const char *name, struct kd_error *err);
	int (*cut)(struct kd_place *p, const char *name, uint64_t size,
		   struct kd_error *err);
	int (*list)(struct kd_place *p, kd_place_look_fn *look, void *context,
		    struct kd_error *err);
	int (*space)(struct kd_place *p, uint64_t *ret, struct kd_error *err);
	int (*folder)(const struct kd_place *p);
	void (*free)(struct kd_place *p);
};

/** Embedded first in each implementation. A place entered from another may share its
 *  connection: it is freed before the other. */
struct kd_place {
	const struct kd_place_ops *ops;
};

static inline void kd_place_free(struct kd_place *p)
{
	if (p)
		p->ops->free(p);
}
KD_DEFINE_GUARD(struct kd_place, kd_place_free)

/**
 * A folder of a mounted file system.
 *
 * @dir_fd: taken over on success
 * @direct: new files are written past the page cache, where the file system does that
 * Errors: -ENOMEM.
 */
int kd_place_dir_new(int dir_fd, bool direct, struct kd_place **ret,
		     struct kd_error *err);

/** A borrowed descriptor of the folder, to list it or to name it to programs; -ENOTSUP where
 *  it is in no file system. */
int kd_place_folder(const struct kd_place *p);

/** Where programs find the folder, "/run/target-0/var/crash/…". Errors as above, -ENAMETOOLONG,
 *  those of readlink(2); needs /proc. */
int kd_place_path(const struct kd_place *p, char *ret, size_t size);

/** Have a file of exactly these bytes, or the one there was: written under another name,
 *  synced, renamed. */
int kd_place_replace(struct kd_place *p, const char *name, const void *data, size_t size,
		     struct kd_error *err);

/** Remove @name; fine when it is not there. */
int kd_place_clear(struct kd_place *p, const char *name, struct kd_error *err);
