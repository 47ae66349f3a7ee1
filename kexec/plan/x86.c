/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan for x86_64: kernel, boot_params and what hangs on them, initrd, purgatory, and
 * for a crash the dump's header. Entered through purgatory, in long mode: the 64-bit boot
 * protocol (Documentation/arch/x86/boot.rst). Called by plan.c.
 */
#include <string.h>

#include "kexec/plan/cmdline.h"
#include "kexec/plan/elfcorehdr.h"
#include "kexec/plan/place.h"
#include "kexec/plan/x86-kernel.h"
#include "kexec/plan/x86.h"
#include "kexec/purgatory/purgatory.h"

/* Where the initrd is never put, as the kernel's own loader has it
 * (MIN_INITRD_LOAD_ADDR, arch/x86/kernel/kexec-bzimage64.c). */
#define INITRD_LOWEST (16ull << 20)

/* @core: the dump's header, added last; @limit: how far up the kernel sees */
struct x86_plan {
	struct kd_plan_builder *b;
	struct kd_kexec_segment core;
	struct kd_ranges map;
	uint64_t limit;
	uint64_t kernel_entry;
	uint64_t initrd;
	uint64_t params;
};

static int place(struct x86_plan *x, const char *what, uint64_t size, uint64_t min,
		 uint64_t *ret, struct kd_error *err)
{
	const struct kd_hole hole = { .size = size,
				      .align = x->b->page,
				      .min = min,
				      .max = x->limit,
				      .from_top = kd_place_from_top(x->b) };

	return kd_place_take(x->b, what, &hole, ret, err);
}

static int place_core(struct x86_plan *x, struct kd_error *err)
{
	struct kd_plan_builder *b = x->b;
	uint64_t memsz, mem;
	size_t size = 0;
	void *buf = NULL;
	int r;

	r = kd_elfcorehdr_build(b->host, KD_X86_LOW, &buf, &size, err);
	if (r < 0)
		return r;
	if (kd_plan_own(b, buf) < 0)
		return kd_fail(err, -ENOMEM, "elfcorehdr");
	memsz = b->plan.hotplug ? MAX(size, b->host->elfcorehdr_size) : size;
	memsz = kd_align_up(memsz, b->page);
	r = place(x, "dump's header", memsz, 0, &mem, err);
	if (r < 0)
		return r;
	x->core = (struct kd_kexec_segment) { .buf = buf,
					      .bufsz = size,
					      .mem = mem,
					      .memsz = memsz,
					      .role = KD_SEGMENT_ELFCOREHDR };
	return 0;
}

static int make_map(struct x86_plan *x, struct kd_error *err)
{
	const struct kd_range core = { .start = x->core.mem,
				       .end = x->core.mem + x->core.memsz };
	int r = kd_plan_is_crash(x->b) ? kd_x86_e820_crash(x->b->host, &core, &x->map)
				       : kd_x86_e820_reboot(x->b->host, &x->map);

	return r < 0 ? kd_fail(err, r, "memory map") : 0;
}

static int add_initrd(struct x86_plan *x, struct kd_error *err)
{
	const struct kd_bytes *initrd = &x->b->initrd;
	struct kd_kexec_segment s = { .buf = initrd->data,
				      .bufsz = initrd->size,
				      .memsz = initrd->size,
				      .role = KD_SEGMENT_INITRD,
				      .hashed = true };
	int r;

	if (!initrd->size)
		return 0;
	r = place(x, "initrd", initrd->size, INITRD_LOWEST, &s.mem, err);
	if (r < 0)
		return r;
	x->initrd = s.mem;
	return kd_plan_add(x->b, &s, err);
}

static int edit_cmdline(struct x86_plan *x, struct kd_error *err)
{
	const struct kd_plan_cmdline rules = { .crash = kd_plan_is_crash(x->b),
					       .elfcorehdr = x->core.mem,
					       .max = x->b->image->cmdline_max };

	return kd_plan_cmdline_edit(x->b->cmdline, &rules, &x->b->plan.cmdline, err);
}

