/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arm64's Image: see arm64.h. The file ends where the kernel's data does, image_size also
 * counts what it sets to zero itself; a signature may follow. The length can be compared
 * only with the PE header that a kernel with an EFI stub has. Trusts nothing.
 */
#include "kexec/image/arm64.h"

#include <inttypes.h>

#include "base/le.h"
#include "kexec/image/format.h"
#include "kexec/image/pe.h"

#define TEXT_OFFSET 0x08
#define IMAGE_SIZE  0x10
#define FLAGS	    0x18
#define MAGIC	    0x38
#define HEADER_SIZE 0x40
#define BIG_ENDIAN_ 0x1 /* flags */
#define ANYWHERE    0x8 /* flags: the place may be anywhere in memory */
#define PAGE	    4096
/* COMMAND_LINE_SIZE of arch/arm64/include/uapi/asm/setup.h, less the NUL: what is longer
 * is cut there without a word. */
#define CMDLINE_MAX 2047

bool kd_arm64_probe(struct kd_bytes head)
{
	return kd_bytes_have(head, MAGIC, "ARM\x64", 4);
}

static int check_flags(uint64_t flags, struct kd_error *err)
{
	if (flags & BIG_ENDIAN_)
		return kd_fail_msg(err, -ENOTSUP, "a big-endian arm64 kernel");
	/* Memory below it would be lost, and with it what a loader puts there. */
	if (!(flags & ANYWHERE))
		return kd_fail_msg(err, -ENOTSUP,
				   "an arm64 kernel so old that it must lie at the start "
				   "of memory");
	return 0;
}

int kd_arm64_header(struct kd_bytes image, struct kd_arm64_header *ret,
		    struct kd_error *err)
{
	struct kd_arm64_header h = { 0 };
	int r;

	if (image.size < HEADER_SIZE || !kd_arm64_probe(image))
		return kd_fail_msg(err, -ENOEXEC, "not an arm64 kernel, or cut short");
	h.text_offset = kd_le64(image.data + TEXT_OFFSET);
	h.image_size = kd_le64(image.data + IMAGE_SIZE);
	if (!h.image_size)
		return kd_fail_msg(err, -ENOTSUP,
				   "an arm64 kernel so old that it does not say how much "
				   "memory it needs");
	r = check_flags(kd_le64(image.data + FLAGS), err);
	if (r < 0)
		return r;
	if (h.text_offset >= KD_ARM64_ALIGN || h.text_offset % PAGE)
		return kd_fail_msg(err, -ENOEXEC,
				   "its header has a text offset of 0x%" PRIx64,
				   h.text_offset);
	if (h.image_size > KD_KERNEL_MEMORY_MAX)
		return kd_fail_msg(err, -ENOEXEC,
				   "its header asks for 0x%" PRIx64 " bytes of memory",
				   h.image_size);
	*ret = h;
	return 0;
}

void kd_arm64_fill(struct kd_kernel *k, const struct kd_arm64_header *h)
{
	k->arch = KD_ARCH_ARM64;
	k->align = KD_ARM64_ALIGN;
	k->min_addr = 0;
	k->mem_size = h->text_offset + h->image_size;
	k->entry = h->text_offset;
	k->relocatable = true;
	k->above_4g = true;
	k->cmdline_max = CMDLINE_MAX;
}

/* Bytes of the file that are the kernel's: what its EFI stub's headers speak of, or all
 * of it for one without a stub, which nothing tells the length of. */
static int measure(struct kd_bytes file, uint64_t *ret, struct kd_error *err)
{
	struct kd_pe pe;
	uint64_t end;

	*ret = file.size;
	if (!kd_bytes_have(file, 0, "MZ", 2) || kd_pe_open(file, &pe, NULL) < 0)
		return 0;
	end = kd_pe_end(&pe);
	if (end > file.size)
		return kd_fail_msg(err, -ENOEXEC,
				   "cut short: %zu bytes, its header says %" PRIu64,
				   file.size, end);
	if (end >= HEADER_SIZE)
		*ret = end;
	return 0;
}

static int open_arm64(struct kd_kernel *k, struct kd_error *err)
{
	struct kd_arm64_header h = { 0 };
	uint64_t length;
	int r;

	r = kd_arm64_header(k->file, &h, err);
	if (r < 0)
		return r;
	r = measure(k->file, &length, err);
	if (r < 0)
		return r;
	kd_arm64_fill(k, &h);
	k->parts[0] = (struct kd_kernel_part) {
		.paddr = h.text_offset,
		.memsz = h.image_size,
		.data = { k->file.data, (size_t)MIN(h.image_size, length) },
	};
	k->n_parts = 1;
	return 0;
}

const struct kd_kernel_reader kd_reader_arm64 = {
	.format = KD_KERNEL_ARM64,
	.probe = kd_arm64_probe,
	.open = open_arm64,
};
