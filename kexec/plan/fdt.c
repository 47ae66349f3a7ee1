/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Editing a device tree: see fdt.h. The only file that knows libfdt. The tree is checked
 * in full before anything walks it, and edited in a copy with room for all that comes.
 */
#include "kexec/plan/fdt.h"

#include <inttypes.h>
#include <libfdt.h>
#include <string.h>

/* Names, lengths and alignment of what is added besides text and ranges: eight
 * properties of less than 64 bytes, two reservations, a node; 4 KiB as the kernel does. */
#define EXTRA 4096

#define MAX_CELLS 2

/* What dtc and kernels write since 2007. libfdt 1.6 reads through a null pointer when it
 * checks properties of older ones, whose names and values lie otherwise. */
#define OLDEST 17u

/* Set by whoever started the running kernel, for it alone. The second column: a
 * reservation came with it. */
static const struct {
	const char *name;
	bool reserved;
} stale[] = {
	{ "linux,elfcorehdr", true },	    /* of the crash kernel we may run in */
	{ "linux,ima-kexec-buffer", true }, /* measurements of the kernel before */
	{ "linux,usable-memory-range", false } /* memory we were confined to */,
	{ "linux,kho-fdt", false },	/* kexec handover, */
	{ "linux,kho-scratch", false }, /* which is of one boot */
	{ "linux,dmcryptkeys", false },
	{ "linux,booted-from-kexec", false },
	{ "linux,initrd-start", false }, /* their reservation: drop_initrd() */
	{ "linux,initrd-end", false },
	{ "bootargs", false },
	{ "kaslr-seed", false },
	{ "rng-seed", false },
};

/* A tree being edited. */
struct tree {
	void *fdt;
	int chosen;
	int address_cells;
	int size_cells;
};

static int told(int code, struct kd_error *err)
{
	if (code == -FDT_ERR_NOSPACE)
		return kd_fail_msg(err, -E2BIG,
				   "device tree: more than %u KiB with what the new "
				   "kernel must know",
				   KD_FDT_MAX >> 10);
	return kd_fail_msg(err, -EBADMSG, "device tree: %s", fdt_strerror(code));
}

/* Both default to 1: early_init_dt_scan_root(), drivers/of/fdt.c. */
static int read_cells(const void *fdt, const char *name, int *ret, struct kd_error *err)
{
	int size;
	const fdt32_t *value = fdt_getprop(fdt, 0, name, &size);
	uint32_t n = 1;

	if (value && size != (int)sizeof(*value))
		return kd_fail_msg(err, -EBADMSG, "device tree: %s has %d bytes", name,
				   size);
	if (value)
		n = fdt32_ld(value);
	if (n < 1 || n > MAX_CELLS)
		return kd_fail_msg(err, -ENOTSUP, "device tree: %s is %" PRIu32, name, n);
	*ret = (int)n;
	return 0;
}

/* As of_read_number(): the lower 64 bits of a number of any length. */
static uint64_t number(const fdt32_t *cells, int n)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v = v << 32 | fdt32_ld(&cells[i]);
	return v;
}

/* The first one like this; more of them are damage, and harmless. */
static int drop_reservation(void *fdt, uint64_t start, uint64_t size)
{
	uint64_t s, n;
	int r;

	for (int i = fdt_num_mem_rsv(fdt) - 1; i >= 0; i--) {
		r = fdt_get_mem_rsv(fdt, i, &s, &n);
		if (r < 0)
			return r;
		if (s == start && n == size)
			return fdt_del_mem_rsv(fdt, i);
	}
	return 0;
}

/* The reservation a property of one range speaks of. */
static int drop_reserved(const struct tree *t, const char *name)
{
	int cells = t->address_cells + t->size_cells, size;
	const fdt32_t *value = fdt_getprop(t->fdt, t->chosen, name, &size);

	if (!value || size != cells * (int)sizeof(*value))
		return 0;
	return drop_reservation(t->fdt, number(value, t->address_cells),
				number(value + t->address_cells, t->size_cells));
}

/* kexec reserves an initrd's very size, firmware often whole pages: both are looked
 * for, the latter with each page size there is. */
