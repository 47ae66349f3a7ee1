/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel files of any content: whatever is opened keeps what kernel.h says about it, and
 * every byte it points to is there.
 */
#include <stdlib.h>

#include "kexec/image/kernel.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/memory-view.h"

/* The first and the last byte: a sanitizer sees whether they are ours. */
static void touch(struct kd_bytes b)
{
	static volatile uint8_t seen;

	if (b.size)
		seen = (uint8_t)(b.data[0] ^ b.data[b.size - 1]);
	(void)seen;
}

static void check_parts(const struct kd_kernel *k)
{
	uint64_t end = 0;

	if (!k->n_parts || k->n_parts > KD_KERNEL_PARTS)
		abort();
	for (size_t i = 0; i < k->n_parts; i++) {
		const struct kd_kernel_part *p = &k->parts[i];

		touch(p->data);
		if (p->data.size > p->memsz || (i && p->paddr < end) ||
		    p->memsz > UINT64_MAX - p->paddr)
			abort();
		end = p->paddr + p->memsz;
	}
	if (end - (k->relocatable ? 0 : k->parts[0].paddr) > k->mem_size)
		abort();
	if (k->relocatable && k->entry >= k->mem_size)
		abort();
}

/* A look tells what reading all of it tells, and the rest is there when it is asked for. */
static void look_again(const struct memory_view *m, const struct kd_kernel *whole)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };

	if (kd_kernel_look(&m->view, NULL, &k, NULL) < 0 || k.format != whole->format ||
	    k.mem_size != whole->mem_size || k.cmdline_max != whole->cmdline_max ||
	    kd_kernel_read_rest(&m->view, &k, NULL) < 0 ||
	    k.file.size != whole->file.size ||
	    memcmp(k.file.data, whole->file.data, k.file.size) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	struct memory_view m = memory_view(data, size);
	struct kd_error err = { 0 };

	if (kd_kernel_open(&m.view, NULL, &k, &err) < 0) {
		if (!err.code || !err.message[0] || k.n_parts)
			abort();
		return 0;
	}
	check_parts(&k);
	look_again(&m, &k);
	touch(k.setup);
	touch(k.initrd);
	touch(k.cmdline);
	if (!kd_is_power_of_2(k.align) ||
	    k.min_addr & (k.relocatable ? k.align - 1 : 0) ||
	    k.n_wrappings > KD_KERNEL_WRAPPINGS ||
	    (k.format == KD_KERNEL_BZIMAGE) != (k.setup.size > 0))
		abort();
	return 0;
}
