/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See purgatory-machine.h: the traps. Opcodes are from Intel's manual, volume 2; only
 * those that purgatory has are known, anything else is MACHINE_LOST.
 */
#include "purgatory-machine.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

/* Enters rdi; machine_leave is where a handler sends the processor in the end. */
__asm__(".text\n"
	".globl machine_enter, machine_leave\n"
	"machine_enter:\n"
	"	pushq %rbp\n	pushq %rbx\n	pushq %r12\n"
	"	pushq %r13\n	pushq %r14\n	pushq %r15\n"
	"	movq %rsp, machine_stack(%rip)\n"
	"	movq %rdi, %rax\n"
	"	movq $-1, %rbx\n	movq %rbx, %rcx\n	movq %rbx, %rdx\n"
	"	movq %rbx, %rsi\n	movq %rbx, %rdi\n	movq %rbx, %rbp\n"
	"	movq %rbx, %r8\n	movq %rbx, %r9\n	movq %rbx, %r10\n"
	"	movq %rbx, %r11\n	movq %rbx, %r12\n	movq %rbx, %r13\n"
	"	movq %rbx, %r14\n	movq %rbx, %r15\n"
	"	std\n"
	"	xorl %esp, %esp\n"
	"	jmp *%rax\n"
	"machine_leave:\n"
	"	cld\n"
	"	popq %r15\n	popq %r14\n	popq %r13\n"
	"	popq %r12\n	popq %rbx\n	popq %rbp\n"
	"	ret\n");

void machine_enter(const void *code);
extern const char machine_leave[];
uint64_t machine_stack;
static struct machine *now;

static const int gregs[16] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
			       REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
			       REG_R12, REG_R13, REG_R14, REG_R15 };

static void leave(greg_t *r, enum machine_end end)
{
	now->end = end;
	now->rsi = (uint64_t)r[REG_RSI];
	now->rsp = (uint64_t)r[REG_RSP];
	now->rflags = (uint64_t)r[REG_EFL];
	r[REG_RSP] = (greg_t)machine_stack;
	r[REG_RIP] = (greg_t)(uintptr_t)machine_leave;
}

static void port_out(greg_t *r, uint16_t port, uint8_t value)
{
	const struct machine_set_up *s = &now->set_up;

	if (s->uart_port && port == s->uart_port) {
		if (now->n_said < sizeof(now->said) - 1)
			now->said[now->n_said++] = (char)value;
	} else if (port == 0xcf9) {
		if ((value & 4) && s->cf9_works)
			leave(r, MACHINE_RESET_CF9);
	} else if (port == 0x64) {
		if (value == 0xfe && s->i8042_works)
			leave(r, MACHINE_RESET_8042);
	} else {
		now->other_port = port;
	}
}

static uint8_t port_in(uint16_t port)
{
	const struct machine_set_up *s = &now->set_up;

	if (s->uart_port && port == s->uart_port + 5)
		return s->uart_dead ? 0 : 0x60;
	return port == 0x64 ? 0 : 0xff;
}

/* The address of a memory operand without an index, and its length in @ret_length. */
static uint64_t operand(const greg_t *r, const uint8_t *modrm, size_t *ret_length)
{
	unsigned int mod = *modrm >> 6, rm = *modrm & 7;
	size_t n = rm == 4 ? 2 : 1;
	uint64_t base = (uint64_t)r[gregs[rm == 4 ? modrm[1] & 7 : rm]];
	int32_t disp = 0;

	if (mod == 1)
		disp = (int8_t)modrm[n];
	else if (mod == 2 || rm == 5)
		memcpy(&disp, modrm + n, 4);
	*ret_length = n + (mod == 1 ? 1 : mod == 2 || (mod == 0 && rm == 5) ? 4 : 0);
	if (mod == 0 && rm == 5) /* rip-relative: opcode's two bytes lie before */
		base = (uint64_t)r[REG_RIP] + 2 + *ret_length;
	return base + (uint64_t)(int64_t)disp;
}

static void load_table(const uint8_t *table, unsigned int reg)
{
	uint16_t limit;
	const uint8_t *base;

	memcpy(&limit, table, 2);
	memcpy(&base, table + 2, 8);
	if (reg == 2) {
		now->gdt_limit = limit;
		memcpy(now->gdt, base, limit < sizeof(now->gdt) ? limit + 1u : 0);
	} else {
		now->idt_limit = limit;
		now->idt = base;
	}
}

static size_t control_register(greg_t *r, const uint8_t *op, unsigned int rex)
{
	uint64_t *const crs[8] = { [0] = &now->cr0, [3] = &now->cr3, [4] = &now->cr4 };
	uint64_t *cr = crs[op[2] >> 3 & 7];
	greg_t *reg = &r[gregs[(op[2] & 7) | (rex & 1) << 3]];

	if (!cr)
		return 0;
	if (op[1] == 0x20)
		*reg = (greg_t)*cr;
	else
		*cr = (uint64_t)*reg;
	now->cr4_seen |= now->cr4;
	return 3;
}