static int drop_initrd(const struct tree *t)
{
	static const uint64_t pages[] = { 1, 4096, 16384, 65536 };
	int ns, ne, r = 0;
	const fdt32_t *s = fdt_getprop(t->fdt, t->chosen, "linux,initrd-start", &ns);
	const fdt32_t *e = fdt_getprop(t->fdt, t->chosen, "linux,initrd-end", &ne);
	uint64_t start, size;

	if (!s || !e)
		return 0;
	start = number(s, ns / (int)sizeof(*s));
	size = number(e, ne / (int)sizeof(*e)) - start;
	for (size_t i = 0; i < ARRAY_SIZE(pages) && r == 0; i++)
		r = drop_reservation(t->fdt, start, kd_align_up(size, pages[i]));
	return r;
}

/* Twice the same would be left once, and then be taken for ours. */
static int drop_property(const struct tree *t, const char *name)
{
	int r = fdt_delprop(t->fdt, t->chosen, name);

	if (r < 0)
		return r == -FDT_ERR_NOTFOUND ? 0 : r;
	return fdt_getprop(t->fdt, t->chosen, name, NULL) ? -FDT_ERR_EXISTS : 0;
}

static int drop_stale(const struct tree *t)
{
	int r = drop_initrd(t);

	for (size_t i = 0; i < ARRAY_SIZE(stale) && r == 0; i++) {
		if (stale[i].reserved)
			r = drop_reserved(t, stale[i].name);
		if (r == 0)
			r = drop_property(t, stale[i].name);
	}
	return r;
}

static int append_number(const struct tree *t, const char *name, uint64_t v, int cells)
{
	return cells == 1 ? fdt_appendprop_u32(t->fdt, t->chosen, name, (uint32_t)v)
			  : fdt_appendprop_u64(t->fdt, t->chosen, name, v);
}

static int append_range(const struct tree *t, const char *name,
			const struct kd_range *range, struct kd_error *err)
{
	int r;

	if ((t->address_cells == 1 && range->end - 1 > UINT32_MAX) ||
	    (t->size_cells == 1 && range->end - range->start > UINT32_MAX))
		return kd_fail_msg(err, -ENOTSUP,
				   "device tree: its addresses and sizes have %d and %d "
				   "words, too few for 0x%" PRIx64 "-0x%" PRIx64,
				   t->address_cells, t->size_cells, range->start,
				   range->end);
	r = append_number(t, name, range->start, t->address_cells);
	if (r == 0)
		r = append_number(t, name, range->end - range->start, t->size_cells);
	return r < 0 ? told(r, err) : 0;
}

static int add_initrd(const struct tree *t, const struct kd_range *initrd,
		      struct kd_error *err)
{
	int r;

	if (initrd->start == initrd->end)
		return 0;
	r = fdt_setprop_u64(t->fdt, t->chosen, "linux,initrd-start", initrd->start);
	if (r == 0)
		r = fdt_setprop_u64(t->fdt, t->chosen, "linux,initrd-end", initrd->end);
	if (r == 0)
		r = fdt_add_mem_rsv(t->fdt, initrd->start, initrd->end - initrd->start);
	return r < 0 ? told(r, err) : 0;
}

static int add_crash(const struct tree *t, const struct kd_fdt_edit *edit,
		     struct kd_error *err)
{
	const struct kd_range *header = &edit->elfcorehdr;
	int r = 0;

	if (header->start != header->end) {
		r = append_range(t, "linux,elfcorehdr", header, err);
		if (r < 0)
			return r;
		r = fdt_add_mem_rsv(t->fdt, header->start, header->end - header->start);
		if (r < 0)
			return told(r, err);
	}
	for (size_t i = 0; i < edit->n_usable && r == 0; i++)
		r = append_range(t, "linux,usable-memory-range", &edit->usable[i], err);
	return r;
}

