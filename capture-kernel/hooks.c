/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hooks: see hooks.h. Trusts the image to hold what was put there on the healthy system,
 * and nothing about how long it takes. Called by the phases.
 */
#include "capture-kernel/hooks.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/folder.h"
#include "capture-kernel/run.h"

static const char *const point_names[KD_HOOK_POINTS] = {
	[KD_HOOK_PRE] = "pre",
	[KD_HOOK_POST] = "post",
	[KD_HOOK_EMERGENCY] = "emergency",
};

const char *kd_hook_point_name(enum kd_hook_point point)
{
	return (unsigned int)point < KD_HOOK_POINTS ? point_names[point] : NULL;
}

static void folder_name(const struct kd_hooks *h, char *ret, size_t size)
{
	(void)snprintf(ret, size, "etc/kdump/%s.d", point_names[h->point]);
}

bool kd_hooks_any(const struct kd_hooks *h)
{
	char folder[64];

	folder_name(h, folder, sizeof(folder));
	return h->program[0] != '\0' || faccessat(h->root_fd, folder, F_OK, 0) >= 0;
}

static int run_one(const struct kd_hooks *h, const char *path, struct kd_error *err)
{
	char program[PATH_MAX], folder[PATH_MAX + 16], argument[32];
	char *argv[] = { program, NULL, NULL };
	char *env[] = { (char[]) { KD_RUN_PATH }, (char[]) { "HOME=/" }, NULL, NULL };
	struct kd_run run = {
		.root_fd = h->root_fd, .argv = argv, .env = env, .out_fd = -EBADF
	};

	(void)snprintf(program, sizeof(program), "%s", path + strspn(path, "/"));
	if (h->argument) {
		(void)snprintf(argument, sizeof(argument), "%s", h->argument);
		argv[1] = argument;
	}
	if (h->folder) {
		(void)snprintf(folder, sizeof(folder), "KDUMP_DUMP_DIR=%s", h->folder);
		env[2] = folder;
	}
	kd_shared_progress(h->shared, path, 0, 0);
	return kd_run(&run, err);
}

static void note(const struct kd_hooks *h, const char *path, int status,
		 const struct kd_error *err)
{
	struct kd_outcome *o = &h->shared->outcome;

	if (status < 0)
		kd_outcome_note(o, "hook %s", err->message);
	else if (status > 0)
		kd_outcome_note(o, "hook %s ended with status %d", path, status);
}

static int run_folder(const struct kd_hooks *h, struct kd_error *err)
{
	_cleanup_(kd_strlist_done) struct kd_strlist names = { 0 };
	char folder[64], path[PATH_MAX];
	int r;

	folder_name(h, folder, sizeof(folder));
	r = kd_folder_names(h->root_fd, folder, KD_HOOKS_MAX, &names);
	if (r < 0)
		return kd_fail(err, r, "/%s", folder);
	for (size_t i = 0; i < names.n; i++) {
		struct kd_error here = { 0 };

		(void)snprintf(path, sizeof(path), "/%s/%s", folder, names.items[i]);
		note(h, path, run_one(h, path, &here), &here);
	}
	return 0;
}

int kd_hooks_run(const struct kd_hooks *h, struct kd_error *err)
{
	struct kd_error here = { 0 };
	int r = run_folder(h, &here);

	if (r < 0)
		kd_outcome_note(&h->shared->outcome, "hooks: %s", here.message);
	if (h->program[0] == '\0')
		return 0;
	r = run_one(h, h->program, err);
	note(h, h->program, r, err);
	return r;
}
