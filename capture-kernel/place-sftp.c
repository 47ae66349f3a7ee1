/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server's folders as places: see place.h. Trusts SSH that what arrives is what was
 * sent, and fsync@openssh.com that it is on the server's disk; a folder cannot be synced
 * by this protocol. Called by target-sftp.c.
 */
#include "capture-kernel/place-sftp.h"

#include <limits.h>
#include <signal.h>
#include <string.h>

#include "base/parallel.h"
#include "capture-kernel/sftp/sftp-file.h"

/* With less than this left, a failure without a reason is taken for a full disk. */
#define FULL_BYTES (UINT64_C(1) << 20)

struct login {
	struct kd_ssh ssh;
	struct kd_sftp *sftp;
};

/** @owner: the one that logged in, and logs out */
struct folder {
	struct kd_place place;
	struct login *login;
	bool owner;
	char path[PATH_MAX];
};

static struct folder *from_place(struct kd_place *p)
{
	return (struct folder *)p;
}

static struct kd_sftp *sftp_of(struct kd_place *p)
{
	return from_place(p)->login->sftp;
}

/* ssh says why it left; the protocol never does. */
static int fail(struct kd_place *p, int r, const char *name, struct kd_error *err)
{
	char words[160];

	if (r == -ENOTCONN) {
		kd_ssh_words(&from_place(p)->login->ssh, words, sizeof(words));
		if (words[0])
			return kd_fail_msg(err, r, "%s: ssh: %s", name, words);
	}
	return kd_fail(err, r, "%s", name);
}

