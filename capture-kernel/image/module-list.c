/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules by libkmod: see module-list.h. Hard dependencies form no cycle (depmod refuses
 * one), soft ones may: a soft dependency that needs a module still being placed waits
 * until the others are done. Called by image.
 */
#include "capture-kernel/image/module-list.h"

#include <libkmod.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/params.h"
#include "capture-kernel/image/heavy.h"
#include "capture-kernel/image/root.h"

#define MAX_DEPTH 64

/**
 * @context:  of libkmod
 * @prefix:   characters of a module's path that name the release's folder
 * @begun:    modules whose place is being sought or is found
 * @placed:   of these, the ones in @out->files
 * @deferred: soft dependencies to be taken up at the end
 */
struct resolver {
	struct kmod_ctx *context;
	size_t prefix;
	struct kd_strlist begun, placed, deferred;
	const char *omit;
	struct kd_module_list *out;
};

static void resolver_done(struct resolver *s)
{
	(void)kmod_unref(s->context);
	kd_strlist_done(&s->begun);
	kd_strlist_done(&s->placed);
	kd_strlist_done(&s->deferred);
}

static void unref_listp(struct kmod_list **list)
{
	(void)kmod_module_unref_list(*list);
}

static void free_infop(struct kmod_list **list)
{
	kmod_module_info_free_list(*list);
}

static void unref_modulep(struct kmod_module **module)
{
	(void)kmod_module_unref(*module);
}

void kd_module_list_done(struct kd_module_list *modules)
{
	free(modules->folder);
	kd_strlist_done(&modules->files);
	kd_strlist_done(&modules->firmware);
	*modules = (struct kd_module_list) { 0 };
}

static int place(struct resolver *s, struct kmod_module *module, struct kd_error *err);
static int place_named(struct resolver *s, const char *name, bool required,
		       struct kd_error *err);

static bool is_in_progress(const struct resolver *s, const char *name)
{
	return kd_strlist_has(&s->begun, name) && !kd_strlist_has(&s->placed, name);
}

/* libkmod lists the dependencies of dependencies too, so one level is enough. */
static bool must_wait(const struct resolver *s, const struct kmod_module *module)
{
	_cleanup_(unref_listp) struct kmod_list *needs =
		kmod_module_get_dependencies(module);
	struct kmod_list *i;

	kmod_list_foreach (i, needs) {
		_cleanup_(unref_modulep) struct kmod_module *need =
			kmod_module_get_module(i);

		if (is_in_progress(s, kmod_module_get_name(need)))
			return true;
	}
	return false;
}

/* Built in, or a file that is there: modules.dep may tell of one that was removed. */
static bool is_there(struct kmod_module *module)
{
	const char *path = kmod_module_get_path(module);

	return !path || access(path, R_OK) >= 0;
}

/* Left out unless somebody cannot do without. */
static bool is_unwanted(const struct resolver *s, const struct kmod_module *module)
{
	const char *name = kmod_module_get_name(module);
	const char *word = s->omit ? s->omit : "";
	size_t n;

	for (; (n = kd_params_next(&word)) > 0; word += n)
		if (kd_params_match(name, strlen(name), word, n))
			return true;
	return kd_module_is_heavy(name);
}

static int place_soft(struct resolver *s, const struct kmod_list *list,
		      struct kd_error *err)
{
	const struct kmod_list *i;
	int r;

