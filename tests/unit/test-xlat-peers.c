/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/xlat against libaddrxlat (of libkdumpfile): random page tables of every form,
 * each address translated by both, and by what the table's maker wrote down.
 */
#include <elf.h>
#include <libkdumpfile/addrxlat.h>

#include "makedumpfile/vmcore/xlat.h"
#include "tests/unit/test.h"

#define PAGES_MAX 400
#define MAPPED	  4000
#define STRAY	  4000
#define PLACES	  24
#define SEEDS	  3

/**
 * A form of page tables.
 *
 * @built, @used: bits of virtual addresses (the kernel's configuration, this boot)
 * @levels: of tables; @blocks: the highest level that may hold leaves
 * @pa_bits: of physical addresses that entries can hold
 * @theirs: libaddrxlat's name of the form
 * @mask: bits of each entry that are set and are no address
 * @lost: address bits that libaddrxlat cuts off (0.5.1 and since; PTE_VAL(pte, 0, 49)
 *        and PTE_VAL(pte, 0, 47) in its aarch64.c are a bit short)
 * @refused: levels whose leaves it does not accept
 */
struct form {
	const char *name;
	uint16_t machine;
	unsigned int page_shift, built, used, levels, blocks, pa_bits;
	addrxlat_pte_format_t theirs;
	unsigned int refused;
	uint64_t mask, lost;
};

#define X86_64	  ADDRXLAT_PTE_X86_64
#define AARCH64	  ADDRXLAT_PTE_AARCH64
#define LPA	  ADDRXLAT_PTE_AARCH64_LPA
#define LPA2	  ADDRXLAT_PTE_AARCH64_LPA2
#define SME	  (UINT64_C(1) << 51)
#define LOST_LPA  (UINT64_C(1) << 47)
#define LOST_LPA2 (UINT64_C(1) << 49)

static const struct form forms[] = {
	{ "x86_64, 4 levels", EM_X86_64, 12, 48, 48, 4, 3, 52, X86_64, 0, 0, 0 },
	{ "x86_64, 5 levels", EM_X86_64, 12, 57, 57, 5, 3, 52, X86_64, 0, 0, 0 },
	{ "x86_64, 5 levels, SME", EM_X86_64, 12, 57, 57, 5, 3, 47, X86_64, 0, SME, 0 },
	{ "arm64, 4K/39", EM_AARCH64, 12, 39, 39, 3, 3, 48, AARCH64, 0, 0, 0 },
	{ "arm64, 4K/48", EM_AARCH64, 12, 48, 48, 4, 3, 48, AARCH64, 0, 0, 0 },
	{ "arm64, 4K/52 on 48", EM_AARCH64, 12, 52, 48, 4, 3, 48, AARCH64, 0, 0, 0 },
	{ "arm64, 4K/52", EM_AARCH64, 12, 52, 52, 5, 4, 52, LPA2, 4, 0, LOST_LPA2 },
	{ "arm64, 16K/36", EM_AARCH64, 14, 36, 36, 2, 2, 48, AARCH64, 0, 0, 0 },
	{ "arm64, 16K/47", EM_AARCH64, 14, 47, 47, 3, 2, 48, AARCH64, 0, 0, 0 },
	{ "arm64, 16K/48", EM_AARCH64, 14, 48, 48, 4, 2, 48, AARCH64, 0, 0, 0 },
	{ "arm64, 16K/52 on 47", EM_AARCH64, 14, 52, 47, 3, 2, 48, AARCH64, 0, 0, 0 },
	{ "arm64, 16K/52", EM_AARCH64, 14, 52, 52, 4, 3, 52, LPA2, 0, 0, LOST_LPA2 },
	{ "arm64, 64K/42", EM_AARCH64, 16, 42, 42, 2, 2, 52, LPA, 0, 0, LOST_LPA },
	{ "arm64, 64K/48", EM_AARCH64, 16, 48, 48, 3, 3, 52, LPA, 0, 0, LOST_LPA },
	{ "arm64, 64K/52 on 48", EM_AARCH64, 16, 52, 48, 3, 3, 52, LPA, 0, 0, LOST_LPA },
	{ "arm64, 64K/52", EM_AARCH64, 16, 52, 52, 3, 3, 52, LPA, 0, 0, LOST_LPA },
};

/**
 * Physical memory with a few pages in it, all of them tables; the first is the top.
 *
 * @alone: made for us only, with what libaddrxlat does not take
 */
