/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments of an x86 kernel: see x86-kernel.h. Trusts no address and no size in the
 * image's parts.
 */
#include "kexec/plan/x86-kernel.h"

#include <inttypes.h>

#include "base/le.h"
#include "kexec/plan/place.h"

#define BELOW_4G (1ull << 32)

/* initrd_addr_max of the setup header, which begins at 0x1f1. */
#define INITRD_MAX (0x22c - 0x1f1)

int kd_x86_check_kernel(const struct kd_plan_builder *b, struct kd_error *err)
{
	const struct kd_kernel *image = b->image;

	if (b->host->la57 && !image->la57)
		return kd_fail_msg(
			err, -ENOTSUP,
			"five-level page tables are on and this kernel cannot "
			"be entered with them: start the running one with no5lvl");
	if (image->n_parts == 0 || image->n_parts > KD_KERNEL_PARTS || !image->mem_size)
		return kd_fail_msg(err, -ENOTSUP, "the kernel has nothing to load");
	return 0;
}

/* A kernel that may lie above 4 GiB finds everything else there too; others have a limit
 * of their own for the initrd, taken for all. */
uint64_t kd_x86_limit(const struct kd_kernel *image)
{
	uint64_t limit = BELOW_4G;

	if (image->above_4g)
		return UINT64_MAX;
	if (image->setup.size >= INITRD_MAX + 4) {
		uint64_t last = kd_le32(image->setup.data + INITRD_MAX);

		if (last)
			limit = last + 1;
	}
	return limit;
}

static int place_anywhere(struct kd_plan_builder *b, uint64_t limit, uint64_t *ret,
			  struct kd_error *err)
{
	const struct kd_hole hole = { .size = b->image->mem_size,
				      .align = b->image->align,
				      .min = b->image->min_addr,
				      .max = limit };

	return kd_place_take(b, "kernel", &hole, ret, err);
}

/* Linked to one place: its first part says where. */
static int place_fixed(struct kd_plan_builder *b, struct kd_range *window,
		       struct kd_error *err)
{
	int r;

	window->start = kd_align_down(b->image->parts[0].paddr, b->page);
	if (__builtin_add_overflow(window->start,
				   kd_align_up(b->image->mem_size, b->page),
				   &window->end))
		return kd_fail_msg(err, -ENOTSUP, "the kernel ends beyond all memory");
	r = kd_place_take_at(b, "kernel", window->start, window->end, err);
	if (r == -ENOSPC && kd_plan_is_crash(b))
		return kd_fail(err, r, "not a relocatable kernel");
	return r;
}

/* One part, up to where the next one begins: the kernel uses what lies between. */
static int add_part(struct kd_plan_builder *b, const struct kd_kernel_part *part,
		    uint64_t mem, uint64_t end, struct kd_error *err)
{
	const struct kd_kexec_segment s = { .buf = part->data.data,
					    .bufsz = part->data.size,
					    .mem = mem,
					    .memsz = end - mem,
					    .role = KD_SEGMENT_KERNEL,
					    .hashed = true };

	return kd_plan_add(b, &s, err);
}

static int add_parts(struct kd_plan_builder *b, uint64_t base,
		     const struct kd_range *window, struct kd_error *err)
{
	const struct kd_kernel *image = b->image;
	uint64_t at = window->start;

	for (size_t i = 0; i < image->n_parts; i++) {
		const struct kd_kernel_part *part = &image->parts[i];
		bool last = i + 1 == image->n_parts;
		uint64_t mem, end, size = MAX(part->memsz, (uint64_t)part->data.size);
		int r;

		if (__builtin_add_overflow(base, part->paddr, &mem) ||
		    __builtin_add_overflow(mem, kd_align_up(size, b->page), &end) ||
		    kd_align_up(size, b->page) < size || size == 0 || mem < at ||
		    end > window->end || mem % b->page != 0)
			return kd_fail_msg(err, -ENOTSUP,
					   "part %zu of the kernel shares a page with "
					   "another one, or lies out of order",
					   i);
		r = add_part(b, part, mem, last ? window->end : end, err);
		if (r < 0)
			return r;
		at = end;
	}
	return 0;
}

int kd_x86_add_kernel(struct kd_plan_builder *b, uint64_t limit, uint64_t *ret_entry,
		      struct kd_error *err)
{
	struct kd_range window;
	uint64_t base = 0;
	int r;

	if (b->image->relocatable) {
		r = place_anywhere(b, limit, &base, err);
		window.start = base;
		window.end = base + kd_align_up(b->image->mem_size, b->page);
	} else {
		r = place_fixed(b, &window, err);
	}
	if (r == 0)
		r = add_parts(b, base, &window, err);
	if (r < 0)
		return r;
	*ret_entry = base + b->image->entry;
	return 0;
}
