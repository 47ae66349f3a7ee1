/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversation with an SFTP server over a pair of pipes. Writes are sent ahead of their
 * answers, within a window, so that the way's delay does not set the speed; everything
 * else waits. Errors of the pipes stick. Any thread may call. Used by place-sftp.c, in a
 * child that ignores SIGPIPE.
 */
#pragma once

#include "capture-kernel/sftp/packet.h"

#define KD_SFTP_WINDOW 64 /* packets of KD_SFTP_DATA under way */

struct kd_sftp;

/** A file that is open at the server. @error: first failure of a write; it sticks */
struct kd_sftp_file {
	struct kd_sftp *sftp;
	uint8_t handle[KD_SFTP_HANDLE];
	size_t handle_size;
	_Atomic int error;
};

/**
 * Greet the server.
 *
 * @in, @out: pipes from and to it; taken over on success
 * Errors: -EPROTONOSUPPORT, -EBADMSG, -ENOTCONN when it ends the conversation, -ENOMEM.
 */
int kd_sftp_new(int in, int out, struct kd_sftp **ret, struct kd_error *err);
void kd_sftp_free(struct kd_sftp *s);
KD_DEFINE_GUARD(struct kd_sftp, kd_sftp_free)

/** What it can do beyond the protocol; borrowed. */
const struct kd_sftp_extensions *kd_sftp_extensions(const struct kd_sftp *s);

/* Each returns 0 or a negative errno: those of kd_sftp_read_status(), -EBADMSG for
 * nonsense, -ENOTCONN once the conversation is over. Paths are the server's. */

/** @flags: KD_SFTP_FLAG_*. A new file gets mode 0600. */
int kd_sftp_open(struct kd_sftp *s, const char *path, uint32_t flags,
		 struct kd_sftp_file *ret);
int kd_sftp_close(struct kd_sftp_file *f);

/** Send @size bytes on their way; an error may be told by a later call. */
int kd_sftp_write(struct kd_sftp_file *f, uint64_t offset, const void *data, size_t size);
/** Read up to @size bytes; short only at the end. Returns their number. */
ssize_t kd_sftp_read(struct kd_sftp_file *f, uint64_t offset, void *data, size_t size);
/** Every write was answered, and where the server can, is on its disk. */
int kd_sftp_sync(struct kd_sftp_file *f);

int kd_sftp_mkdir(struct kd_sftp *s, const char *path);
int kd_sftp_remove(struct kd_sftp *s, const char *path);
/** Replaces what is at @to. */
int kd_sftp_rename(struct kd_sftp *s, const char *from, const char *to);
/** Size of what is at @path. @follow: a link's target, not the link. */
int kd_sftp_stat(struct kd_sftp *s, const char *path, bool follow, uint64_t *ret);
/** Call @look with the names in the folder @path, @most of them, until it returns false. */
int kd_sftp_list(struct kd_sftp *s, const char *path, size_t most,
		 bool (*look)(void *context, const char *name), void *context);
int kd_sftp_truncate(struct kd_sftp *s, const char *path, uint64_t size);
/** -EOPNOTSUPP for servers that do not tell. */
int kd_sftp_space(struct kd_sftp *s, const char *path, uint64_t *ret);