struct tables {
	struct kd_memory memory;
	struct kd_extent all;
	const struct form *form;
	bool alone;
	uint64_t random;
	size_t n;
	kd_paddr_t at[PAGES_MAX];
	uint64_t *words[PAGES_MAX];
	const uint64_t *from[PAGES_MAX];
};

static uint64_t next_random(struct tables *s)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return s->random * UINT64_C(0x2545f4914f6cdd1d);
}

static uint64_t low_bits(unsigned int n)
{
	return (UINT64_C(1) << n) - 1;
}

static kd_paddr_t random_place(struct tables *s, unsigned int shift)
{
	uint64_t usable = low_bits(s->form->pa_bits) & ~(s->alone ? 0 : s->form->lost);

	return kd_align_down(next_random(s) & usable, UINT64_C(1) << shift);
}

static bool may_be_leaf(const struct tables *s, unsigned int level)
{
	return level == 1 ||
	       (level <= s->form->blocks && (s->alone || level != s->form->refused));
}

static uint64_t *find_page(const struct tables *s, kd_paddr_t at)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i] == at)
			return s->words[i];
	return NULL;
}

static int tables_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	const struct tables *s = (const struct tables *)m;
	uint64_t in_page = addr & low_bits(s->form->page_shift);
	const uint64_t *page = find_page(s, addr - in_page);

	if (!page)
		return -EIO;
	memcpy(buf, (const char *)page + in_page, size);
	return 0;
}

static const struct kd_memory_ops ops = { .read = tables_read };

static kd_paddr_t new_page(struct tables *s)
{
	unsigned int shift = s->form->page_shift;
	kd_paddr_t at;

	do
		at = random_place(s, shift);
	while (find_page(s, at));
	s->words[s->n] = calloc(1, (size_t)1 << shift);
	if (!s->words[s->n])
		abort();
	s->at[s->n++] = at;
	return at;
}

/* The address bits of an entry, by the manuals and not by translate-*.c. */
static uint64_t place(const struct form *f, kd_paddr_t at)
{
	if (f->theirs == LPA2)
		return (at & low_bits(50)) | (at >> 50 & 3) << 8;
	if (f->theirs == LPA)
		return (at & low_bits(48)) | (at >> 48 & 15) << 12;
	return at;
}

/* What hardware or the kernel keeps in the remaining bits. */
static uint64_t attributes(struct tables *s, bool leaf, unsigned int level)
{
	const struct form *f = s->form;
	uint64_t noise = next_random(s), bits;

	if (f->machine == EM_X86_64) {
		bits = UINT64_C(0xfff0000000000f7e); /* what is neither PSE nor address */
		if (leaf) /* PAT is bit 7 of a small leaf, bit 12 of a large one */
			bits |= level == 1 ? 1 << 7 : 1 << 12;
		bits = (noise & bits) | 1 | f->mask;
		return leaf && level > 1 ? bits | 1 << 7 : bits;
	}
	bits = leaf ? UINT64_C(0xfffc000000000cfc) : UINT64_C(0xf800000000000000);
	if (leaf && f->theirs != LPA2)
		bits |= 3 << 8;
	return (noise & bits) | (leaf && level > 1 ? 1 : 3);
}

static unsigned int shift_of(const struct form *f, unsigned int level)
{
	return f->page_shift + (level - 1) * (f->page_shift - 3);
}

/* How many bits the top table's index has: all that the kernel was built for. */
static unsigned int top_bits(const struct form *f)
{
	unsigned int bits = f->built - shift_of(f, f->levels);

	return bits < f->page_shift - 3 ? bits : f->page_shift - 3;
}

static uint64_t *entry_of(struct tables *s, kd_paddr_t table, unsigned int level,
			  kd_vaddr_t addr)
{
	const struct form *f = s->form;
	unsigned int n = level == f->levels ? top_bits(f) : f->page_shift - 3;

	return find_page(s, table) + (addr >> shift_of(f, level) & low_bits(n));
}

/* The page that the table's maker linked here; 0 for none. */
static kd_paddr_t linked(const struct tables *s, const uint64_t *entry)
{
	for (size_t i = 1; i < s->n; i++)
		if (s->from[i] == entry)
			return s->at[i];
	return 0;
}

/* Make @addr lead somewhere, or to nothing: chance decides. Returns what was written
 * down: its address, or UINT64_MAX where it leads nowhere or meets an earlier leaf. */
