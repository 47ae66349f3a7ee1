/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shim's steps on the machine itself: page tables of its own, a copy of itself where
 * nothing lands, all segments moved. Called by shim-x86_64.S, which goes from step to step
 * because each changes the place it runs at.
 */
#include "kexec/lower/shim-private.h"

struct kd_shim_params kd_blob_params __attribute__((section(".data.params"))) = {
	.magic = KD_SHIM_MAGIC,
};

_Static_assert(offsetof(struct kd_shim_params, size) == 8, "read by the entry code");

extern uint8_t kd_blob_start[] __attribute__((visibility("hidden")));
extern uint8_t kd_blob_end[] __attribute__((visibility("hidden")));

#define CR4_LA57 (1ull << 12)

static _Noreturn void give_up(const char *why)
{
	kd_uart_say(KD_COM1, why);
	kd_reset();
}

uint64_t kd_shim_settle(uint64_t place)
{
	uint64_t gib = kd_blob_params.gib, cr4, cr3;
	uint8_t *copy = (uint8_t *)(uintptr_t)(place + KD_SHIM_STACK), *to = copy;
	const uint8_t *from = kd_blob_start;
	uint64_t n = (uint64_t)(kd_blob_end - kd_blob_start);

	if (place + KD_SHIM_ROOM(gib) > gib << 30)
		give_up("blob: lies too high, reset");
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	cr3 = kd_shim_map((uint64_t *)(copy + KD_SHIM_CODE), gib, (cr4 & CR4_LA57) != 0);
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
	__asm__ volatile("mov %0, %%cr3" : : "r"(cr3) : "memory");
	return (uint64_t)(uintptr_t)copy;
}

uint64_t kd_shim_step(uint64_t base, uint64_t place)
{
	uint64_t next = kd_shim_next(base, place, &kd_blob_params);

	if (next == KD_SHIM_NOWHERE)
		give_up("blob: no room to move in, reset");
	if (!next)
		kd_shim_move(base, &kd_blob_params);
	return next;
}
