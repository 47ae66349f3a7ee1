/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the boot loader's parameters: see boot-places.h. Each kind is one function;
 * formats: uapi-group.org's Boot Loader Specification, grub-editenv(1), kernel-install(8).
 * Trusts nothing in the files. Called by reset-crashkernel.
 */
#include "kdumpd/boot/boot-places.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "base/parse.h"
#include "capture-kernel/image/root.h"
#include "kdumpd/boot/addon.h"
#include "kdumpd/boot/boot-line.h"

#define GRUB_D_PATH "etc/default/grub.d/kdumpd.cfg"
#define GRUB_D_HEAD                                                                 \
	"# Written by kdumpctl reset-crashkernel; run update-grub after an edit.\n" \
	"GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT "
#define GRUB_D_TAIL  "\"\n"
#define CMDLINE_PATH "etc/kernel/cmdline"
#define UKI_FOLDER   "EFI/Linux"
#define ADDON_PATH   "loader/addons/kdumpd.addon.efi"
#define SECURE_BOOT \
	"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define ENVBLK_SIZE 1024 /* GRUB writes the block in place, on its own file systems */
#define ENVBLK_HEAD "# GRUB Environment Block\n"
#define KERNELOPTS  "kernelopts="

static const char *const entry_folders[] = { "boot/loader/entries",
					     "boot/efi/loader/entries",
					     "efi/loader/entries" };
static const char *const system_partitions[] = { "efi", "boot", "boot/efi" };
static const char *const environments[] = { "boot/grub2/grubenv", "boot/grub/grubenv" };

static void place_done(struct kd_boot_place *place)
{
	free(place->text);
	free(place->line);
	place->text = place->line = NULL;
}

void kd_boot_places_done(struct kd_boot_places *places)
{
	for (size_t i = 0; i < places->n; i++)
		place_done(&places->items[i]);
	free(places->items);
	*places = (struct kd_boot_places) { .items = NULL };
}

/* The place is the set's afterwards, whatever comes back. */
static int add(struct kd_boot_places *set, struct kd_boot_place *place,
	       struct kd_error *err)
{
	struct kd_boot_place *more;

	if (set->n == KD_BOOT_PLACES) {
		place_done(place);
		return kd_fail(err, -E2BIG, "boot entries");
	}
	place->line = strndup(place->text + place->at, place->length);
	more = place->line ? reallocarray(set->items, set->n + 1, sizeof(*more)) : NULL;
	if (!more) {
		place_done(place);
		return kd_fail(err, -ENOMEM, "boot entries");
	}
	set->items = more;
	set->items[set->n++] = *place;
	return 0;
}

/* -ENOENT and -ENOTDIR: there is none, which is how most of these are. */
static int read_place(int root_fd, const char *path, struct kd_boot_place *place,
		      struct kd_error *err)
{
	int r;

	if (snprintf(place->path, sizeof(place->path), "%s", path) >=
	    (int)sizeof(place->path))
		return kd_fail(err, -ENAMETOOLONG, "/%s", path);
	r = kd_root_read(root_fd, path, KD_BOOT_TEXT, &place->text, &place->size, NULL);
	if (r == -ENOENT || r == -ENOTDIR)
		return r;
	return r < 0 ? kd_fail(err, r, "/%s", path) : 0;
}

/* "key value" with white space between; the value, NULL when the line is another key's. */
static const char *entry_value(const struct kd_lines *it, const char *key,
			       size_t *ret_length)
{
	size_t n = strlen(key);
	const char *value = it->line + n;

	if (it->length <= n || memcmp(it->line, key, n) != 0 ||
	    (*value != ' ' && *value != '\t'))
		return NULL;
	value += strspn(value, " \t");
	*ret_length = (size_t)(it->line + it->length - value);
	return value;
}

static int read_entry(int root_fd, const char *path, struct kd_boot_place *place,
		      struct kd_error *err)
{
	struct kd_lines it;
	const char *value;
	bool found = false;
	size_t n = 0;
	int r;

	r = read_place(root_fd, path, place, err);
	if (r < 0)
		return r;
	it = (struct kd_lines) { .rest = place->text, .left = place->size };
	while (kd_lines_next(&it)) {
		value = entry_value(&it, "options", &n);
		if (value && !found) {
			place->at = (size_t)(value - place->text);
			place->length = n;
			place->indirect = memmem(value, n, "$kernelopts", 11);
			found = true;
		}
		value = entry_value(&it, "linux", &n);
		if (value)
			(void)snprintf(place->kernel, sizeof(place->kernel), "%.*s",
				       (int)n, value);
	}
	/* A rescue entry or an EFI program: no parameters, so none of ours. */
	return found && place->kernel[0] ? 0 : -ENOENT;
}

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return name[0] != '.' && n > m && strcasecmp(name + n - m, end) == 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct kd_boot_place *x = a, *y = b;
	char left[KD_BOOT_PATH], right[KD_BOOT_PATH];

	/* "m-1.x86_64.0~custom" is newer than "m-1.x86_64", which ".conf" would hide */
	(void)snprintf(left, sizeof(left), "%.*s",
		       (int)(strlen(x->path) - strlen(".conf")), x->path);
	(void)snprintf(right, sizeof(right), "%.*s",
		       (int)(strlen(y->path) - strlen(".conf")), y->path);
	return strverscmp(right, left);
}

