/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing the boot loader's files: see boot-change.h. A machine that does not boot is
 * worse than one that does not dump: everything can be taken back until it was seen to be
 * right. Called by reset-crashkernel.
 */
#include "kdumpd/boot/boot-change.h"

#include <string.h>
#include <sys/stat.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/parse.h"
#include "capture-kernel/image/root.h"
#include "kdumpd/boot/boot-line.h"

#define GRUB_CFG     "boot/grub/grub.cfg"
#define GRUB_CFG_MAX (1u << 20)
#define VALUE_MAX    1024

bool kd_boot_selects(const struct kd_boot_place *place, const char *which,
		     const char *release)
{
	const char *name = strrchr(place->kernel, '/');
	size_t n = release ? strlen(release) : 0, length;

	if (place->kind == KD_BOOT_GRUBENV)
		return false; /* an entry's own parameter comes behind it, and counts */
	if (place->kind != KD_BOOT_ENTRY)
		return true;
	if (which && strcmp(which, "ALL") == 0)
		return true;
	if (which && strcmp(which, "DEFAULT") == 0)
		return place->index == 0;
	if (which)
		return strcmp(which, place->kernel) == 0 ||
		       (strncmp(which, "/boot/", 6) == 0 &&
			strcmp(which + 5, place->kernel) == 0);
	/* "/vmlinuz-RELEASE", or "/<machine id>/RELEASE/linux" of kernel-install */
	name = name ? name + 1 : place->kernel;
	length = strlen(name);
	if (n > 0 && length > n && name[length - n - 1] == '-' &&
	    strcmp(name + length - n, release) == 0)
		return true;
	return n > 0 && name - place->kernel >= (ptrdiff_t)n + 2 && name[-1] == '/' &&
	       name[-2 - (ptrdiff_t)n] == '/' && memcmp(name - 1 - n, release, n) == 0;
}

bool kd_boot_lacks(const struct kd_boot_places *places, const struct kd_boot_place *place,
		   const char *release, const char *name)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf value;

	kd_strbuf_init(&value, KD_BOOT_TEXT);
	if (place->kind != KD_BOOT_ENTRY ||
	    !kd_boot_selects(place, /* which= */ NULL, release) ||
	    kd_boot_place_get(place, name, &value))
		return false;
	for (size_t i = 0; place->indirect && i < places->n; i++)
		if (places->items[i].kind == KD_BOOT_GRUBENV &&
		    kd_boot_place_get(&places->items[i], name, &value))
			return false;
	return true;
}

bool kd_boot_is_set(const struct kd_boot_place *place,
		    const struct kd_boot_change *change)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;

	kd_strbuf_init(&b, KD_BOOT_TEXT);
	kd_boot_line_set(place->line, change->name, change->values, &b);
	return b.status >= 0 && strcmp(kd_strbuf_text(&b), place->line) == 0;
}

static int make_parent(int root_fd, const char *path, struct kd_error *err)
{
	const char *slash = strrchr(path, '/');
	char parent[KD_BOOT_PATH];

	if (!slash)
		return 0;
	(void)snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
	return kd_mkdir_p_at(root_fd, parent, 0755, err);
}

static int write_file(int root_fd, const char *path, const void *data, size_t size,
		      struct kd_error *err)
{
	_cleanup_(kd_freep) char *real = NULL;
	struct stat st;
	mode_t mode = 0644;
	int r;

	/* /boot/grub2/grubenv may be a link into the EFI partition: it stays one. */
	r = kd_root_realpath(root_fd, path, &real);
	if (r < 0 && r != -ENOENT)
		return kd_fail(err, r, "/%s", path);
	if (!real) {
		r = make_parent(root_fd, path, err);
		if (r < 0)
			return r;
	}
	if (real && fstatat(root_fd, real + 1, &st, 0) >= 0)
		mode = st.st_mode & 07777;
	return kd_replace_file_at(root_fd, real ? real + 1 : path, data, size, mode, err);
}