	kmod_list_foreach (i, list) {
		_cleanup_(unref_modulep) struct kmod_module *module =
			kmod_module_get_module(i);

		if (is_unwanted(s, module) || !is_there(module))
			continue;
		if (must_wait(s, module))
			r = kd_strlist_add(&s->deferred, kmod_module_get_name(module));
		else
			r = place(s, module, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int place_hard(struct resolver *s, const struct kmod_module *module,
		      struct kd_error *err)
{
	_cleanup_(unref_listp) struct kmod_list *needs =
		kmod_module_get_dependencies(module);
	struct kmod_list *i;
	int r;

	kmod_list_foreach (i, needs) {
		_cleanup_(unref_modulep) struct kmod_module *need =
			kmod_module_get_module(i);

		r = place(s, need, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* "bus,core": libkmod passes over a dependency whose file is gone without a word, so
 * the index is checked against what the module itself says. */
static int place_depends(struct resolver *s, const char *depends, struct kd_error *err)
{
	_cleanup_(kd_freep) char *names = strdup(depends);
	char *rest = names, *name;
	int r;

	if (!names)
		return kd_fail(err, -ENOMEM, "%s", depends);
	while ((name = strsep(&rest, ","))) {
		if (!name[0])
			continue;
		r = place_named(s, name, /* required= */ true, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_info(struct resolver *s, const struct kmod_module *module,
		     struct kd_error *err)
{
	const char *file = kmod_module_get_path(module) + s->prefix;
	_cleanup_(free_infop) struct kmod_list *info = NULL;
	struct kmod_list *i;
	int r;

	r = kmod_module_get_info(module, &info);
	if (r < 0)
		return kd_fail(err, r, "%s", file);
	kmod_list_foreach (i, info) {
		const char *key = kmod_module_info_get_key(i);
		const char *value = kmod_module_info_get_value(i);

		r = 0;
		if (strcmp(key, "firmware") == 0) {
			r = kd_strlist_add(&s->out->firmware, value);
			if (r < 0)
				(void)kd_fail(err, r, "firmware of %s", file);
		} else if (strcmp(key, "depends") == 0) {
			r = place_depends(s, value, err);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int place(struct resolver *s, struct kmod_module *module, struct kd_error *err)
{
	_cleanup_(unref_listp) struct kmod_list *before = NULL;
	_cleanup_(unref_listp) struct kmod_list *after = NULL;
	const char *name = kmod_module_get_name(module), *path;
	int r;

	if (kd_strlist_has(&s->begun, name) ||
	    kmod_module_get_initstate(module) == KMOD_MODULE_BUILTIN)
		return 0;
	path = kmod_module_get_path(module);
	if (!path)
		return kd_fail_msg(err, -ENOENT, "module %s is not in %s", name,
				   s->out->folder);
	if (s->begun.n - s->placed.n >= MAX_DEPTH)
		return kd_fail(err, -ELOOP, "module %s", name);
	if (s->begun.n >= KD_MODULE_LIST_MAX)
		return kd_fail(err, -E2BIG, "module %s", name);
	r = kd_strlist_add(&s->begun, name);
	if (r < 0)
		return kd_fail(err, r, "module %s", name);

	r = kmod_module_get_softdeps(module, &before, &after);
	if (r < 0)
		return kd_fail(err, r, "soft dependencies of %s", name);
	r = place_soft(s, before, err);
	if (r == 0)
		r = place_hard(s, module, err);
	if (r == 0)
		r = read_info(s, module, err);
	if (r == 0)
		r = kd_strlist_add(&s->out->files, path + s->prefix);
	if (r == 0)
		r = kd_strlist_add(&s->placed, name);
	if (r == 0)
		r = place_soft(s, after, err);
	return r;
}

static int look_up(struct resolver *s, const char *name, struct kmod_list **ret)
{
	int r;

	r = kmod_module_new_from_lookup(s->context, name, ret);
	if (r < 0 && r != -ENOENT)
		return r;
	/* MODULE_ALIAS_FS() names file systems since commit 7f78e0351394 ("fs: Limit
	 * sys_mount to only request filesystem modules.") (in v3.9); of one that is built
	 * in only modules.builtin.alias.bin knows, which kernels before 5.2 lack. */
	if (!*ret && strncmp(name, "fs-", 3) == 0)
		r = kmod_module_new_from_lookup(s->context, name + 3, ret);
	return r < 0 && r != -ENOENT ? r : 0;
}

static int place_named(struct resolver *s, const char *name, bool required,
		       struct kd_error *err)
{
	_cleanup_(unref_listp) struct kmod_list *found = NULL;
	struct kmod_list *i;
	int r;

	r = look_up(s, name, &found);
	if (r < 0)
		return kd_fail(err, r, "module %s", name);
	if (!found && required)
		return kd_fail_msg(err, -ENOENT, "module %s is not in %s", name,
				   s->out->folder);

	kmod_list_foreach (i, found) {
		_cleanup_(unref_modulep) struct kmod_module *module =
			kmod_module_get_module(i);

		if (!required && (is_unwanted(s, module) || !is_there(module)))
			continue;
		r = place(s, module, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int place_all(struct resolver *s, const struct kd_module_query *query,
		     struct kd_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && query->required && query->required[i]; i++)
		r = place_named(s, query->required[i], /* required= */ true, err);
	for (size_t i = 0; r == 0 && query->optional && query->optional[i]; i++)
		r = place_named(s, query->optional[i], /* required= */ false, err);
	/* The list may grow while it is walked. */
	for (size_t i = 0; r == 0 && i < s->deferred.n; i++)
		r = place_named(s, s->deferred.items[i], /* required= */ false, err);
	return r;
}

/* Opens libkmod on the folder; the administrator's soft dependencies and aliases count
 * as well (modprobe.d(5)). libkmod knows paths alone, hence the descriptor's. */
static int open_kmod(struct resolver *s, int root_fd, struct kd_error *err)
{
	static const char *const places[] = { "/etc/modprobe.d", "/run/modprobe.d",
					      "/usr/lib/modprobe.d", "/lib/modprobe.d" };
	char config[ARRAY_SIZE(places)][PATH_MAX], folder[PATH_MAX];
	const char *configs[ARRAY_SIZE(places) + 1] = { NULL };
	size_t n = 0;
	int used;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		_cleanup_(kd_freep) char *real = NULL;

		if (kd_root_realpath(root_fd, places[i], &real) < 0)
			continue;
		used = snprintf(config[n], sizeof(config[n]), "/proc/self/fd/%d%s",
				root_fd, real);
		if (used < 0 || (size_t)used >= sizeof(config[n]))
			return kd_fail(err, -ENAMETOOLONG, "%s", places[i]);
		configs[n] = config[n];
		n++;
	}

	used = snprintf(folder, sizeof(folder), "/proc/self/fd/%d%s", root_fd,
			s->out->folder);
	if (used < 0 || (size_t)used >= sizeof(folder))
		return kd_fail(err, -ENAMETOOLONG, "%s", s->out->folder);
	s->prefix = (size_t)used + 1;
	s->context = kmod_new(folder, configs);
	if (!s->context)
		return kd_fail(err, -ENOMEM, "%s", s->out->folder);
	kmod_set_log_priority(s->context, -1); /* below LOG_EMERG: errors are ours */
	return 0;
}

static int find_folder(int root_fd, const char *release, char **ret, struct kd_error *err)
{
	_cleanup_(kd_freep) char *index = NULL;
	char path[PATH_MAX];
	int n, r;

	n = snprintf(path, sizeof(path), "/lib/modules/%s", release);
	if (n < 0 || (size_t)n >= sizeof(path) || strchr(release, '/') ||
	    release[0] == '.' || release[0] == '\0')
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no kernel release", release);
	r = kd_root_realpath(root_fd, path, ret);
	if (r < 0)
		return kd_fail(err, r, "%s", path);

	(void)snprintf(path, sizeof(path), "%s/modules.dep.bin", *ret);
	r = kd_root_realpath(root_fd, path, &index);
	if (r < 0)
		return kd_fail(err, r, "%s (run: depmod %s)", path, release);
	return 0;
}

int kd_module_list_resolve(const struct kd_module_query *query,
			   struct kd_module_list *ret, struct kd_error *err)
{
	_cleanup_(kd_module_list_done) struct kd_module_list out = { 0 };
	_cleanup_(resolver_done) struct resolver s = { .omit = query->omit, .out = &out };
	int r;

	r = find_folder(query->root_fd, query->release, &out.folder, err);
	if (r < 0)
		return r;
	r = open_kmod(&s, query->root_fd, err);
	if (r < 0)
		return r;
	r = place_all(&s, query, err);
	if (r < 0)
		return r;

	*ret = out;
	out = (struct kd_module_list) { 0 };
	return 0;
}

/* An "install" line is as good as a blacklist: it is there to run something else. */
static bool is_kept_away(struct kmod_ctx *context, const struct kmod_module *module)
{
	struct kmod_config_iter *i = kmod_config_get_blacklists(context);
	bool found = kmod_module_get_install_commands(module) != NULL;

	while (i && !found && kmod_config_iter_next(i))
		found = strcmp(kmod_config_iter_get_key(i),
			       kmod_module_get_name(module)) == 0;
	if (i)
		kmod_config_iter_free_iter(i);
	return found;
}

int kd_module_is_blacklisted(int root_fd, const char *release, const char *name,
			     struct kd_error *err)
{
	_cleanup_(kd_module_list_done) struct kd_module_list out = { 0 };
	_cleanup_(resolver_done) struct resolver s = { .out = &out };
	_cleanup_(unref_modulep) struct kmod_module *module = NULL;
	int r;

	r = find_folder(root_fd, release, &out.folder, err);
	if (r >= 0)
		r = open_kmod(&s, root_fd, err);
	if (r < 0)
		return r;
	r = kmod_module_new_from_name(s.context, name, &module);
	if (r < 0)
		return kd_fail(err, r, "module %s", name);
	return is_kept_away(s.context, module);
}
