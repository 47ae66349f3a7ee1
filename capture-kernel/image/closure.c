/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared-library closure: see closure.h. The search order is ld.so(8)'s: DT_RPATH of the
 * one who needs it and of those above, DT_RUNPATH, the cache, the default folders.
 * Trusts the host's files, but bounds them. Called by image.
 */
#include "capture-kernel/image/closure.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "capture-kernel/image/elf-needs.h"
#include "capture-kernel/image/root.h"

#define CACHE_MAX (16U << 20) /* bytes; a desktop's has 300 KB */

/* A file of the closure. @parent: index of who needs it first, itself for the program. */
struct item {
	char *path; /* real */
	struct kd_elf_needs needs;
	size_t parent;
};

struct closure {
	struct kd_tree *tree;
	int root_fd;
	char *cache;
	size_t cache_size;
	struct item items[KD_CLOSURE_MAX_FILES];
	size_t n;
	char loader_folder[PATH_MAX]; /* "" without a loader */
};

static void closure_free(struct closure *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++) {
		free(c->items[i].path);
		kd_elf_needs_done(&c->items[i].needs);
	}
	free(c->cache);
	free(c);
}
KD_DEFINE_GUARD(struct closure, closure_free)

/* "/a/b" of "/a/b/c", with the length in *ret. */
static const char *folder_of(const char *path, int *ret)
{
	const char *slash = strrchr(path, '/');

	*ret = slash ? (int)(slash - path) : 0;
	return path;
}

static int add_link(struct closure *c, const char *at, const char *target,
		    struct kd_error *err)
{
	struct kd_tree_entry entry = {
		.kind = KD_TREE_LINK,
		.mode = 0777,
		.path = at,
		.source = target,
	};

	return strcmp(at, target) == 0 ? 0 : kd_tree_add(c->tree, &entry, err);
}

/* Take the file in, once; what it needs is looked for when its turn comes. */
static int add_file(struct closure *c, const char *real, size_t parent,
		    struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_tree_entry entry = {
		.kind = KD_TREE_HOST,
		.path = real,
		.source = real,
	};
	struct item *item = &c->items[c->n];
	struct stat st;
	int r;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->items[i].path, real) == 0)
			return 0;
	if (c->n >= ARRAY_SIZE(c->items))
		return kd_fail(err, -E2BIG, "%s", real);

	fd = kd_root_open(c->root_fd, real, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return kd_fail(err, fd, "%s", real);
	if (fstat(fd, &st) < 0)
		return kd_fail(err, -errno, "%s", real);
	entry.mode = st.st_mode & 0777;
	r = kd_tree_add(c->tree, &entry, err);
	if (r < 0)
		return r;

	*item = (struct item) { .parent = parent };
	r = kd_elf_needs_read(fd, &item->needs, err);
	if (r < 0)
		return kd_fail(err, r, "%s", real);
	item->path = strdup(real);
	if (!item->path) {
		kd_elf_needs_done(&item->needs);
		return kd_fail(err, -ENOMEM, "%s", real);
	}
	c->n++;
	return 0;
}

/* Add the file @path leads to, and @path as a link to it. */
static int add_path(struct closure *c, const char *path, size_t parent,
		    struct kd_error *err)
{
	_cleanup_(kd_freep) char *real = NULL;
	int r;

	r = kd_root_realpath(c->root_fd, path, &real);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	r = add_file(c, real, parent, err);
	return r < 0 ? r : add_link(c, path, real, err);
}

/* Whether the candidate is there and made for the same machine. */
static bool fits(const struct closure *c, const char *path, const struct item *who,
		 char **ret_real)
{
	_cleanup_(kd_elf_needs_done) struct kd_elf_needs needs = { 0 };
	_cleanup_(kd_closep) int fd = -EBADF;

	fd = kd_root_open(c->root_fd, path, O_RDONLY | O_NONBLOCK);
	if (fd < 0 || kd_elf_needs_read(fd, &needs, NULL) < 0)
		return false;
	return needs.is_elf && needs.elf_class == who->needs.elf_class &&
	       needs.machine == who->needs.machine &&
	       kd_root_realpath(c->root_fd, path, ret_real) == 0;
}

/* One part of a search path with $ORIGIN replaced; false for parts that cannot be used:
 * empty, with another variable, or too long. */
static bool expand(const char *part, size_t length, const struct item *who, char *ret,
		   size_t size)
{
	static const char *const names[] = { "$ORIGIN", "${ORIGIN}" };
	size_t skip = 0;
	int origin = 0, n;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t l = strlen(names[i]);

		if (length >= l && strncmp(part, names[i], l) == 0)
			skip = l;
	}
	if (skip)
		(void)folder_of(who->path, &origin);
	else if (length == 0 || part[0] != '/')
		return false;
	n = snprintf(ret, size, "%.*s%.*s", origin, who->path, (int)(length - skip),
		     part + skip);
	return n > 0 && (size_t)n < size && !strchr(ret, '$');
}

/* Look in the folders of a DT_RPATH or DT_RUNPATH that stands in @owner.
 * Returns 1 when found and added, 0 when not, negative errno. */
