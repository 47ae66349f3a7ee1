/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a kernel that ends jumps to: the blob's first byte. Entered in long mode, with
 * memory mapped to itself, and nothing else to rely on: Linux leaves a stale GDTR, FreeBSD
 * one that is not mapped, garbage in registers and no stack, Zircon CS 8, DS 0x10 and rsp 0.
 * Makes what C needs and what Documentation/arch/x86/boot.rst asks for (__BOOT_CS 0x10,
 * __BOOT_DS 0x18), and at last enters the new kernel.
 */
#define BOOT_CS 0x10
#define BOOT_DS 0x18

	.section .text.entry, "ax", @progbits
	.code64
	.globl kd_blob_start
kd_blob_start:
	endbr64
	cli
	cld
	leaq	stack_top(%rip), %rsp
	leaq	gdt(%rip), %rax
	subq	$16, %rsp
	movw	$(gdt_end - gdt - 1), 6(%rsp)
	movq	%rax, 8(%rsp)
	lgdt	6(%rsp)
	movl	$BOOT_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs
	leaq	.Lown_cs(%rip), %rax
	pushq	$BOOT_CS
	pushq	%rax
	lretq
.Lown_cs:
	/* 16-byte alignment before a call, as the ABI has it */
	leaq	stack_top(%rip), %rsp
	xorl	%ebp, %ebp
	leaq	kd_blob_params(%rip), %rdi
	call	kd_purgatory_main

	/* offsets: held by kd_purgatory_main() */
	movq	kd_blob_params+8(%rip), %rax
	movq	kd_blob_params+16(%rip), %rsi
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%edi, %edi
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	cld
	jmpq	*%rax

	.text
	.globl kd_exception_nmi
	.hidden kd_exception_nmi
kd_exception_nmi:
	iretq

	.globl kd_exception_any
	.hidden kd_exception_any
kd_exception_any:
	cld
	andq	$-16, %rsp
	call	kd_purgatory_exception

	.section .rodata.gdt, "a", @progbits
	.balign 8
gdt:
	.quad 0
	.quad 0
	/* flat, 64-bit code and data, marked accessed: the CPU never writes here */
	.quad 0x00af9b000000ffff
	.quad 0x00cf93000000ffff
gdt_end:

	.section .bss.stack, "aw", @nobits
	.balign 16
	.skip 4096
stack_top:

	.section .note.GNU-stack, "", @progbits
