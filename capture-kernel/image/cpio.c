/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * New ASCII cpio: see cpio.h. A header is "070701" and 13 numbers of 8 hexadecimal
 * digits, then the name with its NUL, then the data; each of the last two is padded to
 * 4 bytes counted from the archive's start. Called by tree.
 */
#include "capture-kernel/image/cpio.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define HEADER_SIZE 110
#define ALIGNMENT   4
#define TRAILER	    "TRAILER!!!"

void kd_cpio_init(struct kd_cpio *cpio, kd_cpio_write_fn write, void *arg)
{
	*cpio = (struct kd_cpio) { .write = write, .arg = arg };
}

static int put(struct kd_cpio *cpio, const void *data, size_t size)
{
	int r;

	if (size == 0)
		return 0;
	r = cpio->write(cpio->arg, data, size);
	if (r < 0)
		return r;
	cpio->bytes += size;
	return 0;
}

static int pad(struct kd_cpio *cpio)
{
	static const char zeros[ALIGNMENT];

	return put(cpio, zeros,
		   (size_t)(kd_align_up(cpio->bytes, ALIGNMENT) - cpio->bytes));
}

static int put_header(struct kd_cpio *cpio, const struct kd_cpio_entry *e, uint32_t inode)
{
	char header[HEADER_SIZE + 1];
	unsigned int links = S_ISDIR(e->mode) ? 2 : 1;
	size_t name_size = strlen(e->path) + 1;
	int r;

	/* magic, inode, mode, uid, gid, links, mtime, size, device major and minor (0),
	 * rdev major and minor, name size, checksum (0 in this format) */
	(void)snprintf(header, sizeof(header),
		       "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		       inode, e->mode, 0, 0, links, 0, (unsigned int)e->size, 0, 0,
		       e->major, e->minor, (unsigned int)name_size, 0);
	r = put(cpio, header, HEADER_SIZE);
	if (r == 0)
		r = put(cpio, e->path, name_size);
	if (r == 0)
		r = pad(cpio);
	return r;
}

int kd_cpio_add(struct kd_cpio *cpio, const struct kd_cpio_entry *entry,
		struct kd_error *err)
{
	int r;

	/* do_header() in init/initramfs.c skips, without a word, names and link targets
	 * that are longer than PATH_MAX with their NUL. */
	if (strlen(entry->path) >= PATH_MAX ||
	    (S_ISLNK(entry->mode) && entry->size >= PATH_MAX))
		return kd_fail(err, -ENAMETOOLONG, "%.64s…", entry->path);
	if (entry->size > UINT32_MAX)
		return kd_fail(err, -EFBIG, "%s", entry->path);

	r = put_header(cpio, entry, cpio->entries + 1);
	if (r == 0)
		r = put(cpio, entry->data, (size_t)entry->size);
	if (r == 0)
		r = pad(cpio);
	if (r < 0)
		return kd_fail(err, r, "%s", entry->path);
	cpio->entries++;
	return 0;
}

int kd_cpio_finish(struct kd_cpio *cpio, struct kd_error *err)
{
	static const struct kd_cpio_entry trailer = { .path = TRAILER };
	int r;

	r = put_header(cpio, &trailer, 0);
	return r < 0 ? kd_fail(err, r, "end of the archive") : 0;
}
