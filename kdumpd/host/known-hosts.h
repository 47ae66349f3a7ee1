/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of servers that an administrator has accepted: known_hosts files as sshd(8),
 * "SSH_KNOWN_HOSTS FILE FORMAT", has them. Pure. Trusts nothing in the file beyond its
 * being root's. Called by host-ssh.c and the fuzzer.
 */
#pragma once

#include "base/strbuf.h"

#define KD_KNOWN_HOSTS_MAX ((size_t)1 << 20) /* bytes of a file */

/**
 * Append the lines for @host as "<host> <type> <key>", plain, patterns and hashes undone:
 * what the capture side pins.
 *
 * A key that is marked as revoked is left out, wherever else it stands. Authorities
 * ("@cert-authority") stay what they are.
 * @ret_n: how many were appended
 * Returns 0 or the buffer's error.
 */
int kd_known_hosts_find(const char *text, size_t size, const char *host,
			struct kd_strbuf *out, unsigned int *ret_n);

/** Whether @host is named by @field of a line: names, patterns with '*' and '?', those
 *  behind '!' excluded, or a hash "|1|salt|hash". */
bool kd_known_hosts_match(const char *field, const char *host);