static int join(struct kd_place *p, const char *name, char ret[static PATH_MAX])
{
	const char *path = from_place(p)->path;
	int n = snprintf(ret, PATH_MAX, "%s%s%s", path,
			 path[0] && path[strlen(path) - 1] == '/' ? "" : "/",
			 name + strspn(name, "/"));

	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

/* The error of what failed without a reason: there is only one that matters. */
static int explain(struct kd_place *p, int r)
{
	uint64_t space;

	if (r == -EIO && kd_sftp_space(sftp_of(p), from_place(p)->path, &space) == 0 &&
	    space < FULL_BYTES)
		return -ENOSPC;
	return r;
}

static int exists(struct kd_place *p, const char *path)
{
	uint64_t size;

	return kd_sftp_stat(sftp_of(p), path, /* follow= */ false, &size) != -ENOENT;
}

static int make(struct kd_place *p, const char *name, struct kd_error *err)
{
	char path[PATH_MAX];
	int r = join(p, name, path);

	if (r == 0)
		r = kd_sftp_mkdir(sftp_of(p), path);
	if (r == -EIO && exists(p, path))
		r = -EEXIST;
	return r < 0 ? fail(p, explain(p, r), name, err) : 0;
}

/* Every folder of @path that is missing; servers follow links by themselves. */
static int make_path(struct kd_place *p, const char *path, struct kd_error *err)
{
	char part[PATH_MAX];
	uint64_t size;
	int r = 0;

	for (const char *end = path + strspn(path, "/"); r == 0 && *end;
	     end += strspn(end, "/")) {
		end += strcspn(end, "/");
		memcpy(part, path, (size_t)(end - path));
		part[end - path] = '\0';
		r = kd_sftp_stat(sftp_of(p), part, /* follow= */ true, &size);
		if (r == -ENOENT)
			r = kd_sftp_mkdir(sftp_of(p), part);
		if (r == -ENODATA)
			r = 0; /* it is there, whatever its size */
		if (r < 0)
			return fail(p, explain(p, r), part, err);
	}
	return 0;
}

static int folder_new(struct login *login, const char *path, struct folder **ret)
{
	struct folder *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->login = login;
	(void)snprintf(f->path, sizeof(f->path), "%s", path);
	*ret = f;
	return 0;
}

static int enter(struct kd_place *p, const char *path, bool create, struct kd_place **ret,
		 struct kd_error *err)
{
	char full[PATH_MAX];
	struct folder *f;
	uint64_t size;
	int r;

	r = join(p, path, full);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	if (create)
		r = make_path(p, full, err);
	if (r < 0)
		return r;
	r = kd_sftp_stat(sftp_of(p), full, /* follow= */ true, &size);
	if (r < 0 && r != -ENODATA)
		return fail(p, r, full, err);
	r = folder_new(from_place(p)->login, full, &f);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	f->place.ops = p->ops;
	*ret = &f->place;
	return 0;
}

static int why_full(void *context, int r)
{
	return explain(context, r);
}

static int open_new(struct kd_place *p, const char *name, struct kd_sink **ret,
		    struct kd_error *err)
{
	const struct kd_sftp_reason reason = { .explain = why_full, .context = p };
	char path[PATH_MAX];
	struct kd_sftp_file file;
	int r = join(p, name, path);

	if (r == 0)
		r = kd_sftp_open(sftp_of(p), path,
				 KD_SFTP_FLAG_READ | KD_SFTP_FLAG_WRITE |
					 KD_SFTP_FLAG_CREAT | KD_SFTP_FLAG_EXCL,
				 &file);
	if (r == -EIO && exists(p, path))
		r = -EEXIST;
	if (r == 0)
		r = kd_sink_sftp_new(&file, &reason, ret);
	return r < 0 ? fail(p, explain(p, r), name, err) : 0;
}

/* What the server has cached is as good as its disk once fsync has succeeded: there is
 * no way to ask for more. */
static int open_old(struct kd_place *p, const char *name, bool fresh _unused_,
		    struct kd_file_view **ret, struct kd_error *err)
{
	char path[PATH_MAX];
	struct kd_sftp_file file;
	uint64_t size;
	int r = join(p, name, path);

	if (r == 0)
		r = kd_sftp_stat(sftp_of(p), path, /* follow= */ false, &size);
	if (r == 0)
		r = kd_sftp_open(sftp_of(p), path, KD_SFTP_FLAG_READ, &file);
	if (r == 0)
		r = kd_view_sftp_new(&file, size, ret);
	return r < 0 ? fail(p, r, name, err) : 0;
}

static int change_name(struct kd_place *p, const char *from, const char *to,
		       struct kd_error *err)
{
	char old[PATH_MAX], new[PATH_MAX];
	int r = join(p, from, old);

	if (r == 0)
		r = join(p, to, new);
	if (r == 0)
		r = kd_sftp_rename(sftp_of(p), old, new);
	return r < 0 ? fail(p, r, to, err) : 0;
}

static int remove_file(struct kd_place *p, const char *name, struct kd_error *err)
{
	char path[PATH_MAX];
	int r = join(p, name, path);

	if (r == 0)
		r = kd_sftp_remove(sftp_of(p), path);
	return r < 0 ? fail(p, r, name, err) : 0;
}

static int cut(struct kd_place *p, const char *name, uint64_t size, struct kd_error *err)
{
	char path[PATH_MAX];
	int r = join(p, name, path);

	if (r == 0)
		r = kd_sftp_truncate(sftp_of(p), path, size);
	return r < 0 ? fail(p, r, name, err) : 0;
}

static int list(struct kd_place *p, kd_place_look_fn *look, void *context,
		struct kd_error *err)
{
	const char *path = from_place(p)->path;
	int r = kd_sftp_list(sftp_of(p), path, KD_PLACE_NAMES, look, context);

	return r < 0 ? fail(p, r, path, err) : 0;
}

static int space(struct kd_place *p, uint64_t *ret, struct kd_error *err)
{
	int r = kd_sftp_space(sftp_of(p), from_place(p)->path, ret);

	if (r == -EOPNOTSUPP)
		r = -ENOTSUP;
	return r < 0 ? fail(p, r, "free space", err) : 0;
}

static void log_out(struct login *l)
{
	kd_sftp_free(l->sftp);
	kd_ssh_end(&l->ssh);
	free(l);
}

static void folder_free(struct kd_place *p)
{
	struct folder *f = from_place(p);

	if (f->owner)
		log_out(f->login);
	free(f);
}

static const struct kd_place_ops sftp_ops = {
	.enter = enter,
	.make = make,
	.write = open_new,
	.read = open_old,
	.rename = change_name,
	.remove = remove_file,
	.cut = cut,
	.list = list,
	.space = space,
	.free = folder_free,
};

static int log_in(const struct kd_ssh_login *how, struct login *l, struct kd_error *err)
{
	_cleanup_(kd_closep) int in = -EBADF, out = -EBADF;
	struct kd_error here = { 0 };
	char words[160];
	int r;

	(void)signal(SIGPIPE, SIG_IGN);
	r = kd_ssh_start(how, &l->ssh, &in, &out, err);
	if (r < 0)
		return r;
	r = kd_sftp_new(in, out, &l->sftp, &here);
	if (r >= 0) {
		(void)TAKE_FD(in);
		(void)TAKE_FD(out);
		return 0;
	}
	kd_ssh_words(&l->ssh, words, sizeof(words));
	return kd_fail_msg(err, r, "%s", words[0] ? words : here.message);
}

int kd_place_sftp_new(const struct kd_ssh_login *how, struct kd_place **ret,
		      struct kd_error *err)
{
	struct login *l = calloc(1, sizeof(*l));
	struct folder *f;
	int r;

	if (!l)
		return kd_fail(err, -ENOMEM, "SFTP");
	l->ssh.errors = -EBADF;
	r = log_in(how, l, err);
	if (r >= 0) {
		r = folder_new(l, "", &f);
		if (r < 0)
			(void)kd_fail(err, r, "SFTP");
	}
	if (r < 0) {
		log_out(l);
		return r;
	}
	f->place.ops = &sftp_ops;
	f->owner = true;
	*ret = &f->place;
	return 0;
}
