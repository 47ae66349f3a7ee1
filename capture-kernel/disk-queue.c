/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue of a disk: see disk-queue.h. Trusts sysfs; of what it does not tell nothing is
 * guessed, and then writes go as they always do. Called by target-mount.c.
 */
#include "capture-kernel/disk-queue.h"

#include <limits.h>
#include <string.h>

#include "base/io.h"
#include "capture-kernel/block.h"

/* A dump comes in pieces of up to 1 MiB that begin at any block: all but their ends are
 * whole stripes of this size. */
#define OPTIMAL_MAX (UINT64_C(256) << 10)

#define VALUE_SIZE 32

static void path_of(const struct kd_block *b, const char *attribute, char ret[PATH_MAX])
{
	(void)snprintf(ret, PATH_MAX, KD_BLOCK_CLASS "/%s/%squeue/%s", b->entry,
		       b->number ? "../" : "", attribute);
}

int kd_disk_queue_read(int root_fd, const char *device, struct kd_disk_queue *ret)
{
	struct kd_disk_queue q = { 0 };
	char path[PATH_MAX], cache[VALUE_SIZE];
	struct kd_block b;
	uint64_t turns;
	int r = kd_block_by_name(root_fd, device, &b);

	if (r < 0)
		return r;
	path_of(&b, "optimal_io_size", path);
	r = kd_read_u64_at(root_fd, path, &q.optimal, /* err= */ NULL);
	if (r < 0)
		return r;
	path_of(&b, "rotational", path);
	r = kd_read_u64_at(root_fd, path, &turns, /* err= */ NULL);
	if (r < 0)
		return r;
	path_of(&b, "write_cache", path);
	r = kd_read_line_at(root_fd, path, cache, sizeof(cache), /* err= */ NULL);
	if (r < 0)
		return r;
	q.rotational = turns != 0;
	q.write_back = strcmp(cache, "write back") == 0;
	*ret = q;
	return 0;
}

bool kd_disk_queue_suits_direct(const struct kd_disk_queue *q)
{
	return q->optimal <= OPTIMAL_MAX && (!q->rotational || q->write_back);
}
