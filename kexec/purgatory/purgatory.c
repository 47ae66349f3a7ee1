/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Purgatory's one decision: is what lies in memory what was placed there? If it is, the
 * new kernel is entered; if not, the machine is reset with a word on its serial port, for
 * a dump by a damaged kernel is none and a hung machine is worse. Trusts its parameters
 * only as far as a stray write would leave them; called by entry-x86_64.S.
 */
#include "base/sha256.h"
#include "kexec/purgatory/purgatory-private.h"
#include "kexec/purgatory/simd.h"

/* Filled in by kd_purgatory_fill(), in the copy that is loaded. */
struct kd_purgatory_params kd_blob_params __attribute__((section(".data.params"))) = {
	.magic = KD_PURGATORY_MAGIC,
};

/* the entry code's offsets */
_Static_assert(offsetof(struct kd_purgatory_params, entry) == 8, "entry");
_Static_assert(offsetof(struct kd_purgatory_params, argument) == 16, "argument");

static _Noreturn void give_up(const char *why)
{
	uint32_t console = kd_blob_params.console;

	kd_uart_say(console ? (uint16_t)console : KD_COM1, why);
	kd_reset();
}

void kd_purgatory_exception(void)
{
	give_up("purgatory: exception, reset");
}

static void sum(const struct kd_purgatory_params *params, kd_sha256_blocks_fn *blocks,
		uint8_t digest[KD_SHA256_SIZE])
{
	struct kd_sha256 h;

	kd_sha256_init(&h, blocks);
	for (uint32_t i = 0; i < params->n_regions; i++)
		kd_sha256_update(&h, (const void *)(uintptr_t)params->regions[i].start,
				 params->regions[i].size);
	kd_sha256_final(&h, digest);
}

/* Not base/zero.c, which is libc's memcmp(): there is none here. Four words a turn, for a
 * branch costs more than a word. */
static int is_zero(const void *start, uint64_t size)
{
	const uint8_t *at = start, *end = at + size;
	uint64_t w[4], any = 0;

	for (; !any && (uint64_t)(end - at) >= sizeof(w); at += sizeof(w)) {
		__builtin_memcpy(w, at, sizeof(w));
		any = w[0] | w[1] | w[2] | w[3];
	}
	for (; !any && at < end; at++)
		any = *at;
	return !any;
}

static int zeros_are_zero(const struct kd_purgatory_params *params)
{
	for (uint32_t i = 0; i < params->n_regions; i++) {
		const struct kd_purgatory_region *r = &params->regions[i];

		if (!is_zero((const void *)(uintptr_t)(r->start + r->size), r->zeros))
			return 0;
	}
	return 1;
}

static int all_is_well(const struct kd_purgatory_params *params)
{
	uint8_t digest[KD_SHA256_SIZE], differs = 0;
	struct kd_simd was;

	if (params->magic != KD_PURGATORY_MAGIC ||
	    params->n_regions > KD_PURGATORY_REGIONS)
		return 0;
	if (kd_sha256_has_ni()) {
		kd_simd_on(&was);
		sum(params, kd_sha256_blocks_ni, digest);
		kd_simd_restore(&was);
	} else {
		sum(params, kd_sha256_blocks_portable, digest);
	}
	for (unsigned int i = 0; i < KD_SHA256_SIZE; i++)
		differs |= digest[i] ^ params->digest[i];
	return !differs && zeros_are_zero(params);
}

void kd_purgatory_main(const struct kd_purgatory_params *params)
{
	uint16_t console = (uint16_t)params->console;

	kd_exceptions_catch();
	if (console)
		kd_uart_say(console, "purgatory: enter");
	if (!params->n_regions)
		return;
	if (!all_is_well(params))
		give_up("purgatory: SHA-256 MISMATCH, reset");
	if (console)
		kd_uart_say(console, "purgatory: digest ok");
}