static kd_paddr_t map(struct tables *s, kd_vaddr_t addr)
{
	const struct form *f = s->form;
	kd_paddr_t table = s->at[0], to;

	for (unsigned int level = f->levels; level; level--) {
		uint64_t *entry = entry_of(s, table, level, addr);
		uint64_t size = UINT64_C(1) << shift_of(f, level);
		uint64_t chance = next_random(s) % 32;

		to = *entry ? linked(s, entry) : 0;
		if (*entry && !to)
			return UINT64_MAX;
		if (!*entry && chance == 31) {
			*entry = next_random(s) & ~UINT64_C(1);
			return UINT64_MAX;
		}
		if (!*entry && may_be_leaf(s, level) && (level == 1 || chance < 4)) {
			to = random_place(s, shift_of(f, level));
			*entry = place(f, to) | attributes(s, true, level);
			return to + (addr & (size - 1));
		}
		if (!*entry) {
			if (s->n == PAGES_MAX)
				return UINT64_MAX;
			s->from[s->n] = entry;
			to = new_page(s);
			*entry = place(f, to) | attributes(s, false, level);
		}
		table = to;
	}
	return UINT64_MAX;
}

static addrxlat_status their_page(const addrxlat_cb_t *cb, addrxlat_buffer_t *buf)
{
	const struct tables *s = cb->priv;
	uint64_t size = UINT64_C(1) << s->form->page_shift;

	buf->addr.addr = kd_align_down(buf->addr.addr, size);
	buf->ptr = find_page(s, buf->addr.addr);
	buf->size = size;
	buf->byte_order = ADDRXLAT_LITTLE_ENDIAN;
	return buf->ptr ? ADDRXLAT_OK : ADDRXLAT_ERR_NODATA;
}

static unsigned long their_caps(const addrxlat_cb_t *cb)
{
	(void)cb;
	return ADDRXLAT_CAPS(ADDRXLAT_KPHYSADDR);
}

static addrxlat_meth_t their_method(const struct tables *s)
{
	const struct form *f = s->form;
	addrxlat_meth_t m = {
		.kind = ADDRXLAT_PGT,
		.target_as = ADDRXLAT_KPHYSADDR,
		.param.pgt.root = { s->at[0], ADDRXLAT_KPHYSADDR },
		.param.pgt.pte_mask = f->mask,
		.param.pgt.pf.pte_format = f->theirs,
		.param.pgt.pf.nfields = (unsigned short)(f->levels + 1),
		.param.pgt.pf.fieldsz[0] = (unsigned short)f->page_shift,
	};

	for (unsigned int level = 1; level <= f->levels; level++)
		m.param.pgt.pf.fieldsz[level] =
			(unsigned short)(level == f->levels ? top_bits(f)
							    : f->page_shift - 3);
	return m;
}

/* Their word for @addr: 0 and the address, or a negative errno as ours would be. */
static int translate(addrxlat_ctx_t *ctx, const addrxlat_meth_t *method,
		     const struct form *f, kd_vaddr_t addr, kd_paddr_t *ret)
{
	addrxlat_step_t step = { .ctx = ctx, .meth = method };
	addrxlat_status status;

	/* on arm64 they leave it to their caller which half an address is in */
	if (f->machine == EM_AARCH64)
		addr &= low_bits(shift_of(f, f->levels) + top_bits(f));
	status = addrxlat_launch(&step, addr);
	while (status == ADDRXLAT_OK && step.remain)
		status = addrxlat_step(&step);
	addrxlat_ctx_clear_err(ctx);
	*ret = step.base.addr;
	if (status == ADDRXLAT_OK)
		return 0;
	return status == ADDRXLAT_ERR_NODATA ? -EIO : -EFAULT;
}

/* Near one of a few places, by any distance: addresses are to share tables. */
static kd_vaddr_t random_address(struct tables *s)
{
	const struct form *f = s->form;
	uint64_t place = (next_random(s) % PLACES + 1) * UINT64_C(0x9e3779b97f4a7c15);
	unsigned int bits = f->used - (f->machine == EM_X86_64);
	uint64_t near = next_random(s) & low_bits((unsigned int)(next_random(s) % bits));

	return UINT64_MAX << bits | ((place ^ near) & low_bits(bits));
}

