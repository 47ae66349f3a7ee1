/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SPARSEMEM_EXTREME (roots of pages of sections) and plain SPARSEMEM (one array). Each
 * section is looked up once and each leaf of vmemmap translated once: a 2 MiB leaf
 * serves 32768 struct pages.
 */
#include "makedumpfile/pages/memmap.h"

#define SECTION_MARKED_PRESENT 0x1 /* enum in include/linux/mmzone.h: bit 0 */
#define KERNEL_HALF	       (UINT64_C(1) << 63)

/* Copied at once where struct pages cannot be lent. */
#define BOUNCE_PAGES 512
/* Where memory cannot be mapped: a copy stays in the nearest caches until it is judged. */
#define COPY_BYTES   (128U << 10)
/* After a failure, go on behind this many frames (PAGES_PER_SUBSECTION: vmemmap is
 * populated in these steps), so that a lost section costs 64 attempts and not 32768. */
#define STEP_PAGES   512

/* Extents whose sections are tried before mem_section is given up. */
#define ROOT_TRIES	 16
/* Any section size and address width that a kernel was ever built with. */
#define SECTION_BITS_MIN 20
#define SECTION_BITS_MAX 40
#define PHYSMEM_BITS_MAX 57

static int need(const struct kd_layout *layout, const enum kd_field *fields, size_t n,
		struct kd_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (!kd_layout_has(layout, fields[i]))
			return kd_fail_msg(err, -ENODATA, "memory map: %s is unknown",
					   kd_field_key(fields[i]));
	return 0;
}

/*
 * The low bits of section_mem_map are flags, as many as the encoded pointer's alignment
 * leaves free: mem_map is page aligned, and the frame number it is reduced by has
 * PFN_SECTION_SHIFT zero bits (mmzone.h; BUILD_BUG_ON in sparse_init()). A mask that
 * counts today's flags goes wrong with each new one.
 */
static uint64_t flag_mask(const struct kd_memmap *m)
{
	return (UINT64_C(1) << MIN(m->page_shift, m->section_shift)) - 1;
}

static int read_section(const struct kd_memmap *m, uint64_t nr, kd_vaddr_t *ret)
{
	kd_vaddr_t at = m->roots;
	uint64_t map;
	int r;

	if (nr >= m->n_sections)
		return -ENODATA;
	if (m->extreme) {
		r = kd_xlat_read(m->xlat, m->roots + nr / m->per_root * 8, &at, 8);
		if (r < 0)
			return r;
		if (!at)
			return -ENODATA;
		if (at < KERNEL_HALF)
			return -EBADMSG;
		nr %= m->per_root;
	}
	r = kd_xlat_read(m->xlat, at + nr * m->section_size + m->map_offset, &map,
			 sizeof(map));
	if (r < 0)
		return r;
	if (!(map & SECTION_MARKED_PRESENT))
		return -ENODATA;
	*ret = map & ~flag_mask(m);
	return 0;
}

/* Whether some section that RAM lies in is there and points into the kernel's half. */
static bool roots_work(const struct kd_memmap *m)
{
	const struct kd_memory *memory = m->xlat->memory;
	kd_vaddr_t map;

	for (size_t i = 0; i < MIN(memory->n_extents, (size_t)ROOT_TRIES); i++) {
		kd_pfn_t pfn = memory->extents[i].start >> m->page_shift;

		if (read_section(m, pfn >> m->section_shift, &map) == 0 &&
		    map + pfn * m->page_struct >= KERNEL_HALF)
			return true;
	}
	return false;
}

/*
 * SYMBOL(mem_section) is the array itself in vmcoreinfo (VMCOREINFO_SYMBOL_ARRAY), but
 * with SPARSEMEM_EXTREME the symbol of that name is a pointer to it (kernel commit
 * 83e3c48729d9).
 */
static int find_roots(struct kd_memmap *m, struct kd_error *err)
{
	if (roots_work(m))
		return 0;
	if (!m->extreme || kd_xlat_read(m->xlat, m->roots, &m->roots, 8) < 0 ||
	    !roots_work(m))
		return kd_fail_msg(err, -EBADMSG,
				   "memory map: no section at mem_section");
	return 0;
}

