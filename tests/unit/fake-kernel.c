/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dead kernel in memory: see fake-kernel.h.
 */
#include "tests/unit/fake-kernel.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

#include "makedumpfile/layout/kallsyms.h"

/* page 0 is the page table, empty: the image is found by arithmetic */
#define FIRST_FREE (FAKE_BASE + 0x2000)
#define STEXT	   (FAKE_BASE + 0x1000)

static int fake_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	memcpy(buf, ((const struct fake_kernel *)m)->bytes + addr, size);
	return 0;
}

static const struct kd_memory_ops ops = { .read = fake_read };

void fake_kernel_init(struct fake_kernel *k)
{
	*k = (struct fake_kernel) {
		.memory = { .ops = &ops, .n_extents = 1, .page_size = 4096 },
		.extent = { 0, FAKE_SIZE },
		.bytes = calloc(1, FAKE_SIZE),
		.scheme = KD_KALLSYMS_ABSOLUTE_PERCPU,
		.top = FIRST_FREE,
	};
	if (!k->bytes)
		abort();
	k->memory.extents = &k->extent;
	fake_kernel_symbol(k, "_stext", 'T', STEXT);
}

void fake_kernel_done(struct fake_kernel *k)
{
	kd_vmcoreinfo_free(k->info);
	free(k->bytes);
}

void fake_kernel_symbol(struct fake_kernel *k, const char *name, char type,
			kd_vaddr_t addr)
{
	if (k->n_symbols == FAKE_SYMBOLS)
		abort();
	k->symbols[k->n_symbols++] = (struct fake_symbol) { name, type, addr };
}

kd_vaddr_t fake_kernel_take(struct fake_kernel *k, size_t size)
{
	kd_vaddr_t at = k->top;

	k->top = kd_align_up(k->top + size, 16);
	if (k->top > FAKE_BASE + FAKE_SIZE)
		abort();
	return at;
}

void *fake_kernel_at(const struct fake_kernel *k, kd_vaddr_t addr)
{
	return k->bytes + (addr - FAKE_BASE);
}

void fake_kernel_put(struct fake_kernel *k, kd_vaddr_t at, const void *data, size_t size)
{
	memcpy(fake_kernel_at(k, at), data, size);
}

void fake_kernel_put_u64(struct fake_kernel *k, kd_vaddr_t at, uint64_t v)
{
	fake_kernel_put(k, at, &v, sizeof(v));
}

void fake_kernel_put_u32(struct fake_kernel *k, kd_vaddr_t at, uint32_t v)
{
	fake_kernel_put(k, at, &v, sizeof(v));
}

void fake_kernel_btf(struct fake_kernel *k, const void *data, size_t size)
{
	kd_vaddr_t at = fake_kernel_take(k, size);

	fake_kernel_put(k, at, data, size);
	fake_kernel_symbol(k, "__start_BTF", 'D', at);
	fake_kernel_symbol(k, "__stop_BTF", 'D', at + size);
}

static kd_vaddr_t put_names(struct fake_kernel *k)
{
	kd_vaddr_t start = fake_kernel_take(k, 0);

	for (size_t i = 0; i < k->n_symbols; i++) {
		const struct fake_symbol *s = &k->symbols[i];
		size_t n = strlen(s->name) + 1;
		/* the only user of the memory until the last name: gaps would be names */
		uint8_t *out = fake_kernel_at(k, k->top);

		if (n >= 0x80) {
			*out++ = (uint8_t)(0x80 | (n & 0x7f));
			*out++ = (uint8_t)(n >> 7);
			k->top++;
		} else {
			*out++ = (uint8_t)n;
		}
		*out++ = (uint8_t)s->type;
		memcpy(out, s->name, n - 1);
		k->top += n + 1;
	}
	k->top = kd_align_up(k->top, 16);
	return start;
}

static void put_tokens(struct fake_kernel *k, kd_vaddr_t *ret_table,
		       kd_vaddr_t *ret_index)
{
	*ret_table = fake_kernel_take(k, 512);
	*ret_index = fake_kernel_take(k, 512);
	for (unsigned int i = 0; i < 256; i++) {
		uint16_t at = (uint16_t)(2 * i);

		*(uint8_t *)fake_kernel_at(k, *ret_table + at) = (uint8_t)i;
		fake_kernel_put(k, *ret_index + at, &at, sizeof(at));
	}
}

static kd_vaddr_t put_offsets(struct fake_kernel *k)
{
	kd_vaddr_t at = fake_kernel_take(k, 4 * k->n_symbols);

	for (size_t i = 0; i < k->n_symbols; i++) {
		kd_vaddr_t addr = k->symbols[i].addr, from = FAKE_BASE;

		if (k->scheme == KD_KALLSYMS_PLACE_RELATIVE)
			from = at + 4 * i;
		else if (k->scheme == KD_KALLSYMS_ABSOLUTE_PERCPU)
			addr = addr < FAKE_BASE ? addr + from : 2 * from - 1 - addr;
		fake_kernel_put_u32(k, at + 4 * i, (uint32_t)(addr - from));
	}
	return at;
}

void fake_kernel_finish(struct fake_kernel *k)
{
	kd_vaddr_t table, index, num = fake_kernel_take(k, 4), base;
	kd_vaddr_t names = put_names(k), offsets = put_offsets(k);
	char text[1024];
	int n;

	put_tokens(k, &table, &index);
	base = fake_kernel_take(k, 8);
	fake_kernel_put_u32(k, num, (uint32_t)k->n_symbols);
	fake_kernel_put_u64(k, base, FAKE_BASE);
	n = snprintf(text, sizeof(text),
		     "OSRELEASE=fake\nSYMBOL(swapper_pg_dir)=%" PRIx64
		     "\nNUMBER(phys_base)=0\n"
		     "SYMBOL(_stext)=%" PRIx64 "\nSYMBOL(kallsyms_names)=%" PRIx64 "\n"
		     "SYMBOL(kallsyms_num_syms)=%" PRIx64
		     "\nSYMBOL(kallsyms_token_table)=%" PRIx64 "\n"
		     "SYMBOL(kallsyms_token_index)=%" PRIx64
		     "\nSYMBOL(kallsyms_offsets)=%" PRIx64 "\n",
		     FAKE_BASE, STEXT, names, num, table, index, offsets);
	if (k->scheme != KD_KALLSYMS_PLACE_RELATIVE)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
			      "SYMBOL(kallsyms_relative_base)=%" PRIx64 "\n", base);
	if (kd_vmcoreinfo_new(text, (size_t)n, &k->info, NULL) < 0 ||
	    kd_xlat_init(&k->x, &k->memory, EM_X86_64, k->info, NULL) < 0)
		abort();
}
