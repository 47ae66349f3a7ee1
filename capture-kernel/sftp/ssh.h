/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ssh(1) as a child that carries an SFTP conversation: started with fixed arguments, no
 * shell, no configuration but these, no key of the server that was not pinned while the
 * system was healthy, nothing it could ask anybody. Called by place-sftp.c, in a child
 * whose process group ends with it.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/types.h"

#define KD_SSH_PROGRAM "/usr/bin/ssh"

/**
 * @program: KD_SSH_PROGRAM, or what a test has in its place
 * @address: in numbers; @port: 0 for 22
 * @host:    the server's name in the pinned keys
 * @folder:  absolute; "key" and "known_hosts" lie there
 */
struct kd_ssh_login {
	const char *program;
	const char *user;
	const char *host;
	const char *address;
	unsigned int port;
	const char *folder;
};

/** @errors: what it says about failures */
struct kd_ssh {
	pid_t pid;
	int errors;
};

/**
 * Start it.
 *
 * @ret:      kd_ssh_end() when done
 * @ret_in, @ret_out: from and to the server's SFTP; the caller's
 * Errors: those of pipe and fork. That it cannot log in is seen at @ret_in's end.
 */
int kd_ssh_start(const struct kd_ssh_login *login, struct kd_ssh *ret, int *ret_in,
		 int *ret_out, struct kd_error *err);

/** The last line it said, without waiting for one; "" when it was silent. */
void kd_ssh_words(const struct kd_ssh *s, char *ret, size_t size);

/** End it, politely for a moment, then not. */
void kd_ssh_end(struct kd_ssh *s);
