/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resets the machine: the chipset's reset register, the keyboard controller, and last a
 * triple fault, which needs no device at all. Called by purgatory.c.
 */
#include "kexec/purgatory/purgatory-private.h"

#define RESET_CONTROL	  0xcf9 /* PIIX and ICH: bit 1 full reset, bit 2 on its rise */
#define KEYBOARD_STATUS	  0x64
#define KEYBOARD_BUSY	  0x02
#define KEYBOARD_RESET	  0xfe
#define DIAGNOSTIC_PORT	  0x80 /* a read of it takes about 1 us */
#define MICROSECONDS_WAIT 50000

static void pause_us(unsigned int us)
{
	while (us--)
		(void)kd_inb(DIAGNOSTIC_PORT);
}

_Noreturn void kd_reset(void)
{
	kd_outb(RESET_CONTROL, 0x2);
	pause_us(50);
	kd_outb(RESET_CONTROL, 0x6);
	pause_us(MICROSECONDS_WAIT);
	for (unsigned int i = 0; i < MICROSECONDS_WAIT; i++) {
		if (!(kd_inb(KEYBOARD_STATUS) & KEYBOARD_BUSY))
			break;
	}
	kd_outb(KEYBOARD_STATUS, KEYBOARD_RESET);
	pause_us(MICROSECONDS_WAIT);
	kd_lidt(NULL, 1); /* room for no gate: any exception is a triple fault */
	for (;;)
		__asm__ volatile("int3");
}
