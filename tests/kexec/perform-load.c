/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arguments of kexec_load(2) from a row: see perform.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/kexec/perform.h"

#define PAGE	       4096ul
/* Kernel text of x86_64, of no process. */
#define KERNEL_ADDRESS ((void *)0xffffffff81000000ul)

static uint8_t *map(size_t size)
{
	uint8_t *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		abort();
	}
	return p;
}

struct perform_buffers perform_buffers_new(void)
{
	struct perform_buffers b = {
		.page = map(PERFORM_BUFFER),
		.elf = map(2 * PAGE),
		.ends = map(2 * PAGE),
		.unmapped = map(4 * PAGE),
	};

	memset(b.page, 0x90, PERFORM_BUFFER);
	memcpy(b.elf, "\177ELF", 4);
	(void)mprotect(b.ends + PAGE, PAGE, PROT_NONE);
	(void)mprotect(b.unmapped, 4 * PAGE, PROT_NONE);
	return b;
}

void perform_buffers_done(struct perform_buffers *b)
{
	(void)munmap(b->page, PERFORM_BUFFER);
	(void)munmap(b->elf, 2 * PAGE);
	(void)munmap(b->ends, 2 * PAGE);
	(void)munmap(b->unmapped, 4 * PAGE);
}

static bool find_buffer(const struct perform_buffers *b, const char *name,
			const void **ret)
{
	const struct {
		const char *name;
		const void *p;
	} names[] = {
		{ "page", b->page },	     { "elf", b->elf },
		{ "ends", b->ends },	     { "null", NULL },
		{ "unmapped", b->unmapped }, { "kernel", KERNEL_ADDRESS },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i].name, name) == 0) {
			*ret = names[i].p;
			return true;
		}
	return false;
}

/* "page:4096@C:4096" */
static bool read_segment(char *text, const struct table_symbol *symbols,
			 const struct perform_buffers *buffers,
			 struct kd_linux_segment *ret)
{
	char *bufsz = strchr(text, ':'), *mem = strchr(text, '@');
	char *memsz = mem ? strchr(mem, ':') : NULL;

	if (!bufsz || !mem || !memsz || bufsz > mem)
		return false;
	*bufsz++ = *mem++ = *memsz++ = '\0';
	return find_buffer(buffers, text, &ret->buf) &&
	       table_number(symbols, bufsz, &ret->bufsz) &&
	       table_number(symbols, mem, &ret->mem) &&
	       table_number(symbols, memsz, &ret->memsz);
}

static bool optional(const struct table_step *step, const struct table_symbol *symbols,
		     const char *key, uint64_t *ret)
{
	char text[128];

	return !table_value(step, key, 0, text, sizeof(text)) ||
	       table_number(symbols, text, ret);
}

bool perform_load_read(const struct table_step *step, const struct table_symbol *symbols,
		       const struct perform_buffers *buffers, struct perform_load *ret)
{
	uint64_t arch = 0;
	char text[128];

	*ret = (struct perform_load) { .segments = ret->own };
	while (table_value(step, "seg", ret->n_own, text, sizeof(text))) {
		if (ret->n_own == PERFORM_SEGMENTS ||
		    !read_segment(text, symbols, buffers, &ret->own[ret->n_own]))
			return false;
		ret->n_own++;
	}
	ret->n = ret->n_own;
	if (!optional(step, symbols, "entry", &ret->entry) ||
	    !optional(step, symbols, "flags", &ret->flags) ||
	    !optional(step, symbols, "arch", &arch) ||
	    !optional(step, symbols, "n", &ret->n))
		return false;
	ret->flags |= arch << KD_KEXEC_ARCH_SHIFT;
	if (table_has_word(step->call, "crash"))
		ret->flags |= KD_KEXEC_ON_CRASH;
	if (table_has_word(step->call, "segments=null"))
		ret->segments = NULL;
	if (table_has_word(step->call, "segments=kernel") ||
	    table_has_word(step->call, "unload"))
		ret->segments = KERNEL_ADDRESS;
	return true;
}

struct kd_kexec_call perform_call(const struct perform_load *load,
				  enum kd_kexec_system system,
				  struct kd_kexec_segment *segments)
{
	for (size_t i = 0; i < load->n_own; i++)
		segments[i] = (struct kd_kexec_segment) {
			.buf = load->own[i].buf,
			.bufsz = load->own[i].bufsz,
			.mem = load->own[i].mem,
			.memsz = load->own[i].memsz,
		};
	return (struct kd_kexec_call) {
		.system = system,
		.entry = load->entry,
		.segments = load->segments ? segments : NULL,
		.n = load->n,
		.flags = load->flags,
	};
}
