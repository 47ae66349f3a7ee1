/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts the capture image together: see image.h. Names are resolved first, so that a
 * missing module costs no half-written image. Called by kdumpd.
 */
#include "capture-kernel/image/image.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/strbuf.h"
#include "capture-kernel/image/closure.h"
#include "capture-kernel/image/compress.h"
#include "capture-kernel/image/cpio.h"
#include "capture-kernel/image/module-list.h"
#include "capture-kernel/image/root.h"
#include "capture-kernel/image/tree.h"

#define LIST_MAX     65536 /* bytes of /kdump/modules */
#define MODULES_ROOT "/lib/modules/"

struct build {
	const struct kd_image_request *request;
	struct kd_tree tree;
	struct kd_module_list modules;
	struct kd_strbuf list; /* the text of /kdump/modules */
	struct kd_image_stats stats;
};

static void build_done(struct build *b)
{
	kd_tree_done(&b->tree);
	kd_module_list_done(&b->modules);
	kd_strbuf_done(&b->list);
}

static int add_frame(struct build *b, struct kd_error *err)
{
	const struct kd_tree_entry frame[] = {
		{ .kind = KD_TREE_DIR, .path = "dev" },
		{ .kind = KD_TREE_DIR, .path = "proc" },
		{ .kind = KD_TREE_DIR, .path = "run" },
		{ .kind = KD_TREE_DIR, .path = "sys" },
		{ .kind = KD_TREE_DIR, .path = "tmp" },
		{ .kind = KD_TREE_CONSOLE, .path = "dev/console", .mode = 0600 },
		{ .kind = KD_TREE_HOST,
		  .path = "init",
		  .mode = 0755,
		  .source = b->request->init },
	};

	for (size_t i = 0; i < ARRAY_SIZE(frame); i++) {
		int r = kd_tree_add(&b->tree, &frame[i], err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int add_blobs(struct build *b, struct kd_error *err)
{
	for (size_t i = 0; i < b->request->n_blobs; i++) {
		const struct kd_image_blob *blob = &b->request->blobs[i];
		struct kd_tree_entry entry = {
			.kind = KD_TREE_DATA,
			.path = blob->path,
			.mode = blob->mode,
			.data = blob->data,
			.size = blob->size,
		};
		int r = kd_tree_add(&b->tree, &entry, err);

		if (r < 0)
			return r;
	}
	return 0;
}

/* "kernel/fs/xfs/xfs.ko.xz" is unpacked to "kernel/fs/xfs/xfs.ko". */
static size_t plain_length(const char *file)
{
	static const char *const suffixes[] = { ".xz", ".zst", ".gz" };
	size_t length = strlen(file);

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size_t n = strlen(suffixes[i]);

		if (length > n && strcmp(file + length - n, suffixes[i]) == 0)
			return length - n;
	}
	return length;
}

static int add_module(struct build *b, const char *file, struct kd_error *err)
{
	char source[PATH_MAX], path[PATH_MAX];
	struct kd_tree_entry entry = {
		.kind = KD_TREE_PACKED,
		.mode = 0644,
		.path = path,
		.source = source,
	};
	int r;

	r = snprintf(source, sizeof(source), "%s/%s", b->modules.folder, file);
	if (r < 0 || (size_t)r >= sizeof(source))
		return kd_fail(err, -ENAMETOOLONG, "%s", file);
	r = snprintf(path, sizeof(path), MODULES_ROOT "%s/%.*s", b->request->release,
		     (int)plain_length(file), file);
	if (r < 0 || (size_t)r >= sizeof(path))
		return kd_fail(err, -ENAMETOOLONG, "%s", file);
	kd_strbuf_addf(&b->list, "%s\n", path);
	return kd_tree_add(&b->tree, &entry, err);
}

static int add_modules(struct build *b, struct kd_error *err)
{
	const struct kd_module_query query = {
		.root_fd = b->request->root_fd,
		.release = b->request->release,
		.required = b->request->modules,
		.optional = b->request->optional_modules,
		.omit = b->request->omit_modules,
	};
	struct kd_tree_entry list = {
		.kind = KD_TREE_DATA,
		.path = "kdump/modules",
		.mode = 0644,
	};
	int r;

	kd_strbuf_init(&b->list, LIST_MAX);
	r = kd_module_list_resolve(&query, &b->modules, err);
	for (size_t i = 0; r == 0 && i < b->modules.files.n; i++)
		r = add_module(b, b->modules.files.items[i], err);
	if (r < 0)
		return r;
	if (b->list.status < 0)
		return kd_fail(err, b->list.status, "list of modules");
	b->stats.n_modules = (unsigned int)b->modules.files.n;
	list.data = kd_strbuf_text(&b->list);
	list.size = b->list.length;
	return kd_tree_add(&b->tree, &list, err);
}

/* Where request_firmware() looks, and how the file may be packed, in its order: fw_path[]
 * and _request_firmware() in drivers/base/firmware_loader/main.c. Returns 1 when found. */
static int find_firmware(const struct build *b, const char *name, char *ret, size_t size)
{
	static const char *const places[] = { "/lib/firmware/updates/",
					      "/lib/firmware/" };
	static const char *const suffixes[] = { "", ".zst", ".xz" };
	const char *releases[] = { b->request->release, "" };

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		for (size_t j = 0; j < ARRAY_SIZE(places) * ARRAY_SIZE(releases); j++) {
			const char *place = places[j / ARRAY_SIZE(releases)];
			const char *release = releases[j % ARRAY_SIZE(releases)];
			_cleanup_(kd_closep) int fd = -EBADF;
			int n;

			n = snprintf(ret, size, "%s%s%s%s%s", place, release,
				     release[0] ? "/" : "", name, suffixes[i]);
			if (n < 0 || (size_t)n >= size)
				return -ENAMETOOLONG;
			fd = kd_root_open(b->request->root_fd, ret, O_PATH);
			if (fd >= 0)
				return 1;
		}
	return 0;
}

static int add_firmware(struct build *b, struct kd_error *err)
{
	char source[PATH_MAX], path[PATH_MAX];
	struct kd_tree_entry entry = {
		.kind = KD_TREE_PACKED,
		.mode = 0644,
		.path = path,
		.source = source,
	};
	int r;

	for (size_t i = 0; i < b->modules.firmware.n; i++) {
		const char *name = b->modules.firmware.items[i];

		r = find_firmware(b, name, source, sizeof(source));
		if (r == 1) {
			(void)snprintf(path, sizeof(path), "/lib/firmware/%s", name);
			r = kd_tree_add(&b->tree, &entry, err);
			b->stats.n_firmware++;
		} else if (r == 0 && b->stats.n_firmware_missing++ == 0) {
			(void)snprintf(b->stats.firmware_missing,
				       sizeof(b->stats.firmware_missing), "%s", name);
		}
		if (r < 0)
			return kd_fail(err, r, "firmware %s", name);
	}
	return 0;
}

static int add_binaries(struct build *b, struct kd_error *err)
{
	const char *const *binaries = b->request->binaries;
	int r = 0;

	for (size_t i = 0; r == 0 && binaries && binaries[i]; i++)
		r = kd_closure_add(&b->tree, b->request->root_fd, binaries[i], err);
	return r;
}

static int pack(struct build *b, int out_fd, struct kd_error *err)
{
	_cleanup_(kd_packer_freep) struct kd_packer *packer = NULL;
	struct kd_cpio cpio;
	int r;

	if (ftruncate(out_fd, 0) < 0 || lseek(out_fd, 0, SEEK_SET) < 0)
		return kd_fail(err, -errno, "writing the image");
	r = kd_packer_new(b->request->compression, out_fd, &packer, err);
	if (r < 0)
		return r;
	kd_cpio_init(&cpio, kd_packer_write, packer);
	r = kd_tree_write(&b->tree, b->request->root_fd, &cpio, err);
	if (r == 0)
		r = kd_cpio_finish(&cpio, err);
	if (r == 0)
		r = kd_packer_finish(packer, &b->stats.image_bytes, err);
	b->stats.archive_bytes = cpio.bytes;
	return r;
}

static void count_files(struct build *b)
{
	for (size_t i = 0; i < b->tree.n; i++) {
		const struct kd_tree_entry *e = &b->tree.entries[i];

		if (e->kind == KD_TREE_DATA || e->kind == KD_TREE_HOST ||
		    e->kind == KD_TREE_PACKED)
			b->stats.n_files++;
		if (e->kind == KD_TREE_PACKED &&
		    strncmp(e->path, &MODULES_ROOT[1], strlen(MODULES_ROOT) - 1) == 0)
			b->stats.module_bytes += e->size;
	}
}

int kd_image_build(const struct kd_image_request *request, int out_fd,
		   struct kd_image_stats *ret, struct kd_error *err)
{
	_cleanup_(build_done) struct build b = { .request = request };
	int r;

	r = add_modules(&b, err);
	if (r == 0)
		r = add_firmware(&b, err);
	if (r == 0)
		r = add_frame(&b, err);
	if (r == 0)
		r = add_blobs(&b, err);
	if (r == 0)
		r = add_binaries(&b, err);
	if (r == 0)
		r = pack(&b, out_fd, err);
	if (r < 0)
		return kd_fail(err, r, "capture image");
	count_files(&b);
	*ret = b.stats;
	return 0;
}