static int init_geometry(struct kd_memmap *m, const struct kd_layout *layout,
			 struct kd_error *err)
{
	int64_t section_bits = kd_layout_get(layout, KD_F_SECTION_SIZE_BITS);
	int64_t physmem_bits = kd_layout_get(layout, KD_F_MAX_PHYSMEM_BITS);
	int64_t size = kd_layout_get(layout, KD_F_MEM_SECTION_SIZEOF);
	int64_t map = kd_layout_get(layout, KD_F_MEM_SECTION_MAP);
	int64_t length = kd_layout_get(layout, KD_F_MEM_SECTION_LENGTH);
	int64_t page = kd_layout_get(layout, KD_F_PAGE_SIZEOF);

	if (section_bits < SECTION_BITS_MIN || section_bits > SECTION_BITS_MAX ||
	    section_bits <= m->page_shift || physmem_bits < section_bits ||
	    physmem_bits > PHYSMEM_BITS_MAX || size < 8 || size > 4096 || map < 0 ||
	    map > size - 8 || page < 8 || page > 4096 || length <= 0)
		return kd_fail_msg(err, -EBADMSG, "memory map: sizes make no sense");

	m->section_shift = (unsigned int)section_bits - m->page_shift;
	m->n_sections = UINT64_C(1) << (physmem_bits - section_bits);
	m->section_size = (uint64_t)size;
	m->map_offset = (uint32_t)map;
	m->page_struct = (uint32_t)page;
	m->n_roots = (uint64_t)length;
	/* SECTIONS_PER_ROOT: as many as fit a page, or one without EXTREME */
	m->per_root = (UINT64_C(1) << m->page_shift) / m->section_size;
	m->extreme = m->n_roots == (m->n_sections + m->per_root - 1) / m->per_root;
	if (!m->extreme) {
		m->per_root = 1;
		if (m->n_roots != m->n_sections)
			return kd_fail_msg(err, -EBADMSG,
					   "memory map: %lld roots do not fit %llu "
					   "sections",
					   (long long)length,
					   (unsigned long long)m->n_sections);
	}
	return 0;
}

int kd_memmap_init(struct kd_memmap *ret, const struct kd_xlat *xlat,
		   const struct kd_layout *layout, size_t window, bool no_map,
		   struct kd_error *err)
{
	static const enum kd_field fields[] = {
		KD_F_MEM_SECTION_MAP,	KD_F_MEM_SECTION_SIZEOF, KD_F_MEM_SECTION_LENGTH,
		KD_F_SECTION_SIZE_BITS, KD_F_MAX_PHYSMEM_BITS,	 KD_F_PAGE_SIZEOF,
	};
	struct kd_memmap m = {
		.xlat = xlat,
		.page_shift = (unsigned int)__builtin_ctz(xlat->memory->page_size),
		.window = window,
		.no_map = no_map,
	};
	int r;

	if (!kd_layout_has(layout, KD_F_MEM_SECTION))
		return kd_fail_msg(err, -ENOTSUP,
				   "memory map: no mem_section, only SPARSEMEM is known");
	r = need(layout, fields, ARRAY_SIZE(fields), err);
	if (r < 0)
		return r;
	m.roots = (kd_vaddr_t)kd_layout_get(layout, KD_F_MEM_SECTION);
	r = init_geometry(&m, layout, err);
	if (r < 0)
		return r;
	r = find_roots(&m, err);
	if (r < 0)
		return r;

	*ret = m;
	return 0;
}

int kd_memmap_address(const struct kd_memmap *m, kd_pfn_t pfn, kd_vaddr_t *ret)
{
	kd_vaddr_t map;
	int r;

	r = read_section(m, pfn >> m->section_shift, &map);
	if (r < 0)
		return r;
	*ret = map + pfn * m->page_struct;
	return 0;
}

