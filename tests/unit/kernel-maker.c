/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small kernels: see kernel-maker.h. Aborts the test program when memory is out.
 */
#include "tests/unit/kernel-maker.h"

#include <zlib.h>
#include <zstd.h>

#include "base/le.h"
#include "tests/unit/memory-view.h"

void made_done(struct made *m)
{
	free(m->data);
	*m = (struct made) { 0 };
}

static void grow(struct made *m, size_t size)
{
	if (size <= m->size)
		return;
	m->data = realloc(m->data, size);
	if (!m->data)
		abort();
	memset(m->data + m->size, 0, size - m->size);
	m->size = size;
}

void made_bytes(struct made *m, size_t offset, const void *data, size_t size)
{
	grow(m, offset + size);
	if (size)
		memcpy(m->data + offset, data, size);
}

void made_le(struct made *m, size_t offset, unsigned int bytes, uint64_t value)
{
	grow(m, offset + bytes);
	for (unsigned int i = 0; i < bytes; i++)
		m->data[offset + i] = (uint8_t)(value >> (8 * i));
}

struct made make_elf(unsigned int machine, uint64_t entry, const struct made_part *parts,
		     size_t n)
{
	struct made m = { 0 };

	made_bytes(&m, 0, "\177ELF\2\1\1", 7);
	made_le(&m, 16, 2, 2);
	made_le(&m, 18, 2, machine);
	made_le(&m, 20, 4, 1);
	made_le(&m, 24, 8, entry);
	made_le(&m, 32, 8, 64);
	made_le(&m, 52, 2, 64);
	made_le(&m, 54, 2, 56);
	made_le(&m, 56, 2, n);
	for (size_t i = 0; i < n; i++) {
		size_t at = 64 + 56 * i;

		made_le(&m, at, 4, parts[i].type);
		made_le(&m, at + 8, 8, parts[i].offset);
		made_le(&m, at + 16, 8, parts[i].vaddr);
		made_le(&m, at + 24, 8, parts[i].paddr);
		made_le(&m, at + 32, 8, parts[i].filesz);
		made_le(&m, at + 40, 8, parts[i].memsz);
		grow(&m, parts[i].offset + parts[i].filesz);
		for (size_t j = 0; j < MIN(parts[i].filesz, (uint64_t)256); j++)
			made_le(&m, parts[i].offset + j, 1, i + j);
	}
	return m;
}

void made_arm64_header(struct made *m, size_t offset, uint64_t text_offset,
		       uint64_t image_size, uint64_t flags)
{
	made_le(m, offset, 8, 0);
	made_le(m, offset + 8, 8, text_offset);
	made_le(m, offset + 16, 8, image_size);
	made_le(m, offset + 24, 8, flags);
	made_bytes(m, offset + 0x38, "ARM\x64\0\0\0\0", 8);
}

#define PE_AT	     0x80
#define SECTIONS_AT  (PE_AT + 24 + 240)
#define SECTION_SIZE 40
#define FILE_ALIGN   512

struct made make_pe(const struct made_section *sections, size_t n)
{
	size_t data = (size_t)kd_align_up(SECTIONS_AT + n * SECTION_SIZE, FILE_ALIGN);
	struct made m = { 0 };

	made_bytes(&m, 0, "MZ", 2);
	made_le(&m, 0x3c, 4, PE_AT);
	made_bytes(&m, PE_AT, "PE\0\0", 4);
	made_le(&m, PE_AT + 4, 2, 0x8664);
	made_le(&m, PE_AT + 6, 2, n);
	made_le(&m, PE_AT + 20, 2, 240);
	for (size_t i = 0; i < n; i++) {
		size_t at = SECTIONS_AT + i * SECTION_SIZE;
		size_t size = sections[i].data.size;
		size_t padded = (size_t)kd_align_up(size, FILE_ALIGN);

		made_bytes(&m, at, sections[i].name, strnlen(sections[i].name, 8));
		made_le(&m, at + 8, 4, size);
		made_le(&m, at + 16, 4, padded);
		made_le(&m, at + 20, 4, data);
		made_bytes(&m, data, sections[i].data.data, size);
		data += padded;
		grow(&m, data);
	}
	return m;
}

struct made make_zboot(const char *compression, struct kd_bytes payload)
{
	struct made m = { 0 };

	made_bytes(&m, 0, "MZ\0\0zimg", 8);
	made_le(&m, 8, 4, 0x200);
	made_le(&m, 12, 4, payload.size);
	made_bytes(&m, 0x18, compression, strlen(compression));
	made_bytes(&m, 0x200, payload.data, payload.size);
	return m;
}

struct made make_gzip(struct kd_bytes data)
{
	z_stream z = { 0 };
	struct made m = { 0 };

	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	grow(&m, deflateBound(&z, data.size));
	z.next_in = (Bytef *)(uintptr_t)data.data;
	z.avail_in = (uInt)data.size;
	z.next_out = m.data;
	z.avail_out = (uInt)m.size;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	m.size = z.total_out;
	(void)deflateEnd(&z);
	return m;
}

struct made make_zstd(struct kd_bytes data)
{
	struct made m = { 0 };
	size_t n;

	grow(&m, ZSTD_compressBound(data.size));
	n = ZSTD_compress(m.data, m.size, data.data, data.size, 3);
	if (ZSTD_isError(n))
		abort();
	m.size = n;
	return m;
}

int open_made(const struct made *m, struct kd_kernel *ret, struct kd_error *err)
{
	struct memory_view view = memory_view(m->data, m->size);

	return kd_kernel_open(&view.view, NULL, ret, err);
}
