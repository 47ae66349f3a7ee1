/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The blob's first byte, entered in long mode with memory mapped to itself, interrupts off
 * or on, any selectors and no stack. Works first in the room at the blob's end, and if a
 * segment belongs there, at one of the places that blob.c chose. Enters the plan with
 * nothing in registers: purgatory wants nothing.
 */
#define STACK 8192 /* KD_SHIM_STACK */

	.section .text.entry, "ax", @progbits
	.code64
	.globl kd_blob_start
	.hidden kd_blob_start
kd_blob_start:
	endbr64
	cli
	cld
	leaq	kd_blob_start(%rip), %rbx
	movq	kd_blob_params+8(%rip), %r12
	leaq	4095(%rbx,%r12), %r12
	andq	$-4096, %r12

	/* rbx: the blob; r12: where to settle */
.Lsettle:
	leaq	STACK(%r12), %rsp
	xorl	%ebp, %ebp
	movq	%r12, %rdi
	call	kd_shim_settle
	leaq	.Lsettled - kd_blob_start(%rax), %rax
	jmpq	*%rax

	/* from here on in the copy */
.Lsettled:
	movq	%rbx, %rdi
	movq	%r12, %rsi
	call	kd_shim_step
	testq	%rax, %rax
	jz	.Lmoved
	movq	%rax, %r12
	jmp	.Lsettle

.Lmoved:
	movq	kd_blob_params+16(%rip), %rax
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	jmpq	*%rax

	.section .note.GNU-stack, "", @progbits
