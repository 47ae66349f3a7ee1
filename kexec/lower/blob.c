/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packs a plan behind the shim, in the order of its segments' places, which is what lets
 * the shim move them in place (shim-move.c). See blob.h. Trusts no plan: each rule is
 * checked here, for beyond this point nobody can say what is wrong.
 */
#include "kexec/lower/blob.h"

#include <string.h>

#include "base/le.h"
#include "kexec/image/zbi.h"
#include "kexec/lower/shim.h"

#define GIB	     (1ull << 30)
#define LOW_MEMORY   (1ull << 20) /* firmware's, and where Zircon starts CPUs */
#define BLOB_MAX     GIB
#define KERNEL_HEAD  16 /* zbi_kernel_t: entry, reserve_memory_size */
#define ENTRY	     (2 * KD_ZBI_HEADER_SIZE + KERNEL_HEAD)
#define SHIM_ALIGN   16
#define MAPPED_LEAST 8 /* GiB: wherever Zircon, which maps as much, put the blob */

/* @order: segments by place; @params: the shim's, as it will find them */
struct packing {
	struct kd_shim shim;
	const struct kd_kexec_segment *order[KD_KEXEC_SEGMENTS];
	struct kd_shim_params params;
};

static int check_segment(const struct kd_kexec_segment *s, size_t i, struct kd_error *err)
{
	uint64_t end;

	if (__builtin_add_overflow(s->mem, s->memsz, &end))
		return kd_fail_msg(err, -EINVAL, "segment %zu wraps around", i);
	if (end > KD_BLOB_LIMIT)
		return kd_fail_msg(err, -ENOTSUP, "segment %zu ends above 512 GiB", i);
	if (s->bufsz > s->memsz)
		return kd_fail_msg(err, -EINVAL, "segment %zu is larger than its memory",
				   i);
	return 0;
}

/* Insertion: there are 16 at most. */
static void put_in_order(struct packing *p, const struct kd_kexec_segment *s)
{
	uint64_t i = p->params.n++;

	for (; i && p->order[i - 1]->mem > s->mem; i--)
		p->order[i] = p->order[i - 1];
	p->order[i] = s;
}

static int order_segments(struct packing *p, const struct kd_kexec_plan *plan,
			  struct kd_error *err)
{
	bool entered = false;
	int r;

	if (plan->n > KD_KEXEC_SEGMENTS)
		return kd_fail_msg(err, -EINVAL, "%zu segments, at most %d", plan->n,
				   KD_KEXEC_SEGMENTS);
	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *s = &plan->segments[i];

		r = check_segment(s, i, err);
		if (r < 0)
			return r;
		entered |= plan->entry >= s->mem && plan->entry - s->mem < s->memsz;
		if (s->memsz)
			put_in_order(p, s);
	}
	for (uint64_t i = 1; i < p->params.n; i++) {
		const struct kd_kexec_segment *a = p->order[i - 1], *b = p->order[i];

		if (b->mem - a->mem < a->memsz)
			return kd_fail_msg(err, -EINVAL, "segments %td and %td overlap",
					   a - plan->segments, b - plan->segments);
	}
	if (!entered)
		return kd_fail_msg(err, -EINVAL, "the entry 0x%llx is in no segment",
				   (unsigned long long)plan->entry);
	p->params.entry = plan->entry;
	return 0;
}

/* Where each segment lies in the blob, and how much the shim must map. */
static int lay_out(struct packing *p, struct kd_error *err)
{
	struct kd_shim_params *params = &p->params;
	uint64_t size = kd_align_up(p->shim.size, SHIM_ALIGN), top = MAPPED_LEAST * GIB;

	for (uint64_t i = 0; i < params->n; i++) {
		const struct kd_kexec_segment *s = p->order[i];

		if (s->bufsz > BLOB_MAX - size)
			return kd_fail_msg(err, -EFBIG,
					   "the segments have more than 1 GiB");
		params->segments[i] = (struct kd_shim_segment) {
			.from = size,
			.mem = s->mem,
			.bufsz = s->bufsz,
			.memsz = s->memsz,
		};
		size += kd_align_up(s->bufsz, SHIM_ALIGN);
		top = MAX(top, s->mem + s->memsz);
	}
	params->size = size;
	params->gib = kd_align_up(top, GIB) / GIB;
	return 0;
}

/* Bytes of code that the kernel item has: the first place to work at lies at its end,
 * on the page that the shim finds. */
static uint64_t code_size(const struct packing *p)
{
	return p->params.size + KD_SHIM_PAGE + KD_SHIM_ROOM(p->params.gib);
}

/* The lowest and the highest room beside the segments, with more between them than the
 * blob has: wherever it lies, one of the two is free. */