static int our_start(struct tables *s, struct kd_xlat *ret)
{
	const struct form *f = s->form;
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	char text[512];
	int n;

	if (f->machine == EM_X86_64)
		n = snprintf(text, sizeof(text),
			     "SYMBOL(swapper_pg_dir)=ffffffff81000000\n"
			     "NUMBER(phys_base)=%jd\nNUMBER(pgtable_l5_enabled)=%d\n"
			     "NUMBER(sme_mask)=%jd\n",
			     (intmax_t)(s->at[0] - 0x1000000), f->levels == 5,
			     (intmax_t)f->mask);
	else
		n = snprintf(text, sizeof(text),
			     "SYMBOL(swapper_pg_dir)=ffffffff81000000\n"
			     "NUMBER(kimage_voffset)=0x%jx\nNUMBER(VA_BITS)=%u\n"
			     "NUMBER(TCR_EL1_T1SZ)=0x%x\n",
			     (uintmax_t)(UINT64_C(0xffffffff81000000) - s->at[0]),
			     f->built, 64 - f->used);
	if (kd_vmcoreinfo_new(text, (size_t)n, &info, NULL) < 0)
		return -EINVAL;
	n = kd_xlat_init(ret, &s->memory, f->machine, info, NULL);
	/* tables only: they are compared with tables */
	ret->image_size = 0;
	return n;
}

/** Both sides, ready to translate. */
struct pair {
	struct tables *tables;
	struct kd_xlat xlat;
	addrxlat_ctx_t *ctx;
	addrxlat_meth_t method;
	unsigned int found, noted;
};

static void compare(struct test *t, struct pair *p, kd_vaddr_t addr, kd_paddr_t noted)
{
	kd_paddr_t ours = 0, theirs = 0;
	int r, want;

	r = kd_xlat_vtop(&p->xlat, addr, &ours, NULL);
	want = translate(p->ctx, &p->method, p->tables->form, addr, &theirs);
	if (p->tables->alone)
		want = r, theirs = ours;
	if (r != want || (r == 0 && ours != theirs) ||
	    (noted != UINT64_MAX && (r != 0 || ours != noted)))
		test_failed(t, __FILE__, __LINE__,
			    "%s: 0x%jx is 0x%jx (%d); theirs 0x%jx (%d); made as 0x%jx",
			    p->tables->form->name, (uintmax_t)addr, (uintmax_t)ours, r,
			    (uintmax_t)theirs, want, (uintmax_t)noted);
	p->found += r == 0;
	p->noted += noted != UINT64_MAX;
}

static void compare_all(struct test *t, struct pair *p)
{
	struct tables *s = p->tables;

	CHECK_INT(t, our_start(s, &p->xlat), 0);
	CHECK_INT(t, p->xlat.root, s->at[0]);
	CHECK_INT(t, p->xlat.levels, s->form->levels);
	for (unsigned int i = 0; i < MAPPED && !t->failures; i++) {
		kd_vaddr_t addr = random_address(s);

		compare(t, p, addr, map(s, addr));
	}
	for (unsigned int i = 0; i < STRAY && !t->failures; i++)
		compare(t, p, random_address(s), UINT64_MAX);
	/* neither all nothing nor all the same leaf */
	CHECK(t, p->found > (MAPPED + STRAY) / 4);
	CHECK(t, p->noted > 50);
	CHECK(t, s->n > s->form->levels);
}

static void one_form(struct test *t, const struct form *form, uint64_t seed, bool alone)
{
	struct tables *s = calloc(1, sizeof(*s));
	struct pair p = { .tables = s, .ctx = addrxlat_ctx_new() };
	addrxlat_cb_t *cb = p.ctx ? addrxlat_ctx_add_cb(p.ctx) : NULL;

	if (!s || !cb)
		abort();
	s->form = form;
	s->random = seed;
	s->alone = alone;
	s->all = (struct kd_extent) { 0, UINT64_C(1) << 52 };
	s->memory = (struct kd_memory) { &ops, &s->all, 1, 1U << form->page_shift };
	(void)new_page(s);
	cb->priv = s;
	cb->get_page = their_page;
	cb->read_caps = their_caps;
	p.method = their_method(s);
	compare_all(t, &p);
	addrxlat_ctx_decref(p.ctx);
	for (size_t i = 0; i < s->n; i++)
		free(s->words[i]);
	free(s);
}

static void each_form(struct test *t, uint16_t machine, bool alone)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		for (uint64_t seed = 1; seed <= SEEDS; seed++)
			if (forms[i].machine == machine)
				one_form(t, &forms[i], seed, alone);
}

static void x86_64(struct test *t)
{
	each_form(t, EM_X86_64, /* alone= */ false);
}

static void arm64(struct test *t)
{
	each_form(t, EM_AARCH64, /* alone= */ false);
}

/* All address bits and all leaves, as the manual has them. */
static void arm64_alone(struct test *t)
{
	each_form(t, EM_AARCH64, /* alone= */ true);
}

static const struct test_case cases[] = {
	{ "x86_64 as libaddrxlat reads it", x86_64 },
	{ "arm64 as libaddrxlat reads it", arm64 },
	{ "arm64 as the manual has it", arm64_alone },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
