/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments of an arm64 load, placed as Documentation/arch/arm64/booting.rst asks:
 * kernel, initrd, device tree, for a crash kernel the core's header, and the trampoline
 * that hands over the tree. What x86 says in boot_params and on the command line stands
 * in the tree's /chosen here. Pure. Called through plan.c's table.
 */
#include <inttypes.h>
#include <string.h>

#include "kexec/plan/builder.h"
#include "kexec/plan/cmdline.h"
#include "kexec/plan/elfcorehdr.h"
#include "kexec/plan/fdt.h"
#include "kexec/plan/place.h"
#include "kexec/plan/trampoline-arm64.h"

/* MIN_KIMG_ALIGN, arch/arm64/include/asm/boot.h: text_offset is counted from here. */
#define KERNEL_ALIGN (2ull << 20)

/* The initrd and all of the kernel lie in one such window, which begins at a multiple of
 * WINDOW_ALIGN. */
#define WINDOW	     (32ull << 30)
#define WINDOW_ALIGN (1ull << 30)

/* The largest page there is: a new kernel may have larger ones than this one, and looks
 * at its header and its initrd by whole pages. */
#define LARGEST_PAGE (64ull << 10)

/** Where things came to lie. */
struct places {
	uint64_t base; /* a multiple of KERNEL_ALIGN; the kernel is entered behind it */
	struct kd_range initrd;
	struct kd_range elfcorehdr;
	uint64_t dtb;
};

static int check_image(const struct kd_kernel *image, uint64_t page, struct kd_error *err)
{
	if (image->format != KD_KERNEL_ARM64 || !image->relocatable)
		return kd_fail_msg(err, -ENOTSUP,
				   "an arm64 machine starts an Image; this is a %s",
				   kd_kernel_format_name(image->format));
	if (image->n_parts != 1 || image->parts[0].paddr >= image->mem_size ||
	    image->parts[0].data.size > image->mem_size - image->parts[0].paddr)
		return kd_fail_msg(err, -ENOTSUP,
				   "the kernel is larger than the memory it asks for");
	if (image->parts[0].paddr % page)
		return kd_fail_msg(err, -ENOTSUP,
				   "the kernel begins 0x%" PRIx64 " behind 2 MiB, within "
				   "a page of %" PRIu64 " KiB",
				   image->parts[0].paddr, page >> 10);
	return 0;
}

static int add_kernel(struct kd_plan_builder *b, struct places *at, struct kd_error *err)
{
	const struct kd_kernel *image = b->image;
	const struct kd_kernel_part *part = &image->parts[0];
	struct kd_hole hole = {
		.size = image->mem_size,
		.align = MAX(image->align, (uint64_t)KERNEL_ALIGN),
		.min = image->min_addr,
		.max = UINT64_MAX,
	};
	struct kd_kexec_segment s = { .role = KD_SEGMENT_KERNEL };
	int r;

	r = check_image(image, b->page, err);
	if (r == 0)
		r = kd_place_take(b, "kernel", &hole, &at->base, err);
	if (r < 0)
		return r;
	s.buf = part->data.data;
	s.bufsz = part->data.size;
	s.mem = at->base + part->paddr;
	s.memsz = image->mem_size - part->paddr;
	return kd_plan_add(b, &s, err);
}

static int add_initrd(struct kd_plan_builder *b, struct places *at, struct kd_error *err)
{
	uint64_t window = kd_align_down(at->base, WINDOW_ALIGN);
	struct kd_hole hole = {
		.size = b->initrd.size,
		.align = LARGEST_PAGE,
		.min = window,
		.max = window + WINDOW,
		.from_top = kd_place_from_top(b),
	};
	struct kd_kexec_segment s = {
		.buf = b->initrd.data,
		.bufsz = b->initrd.size,
		.memsz = b->initrd.size,
		.role = KD_SEGMENT_INITRD,
	};
	int r;

	if (b->initrd.size == 0)
		return 0;
	r = kd_place_take(b, "initrd", &hole, &s.mem, err);
	if (r < 0)
		return r;
	/* to its last byte: the unpacker takes zeros behind an archive for padding, but
	 * not for the rest of a compressed one */
	at->initrd = (struct kd_range) { .start = s.mem, .end = s.mem + s.bufsz };
	return kd_plan_add(b, &s, err);
}

static int add_elfcorehdr(struct kd_plan_builder *b, struct places *at,
			  struct kd_error *err)
{
	struct kd_hole hole = {
		.align = LARGEST_PAGE,
		.max = UINT64_MAX,
		.from_top = kd_place_from_top(b),
	};
	struct kd_kexec_segment s = { .role = KD_SEGMENT_ELFCOREHDR };
	void *header;
	int r;

	r = kd_elfcorehdr_build(b->host, 0, &header, &s.bufsz, err);
	if (r < 0)
		return r;
	r = kd_plan_own(b, header);
	if (r < 0)
		return kd_fail(err, r, "dump's header");
	s.buf = header;
	s.memsz = b->plan.hotplug ? MAX(s.bufsz, b->host->elfcorehdr_size) : s.bufsz;
	s.memsz = kd_align_up(s.memsz, b->page);
	hole.size = s.memsz;
	r = kd_place_take(b, "dump's header", &hole, &s.mem, err);
	if (r < 0)
		return r;
	at->elfcorehdr = (struct kd_range) { .start = s.mem, .end = s.mem + s.memsz };
	return kd_plan_add(b, &s, err);
}