static int find_places(struct packing *p, const struct kd_ranges *ram,
		       struct kd_error *err)
{
	_cleanup_(kd_ranges_done) struct kd_ranges rest = { 0 };
	struct kd_shim_params *params = &p->params;
	struct kd_hole hole = {
		.size = KD_SHIM_ROOM(params->gib),
		.align = KD_SHIM_PAGE,
		.min = LOW_MEMORY,
		.max = params->gib * GIB,
	};
	uint64_t taken = ENTRY + code_size(p);
	int r;

	kd_ranges_init(&rest);
	r = kd_ranges_select(ram, KD_RANGE_RAM, &rest);
	for (uint64_t i = 0; r >= 0 && i < params->n; i++)
		r = kd_ranges_subtract(&rest, p->order[i]->mem,
				       p->order[i]->mem + p->order[i]->memsz);
	if (r < 0)
		return kd_fail(err, r, "places for the shim");
	r = kd_ranges_find(&rest, KD_RANGE_RAM, &hole, &params->places[0]);
	hole.from_top = true;
	if (r >= 0)
		r = kd_ranges_find(&rest, KD_RANGE_RAM, &hole, &params->places[1]);
	if (r < 0 || params->places[1] - params->places[0] < hole.size + taken)
		return kd_fail_msg(err, -ENOSPC,
				   "no two places of %llu KiB beside the segments that "
				   "are %llu KiB apart, for moving them",
				   (unsigned long long)hole.size >> 10,
				   (unsigned long long)taken >> 10);
	return 0;
}

/* The kernel item's payload: zbi_kernel_t, the shim, the segments, room. */
static int write_kernel(const struct packing *p, struct kd_zbi_writer *w)
{
	const uint64_t size = KERNEL_HEAD + code_size(p);
	_cleanup_(kd_freep) uint8_t *payload = calloc(1, size);
	uint8_t *code = payload + KERNEL_HEAD;

	if (!payload)
		return -ENOMEM;
	kd_put_le64(payload, ENTRY);
	memcpy(code, p->shim.code, p->shim.size);
	memcpy(code + p->shim.params, &p->params, sizeof(p->params));
	for (uint64_t i = 0; i < p->params.n; i++) {
		if (p->order[i]->bufsz)
			memcpy(code + p->params.segments[i].from, p->order[i]->buf,
			       p->order[i]->bufsz);
	}
	return kd_zbi_append(w, &(struct kd_zbi_item) { .type = KD_ZBI_KERNEL_X64,
							.data = { payload, size } });
}

static int write_data(const char *cmdline, struct kd_zbi_writer *w)
{
	const uint8_t *text = (const uint8_t *)(cmdline ? cmdline : "");

	return kd_zbi_append(w,
			     &(struct kd_zbi_item) {
				     .type = KD_ZBI_CMDLINE,
				     .data = { text, strlen((const char *)text) + 1 } });
}

static int write_images(const struct packing *p, const char *cmdline, struct kd_blob *ret)
{
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer kernel = { 0 }, data = { 0 };
	int r;

	r = kd_zbi_writer_init(&kernel);
	if (r >= 0)
		r = kd_zbi_writer_init(&data);
	if (r >= 0)
		r = write_kernel(p, &kernel);
	if (r >= 0)
		r = write_data(cmdline, &data);
	if (r < 0)
		return r;
	*ret = (struct kd_blob) {
		.kernel_size = kernel.out.size,
		.entry = ENTRY,
		.data_size = data.out.size,
	};
	ret->kernel = TAKE_PTR(kernel.out.data);
	ret->data = TAKE_PTR(data.out.data);
	return 0;
}

int kd_blob_lower(const struct kd_kexec_plan *plan, const struct kd_ranges *ram,
		  struct kd_blob *ret, struct kd_error *err)
{
	struct packing p = {
		.shim = kd_shim_x86_64(),
		.params = { .magic = KD_SHIM_MAGIC },
	};
	int r;

	_Static_assert(KD_SHIM_SEGMENTS >= KD_KEXEC_SEGMENTS, "a plan fits the shim");
	_Static_assert(KD_SHIM_GIB_MAX * GIB == KD_BLOB_LIMIT, "what the shim can map");
	if (plan->arch != KD_ARCH_X86_64 || !p.shim.size)
		return kd_fail_msg(err, -ENOTSUP,
				   "a blob is made of plans for x86_64 only");
	r = order_segments(&p, plan, err);
	if (r >= 0)
		r = lay_out(&p, err);
	if (r >= 0)
		r = find_places(&p, ram, err);
	if (r < 0)
		return r;
	r = write_images(&p, plan->cmdline, ret);
	return r < 0 ? kd_fail(err, r, "boot image") : 0;
}

void kd_blob_done(struct kd_blob *blob)
{
	free(blob->kernel);
	free(blob->data);
	*blob = (struct kd_blob) { 0 };
}