/* 0 and NULL when there is no such folder. */
static int open_folder(int root_fd, const char *folder, DIR **ret, struct kd_error *err)
{
	int fd = kd_root_open(root_fd, folder, O_RDONLY | O_DIRECTORY);

	*ret = NULL;
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return kd_fail(err, fd, "/%s", folder);
	*ret = fdopendir(fd);
	if (*ret)
		return 0;
	kd_close(fd);
	return kd_fail(err, -ENOMEM, "/%s", folder);
}

static int find_entries(int root_fd, const char *folder, struct kd_boot_places *set,
			struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	char path[KD_BOOT_PATH];
	struct dirent *e;
	int r;

	r = open_folder(root_fd, folder, &dir, err);
	if (r < 0 || !dir)
		return r;
	while ((e = readdir(dir))) {
		struct kd_boot_place place = { .kind = KD_BOOT_ENTRY };

		if (!ends_in(e->d_name, ".conf"))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", folder, e->d_name) >=
		    (int)sizeof(path))
			return kd_fail(err, -ENAMETOOLONG, "/%s/%s", folder, e->d_name);
		r = read_entry(root_fd, path, &place, err);
		if (r >= 0)
			r = add(set, &place, err);
		else
			place_done(&place);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return 0;
}

static int find_environment(int root_fd, const char *path, struct kd_boot_places *set,
			    struct kd_error *err)
{
	struct kd_boot_place place = { .kind = KD_BOOT_GRUBENV };
	struct kd_lines it;
	int r;

	r = read_place(root_fd, path, &place, err);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return r;
	if (place.size != ENVBLK_SIZE ||
	    memcmp(place.text, ENVBLK_HEAD, strlen(ENVBLK_HEAD)) != 0) {
		place_done(&place);
		return kd_fail_msg(err, -EBADMSG, "/%s: no GRUB environment block", path);
	}
	it = (struct kd_lines) { .rest = place.text, .left = place.size };
	while (kd_lines_next(&it)) {
		if (it.length < strlen(KERNELOPTS) ||
		    memcmp(it.line, KERNELOPTS, strlen(KERNELOPTS)) != 0)
			continue;
		place.at = (size_t)(it.line - place.text) + strlen(KERNELOPTS);
		place.length = it.length - strlen(KERNELOPTS);
		return add(set, &place, err);
	}
	place_done(&place);
	return 0;
}

/* Debian's GRUB: our own file, read after /etc/default/grub and after kdump-tools'. */
static int find_grub_d(int root_fd, struct kd_boot_places *set, struct kd_error *err)
{
	struct kd_boot_place place = { .kind = KD_BOOT_GRUB_D };
	const char *start, *end;
	int r;

	if (faccessat(root_fd, "etc/default/grub.d", F_OK, 0) < 0 &&
	    faccessat(root_fd, "usr/sbin/update-grub", F_OK, 0) < 0)
		return 0;
	r = read_place(root_fd, GRUB_D_PATH, &place, err);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		return r;
	start = r < 0 ? NULL : strstr(place.text, "=\"$GRUB_CMDLINE_LINUX_DEFAULT ");
	end = start ? strchr(start + 2, '"') : NULL;
	if (!end) { /* not there, or no longer ours: written anew */
		place_done(&place);
		place.absent = true;
		place.text = strdup(GRUB_D_HEAD GRUB_D_TAIL);
		place.size = strlen(GRUB_D_HEAD GRUB_D_TAIL);
		place.at = strlen(GRUB_D_HEAD);
		return place.text ? add(set, &place, err)
				  : kd_fail(err, -ENOMEM, "/" GRUB_D_PATH);
	}
	start += strlen("=\"$GRUB_CMDLINE_LINUX_DEFAULT ");
	place.at = (size_t)(start - place.text);
	place.length = (size_t)(end - start);
	return add(set, &place, err);
}

static int find_cmdline(int root_fd, struct kd_boot_places *set, struct kd_error *err)
{
	struct kd_boot_place place = { .kind = KD_BOOT_CMDLINE };
	int r;

	r = read_place(root_fd, CMDLINE_PATH, &place, err);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return r;
	place.length = strcspn(place.text, "\n");
	return add(set, &place, err);
}

static bool has_uki(int root_fd, const char *partition)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	char folder[KD_BOOT_PATH];
	struct dirent *e;

	(void)snprintf(folder, sizeof(folder), "%s/" UKI_FOLDER, partition);
	if (open_folder(root_fd, folder, &dir, NULL) < 0 || !dir)
		return false;
	while ((e = readdir(dir)))
		if (ends_in(e->d_name, ".efi"))
			return true;
	return false;
}