static int add_seed(const struct tree *t, const struct kd_fdt_edit *edit)
{
	int r;

	if (edit->seed_size <= KD_FDT_KASLR_SEED)
		return 0;
	r = fdt_setprop(t->fdt, t->chosen, "kaslr-seed", edit->seed, KD_FDT_KASLR_SEED);
	if (r < 0)
		return r;
	return fdt_setprop(t->fdt, t->chosen, "rng-seed", edit->seed + KD_FDT_KASLR_SEED,
			   (int)(edit->seed_size - KD_FDT_KASLR_SEED));
}

static int make_over(struct tree *t, const struct kd_fdt_edit *edit, struct kd_error *err)
{
	int r;

	r = drop_stale(t);
	if (r < 0)
		return told(r, err);
	r = add_initrd(t, &edit->initrd, err);
	if (r == 0)
		r = add_crash(t, edit, err);
	if (r < 0)
		return r;
	if (edit->cmdline[0])
		r = fdt_setprop(t->fdt, t->chosen, "bootargs", edit->cmdline,
				(int)strlen(edit->cmdline) + 1);
	if (r == 0)
		r = add_seed(t, edit);
	if (r == 0)
		r = fdt_setprop(t->fdt, t->chosen, "linux,booted-from-kexec", NULL, 0);
	return r < 0 ? told(r, err) : 0;
}

static int find_chosen(struct tree *t, struct kd_error *err)
{
	int r;

	r = read_cells(t->fdt, "#address-cells", &t->address_cells, err);
	if (r == 0)
		r = read_cells(t->fdt, "#size-cells", &t->size_cells, err);
	if (r < 0)
		return r;
	t->chosen = fdt_path_offset(t->fdt, "/chosen");
	if (t->chosen == -FDT_ERR_NOTFOUND)
		t->chosen = fdt_add_subnode(t->fdt, 0, "chosen");
	return t->chosen < 0 ? told(t->chosen, err) : 0;
}

/* libfdt wants eight-byte alignment, which only malloc promises; the tree says its size,
 * which may be less than the file's. */
static int copy_with_room(const void *fdt, size_t size, size_t extra, void **ret,
			  struct kd_error *err)
{
	_cleanup_(kd_freep) void *from = NULL, *to = NULL;
	size_t room;
	int r;

	if (size < sizeof(struct fdt_header))
		return kd_fail_msg(err, -EBADMSG, "device tree: %zu bytes are none",
				   size);
	if (size > KD_FDT_MAX || extra > KD_FDT_MAX)
		return told(-FDT_ERR_NOSPACE, err);
	from = malloc(size);
	if (!from)
		return kd_fail(err, -ENOMEM, "device tree");
	memcpy(from, fdt, size);
	if (fdt_magic(from) == FDT_MAGIC && fdt_version(from) < OLDEST)
		return kd_fail_msg(err, -EBADMSG,
				   "device tree: version %u, older than %u",
				   fdt_version(from), OLDEST);
	r = fdt_check_full(from, size);
	if (r < 0)
		return told(r, err);
	room = MIN(fdt_totalsize(from) + extra, (size_t)KD_FDT_MAX);
	to = calloc(1, room);
	if (!to)
		return kd_fail(err, -ENOMEM, "device tree");
	r = fdt_open_into(from, to, (int)room);
	if (r < 0)
		return told(r, err);
	*ret = TAKE_PTR(to);
	return 0;
}

int kd_fdt_edit(const void *fdt, size_t size, const struct kd_fdt_edit *edit,
		uint8_t **ret, size_t *ret_size, struct kd_error *err)
{
	_cleanup_(kd_freep) void *copy = NULL;
	struct tree t = { 0 };
	int r;

	r = copy_with_room(fdt, size,
			   EXTRA + strlen(edit->cmdline) + edit->seed_size +
				   edit->n_usable * 2 * sizeof(uint64_t),
			   &copy, err);
	if (r < 0)
		return r;
	t.fdt = copy;
	r = find_chosen(&t, err);
	if (r == 0)
		r = make_over(&t, edit, err);
	if (r < 0)
		return r;
	r = fdt_pack(copy);
	if (r < 0)
		return told(r, err);
	*ret_size = fdt_totalsize(copy);
	*ret = TAKE_PTR(copy);
	return 0;
}
