/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions in purgatory. Kernels leave it with no IDT or with one that is not mapped,
 * where a pending NMI, as from a watchdog that saw the panic, would be a triple fault. So
 * NMIs return, and everything else is said before the reset. Called by purgatory.c.
 */
#include "kexec/purgatory/purgatory-private.h"

#define BOOT_CS 0x10
#define INTERRUPT_GATE \
	0x8e /* present, ring 0; Intel's manual, volume 3, section 6.14.1 */
#define NMI	   2
#define EXCEPTIONS 32

struct gate {
	uint16_t offset_0;
	uint16_t selector;
	uint8_t stack;
	uint8_t type;
	uint16_t offset_16;
	uint32_t offset_32;
	uint32_t zero;
};

extern const char kd_exception_nmi[] __attribute__((visibility("hidden")));
extern const char kd_exception_any[] __attribute__((visibility("hidden")));

static struct gate gates[EXCEPTIONS];

void kd_exceptions_catch(void)
{
	for (unsigned int i = 0; i < EXCEPTIONS; i++) {
		uint64_t to = (uintptr_t)(i == NMI ? kd_exception_nmi : kd_exception_any);

		gates[i].offset_0 = (uint16_t)to;
		gates[i].selector = BOOT_CS;
		gates[i].stack = 0;
		gates[i].type = INTERRUPT_GATE;
		gates[i].offset_16 = (uint16_t)(to >> 16);
		gates[i].offset_32 = (uint32_t)(to >> 32);
		gates[i].zero = 0;
	}
	kd_lidt(gates, sizeof(gates));
}