static size_t two_byte_opcode(greg_t *r, const uint8_t *op, unsigned int rex)
{
	unsigned int reg = op[2] >> 3 & 7;
	size_t length;

	if (op[1] == 0x20 || op[1] == 0x22)
		return control_register(r, op, rex);
	if (rex || op[1] != 0x01 || (reg != 2 && reg != 3))
		return 0;
	load_table((const uint8_t *)(uintptr_t)operand(r, op + 2, &length), reg);
	return 2 + length;
}

static size_t far_return(greg_t *r)
{
	const uint64_t *stack = (const uint64_t *)(uintptr_t)r[REG_RSP];

	now->selectors[1] = (uint16_t)stack[1];
	r[REG_RIP] = (greg_t)stack[0] - 2; /* its own length follows */
	r[REG_RSP] += 16;
	return 1;
}

/* Do the instruction at @op, behind a prefix @rex or 0. Returns its length, 0 for one
 * that is not known. */
static size_t emulate(greg_t *r, const uint8_t *op, unsigned int rex)
{
	uint16_t dx = (uint16_t)r[REG_RDX];
	uint8_t al = (uint8_t)r[REG_RAX];

	switch (op[0]) {
	case 0xfa: /* cli */
		now->cleared++;
		return 1;
	case 0x8e: /* mov to a segment register */
		now->selectors[op[1] >> 3 & 7] = (uint16_t)r[gregs[op[1] & 7]];
		return 2;
	case 0xcb: /* lretq */
		return rex == 0x48 ? far_return(r) : 0;
	case 0xee:
		port_out(r, dx, al);
		return 1;
	case 0xe6:
		port_out(r, op[1], al);
		return 2;
	case 0xec:
	case 0xe4:
		r[REG_RAX] = (r[REG_RAX] & ~0xff) | port_in(op[0] == 0xe4 ? op[1] : dx);
		return op[0] == 0xe4 ? 2 : 1;
	case 0x0f:
		return two_byte_opcode(r, op, rex);
	}
	return 0;
}

/* A fault of the code itself goes where its IDT says, as on a processor. */
static bool deliver(greg_t *r, unsigned int vector)
{
	const uint8_t *gate = now->idt + 16 * vector;
	uint64_t to;

	if (!now->idt || 16 * vector + 15 > now->idt_limit)
		return false;
	to = (uint64_t)gate[0] | (uint64_t)gate[1] << 8 | (uint64_t)gate[6] << 16 |
	     (uint64_t)gate[7] << 24;
	for (unsigned int i = 0; i < 4; i++)
		to |= (uint64_t)gate[8 + i] << (32 + 8 * i);
	r[REG_RSP] -= 48;
	r[REG_RIP] = (greg_t)to;
	return true;
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
	greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
	uint64_t rip = (uint64_t)r[REG_RIP];
	const uint8_t *op = (const uint8_t *)rip;
	unsigned int rex;
	size_t length;

	if (rip == now->entry) {
		leave(r, MACHINE_ENTERED);
		return;
	}
	if (signal == SIGTRAP) { /* int3 */
		if (!deliver(r, 3))
			leave(r, MACHINE_TRIPLE_FAULT);
		return;
	}
	/* a page fault has an address, a protection fault none */
	if (info->si_code != SI_KERNEL && deliver(r, 14))
		return;
	rex = (*op & 0xf0) == 0x40 ? *op : 0;
	length = emulate(r, op + (rex != 0), rex);
	if (!length) {
		now->lost_at = rip;
		leave(r, MACHINE_LOST);
	} else if (r[REG_RIP] != (greg_t)(uintptr_t)machine_leave) {
		r[REG_RIP] += (greg_t)length + (rex != 0);
	}
}

void machine_run(struct machine *m, const void *code)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGTRAP, SIGILL };
	struct sigaction act = { .sa_sigaction = on_fault,
				 .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct sigaction was[4];
	stack_t alternate = { .ss_size = 1 << 18 }, stack_was;

	alternate.ss_sp = mmap(NULL, alternate.ss_size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	now = m;
	(void)sigaltstack(&alternate, &stack_was);
	for (size_t i = 0; i < 4; i++)
		(void)sigaction(signals[i], &act, &was[i]);
	machine_enter(code);
	for (size_t i = 0; i < 4; i++)
		(void)sigaction(signals[i], &was[i], NULL);
	(void)sigaltstack(&stack_was, NULL);
	(void)munmap(alternate.ss_sp, alternate.ss_size);
	now = NULL;
}
