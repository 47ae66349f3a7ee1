/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arm64 trampoline: see trampoline-arm64.h. Instructions are little-endian on every
 * arm64 machine, whatever its data are; encodings: Arm Architecture Reference Manual,
 * section C6.2. Called by arm64.c.
 */
#include "kexec/plan/trampoline-arm64.h"

#include "base/guard.h"

/* LDR (literal), 64 bit: register Rt from @words words ahead */
#define LDR(rt, words) (0x58000000u | (words) << 5 | (rt))
/* MOV (register), which is ORR Xd, XZR, XZR: zero */
#define ZERO(rd)       (0xaa1f03e0u | (rd))
#define BR(rn)	       (0xd61f0000u | (rn) << 5)

#define ENTRY_WORD 6
#define DTB_WORD   8

static const uint32_t code[ENTRY_WORD] = {
	LDR(17u, ENTRY_WORD - 0u),
	LDR(0u, DTB_WORD - 1u),
	ZERO(1u),
	ZERO(2u),
	ZERO(3u),
	BR(17u),
};

static void put(uint8_t *to, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(v >> 8 * i);
}

void kd_trampoline_arm64(uint64_t entry, uint64_t dtb,
			 uint8_t ret[KD_TRAMPOLINE_ARM64_SIZE])
{
	for (size_t i = 0; i < ARRAY_SIZE(code); i++)
		put(ret + 4 * i, code[i], 4);
	put(ret + 4 * ENTRY_WORD, entry, 8);
	put(ret + 4 * DTB_WORD, dtb, 8);
}