/* The kernel takes the first of them for the memory to be preferred, and those behind
 * for what lies low or is on loan (MAX_USABLE_RANGES, drivers/of/fdt.c). */
static int find_usable(const struct kd_plan_builder *b, struct kd_range **ret,
		       size_t *ret_n)
{
	const struct kd_kexec_host *host = b->host;
	struct kd_range *usable;
	size_t n = 0;

	if (!kd_plan_is_crash(b))
		return 0;
	usable = calloc(host->crash_cma.n + 2, sizeof(*usable));
	if (!usable)
		return -ENOMEM;
	usable[n++] = host->crash;
	if (host->crash_low.start < host->crash_low.end)
		usable[n++] = host->crash_low;
	for (size_t i = 0; i < host->crash_cma.n; i++)
		usable[n++] = host->crash_cma.items[i];
	*ret = usable;
	*ret_n = n;
	return 0;
}

/* All zeros are no random numbers: the new kernel must not count them as such. */
static bool has_seed(const struct kd_kexec_options *options)
{
	uint8_t any = 0;

	for (size_t i = 0; i < sizeof(options->seed); i++)
		any |= options->seed[i];
	return any != 0;
}

/* A power of two no smaller than itself as alignment keeps it inside of 2 MiB. */
static int place_dtb(struct kd_plan_builder *b, uint64_t size, uint64_t *ret,
		     struct kd_error *err)
{
	struct kd_hole hole = {
		.size = size,
		.align = LARGEST_PAGE,
		.max = UINT64_MAX,
		.from_top = kd_place_from_top(b),
	};

	while (hole.align < size)
		hole.align <<= 1;
	return kd_place_take(b, "device tree", &hole, ret, err);
}

static int add_dtb(struct kd_plan_builder *b, struct places *at, struct kd_error *err)
{
	const struct kd_bytes *given = &b->options->dtb;
	struct kd_fdt_edit edit = {
		.cmdline = b->plan.cmdline,
		.initrd = at->initrd,
		.elfcorehdr = at->elfcorehdr,
		.seed = b->options->seed,
		.seed_size = has_seed(b->options) ? KD_KEXEC_SEED_SIZE : 0,
	};
	_cleanup_(kd_freep) struct kd_range *usable = NULL;
	struct kd_kexec_segment s = { .role = KD_SEGMENT_DTB };
	uint8_t *dtb;
	int r;

	if (!given->size && !b->host->fdt_size)
		return kd_fail_msg(err, -ENODATA,
				   "no device tree: this kernel has no "
				   "/sys/firmware/fdt, give one by --dtb");
	r = find_usable(b, &usable, &edit.n_usable);
	if (r < 0)
		return kd_fail(err, r, "device tree");
	edit.usable = usable;
	r = kd_fdt_edit(given->size ? given->data : b->host->fdt,
			given->size ? given->size : b->host->fdt_size, &edit, &dtb,
			&s.bufsz, err);
	if (r < 0)
		return r;
	r = kd_plan_own(b, dtb);
	if (r < 0)
		return kd_fail(err, r, "device tree");
	s.buf = dtb;
	r = place_dtb(b, s.bufsz, &s.mem, err);
	if (r < 0)
		return r;
	s.memsz = s.bufsz;
	at->dtb = s.mem;
	return kd_plan_add(b, &s, err);
}

static int add_trampoline(struct kd_plan_builder *b, const struct places *at,
			  struct kd_error *err)
{
	const struct kd_hole hole = {
		.size = KD_TRAMPOLINE_ARM64_SIZE,
		.max = UINT64_MAX,
		.from_top = kd_place_from_top(b),
	};
	struct kd_kexec_segment s = {
		.bufsz = KD_TRAMPOLINE_ARM64_SIZE,
		.memsz = KD_TRAMPOLINE_ARM64_SIZE,
		.role = KD_SEGMENT_PURGATORY,
	};
	uint8_t *code = kd_plan_alloc(b, KD_TRAMPOLINE_ARM64_SIZE);
	int r;

	if (!code)
		return kd_fail(err, -ENOMEM, "trampoline");
	kd_trampoline_arm64(at->base + b->image->entry, at->dtb, code);
	r = kd_place_take(b, "trampoline", &hole, &s.mem, err);
	if (r < 0)
		return r;
	s.buf = code;
	b->plan.entry = s.mem;
	return kd_plan_add(b, &s, err);
}

int kd_plan_arm64(struct kd_plan_builder *b, struct kd_error *err)
{
	const struct kd_plan_cmdline rules = {
		.crash = kd_plan_is_crash(b),
		.max = b->image->cmdline_max,
	};
	struct places at = { 0 };
	int r;

	/* where the header lies is said in the device tree */
	r = kd_plan_cmdline_edit(b->cmdline, &rules, &b->plan.cmdline, err);
	if (r == 0)
		r = add_kernel(b, &at, err);
	if (r == 0)
		r = add_initrd(b, &at, err);
	if (r == 0 && kd_plan_is_crash(b))
		r = add_elfcorehdr(b, &at, err);
	if (r == 0)
		r = add_dtb(b, &at, err);
	return r < 0 ? r : add_trampoline(b, &at, err);
}
