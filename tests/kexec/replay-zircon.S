/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entered by Linux's kexec, enters a kernel ZBI as Zircon's x86 kernel does: copied to its
 * fixed place, on page tables of the first 8 GiB, CS 8, DS 0x10, no stack, rsi at the data
 * ZBI, rbx, rdi and rbp zero, IDTR pointing to nothing. Own text; the state is that of
 * arch/x86/mexec.S.
 */
#include "tests/kexec/replay-cpu.inc"

#define CODE 0x08
#define DATA 0x10

	.section .text.entry, "ax", @progbits
	.code64
	.globl kd_blob_start
kd_blob_start:
	cli
	cld
	kernel_left_on
	xorl	%esp, %esp
	movq	%cr4, %rax
	andq	$~CR4_PGE, %rax
	movq	%rax, %cr4
	movq	cr3(%rip), %r9
	movq	%r9, %cr3
	leaq	gdt(%rip), %rax
	movq	%rax, gdtr+2(%rip)
	lgdt	gdtr(%rip)
	lidt	nowhere(%rip)
	movl	$DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	/* the far pointer has 32 bits: the stub lies below 4 GiB */
	leaq	.Lcs(%rip), %rax
	movl	%eax, far(%rip)
	ljmpl	*far(%rip)
.Lcs:
	leaq	kd_blob_params(%rip), %r12
	movq	data_zbi(%rip), %r8
	movq	entry(%rip), %r13
	movq	kernel_to(%rip), %rdi
	movq	kernel_from(%rip), %rsi
	movq	kernel_size(%rip), %rcx
	xorl	%edx, %edx
	cmpq	%rsi, %rdi
	jbe	.Lcopy
	leaq	-1(%rdi,%rcx), %rdi
	leaq	-1(%rsi,%rcx), %rsi
	std
.Lcopy:
	rep movsb
	cld
	movq	%r8, %rsi
	xorl	%ebx, %ebx
	xorl	%edi, %edi
	xorl	%ebp, %ebp
	jmp	*%r13

	.data
	.balign 16
	/* struct replay_zircon of replay.h */
	.globl kd_blob_params
kd_blob_params:
cr3:	.quad 0
kernel_from: .quad 0
kernel_to: .quad 0
kernel_size: .quad 0
data_zbi: .quad 0
entry:	.quad 0
gdt:
	.quad 0
	.quad 0x00af9a000000ffff
	.quad 0x00cf92000000ffff
gdt_end:
gdtr:
	.word gdt_end - gdt - 1
	.quad 0
	.balign 8
far:
	.long 0
	.word CODE
	.balign 8
nowhere:
	.word 0xfff
	.long NOWHERE_LOW, NOWHERE_HIGH

	.section .note.GNU-stack, "", @progbits