static int backup(int root_fd, const struct kd_boot_place *place, struct kd_error *err)
{
	char path[sizeof(KD_BOOT_BACKUP) + KD_BOOT_PATH + 1];
	int r;

	if (place->absent)
		return 0;
	r = kd_mkdir_p_at(root_fd, KD_BOOT_BACKUP, 0700, err);
	if (r < 0)
		return r;
	(void)snprintf(path, sizeof(path), "%s/%s", KD_BOOT_BACKUP, place->path);
	for (char *s = path + strlen(KD_BOOT_BACKUP) + 1; *s; s++)
		if (*s == '/')
			*s = '_';
	return kd_replace_file_at(root_fd, path, place->text, place->size, 0600, err);
}

static int write_place(const struct kd_boot_change *c, const struct kd_boot_place *place,
		       struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	int r;

	kd_strbuf_init(&b, KD_BOOT_TEXT);
	r = kd_boot_place_edit(place, c->name, c->values, &b, err);
	if (r < 0)
		return r;
	return write_file(c->root_fd, place->path, b.data, b.length, err);
}

static int update_grub(const struct kd_boot_change *c, struct kd_error *err)
{
	char *const argv[] = { (char *)"update-grub", NULL };

	return c->run(argv, err);
}

static bool has_grub_d(const struct kd_boot_place *const *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (places[i]->kind == KD_BOOT_GRUB_D)
			return true;
	return false;
}

/* What is left of a failure is said; there is nothing more that could be done. */
static void take_back(const struct kd_boot_change *c,
		      const struct kd_boot_place *const *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (places[i]->absent)
			(void)unlinkat(c->root_fd, places[i]->path, 0);
		else
			(void)write_file(c->root_fd, places[i]->path, places[i]->text,
					 places[i]->size, NULL);
	if (has_grub_d(places, n))
		(void)update_grub(c, NULL);
}

/* Every kernel's line in grub.cfg must end with our values: rescue entries take
 * GRUB_CMDLINE_LINUX alone and are left out. */
static int check_grub_cfg(const struct kd_boot_change *c, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	_cleanup_(kd_strbuf_done) struct kd_strbuf want;
	struct kd_lines it;
	size_t size, found = 0;
	int r;

	kd_strbuf_init(&want, VALUE_MAX);
	for (const char *const *v = c->values; *v; v++)
		kd_strbuf_addf(&want, "%s%s=%s", want.length ? " " : "", c->name, *v);
	r = kd_root_read(c->root_fd, GRUB_CFG, GRUB_CFG_MAX, &text, &size, err);
	if (r < 0)
		return r;
	it = (struct kd_lines) { .rest = text, .left = size };
	while (kd_lines_next(&it)) {
		size_t skip = strspn(it.line, " \t");

		if (it.length > skip + 6 && memcmp(it.line + skip, "linux", 5) == 0 &&
		    memmem(it.line, it.length, kd_strbuf_text(&want), want.length))
			found++;
	}
	if (found == 0)
		return kd_fail_msg(err, -EIO,
				   "/" GRUB_CFG " has no %s after update-grub: look at "
				   "/etc/default/grub",
				   kd_strbuf_text(&want));
	return 0;
}

static int check_places(const struct kd_boot_change *c,
			const struct kd_boot_place *const *places, size_t n,
			struct kd_error *err)
{
	_cleanup_(kd_boot_places_done) struct kd_boot_places now = { .items = NULL };
	size_t right = 0;
	int r;

	r = kd_boot_places_find(c->root_fd, &now, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < now.n; k++)
			right += strcmp(places[i]->path, now.items[k].path) == 0 &&
				 kd_boot_is_set(&now.items[k], c);
	if (right != n)
		return kd_fail_msg(err, -EIO,
				   "what was written is not found again in %zu of %zu "
				   "files",
				   n - MIN(right, n), n);
	return has_grub_d(places, n) ? check_grub_cfg(c, err) : 0;
}

int kd_boot_change(const struct kd_boot_change *c,
		   const struct kd_boot_place *const *places, size_t n,
		   struct kd_error *err)
{
	size_t done = 0;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = backup(c->root_fd, places[i], err);
	if (r < 0)
		return kd_fail(err, r, "backup");
	for (; r >= 0 && done < n; done++)
		r = write_place(c, places[done], err);
	if (r >= 0 && has_grub_d(places, n))
		r = update_grub(c, err);
	if (r >= 0)
		r = check_places(c, places, n, err);
	if (r < 0)
		take_back(c, places, done);
	return r;
}
