/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PC of sorts for purgatory under test: its real bytes run in this process, and each
 * instruction that ring 3 may not execute traps and is done by hand. What it loads, says
 * on the serial port and does to reset is recorded. One machine at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum machine_end {
	MACHINE_ENTERED, /* jumped to params.entry */
	MACHINE_RESET_CF9,
	MACHINE_RESET_8042,
	MACHINE_TRIPLE_FAULT,
	MACHINE_LOST, /* an instruction or a fault that has no business there */
};

/** How the devices behave. @uart_port: 0 for none; a dead one is there and never ready */
struct machine_set_up {
	uint16_t uart_port;
	bool uart_dead;
	bool cf9_works;
	bool i8042_works;
};

/** What was seen. Register values are those at the end. */
struct machine {
	struct machine_set_up set_up;
	uint64_t entry;
	enum machine_end end;
	uint64_t lost_at; /* rip, for MACHINE_LOST */
	char said[512];
	size_t n_said;
	uint16_t other_port; /* one written to that no device has; 0 */
	uint8_t gdt[64];
	uint16_t gdt_limit;
	uint16_t selectors[8]; /* by the instruction's number: es cs ss ds fs gs */
	const uint8_t *idt;
	uint16_t idt_limit;
	uint64_t cr0, cr3, cr4;
	uint64_t cr4_seen;    /* every bit that was ever set */
	unsigned int cleared; /* interrupts: cli executed */
	uint64_t rsi, rsp, rflags;
};

/** Enter @code, a place in executable memory, with garbage in every register, rsp 0 and
 *  the direction flag set. Returns when the machine has entered a kernel or reset. */
void machine_run(struct machine *m, const void *code);
