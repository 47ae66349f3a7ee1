/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256, for deciding whether anything changed; the one door to the crypto library.
 * Fields are fed with a label and their length, so that no two different sets of fields
 * give the same bytes. Called by key.c, digest-cache.c and prepare.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define KD_DIGEST_HEX 65 /* 64 hex digits and a NUL */

struct kd_digest;

/** NULL when memory is out. */
struct kd_digest *kd_digest_new(void);
void kd_digest_free(struct kd_digest *d);
KD_DEFINE_GUARD(struct kd_digest, kd_digest_free)

/** Feed one field. */
void kd_digest_add(struct kd_digest *d, const char *label, const void *data, size_t size);
void kd_digest_adds(struct kd_digest *d, const char *label, const char *text);

/** The digest in hex; @d starts afresh. */
void kd_digest_hex(struct kd_digest *d, char ret[KD_DIGEST_HEX]);

#define KD_SHA1_SIZE 20

/** HMAC-SHA1 (RFC 2104), which hashed names in known_hosts are made by. */
void kd_digest_hmac_sha1(const void *key, size_t key_size, const void *data, size_t size,
			 uint8_t ret[KD_SHA1_SIZE]);

/** Digest of a whole file's plain bytes (as sha256sum(1) prints), from its start; the
 *  position of @fd stays. 0, -ENOMEM or an error of read. */
int kd_digest_fd(int fd, char ret[KD_DIGEST_HEX]);
