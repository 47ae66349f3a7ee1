/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files to be put in the image: see tree.h. Trusts the host's files, but bounds them.
 * Called by image and closure.
 */
#include "capture-kernel/image/tree.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "capture-kernel/image/compress.h"
#include "capture-kernel/image/root.h"

/* Documentation/admin-guide/devices.txt: /dev/console */
#define CONSOLE_MAJOR 5
#define CONSOLE_MINOR 1

#define DIR_MODE 0755

void kd_tree_done(struct kd_tree *tree)
{
	for (size_t i = 0; i < tree->n; i++) {
		free((char *)tree->entries[i].path);
		free((char *)tree->entries[i].source);
	}
	free(tree->entries);
	*tree = (struct kd_tree) { 0 };
}

static struct kd_tree_entry *find(struct kd_tree *tree, const char *path)
{
	for (size_t i = 0; i < tree->n; i++)
		if (strcmp(tree->entries[i].path, path) == 0)
			return &tree->entries[i];
	return NULL;
}

/* Whether each part of the path is a plain name. */
static bool is_clean(const char *path)
{
	size_t n = 0;

	if (strlen(path) >= PATH_MAX)
		return false;
	for (const char *p = path;; p += n + 1) {
		n = strcspn(p, "/");
		if (n == 0 || (n <= 2 && strncmp(p, "..", n) == 0))
			return false;
		if (p[n] == '\0')
			return true;
	}
}

static bool is_same(const struct kd_tree_entry *a, const struct kd_tree_entry *b)
{
	if (a->kind != b->kind || a->mode != b->mode)
		return false;
	if ((a->source == NULL) != (b->source == NULL) ||
	    (a->source && strcmp(a->source, b->source) != 0))
		return false;
	return a->kind != KD_TREE_DATA ||
	       (a->size == b->size &&
		(a->size == 0 || memcmp(a->data, b->data, a->size) == 0));
}

static int append(struct kd_tree *tree, const char *path,
		  const struct kd_tree_entry *entry)
{
	_cleanup_(kd_freep) char *own_path = NULL;
	_cleanup_(kd_freep) char *source = NULL;
	struct kd_tree_entry *entries;

	if (tree->n >= KD_TREE_MAX_ENTRIES)
		return -E2BIG;
	own_path = strdup(path);
	if (entry->source)
		source = strdup(entry->source);
	entries = reallocarray(tree->entries, tree->n + 1, sizeof(*entries));
	if (entries)
		tree->entries = entries;
	if (!own_path || (entry->source && !source) || !entries)
		return -ENOMEM;

	entries[tree->n] = *entry;
	entries[tree->n].path = TAKE_PTR(own_path);
	entries[tree->n].source = TAKE_PTR(source);
	tree->n++;
	return 0;
}

static int add_parents(struct kd_tree *tree, const char *path, struct kd_error *err)
{
	static const struct kd_tree_entry dir = { .kind = KD_TREE_DIR, .mode = DIR_MODE };
	char parent[PATH_MAX];
	int r;

	for (const char *slash = strchr(path, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		const struct kd_tree_entry *old;

		memcpy(parent, path, (size_t)(slash - path));
		parent[slash - path] = '\0';
		old = find(tree, parent);
		if (old && old->kind != KD_TREE_DIR)
			return kd_fail(err, -ENOTDIR, "/%s in the image", parent);
		r = old ? 0 : append(tree, parent, &dir);
		if (r < 0)
			return kd_fail(err, r, "/%s in the image", parent);
	}
	return 0;
}

int kd_tree_add(struct kd_tree *tree, const struct kd_tree_entry *entry,
		struct kd_error *err)
{
	const char *path = entry->path + (entry->path[0] == '/');
	struct kd_tree_entry wanted = *entry;
	const struct kd_tree_entry *old;
	int r;

	if (!is_clean(path))
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no path for the image",
				   entry->path);
	if (wanted.kind == KD_TREE_DIR && wanted.mode == 0)
		wanted.mode = DIR_MODE;
	old = find(tree, path);
	if (old)
		return is_same(old, &wanted)
			       ? 0
			       : kd_fail_msg(err, -EEXIST,
					     "/%s would be in the image twice", path);

	r = add_parents(tree, path, err);
	if (r < 0)
		return r;
	r = append(tree, path, &wanted);
	return r < 0 ? kd_fail(err, r, "/%s in the image", path) : 0;
}

static int compare(const void *a, const void *b)
{
	const struct kd_tree_entry *x = a, *y = b;

	/* A folder's path is a prefix of its children's, so it sorts before them. */
	return strcmp(x->path, y->path);
}

static uint32_t type_of(enum kd_tree_kind kind)
{
	switch (kind) {
	case KD_TREE_DIR:
		return S_IFDIR;
	case KD_TREE_LINK:
		return S_IFLNK;
	case KD_TREE_CONSOLE:
		return S_IFCHR;
	default:
		return S_IFREG;
	}
}

static int write_entry(struct kd_tree_entry *entry, int root_fd, struct kd_cpio *cpio,
		       struct kd_error *err)
{
	_cleanup_(kd_freep) char *content = NULL;
	struct kd_cpio_entry out = {
		.path = entry->path,
		.mode = type_of(entry->kind) | (entry->mode & 07777),
	};
	size_t size = 0;
	int r = 0;

	switch (entry->kind) {
	case KD_TREE_HOST:
	case KD_TREE_PACKED:
		r = kd_root_read(root_fd, entry->source, KD_TREE_MAX_FILE, &content,
				 &size, err);
		if (r < 0)
			return r;
		if (entry->kind == KD_TREE_PACKED)
			r = kd_unpack(&content, &size, KD_TREE_MAX_FILE, err);
		if (r < 0)
			return kd_fail(err, r, "%s", entry->source);
		entry->size = size;
		out.data = content;
		break;
	case KD_TREE_LINK:
		entry->size = strlen(entry->source);
		out.data = entry->source;
		break;
	case KD_TREE_CONSOLE:
		out.major = CONSOLE_MAJOR;
		out.minor = CONSOLE_MINOR;
		break;
	case KD_TREE_DATA:
		out.data = entry->data;
		break;
	case KD_TREE_DIR:
		break;
	}
	out.size = entry->size;
	return kd_cpio_add(cpio, &out, err);
}

int kd_tree_write(struct kd_tree *tree, int root_fd, struct kd_cpio *cpio,
		  struct kd_error *err)
{
	int r;

	if (tree->n)
		qsort(tree->entries, tree->n, sizeof(*tree->entries), compare);
	for (size_t i = 0; i < tree->n; i++) {
		r = write_entry(&tree->entries[i], root_fd, cpio, err);
		if (r < 0)
			return r;
	}
	return 0;
}
