/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel file, unwrapped and understood: what must lie where for it to start. Each
 * format is one file with one entry in the table of kernel.c; wrappings (gzip, zstd, EFI
 * zboot, UKI) are taken off first, within bounds. Trusts nothing in the file. Called by
 * load.c, the kexec program and the daemon.
 */
#pragma once

#include "base/file-view.h"
#include "kexec/arch.h"

/** What is read into memory of a file at most, wrapped or unwrapped. */
#define KD_KERNEL_MAX (1ull << 30)

/** gzip in zboot in UKI is the deepest there is in the field. */
#define KD_KERNEL_WRAPPINGS 4

enum kd_kernel_format {
	KD_KERNEL_BZIMAGE, /* x86, Documentation/arch/x86/boot.rst */
	KD_KERNEL_ELF,	   /* vmlinux; entered as the machine's ABI says */
	KD_KERNEL_ARM64,   /* Documentation/arch/arm64/booting.rst */
	KD_KERNEL_ZBI,	   /* Zircon's own container: a kernel item, maybe more */
	KD_KERNEL_FORMATS,
};

/** Bytes borrowed from somewhere. */
struct kd_bytes {
	const uint8_t *data;
	size_t size;
};

/** What goes to memory of an ELF vmlinux: @memsz >= size of @data, the rest zeros. */
struct kd_kernel_part {
	uint64_t paddr;
	uint64_t memsz;
	struct kd_bytes data;
};
#define KD_KERNEL_PARTS 8

/**
 * @file:        the unwrapped image, whole; owned
 * @parts:       what of it is loaded: one but for ELF. @parts[].paddr is relative to the
 *               place chosen for a @relocatable kernel, an address for others
 * @align:       of the place, bytes
 * @min_addr:    the lowest place it may have when relocatable
 * @mem_size:    from the place on, all of it the kernel's until it is up (init_size,
 *               image_size)
 * @entry:       where it is entered, relative to the place when @relocatable
 * @cmdline_max: longest command line, bytes without the NUL; 0: not known
 * @above_4g:    may lie above 4 GiB; @la57: starts with five-level tables on
 * @efi:         takes EFI's runtime map from a kexec loader (XLF_EFI_KEXEC)
 * @setup:       bzImage: the setup header, from 0x1f1 on to its end; borrowed from @file
 * @initrd, @cmdline: that a UKI carried; empty when none did; owned with @file
 * @unread:      bytes at the end of @file that are zeros as yet: kd_kernel_look()
 * @wrappings:   names of what was taken off, outermost first, "UKI", "zboot", "gzip"
 */
struct kd_kernel {
	enum kd_kernel_format format;
	enum kd_arch arch;
	struct kd_kernel_part parts[KD_KERNEL_PARTS];
	size_t n_parts;
	uint64_t align;
	uint64_t min_addr;
	uint64_t mem_size;
	uint64_t entry;
	uint32_t cmdline_max;
	bool relocatable;
	bool above_4g;
	bool la57;
	bool efi;
	struct kd_bytes setup;
	struct kd_bytes file;
	size_t unread;
	struct kd_bytes initrd;
	struct kd_bytes cmdline;
	const char *wrappings[KD_KERNEL_WRAPPINGS];
	size_t n_wrappings;
	void *memory[KD_KERNEL_WRAPPINGS + 1]; /* private: what _done frees */
};

/**
 * Read, unwrap and understand a kernel file.
 *
 * @kind: a format's name, "bzImage", "vmlinux", "Image", "zbi", to insist on; NULL for
 *        whichever it is
 * Errors, each one sentence: -ENOEXEC for no kernel, one of no known kind or one cut
 * short; -EBADMSG for a wrapping that is damaged; -ENOTSUP for a known thing kexec cannot
 * start; -EFBIG above KD_KERNEL_MAX; those of reading. @ret untouched then.
 */
int kd_kernel_open(const struct kd_file_view *view, const char *kind,
		   struct kd_kernel *ret, struct kd_error *err);
void kd_kernel_done(struct kd_kernel *kernel);

/** As kd_kernel_open() for who asks what the file is, not for its bytes: of a bzImage no
 *  more than the head is read, which tells its kind, its needs and whether it is whole. */
int kd_kernel_look(const struct kd_file_view *view, const char *kind,
		   struct kd_kernel *ret, struct kd_error *err);

/** Read what kd_kernel_look() left out, from the same file; nothing when it was all. */
int kd_kernel_read_rest(const struct kd_file_view *view, struct kd_kernel *kernel,
			struct kd_error *err);

/** The name that --type takes and messages use. */
const char *kd_kernel_format_name(enum kd_kernel_format format);
