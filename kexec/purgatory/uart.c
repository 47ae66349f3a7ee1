/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of text on a 16550, as firmware or the last kernel set it up. Where none is, or
 * one that does not move, the text is lost and nothing else: every wait ends. Called by
 * purgatory.c.
 */
#include "kexec/purgatory/purgatory-private.h"

#define TRANSMIT     0
#define LINE_STATUS  5
#define CAN_TAKE     0x20   /* THR empty */
#define ALL_SENT     0x40   /* the shift register as well */
#define STATUS_READS 200000 /* a read takes about 1 us; 16 bytes at 1200 baud 133 ms */

static int wait_for(uint16_t port, uint8_t bit)
{
	for (unsigned int i = 0; i < STATUS_READS; i++) {
		if (kd_inb((uint16_t)(port + LINE_STATUS)) & bit)
			return 1;
	}
	return 0;
}

static int put(uint16_t port, char c)
{
	if (!wait_for(port, CAN_TAKE))
		return 0;
	kd_outb((uint16_t)(port + TRANSMIT), (uint8_t)c);
	return 1;
}

void kd_uart_say(uint16_t port, const char *text)
{
	for (; *text; text++) {
		if (!put(port, *text))
			return;
	}
	if (put(port, '\r') && put(port, '\n'))
		wait_for(port,
			 ALL_SENT); /* before a reset takes it, or a kernel the UART */
}
