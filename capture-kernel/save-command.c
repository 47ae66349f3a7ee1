/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another program's dump: see save-command.h. Trusts its exit status as little as a write
 * it never synced: the file is synced here, whose descriptor is the first to ask, and read
 * back. Called by save-dump.c.
 */
#include "capture-kernel/save-command.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash-view.h"
#include "capture-kernel/run.h"
#include "makedumpfile/vmcore/elf-core.h"

#define VMCORE "/proc/vmcore"

/* @folder: where the file grows: a sign of progress */
struct command {
	const struct kd_save *save;
	int folder;
	const char *name;
};

static void on_tick(void *context)
{
	const struct command *c = context;
	struct stat st;

	if (fstatat(c->folder, c->name, &st, AT_SYMLINK_NOFOLLOW) >= 0)
		kd_shared_progress(c->save->shared, "core_collector",
				   (uint64_t)st.st_size, 0);
}

static int run(struct command *c, struct kd_error *err)
{
	char room[KD_PLAN_COLLECTOR], path[PATH_MAX], vmcore[] = VMCORE;
	char *argv[KD_COLLECTOR_WORDS + 3] = { NULL };
	char *env[] = { (char[]) { KD_RUN_PATH }, (char[]) { "HOME=/" }, NULL };
	struct kd_run run = { .root_fd = c->save->root_fd,
			      .argv = argv,
			      .env = env,
			      .out_fd = -EBADF,
			      .tick = on_tick,
			      .context = c };
	size_t n;
	int r = kd_collector_words(c->save->collector, room, argv, err);

	if (r < 0)
		return r;
	argv[r] = vmcore;
	argv[r + 1] = path;
	r = kd_place_path(c->save->dir, path, sizeof(path));
	n = r < 0 ? 0 : strlen(path);
	if (r >= 0 && (size_t)snprintf(path + n, sizeof(path) - n, "/%s", c->name) >=
			      sizeof(path) - n)
		r = -ENAMETOOLONG;
	if (r < 0)
		return kd_fail(err, r, "core_collector");
	r = kd_run_by_path(&run, err);
	return r <= 0 ? r
		      : kd_fail_msg(err, -ECHILD,
				    "core_collector: %s ended with status %d", argv[0],
				    r);
}

static int sync_file(const struct command *c, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = openat(c->folder, c->name,
					     O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fchmod(fd, 0600) < 0 || fsync(fd) < 0 || syncfs(fd) < 0)
		return kd_fail(err, -errno, "%s", c->name);
	return 0;
}

/* An ELF core has no checksums: all of it is read, and none of it may be missing. */
static int check_elf(const struct kd_save *s, const char *name, struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *file = NULL;
	_cleanup_(kd_hash_view_freep) struct kd_hash_view *sum = NULL;
	/* it reads through the sum, so it goes first */
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	int r;

	r = s->dir->ops->read(s->dir, name, /* fresh= */ true, &file, err);
	if (r >= 0)
		r = kd_hash_view_new(file, &sum, err);
	if (r >= 0)
		r = kd_vmcore_open_view(kd_hash_view_base(sum), &core, err);
	if (r < 0)
		return r;
	if (kd_vmcore_incomplete(core) || kd_vmcore_missing(core))
		return kd_fail_msg(err, -EBADMSG, "%s: its end is missing", name);
	kd_shared_progress(s->shared, "read back", 0, 0);
	return kd_hash_view_finish(sum, s->shared->outcome.sha256, err);
}

int kd_save_command(const struct kd_save *s, const char *name, bool *ret_checked,
		    struct kd_error *err)
{
	struct command c = { .save = s, .folder = kd_place_folder(s->dir), .name = name };
	struct kd_outcome *o = &s->shared->outcome;
	struct stat st;
	int r;

	if (c.folder < 0)
		return kd_fail_msg(
			err, -ENOTSUP,
			"core_collector: this target is for makedumpfile alone");
	r = kd_place_clear(s->dir, name, err);
	if (r >= 0)
		r = run(&c, err);
	if (r >= 0)
		r = sync_file(&c, err);
	if (r < 0)
		return r;
	if (fstatat(c.folder, name, &st, AT_SYMLINK_NOFOLLOW) >= 0)
		o->vmcore_bytes = (uint64_t)st.st_size;
	r = kd_saving_verify(s, name, o->sha256, err);
	if (r == -ENOEXEC) {
		kd_error_reset(err);
		r = check_elf(s, name, err);
	}
	*ret_checked = r >= 0;
	if (r != -ENOEXEC)
		return r;
	kd_error_reset(err);
	return 0;
}