int kd_memmap_view_init(struct kd_memmap_view *v, const struct kd_memmap *m)
{
	uint8_t *bounce = malloc((size_t)BOUNCE_PAGES * m->page_struct);
	int r;

	if (!bounce)
		return -ENOMEM;
	*v = (struct kd_memmap_view) { .memmap = m,
				       .section = UINT64_MAX,
				       .bounce = bounce };
	r = kd_window_init(&v->window, m->xlat->memory, m->window, m->no_map);
	if (r < 0)
		kd_memmap_view_done(v);
	return r;
}

void kd_memmap_view_done(struct kd_memmap_view *v)
{
	if (v->window.memory)
		kd_window_done(&v->window);
	free(v->bounce);
	*v = (struct kd_memmap_view) { 0 };
}

/* Lend struct pages from where they lie: needs them not to straddle a mapping's end. */
static int lend(struct kd_memmap_view *v, kd_vaddr_t at, uint64_t max,
		const uint8_t **ret, uint64_t *ret_n)
{
	uint64_t page_size = v->memmap->xlat->memory->page_size, run, bytes;
	const void *p;
	kd_paddr_t addr;
	int r;

	r = kd_xlat_vtop(v->memmap->xlat, at, &addr, &run);
	if (r < 0)
		return r;
	bytes = MIN(run, (uint64_t)v->window.size);
	if (v->window.no_map)
		bytes = MIN(bytes, (uint64_t)COPY_BYTES);
	bytes = MIN(bytes, max * v->memmap->page_struct);
	bytes = kd_align_down(bytes, v->memmap->page_struct);
	if (!bytes)
		return -EBADMSG;

	r = kd_window_get(&v->window, addr, bytes, &p);
	if (r < 0) {
		/* a hole or a bad page in the run: as far as this page's end */
		bytes = MIN(bytes, page_size - addr % page_size);
		r = kd_window_get(&v->window, addr, bytes, &p);
	}
	if (r < 0)
		return r;
	*ret = p;
	*ret_n = bytes / v->memmap->page_struct;
	return 0;
}

/* A size that is no power of two (debugging options): copied, mapping after mapping. */
static int copy(struct kd_memmap_view *v, kd_vaddr_t at, uint64_t max,
		const uint8_t **ret, uint64_t *ret_n)
{
	uint64_t n = MIN(max, (uint64_t)BOUNCE_PAGES);
	int r;

	r = kd_xlat_read(v->memmap->xlat, at, v->bounce, n * v->memmap->page_struct);
	if (r < 0)
		return r;
	*ret = v->bounce;
	*ret_n = n;
	return 0;
}

int kd_memmap_get(struct kd_memmap_view *v, kd_pfn_t pfn, const uint8_t **ret,
		  uint64_t *ret_n)
{
	const struct kd_memmap *m = v->memmap;
	uint64_t per_section = UINT64_C(1) << m->section_shift;
	uint64_t left = per_section - (pfn & (per_section - 1));
	uint64_t step = STEP_PAGES - (pfn & (STEP_PAGES - 1));
	kd_vaddr_t at;
	int r;

	if (pfn >> m->section_shift != v->section) {
		v->section = pfn >> m->section_shift;
		v->section_status = read_section(m, v->section, &v->map);
	}
	if (v->section_status < 0) {
		*ret_n = left;
		return v->section_status;
	}

	at = v->map + pfn * v->memmap->page_struct;
	if (at < KERNEL_HALF) {
		*ret_n = left;
		return -EBADMSG;
	}
	/* copies end where steps do, so that one that fails costs one step */
	if (kd_is_power_of_2(m->page_struct))
		r = at % m->page_struct ? -EBADMSG : lend(v, at, left, ret, ret_n);
	else
		r = copy(v, at, MIN(left, step), ret, ret_n);
	if (r < 0)
		*ret_n = MIN(left, step);
	else if (*ret_n > 1 && (pfn + *ret_n) % 2)
		(*ret_n)--; /* not a head without its second page */
	return r;
}
