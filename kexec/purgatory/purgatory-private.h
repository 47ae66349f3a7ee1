/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that run in purgatory share. Freestanding x86_64 code in ring 0, on one
 * CPU, with interrupts off; never linked into a program.
 */
#pragma once

#include "kexec/purgatory/purgatory.h"

#define KD_COM1 0x3f8

/** Called by the entry code: returns when the new kernel may be entered. */
void kd_purgatory_main(const struct kd_purgatory_params *params);

/** Called by the entry code on any exception: a message and a reset. */
_Noreturn void kd_purgatory_exception(void);

/** Have exceptions told and NMIs ignored: a pending one must not end the dump. */
void kd_exceptions_catch(void);

/** Write @text and a line end to the 16550 at I/O port @port. Waits a bounded time for
 *  each byte, and for none any more once one did not leave in that. */
void kd_uart_say(uint16_t port, const char *text);

/** Reset the machine by every way a PC has, ending with the one that cannot fail. */
_Noreturn void kd_reset(void);

static inline void kd_outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t kd_inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

/** Load IDTR; @size in bytes, at least 1. */
static inline void kd_lidt(const void *base, uint16_t size)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) table;

	/* no initialiser: a compiler may make it a constant, which holds an address */
	table.limit = (uint16_t)(size - 1);
	table.base = (uintptr_t)base;
	__asm__ volatile("lidt %0" : : "m"(table) : "memory");
}
