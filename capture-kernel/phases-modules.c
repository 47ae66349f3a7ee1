/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phases that load drivers: watchdogs first, so that a driver that hangs the kernel
 * costs a reset and not the machine; softdog only where no hardware answers. Trusts the
 * list of the image. Called by capture.c.
 */
#include <string.h>

#include "capture-kernel/modules.h"
#include "capture-kernel/phases.h"

#define MODULES_NAME "kdump/modules"
#define MODULES_HANG 8 /* modules that may hang before the rest is left out */

static void read_list(struct kd_capture *c, struct kd_modules *list)
{
	struct kd_error here = { 0 };

	if (kd_modules_read_at(c->root_fd, MODULES_NAME, list, &here) < 0)
		kd_outcome_note(&c->shared->outcome, "modules: %s", here.message);
}

/* Returns as kd_module_load_at(). What is loaded needs its file no more, and each page of
 * it is one for the dump. */
static int load(struct kd_capture *c, const char *path, struct kd_error *err)
{
	char name[KD_OUTCOME_DRIVER_SIZE];
	int r = kd_module_load_at(c->root_fd, path, err);

	if (r == 0) {
		kd_module_name(path, name, sizeof(name));
		kd_outcome_driver(&c->shared->outcome, name);
	}
	if (r >= 0)
		(void)unlinkat(c->root_fd, path, 0);
	return r;
}

/* One that needs others which are no watchdogs fails here, and comes again in its turn. */
static int load_watchdogs(struct kd_capture *c, _unused_ struct kd_error *err)
{
	_cleanup_(kd_modules_done) struct kd_modules list = { 0 };

	read_list(c, &list);
	for (size_t i = 0; i < list.n; i++)
		if (kd_module_is_watchdog(list.paths[i])) {
			kd_shared_progress(c->shared, list.paths[i], i, list.n);
			(void)load(c, list.paths[i], /* err= */ NULL);
		}
	return 0;
}

static int load_modules(struct kd_capture *c, _unused_ struct kd_error *err)
{
	_cleanup_(kd_modules_done) struct kd_modules list = { 0 };

	read_list(c, &list);
	for (size_t i = c->first_module; i < list.n; i++) {
		const char *name = strrchr(list.paths[i], '/');
		struct kd_error here = { 0 };
		int r;

		if (kd_module_is_softdog(list.paths[i]))
			continue;
		kd_shared_progress(c->shared, name ? name + 1 : list.paths[i], i, list.n);
		r = load(c, list.paths[i], &here);
		/* a driver without its hardware is no loss; one that is gone is loaded */
		if (r < 0 && r != -ENODEV && r != -ENXIO &&
		    !(r == -ENOENT && kd_module_is_watchdog(list.paths[i])))
			kd_outcome_note(&c->shared->outcome, "module %s", here.message);
	}
	return 0;
}

int kd_phase_modules(struct kd_capture *c, struct kd_error *err)
{
	int r;

	r = kd_capture_child(c, load_watchdogs, 0, NULL, err);
	if (r < 0)
		kd_outcome_note(&c->shared->outcome, "watchdog drivers: %s",
				err->message);
	for (unsigned int i = 0; i < MODULES_HANG; i++) {
		kd_error_reset(err);
		r = kd_capture_child(c, load_modules, 0, NULL, err);
		if (r != -ETIMEDOUT && r != -ENOTRECOVERABLE)
			break;
		kd_outcome_note(&c->shared->outcome, "module %s: %s", c->shared->what,
				err->message);
		c->first_module = (size_t)c->shared->done + 1;
		if (kd_now_ms() >= c->deadline_ms)
			break;
	}
	return r;
}

static int load_softdog(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(kd_modules_done) struct kd_modules list = { 0 };
	int r = -ENOENT;

	read_list(c, &list);
	for (size_t i = 0; i < list.n; i++)
		if (kd_module_is_softdog(list.paths[i]))
			r = load(c, list.paths[i], err);
	return r;
}

int kd_phase_watchdog(struct kd_capture *c, struct kd_error *err)
{
	struct kd_outcome *o = &c->shared->outcome;
	int r = kd_capture_watchdog(c, err);

	if (r == -ENOENT && kd_capture_child(c, load_softdog, 0, NULL, err) >= 0) {
		kd_error_reset(err);
		r = kd_capture_watchdog(c, err);
		if (r >= 0)
			kd_console_say(&c->console, KD_LOG_INFO, "watchdog",
				       "no hardware answers: the kernel's own, softdog");
	}
	if (r != -ENOENT)
		return r;
	kd_error_reset(err);
	kd_outcome_note(o, "no watchdog: only software guards this capture");
	return 0;
}
