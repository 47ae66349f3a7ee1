/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified kernel images: an EFI program that carries a kernel, an initrd and a command
 * line as sections (UAPI.5, Unified Kernel Image). The kernel becomes the file, the other
 * two are handed on as they are. Trusts nothing in the file. Called by kernel.c's loop.
 */
#include "kexec/image/format.h"
#include "kexec/image/pe.h"

/* The section headers are at the file's start; what they speak of need not be. */
static bool probe(struct kd_bytes head)
{
	struct kd_bytes ignored;
	struct kd_pe pe;

	return kd_pe_open(head, &pe, NULL) == 0 &&
	       kd_pe_section(&pe, ".linux", &ignored, NULL) != -ENODATA;
}

/* A section that need not be there; what an outer image brought goes first. */
static int take_section(const struct kd_pe *pe, const char *name, struct kd_bytes *ret,
			struct kd_error *err)
{
	struct kd_bytes data;
	int r;

	r = kd_pe_section(pe, name, &data, err);
	if (r == 0 && data.size && !ret->size)
		*ret = data;
	return r == -ENODATA ? 0 : r;
}

/* The text alone: tools end it with a NUL, a newline, or neither. */
static struct kd_bytes trim(struct kd_bytes text)
{
	text.size = strnlen((const char *)text.data, text.size);
	while (text.size && strchr(" \t\r\n", text.data[text.size - 1]))
		text.size--;
	return text;
}

static int unwrap_uki(struct kd_kernel *k, struct kd_error *err)
{
	struct kd_bytes kernel, cmdline = { 0 };
	struct kd_pe pe;
	int r;

	r = kd_pe_open(k->file, &pe, err);
	if (r < 0)
		return r;
	r = kd_pe_section(&pe, ".linux", &kernel, err);
	if (r < 0)
		return r;
	r = take_section(&pe, ".initrd", &k->initrd, err);
	if (r < 0)
		return r;
	r = take_section(&pe, ".cmdline", &cmdline, err);
	if (r < 0)
		return r;
	if (cmdline.size)
		cmdline = trim(cmdline);
	if (cmdline.size && !k->cmdline.size)
		k->cmdline = cmdline;
	k->file = kernel;
	return 0;
}

const struct kd_kernel_wrapping kd_wrapping_uki = {
	.name = "UKI",
	.probe = probe,
	.unwrap = unwrap_uki,
};
