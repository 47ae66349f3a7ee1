/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entered by Linux's kexec, enters a plan as FreeBSD's amd64 kernel does: on its own page
 * tables, from a page mapped high, with GDTR and IDTR pointing to nothing, the stack in
 * that page, r9 at its image and garbage in every other register. Own text; the state is
 * kexec_reboot_md()'s and kexec_tramp.S's.
 */
#include "tests/kexec/replay-cpu.inc"

/* sys/amd64/include/segments.h: GCODE_SEL 4, GDATA_SEL 5 */
#define KERNEL_CS 0x20
#define KERNEL_SS 0x28

#define LAPIC_SVR      0xfee000f0
#define LAPIC_SVR_ON   0x100

	.section .text.entry, "ax", @progbits
	.code64
	.globl kd_blob_start
kd_blob_start:
	cli
	cld
	leaq	gdt(%rip), %rax
	movq	%rax, gdtr+2(%rip)
	lgdt	gdtr(%rip)
	leaq	stack_top(%rip), %rsp
	movl	$KERNEL_SS, %eax
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	leaq	.Lcs(%rip), %rax
	pushq	$KERNEL_CS
	pushq	%rax
	lretq
.Lcs:
	kernel_left_on
	movq	cr3(%rip), %rdi
	movq	high(%rip), %rsi
	addq	$(.Lhigh - kd_blob_start), %rsi

	/* kexec_do_reboot_trampoline */
	movq	%rdi, %cr3
	movq	%cr4, %rax
	andq	$~CR4_PGE, %rax
	movq	%rax, %cr4
	jmp	*%rsi
.Lhigh:
	/* lapic_disable(): the low 4 GiB are mapped, devices and all */
	movl	$LAPIC_SVR, %eax
	andl	$~LAPIC_SVR_ON, (%rax)
	lgdt	nowhere(%rip)
	lidt	nowhere(%rip)
	movq	stack(%rip), %rsp
	movq	entry(%rip), %rax
	pushq	%rax
	movq	image(%rip), %r9
	movabsq	$0x5a5a5a5aa5a5a5a5, %rax
	movq	%rax, %rbx
	movq	%rax, %rcx
	movq	%rax, %rdx
	movq	%rax, %rsi
	movq	%rax, %rdi
	movq	%rax, %rbp
	movq	%rax, %r8
	movq	%rax, %r10
	movq	%rax, %r11
	movq	%rax, %r12
	movq	%rax, %r13
	movq	%rax, %r14
	movq	%rax, %r15
	ret

	.data
	.balign 16
	/* struct replay_freebsd of replay.h */
	.globl kd_blob_params
kd_blob_params:
cr3:	.quad 0
high:	.quad 0
stack:	.quad 0
image:	.quad 0
entry:	.quad 0
gdt:
	.quad 0, 0, 0, 0
	.quad 0x00af9b000000ffff
	.quad 0x00cf93000000ffff
gdt_end:
gdtr:
	.word gdt_end - gdt - 1
	.quad 0
	.balign 8
nowhere:
	.word 0x7ff
	.long NOWHERE_LOW + 0x3000, NOWHERE_HIGH

	.bss
	.balign 16
	.skip 256
stack_top:

	.section .note.GNU-stack, "", @progbits
