/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small kernels of every kind but bzImage (fake-bzimage.h), and wrappings around them, made
 * from what a test says about them. Each test then breaks a byte.
 */
#pragma once

#include "kexec/image/kernel.h"

/** A file being made; @data is the test's to free: made_done(). */
struct made {
	uint8_t *data;
	size_t size;
};

void made_done(struct made *m);
/** Put bytes or a little-endian number at an offset; the file grows, zeros between. */
void made_bytes(struct made *m, size_t offset, const void *data, size_t size);
void made_le(struct made *m, size_t offset, unsigned int bytes, uint64_t value);

/** A program header, and the first bytes of what it loads. */
struct made_part {
	uint32_t type;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
};

/** An ELF file, 64 bits, little-endian: @machine 62 is x86_64, 183 arm64; @type 2 a
 *  vmlinux. Byte i of a part's data is its number plus i. */
struct made make_elf(unsigned int machine, uint64_t entry, const struct made_part *parts,
		     size_t n);

/** An arm64 Image's header at @offset: for it, or the start of a vmlinux' text. */
void made_arm64_header(struct made *m, size_t offset, uint64_t text_offset,
		       uint64_t image_size, uint64_t flags);

/** An EFI program of these sections, in this order. */
struct made_section {
	const char *name;
	struct kd_bytes data;
};
struct made make_pe(const struct made_section *sections, size_t n);

/** An EFI zboot program. */
struct made make_zboot(const char *compression, struct kd_bytes payload);

/** Compressed whole, by the libraries themselves. */
struct made make_gzip(struct kd_bytes data);
struct made make_zstd(struct kd_bytes data);

/** As kd_kernel_open(), of bytes. */
int open_made(const struct made *m, struct kd_kernel *ret, struct kd_error *err);