static int add_params(struct x86_plan *x, struct kd_error *err)
{
	struct kd_plan_builder *b = x->b;
	struct kd_x86_params p = { .host = b->host,
				   .image = b->image,
				   .seed = b->options->seed,
				   .cmdline = b->plan.cmdline,
				   .map = &x->map,
				   .initrd = x->initrd,
				   .initrd_size = b->initrd.size };
	struct kd_kexec_segment s = { .role = KD_SEGMENT_PARAMS, .hashed = true };
	uint8_t *buf;
	int r;

	kd_x86_layout(&p);
	r = place(x, "boot parameters", p.layout.size, 0, &p.base, err);
	if (r < 0)
		return r;
	buf = kd_plan_alloc(b, p.layout.size);
	if (!buf)
		return kd_fail(err, -ENOMEM, "boot parameters");
	kd_x86_boot_params(&p, kd_x86_setup_data(&p, buf), buf);
	x->params = p.base;
	s.buf = buf;
	s.bufsz = s.memsz = p.layout.size;
	s.mem = p.base;
	return kd_plan_add(b, &s, err);
}

/* What purgatory compares: what is hashed, in the order of the digest. */
static int fill_purgatory(const struct x86_plan *x, const struct kd_purgatory *purgatory,
			  uint8_t *code)
{
	const struct kd_kexec_plan *plan = &x->b->plan;
	struct kd_purgatory_params p = { .entry = x->kernel_entry,
					 .argument = x->params,
					 .console = x->b->options->console };

	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *s = &plan->segments[i];

		if (s->hashed)
			p.regions[p.n_regions++] = (struct kd_purgatory_region) {
				.start = s->mem,
				.size = s->bufsz,
				.zeros = s->memsz - s->bufsz,
			};
	}
	memcpy(p.digest, plan->digest, sizeof(p.digest));
	return kd_purgatory_fill(purgatory, code, &p);
}

static int add_purgatory(struct x86_plan *x, struct kd_error *err)
{
	const struct kd_purgatory purgatory = kd_purgatory_x86_64();
	struct kd_plan_builder *b = x->b;
	struct kd_kexec_segment s = { .bufsz = purgatory.size,
				      .memsz = purgatory.memsz,
				      .role = KD_SEGMENT_PURGATORY };
	uint8_t *code;
	int r;

	if (!purgatory.size)
		return kd_fail_msg(
			err, -ENOTSUP,
			"this program was built without the code that starts an "
			"x86_64 kernel");
	r = place(x, "purgatory", s.memsz, 0, &s.mem, err);
	if (r < 0)
		return r;
	s.buf = code = kd_plan_alloc(b, s.bufsz);
	if (!code)
		return kd_fail(err, -ENOMEM, "purgatory");
	memcpy(code, purgatory.code, s.bufsz);
	r = kd_plan_add(b, &s, err);
	if (r < 0)
		return r;
	kd_plan_digest(&b->plan);
	b->plan.entry = s.mem;
	r = fill_purgatory(x, &purgatory, code);
	return r < 0 ? kd_fail(err, r, "purgatory") : 0;
}

static int build(struct x86_plan *x, struct kd_error *err)
{
	bool crash = kd_plan_is_crash(x->b);
	int r = kd_x86_check_kernel(x->b, err);

	if (r == 0 && crash)
		r = place_core(x, err);
	if (r == 0)
		r = kd_x86_add_kernel(x->b, x->limit, &x->kernel_entry, err);
	if (r == 0)
		r = make_map(x, err);
	if (r == 0)
		r = add_initrd(x, err);
	if (r == 0)
		r = edit_cmdline(x, err);
	if (r == 0)
		r = add_params(x, err);
	if (r == 0)
		r = add_purgatory(x, err);
	if (r == 0 && crash)
		r = kd_plan_add(x->b, &x->core, err);
	return r;
}

int kd_plan_x86_64(struct kd_plan_builder *b, struct kd_error *err)
{
	struct x86_plan x = { .b = b, .limit = kd_x86_limit(b->image) };
	int r;

	kd_ranges_init(&x.map);
	r = build(&x, err);
	kd_ranges_done(&x.map);
	return r;
}
