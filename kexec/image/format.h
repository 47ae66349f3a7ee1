/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a format or a wrapping is to kernel.c: a probe and a function that does the work.
 * Private to image/. All of them are handed bytes from a file of any content.
 */
#pragma once

#include <string.h>

#include "base/error.h"
#include "kexec/image/kernel.h"

/** Bytes at a file's start in which a probe finds what it looks for, where the file has
 *  as many. */
#define KD_KERNEL_HEAD 16384

/** More memory than any kernel needs before it is up: a larger claim is damage. */
#define KD_KERNEL_MEMORY_MAX (1ull << 32)

/**
 * @probe:  whether the file says that it is of this format, looking at no more than
 *          KD_KERNEL_HEAD bytes
 * @open:   fill a kernel whose file is set, and nothing but what it carried; errors as
 *          kd_kernel_open()
 * @extent: bytes of the file that matter, from its head; NULL when all of them do
 * @head_tells: @open looks at nothing behind the head, it only points there
 */
struct kd_kernel_reader {
	enum kd_kernel_format format;
	bool (*probe)(struct kd_bytes head);
	int (*open)(struct kd_kernel *kernel, struct kd_error *err);
	uint64_t (*extent)(struct kd_bytes head);
	bool head_tells;
};

extern const struct kd_kernel_reader kd_reader_arm64;
extern const struct kd_kernel_reader kd_reader_bzimage;
extern const struct kd_kernel_reader kd_reader_elf;
extern const struct kd_kernel_reader kd_reader_zbi;

/**
 * @probe:  as above
 * @unwrap: make what is inside the kernel's file: a part of it, or new memory by
 *          kd_kernel_replace_file(); errors as kd_kernel_open()
 */
struct kd_kernel_wrapping {
	const char *name;
	bool (*probe)(struct kd_bytes head);
	int (*unwrap)(struct kd_kernel *kernel, struct kd_error *err);
};

extern const struct kd_kernel_wrapping kd_wrapping_gzip;
extern const struct kd_kernel_wrapping kd_wrapping_uki;
extern const struct kd_kernel_wrapping kd_wrapping_zboot;
extern const struct kd_kernel_wrapping kd_wrapping_zstd;

/** 0 when a format or a wrapping claims the file that begins like this, else its refusal. */
int kd_kernel_check_known(struct kd_bytes head, struct kd_error *err);

/** Make @data, from malloc(), the kernel's file; it is the kernel's from here on. Memory
 *  that nothing is borrowed from any more is freed. */
void kd_kernel_replace_file(struct kd_kernel *kernel, uint8_t *data, size_t size);

/** The part [@offset, @offset + @size) of @from; false, @ret untouched, when not all of
 *  it is there. */
static inline bool kd_bytes_part(struct kd_bytes from, uint64_t offset, uint64_t size,
				 struct kd_bytes *ret)
{
	if (offset > from.size || size > from.size - offset)
		return false;
	*ret = (struct kd_bytes) { from.data + offset, (size_t)size };
	return true;
}

/** Whether @size bytes of @magic are at @offset. */
static inline bool kd_bytes_have(struct kd_bytes b, size_t offset, const char *magic,
				 size_t size)
{
	return offset <= b.size && size <= b.size - offset &&
	       memcmp(b.data + offset, magic, size) == 0;
}