static int search_path(struct closure *c, const char *path, size_t owner, size_t who,
		       const char *soname, struct kd_error *err)
{
	char folder[PATH_MAX], candidate[PATH_MAX];
	size_t n = 0;
	int r;

	for (const char *part = path; part; part = part[n] ? part + n + 1 : NULL) {
		_cleanup_(kd_freep) char *real = NULL;
		_cleanup_(kd_freep) char *real_folder = NULL;

		n = strcspn(part, ":");
		if (!expand(part, n, &c->items[owner], folder, sizeof(folder)) ||
		    kd_root_realpath(c->root_fd, folder, &real_folder) < 0)
			continue;
		r = snprintf(candidate, sizeof(candidate), "%s/%s", real_folder, soname);
		if (r < 0 || (size_t)r >= sizeof(candidate) ||
		    !fits(c, candidate, &c->items[who], &real))
			continue;
		r = add_file(c, real, who, err);
		if (r == 0)
			r = add_link(c, candidate, real, err);
		return r < 0 ? r : 1;
	}
	return 0;
}

/* A library found without the program's help: the loader in the image has no cache, but
 * it searches the folder it lies in. */
static int add_beside_loader(struct closure *c, const char *found, const char *real,
			     size_t who, struct kd_error *err)
{
	char link[PATH_MAX];
	int r;

	r = add_file(c, real, who, err);
	if (r < 0)
		return r;
	if (c->loader_folder[0] == '\0')
		return add_link(c, found, real, err);
	r = snprintf(link, sizeof(link), "%s%s", c->loader_folder, strrchr(found, '/'));
	if (r < 0 || (size_t)r >= sizeof(link))
		return kd_fail(err, -ENAMETOOLONG, "%s", found);
	return add_link(c, link, real, err);
}

static int search_system(struct closure *c, size_t who, const char *soname,
			 struct kd_error *err)
{
	const char *const folders[] = { c->loader_folder, "/lib64", "/usr/lib64", "/lib",
					"/usr/lib" };
	_cleanup_(kd_freep) char *real = NULL;
	char candidate[PATH_MAX];
	const char *cached;
	size_t pos = 0;
	int r;

	while ((cached = kd_ld_cache_next(c->cache, c->cache_size, soname, &pos)))
		if (fits(c, cached, &c->items[who], &real))
			return add_beside_loader(c, cached, real, who, err);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		r = snprintf(candidate, sizeof(candidate), "%s/%s", folders[i], soname);
		if (r > 0 && (size_t)r < sizeof(candidate) &&
		    fits(c, candidate, &c->items[who], &real))
			return add_beside_loader(c, candidate, real, who, err);
	}
	return kd_fail_msg(err, -ENOENT, "library %s, which %s needs, is not there",
			   soname, c->items[who].path);
}

static int add_library(struct closure *c, size_t who, const char *soname,
		       struct kd_error *err)
{
	int r = 0;

	if (strchr(soname, '/'))
		return add_path(c, soname, who, err);

	if (!c->items[who].needs.runpath) {
		for (size_t i = who; r == 0; i = c->items[i].parent) {
			if (c->items[i].needs.rpath && !c->items[i].needs.runpath)
				r = search_path(c, c->items[i].needs.rpath, i, who,
						soname, err);
			if (c->items[i].parent == i)
				break;
		}
	} else {
		r = search_path(c, c->items[who].needs.runpath, who, who, soname, err);
	}
	if (r != 0)
		return r < 0 ? r : 0;
	return search_system(c, who, soname, err);
}

static int note_loader(struct closure *c, const char *loader)
{
	_cleanup_(kd_freep) char *real = NULL;
	int length, r;

	r = kd_root_realpath(c->root_fd, loader, &real);
	if (r < 0)
		return r;
	(void)folder_of(real, &length);
	(void)snprintf(c->loader_folder, sizeof(c->loader_folder), "%.*s", length, real);
	return 0;
}

static int add_needs(struct closure *c, size_t who, struct kd_error *err)
{
	const struct kd_elf_needs *needs = &c->items[who].needs;
	int r;

	if (needs->interpreter) {
		if (needs->is_elf)
			(void)note_loader(c, needs->interpreter);
		/* A script's interpreter is a program: it starts a chain of its own. */
		r = add_path(c, needs->interpreter, needs->is_elf ? who : c->n, err);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < needs->needed.n; i++) {
		r = add_library(c, who, needs->needed.items[i], err);
		if (r < 0)
			return r;
	}
	return 0;
}

int kd_closure_add(struct kd_tree *tree, int root_fd, const char *program,
		   struct kd_error *err)
{
	_cleanup_(closure_freep) struct closure *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return kd_fail(err, -ENOMEM, "%s", program);
	c->tree = tree;
	c->root_fd = root_fd;
	(void)kd_root_read(root_fd, "/etc/ld.so.cache", CACHE_MAX, &c->cache,
			   &c->cache_size, NULL);

	r = add_path(c, program, /* parent= */ 0, err);
	for (size_t i = 0; r == 0 && i < c->n; i++)
		r = add_needs(c, i, err);
	return r < 0 ? kd_fail(err, r, "program %s", program) : 0;
}
