/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 by nettle: see digest.h. Trusts nothing about sizes; files are read in
 * pieces. Called by key.c, digest-cache.c, settings.c and prepare.c.
 */
#include "kdumpd/digest.h"

#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <string.h>

#include "base/io.h"

#define PIECE 65536

struct kd_digest {
	struct sha256_ctx context;
};

struct kd_digest *kd_digest_new(void)
{
	struct kd_digest *d = malloc(sizeof(*d));

	if (d)
		sha256_init(&d->context);
	return d;
}

void kd_digest_free(struct kd_digest *d)
{
	free(d);
}

void kd_digest_add(struct kd_digest *d, const char *label, const void *data, size_t size)
{
	uint64_t length = size;

	sha256_update(&d->context, strlen(label) + 1, (const uint8_t *)label);
	sha256_update(&d->context, sizeof(length), (const uint8_t *)&length);
	if (size)
		sha256_update(&d->context, size, data);
}

void kd_digest_adds(struct kd_digest *d, const char *label, const char *text)
{
	kd_digest_add(d, label, text, strlen(text));
}

void kd_digest_hex(struct kd_digest *d, char ret[KD_DIGEST_HEX])
{
	uint8_t raw[SHA256_DIGEST_SIZE];

	sha256_digest(&d->context, sizeof(raw), raw);
	for (size_t i = 0; i < sizeof(raw); i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", raw[i]);
}

int kd_digest_fd(int fd, char ret[KD_DIGEST_HEX])
{
	_cleanup_(kd_digest_freep) struct kd_digest *d = kd_digest_new();
	_cleanup_(kd_freep) uint8_t *piece = malloc(PIECE);
	uint64_t offset = 0;
	ssize_t n;

	if (!d || !piece)
		return -ENOMEM;
	do {
		n = kd_pread_full(fd, piece, PIECE, offset);
		if (n < 0)
			return (int)n;
		sha256_update(&d->context, (size_t)n, piece);
		offset += (uint64_t)n;
	} while (n == PIECE);
	kd_digest_hex(d, ret);
	return 0;
}

void kd_digest_hmac_sha1(const void *key, size_t key_size, const void *data, size_t size,
			 uint8_t ret[KD_SHA1_SIZE])
{
	struct hmac_sha1_ctx context;

	hmac_sha1_set_key(&context, key_size, key);
	hmac_sha1_update(&context, size, data);
	hmac_sha1_digest(&context, KD_SHA1_SIZE, ret);
}