/* Four bytes of attributes and one that is 1 when the firmware insists on signatures. */
static bool has_secure_boot(int root_fd)
{
	_cleanup_(kd_freep) char *value = NULL;
	size_t size;

	return kd_read_file_at(root_fd, SECURE_BOOT, 8, &value, &size, NULL) >= 0 &&
	       size == 5 && value[4] == 1;
}

static int empty_addon(struct kd_boot_place *place, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	int r;

	kd_strbuf_init(&b, KD_BOOT_TEXT);
	r = kd_addon_write(kd_arch_native(), "", &b, err);
	if (r < 0)
		return r;
	place->absent = true;
	place->size = place->at = b.length;
	place->length = 0;
	return kd_strbuf_take(&b, &place->text);
}

/* A UKI has its parameters inside and is signed with them: what is added goes beside it. */
static int find_addon(int root_fd, const char *partition, struct kd_boot_places *set,
		      struct kd_error *err)
{
	struct kd_boot_place place = { .kind = KD_BOOT_ADDON,
				       .secure = has_secure_boot(root_fd) };
	char path[KD_BOOT_PATH];
	int r;

	if (!has_uki(root_fd, partition))
		return 0;
	(void)snprintf(path, sizeof(path), "%s/" ADDON_PATH, partition);
	r = read_place(root_fd, path, &place, err);
	if (r >= 0)
		r = kd_addon_find(place.text, place.size, &place.at, &place.length, err);
	if (r >= 0)
		return add(set, &place, err);
	place_done(&place);
	if (r == -ENODATA)
		return kd_fail_msg(err, -EBADMSG,
				   "/%s: no addon of kernel parameters: remove it", path);
	if (r != -ENOENT && r != -ENOTDIR)
		return kd_fail(err, r, "/%s", path);
	r = empty_addon(&place, err);
	return r < 0 ? kd_fail(err, r, "/%s", path) : add(set, &place, err);
}

int kd_boot_places_find(int root_fd, struct kd_boot_places *ret, struct kd_error *err)
{
	_cleanup_(kd_boot_places_done) struct kd_boot_places set = { .items = NULL };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(entry_folders); i++)
		r = find_entries(root_fd, entry_folders[i], &set, err);
	if (r < 0)
		return r;
	if (set.n > 0)
		qsort(set.items, set.n, sizeof(*set.items), newest_first);
	for (unsigned int i = 0; i < set.n; i++)
		set.items[i].index = i;
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(environments); i++)
		r = find_environment(root_fd, environments[i], &set, err);
	if (r >= 0)
		r = find_grub_d(root_fd, &set, err);
	if (r >= 0)
		r = find_cmdline(root_fd, &set, err);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(system_partitions); i++)
		r = find_addon(root_fd, system_partitions[i], &set, err);
	if (r < 0)
		return r;
	*ret = set;
	set = (struct kd_boot_places) { .items = NULL };
	return 0;
}

bool kd_boot_place_get(const struct kd_boot_place *place, const char *name,
		       struct kd_strbuf *to)
{
	return kd_boot_line_get(place->line, name, to);
}

/* The block keeps its size: '#' fills what is left of it. */
static int fit_block(struct kd_strbuf *b, const struct kd_boot_place *place,
		     struct kd_error *err)
{
	while (b->length > ENVBLK_SIZE && b->data[b->length - 1] == '#')
		b->data[--b->length] = '\0';
	if (b->length > ENVBLK_SIZE)
		return kd_fail_msg(err, -ENOSPC, "/%s: the environment block is full",
				   place->path);
	while (b->length < ENVBLK_SIZE && b->status >= 0)
		kd_strbuf_adds(b, "#");
	return 0;
}

static int edit_addon(const struct kd_boot_place *place, const char *name,
		      const char *const *values, struct kd_strbuf *to,
		      struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf line;

	kd_strbuf_init(&line, KD_BOOT_TEXT);
	kd_boot_line_set(place->line, name, values, &line);
	if (line.status < 0)
		return kd_fail(err, line.status, "/%s", place->path);
	return kd_addon_write(kd_arch_native(), kd_strbuf_text(&line), to, err);
}

int kd_boot_place_edit(const struct kd_boot_place *place, const char *name,
		       const char *const *values, struct kd_strbuf *to,
		       struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	size_t end = place->at + place->length;
	int r = 0;

	if (place->kind == KD_BOOT_ADDON)
		return edit_addon(place, name, values, to, err);
	kd_strbuf_init(&b, KD_BOOT_TEXT);
	kd_strbuf_add(&b, place->text, place->at);
	kd_boot_line_set(place->line, name, values, &b);
	kd_strbuf_add(&b, place->text + end, place->size - end);
	if (place->kind == KD_BOOT_GRUBENV && b.status >= 0)
		r = fit_block(&b, place, err);
	if (r < 0)
		return r;
	if (b.status < 0)
		return kd_fail(err, b.status, "/%s", place->path);
	kd_strbuf_add(to, b.data, b.length);
	return 0;
}
