/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders of an SFTP server as places, each a path over one login. Called by
 * target-sftp.c, in a child.
 */
#pragma once

#include "capture-kernel/place.h"
#include "capture-kernel/sftp/ssh.h"

/** Log in. The place is the server's root; the login ends when it is freed. Ignores
 *  SIGPIPE from then on. Errors: -ENOTCONN with ssh's own words; those of
 *  kd_sftp_new(). */
int kd_place_sftp_new(const struct kd_ssh_login *login, struct kd_place **ret,
		      struct kd_error *err);
