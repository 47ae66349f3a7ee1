/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an SFTP server is asked by path: see client.h. Trusts no answer. Called by
 * place-sftp.c.
 */
#include "capture-kernel/sftp/client-private.h"

#include <limits.h>

/** A folder while it is listed. @left: names that may still come; @look: is called with
 *  each */
struct listing {
	size_t left;
	bool (*look)(void *context, const char *name);
	void *context;
};

/* The next names; -ENODATA at the end. */
static int list_more(struct kd_sftp_file *folder, struct listing *l)
{
	struct kd_sftp *s = folder->sftp;
	char name[NAME_MAX + 1];
	struct kd_sftp_answer a;
	struct kd_sftp_out out;
	uint32_t n;
	int r;

	kd_sftp_request(s, &out, KD_SFTP_READDIR);
	kd_sftp_put_string(&out, folder->handle, folder->handle_size);
	r = kd_sftp_ask(s, &out, &a);
	if (r < 0)
		return r;
	if (a.type != KD_SFTP_NAMES) {
		r = kd_sftp_read_status(&a);
		return r < 0 ? r : kd_sftp_fail(s, -EBADMSG);
	}
	/* none at all would go on for ever */
	n = kd_sftp_get_u32(&a.rest);
	if (a.rest.bad || n == 0)
		return kd_sftp_fail(s, -EBADMSG);
	for (; n > 0 && l->left > 0; n--, l->left--) {
		if (kd_sftp_read_name(&a.rest, name, sizeof(name)) < 0)
			return kd_sftp_fail(s, -EBADMSG);
		if (!l->look(l->context, name))
			return -ENODATA;
	}
	return l->left > 0 ? 0 : -ENODATA;
}

int kd_sftp_list(struct kd_sftp *s, const char *path, size_t most,
		 bool (*look)(void *context, const char *name), void *context)
{
	struct listing l = { .left = most, .look = look, .context = context };
	struct kd_sftp_file folder;
	struct kd_sftp_out out;
	int r = kd_sftp_enter(s);

	if (r < 0)
		return kd_sftp_leave(s, r);
	kd_sftp_request(s, &out, KD_SFTP_OPENDIR);
	kd_sftp_put_text(&out, path);
	r = kd_sftp_ask_handle(s, &out, &folder);
	if (r < 0)
		return kd_sftp_leave(s, r);
	while (r == 0)
		r = list_more(&folder, &l);
	(void)kd_sftp_leave(s, 0);
	(void)kd_sftp_close(&folder);
	return r == -ENODATA ? 0 : r;
}

int kd_sftp_mkdir(struct kd_sftp *s, const char *path)
{
	struct kd_sftp_out out;
	int r = kd_sftp_enter(s);

	if (r < 0)
		return kd_sftp_leave(s, r);
	kd_sftp_request(s, &out, KD_SFTP_MKDIR);
	kd_sftp_put_text(&out, path);
	kd_sftp_put_u32(&out, KD_SFTP_ATTR_PERMISSIONS);
	kd_sftp_put_u32(&out, 0700);
	return kd_sftp_leave(s, kd_sftp_ask_status(s, &out));
}

int kd_sftp_remove(struct kd_sftp *s, const char *path)
{
	struct kd_sftp_out out;
	int r = kd_sftp_enter(s);

	if (r < 0)
		return kd_sftp_leave(s, r);
	kd_sftp_request(s, &out, KD_SFTP_REMOVE);
	kd_sftp_put_text(&out, path);
	return kd_sftp_leave(s, kd_sftp_ask_status(s, &out));
}

int kd_sftp_rename(struct kd_sftp *s, const char *from, const char *to)
{
	struct kd_sftp_out out;
	int r;

	/* the protocol's own rename does not replace */
	if (!s->extensions.posix_rename)
		(void)kd_sftp_remove(s, to);
	r = kd_sftp_enter(s);
	if (r < 0)
		return kd_sftp_leave(s, r);
	kd_sftp_request(s, &out,
			s->extensions.posix_rename ? KD_SFTP_EXTENDED : KD_SFTP_RENAME);
	if (s->extensions.posix_rename)
		kd_sftp_put_text(&out, "posix-rename@openssh.com");
	kd_sftp_put_text(&out, from);
	kd_sftp_put_text(&out, to);
	return kd_sftp_leave(s, kd_sftp_ask_status(s, &out));
}

int kd_sftp_stat(struct kd_sftp *s, const char *path, bool follow, uint64_t *ret)
{
	struct kd_sftp_answer a;
	struct kd_sftp_out out;
	int r = kd_sftp_enter(s);

	if (r < 0)
		return kd_sftp_leave(s, r);
	kd_sftp_request(s, &out, follow ? KD_SFTP_STAT : KD_SFTP_LSTAT);
	kd_sftp_put_text(&out, path);
	r = kd_sftp_ask(s, &out, &a);
	if (r == 0 && a.type == KD_SFTP_STATUS) {
		r = kd_sftp_read_status(&a);
		return kd_sftp_leave(s, r < 0 ? r : kd_sftp_fail(s, -EBADMSG));
	}
	return kd_sftp_leave(s, r < 0 ? r : kd_sftp_read_size(&a, ret));
}

int kd_sftp_truncate(struct kd_sftp *s, const char *path, uint64_t size)
{
	struct kd_sftp_out out;
	int r = kd_sftp_enter(s);

	if (r < 0)
		return kd_sftp_leave(s, r);
	kd_sftp_request(s, &out, KD_SFTP_SETSTAT);
	kd_sftp_put_text(&out, path);
	kd_sftp_put_u32(&out, KD_SFTP_ATTR_SIZE);
	kd_sftp_put_u64(&out, size);
	return kd_sftp_leave(s, kd_sftp_ask_status(s, &out));
}

int kd_sftp_space(struct kd_sftp *s, const char *path, uint64_t *ret)
{
	struct kd_sftp_answer a;
	struct kd_sftp_out out;
	int r;

	if (!s->extensions.statvfs)
		return -EOPNOTSUPP;
	r = kd_sftp_enter(s);
	if (r < 0)
		return kd_sftp_leave(s, r);
	kd_sftp_request(s, &out, KD_SFTP_EXTENDED);
	kd_sftp_put_text(&out, "statvfs@openssh.com");
	kd_sftp_put_text(&out, path);
	r = kd_sftp_ask(s, &out, &a);
	if (r == 0 && a.type == KD_SFTP_STATUS) {
		r = kd_sftp_read_status(&a);
		return kd_sftp_leave(s, r < 0 ? r : kd_sftp_fail(s, -EBADMSG));
	}
	return kd_sftp_leave(s, r < 0 ? r : kd_sftp_read_space(&a, ret));
}
