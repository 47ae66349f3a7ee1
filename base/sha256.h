/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 (FIPS 180-4): of segments at both ends of a load, of dumps as they are read
 * back. One source for programs and purgatory, so freestanding: no libc, no relocations.
 * Called by kexec/plan/, kexec/purgatory/ and hash-view.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KD_SHA256_SIZE	32
#define KD_SHA256_BLOCK 64

/** Take @n blocks of KD_SHA256_BLOCK bytes at @data, of any alignment, into @state. */
typedef void kd_sha256_blocks_fn(uint32_t state[8], const uint8_t *data, size_t n);

/** On every CPU. */
kd_sha256_blocks_fn kd_sha256_blocks_portable;

/** x86's SHA instructions; only where kd_sha256_has_ni(), and with SSE switched on. */
kd_sha256_blocks_fn kd_sha256_blocks_ni;

/** Whether this CPU has SHA, SSSE3 and SSE4.1, by CPUID alone. */
bool kd_sha256_has_ni(void);

/** The round constants, for the two above. */
extern const uint32_t kd_sha256_k[64] __attribute__((visibility("hidden")));

/** @blocks: how; @bytes: so far; @tail: what does not fill a block yet */
struct kd_sha256 {
	kd_sha256_blocks_fn *blocks;
	uint64_t bytes;
	uint32_t state[8];
	uint8_t tail[KD_SHA256_BLOCK];
};

/** Start, with @blocks: kd_sha256_best() but in purgatory and tests. */
void kd_sha256_init(struct kd_sha256 *h, kd_sha256_blocks_fn *blocks);

/** Add @size bytes. */
void kd_sha256_update(struct kd_sha256 *h, const void *data, size_t size);

/** The digest of all that was added; @h is used up. */
void kd_sha256_final(struct kd_sha256 *h, uint8_t ret[KD_SHA256_SIZE]);

/** The fastest this CPU has, for a program: an operating system has SSE switched on. */
kd_sha256_blocks_fn *kd_sha256_best(void);
