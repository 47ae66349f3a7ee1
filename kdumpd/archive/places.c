/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding and reading the folders of dumps: see places.h. Called by kdumpctl,
 * boot-check.c and the metrics.
 */
#include "kdumpd/archive/places.h"

#include <fcntl.h>
#include <string.h>

#include "capture-kernel/image/root.h"

static void why_not(struct kd_place *place, const char *text)
{
	(void)snprintf(place->why_not, sizeof(place->why_not), "%s", text);
}

/* Where the target's dumps are seen from here; "" with the reason where they are not. */
static void find_folder(const struct kd_target_facts *t, const struct kd_config *config,
			struct kd_place *ret)
{
	const char *source = t->wanted.source;
	struct kd_error err = { 0 };

	/* A path of this system is itself, whatever it lies on. */
	if (strcmp(source, KD_TARGET_OF_PATH) == 0 ||
	    strcmp(source, KD_TARGET_OF_ROOT) == 0) {
		(void)snprintf(ret->folder, sizeof(ret->folder), "%s", config->path);
		return;
	}
	if (t->mounted) {
		(void)snprintf(ret->folder, sizeof(ret->folder), "%s%s",
			       strcmp(t->mount_point, "/") == 0 ? "" : t->mount_point,
			       config->path);
		return;
	}
	if (t->error.code < 0)
		why_not(ret, t->error.message);
	else
		(void)kd_fail_msg(&err, -ENOENT,
				  "target %s is not mounted: mount it to see its dumps",
				  source);
	if (err.code < 0)
		why_not(ret, err.message);
}

static bool is_known(const struct kd_places *places, const char *folder)
{
	for (size_t i = 0; i < places->n; i++)
		if (folder[0] && strcmp(places->items[i].folder, folder) == 0)
			return true;
	return false;
}

static int read_place(int root_fd, struct kd_place *place, struct kd_error *err)
{
	struct kd_error why = { 0 };
	int fd, r;

	if (!place->folder[0])
		return 0;
	fd = kd_root_open(root_fd, place->folder, O_RDONLY | O_DIRECTORY);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0) {
		(void)kd_fail(&why, fd, "%s", place->folder);
		why_not(place, why.message);
		return 0;
	}
	place->fd = fd;
	r = kd_archive_list(fd, &place->archive, err);
	return r < 0 ? kd_fail(err, r, "%s", place->folder) : 0;
}

int kd_places_read(int root_fd, const struct kd_config *config, struct kd_places *ret,
		   struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_target_facts *targets = calloc(KD_PLAN_TARGETS,
								     sizeof(*targets));
	_cleanup_(kd_places_done) struct kd_places places = { .n = 0 };
	int r;

	if (!targets)
		return kd_fail(err, -ENOMEM, "dumps");
	kd_targets_find(root_fd, config, targets);
	for (size_t i = 0; i < config->n_targets; i++) {
		struct kd_place place = { .fd = -EBADF };

		find_folder(&targets[i], config, &place);
		if (is_known(&places, place.folder))
			continue;
		places.items[places.n++] = place;
		r = read_place(root_fd, &places.items[places.n - 1], err);
		if (r < 0)
			return r;
	}
	*ret = places;
	places.n = 0;
	return 0;
}

void kd_places_done(struct kd_places *places)
{
	for (size_t i = 0; i < places->n; i++) {
		places->items[i].fd = kd_close(places->items[i].fd);
		kd_archive_done(&places->items[i].archive);
	}
	places->n = 0;
}

const char *kd_places_unseen(const struct kd_places *places)
{
	for (size_t i = 0; i < places->n; i++)
		if (places->items[i].why_not[0])
			return places->items[i].why_not;
	return NULL;
}

static int older_first(const void *a, const void *b)
{
	const struct kd_dump *x = ((const struct kd_found_dump *)a)->dump;
	const struct kd_dump *y = ((const struct kd_found_dump *)b)->dump;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return strcmp(x->name, y->name);
}

int kd_places_dumps(const struct kd_places *places, struct kd_found_dump **ret,
		    size_t *ret_n)
{
	struct kd_found_dump *found;
	size_t n = 0;

	for (size_t i = 0; i < places->n; i++)
		n += places->items[i].archive.n;
	found = calloc(n + 1, sizeof(*found));
	if (!found)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < places->n; i++)
		for (size_t k = 0; k < places->items[i].archive.n; k++)
			found[n++] = (struct kd_found_dump) {
				&places->items[i], &places->items[i].archive.dumps[k]
			};
	if (n)
		qsort(found, n, sizeof(*found), older_first);
	*ret = found;
	*ret_n = n;
	return 0;
}
