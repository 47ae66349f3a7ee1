/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kallsyms out of a dump: see kallsyms.h. The table stays compressed: a look-up walks
 * all names token by token, which takes a millisecond and needs no index. Trusts nothing
 * in the table; what was checked when it was read is not checked again.
 */
#include "makedumpfile/layout/kallsyms.h"

#include <string.h>

#include "makedumpfile/layout/kallsyms-names.h"

/** @offsets: one a symbol; @place: address of the first, @base: kallsyms_relative_base */
struct kd_kallsyms {
	struct kd_ksym_names names;
	int32_t *offsets;
	kd_vaddr_t place;
	kd_vaddr_t base;
	enum kd_kallsyms_scheme scheme;
};

void kd_kallsyms_free(struct kd_kallsyms *k)
{
	if (!k)
		return;
	kd_ksym_names_done(&k->names);
	free(k->offsets);
	free(k);
}

static int find_part(const struct kd_vmcoreinfo *info, const char *name, kd_vaddr_t *ret,
		     struct kd_error *err)
{
	int r = kd_vmcoreinfo_symbol(info, name, ret);

	return r < 0 ? kd_fail(err, r, "VMCOREINFO: SYMBOL(%s)", name) : 0;
}

static kd_vaddr_t address(const struct kd_kallsyms *k, size_t i,
			  enum kd_kallsyms_scheme scheme)
{
	int64_t v = k->offsets[i];

	switch (scheme) {
	case KD_KALLSYMS_ABSOLUTE_PERCPU:
		return v >= 0 ? (kd_vaddr_t)v : k->base - 1 - (kd_vaddr_t)v;
	case KD_KALLSYMS_BASE_RELATIVE:
		return k->base + (uint32_t)v;
	case KD_KALLSYMS_PLACE_RELATIVE:
		return k->place + i * sizeof(*k->offsets) + (kd_vaddr_t)v;
	}
	return 0;
}

/* Nothing in the dump names the scheme: it is the one that is right about _stext. */
static int choose_scheme(struct kd_kallsyms *k, const struct kd_vmcoreinfo *info,
			 struct kd_error *err)
{
	bool has_base = kd_vmcoreinfo_symbol(info, "kallsyms_relative_base",
					     &(kd_vaddr_t) { 0 }) == 0;
	struct kd_ksym_walk w = { 0 };
	kd_vaddr_t stext;
	int r;

	r = find_part(info, "_stext", &stext, err);
	if (r < 0)
		return r;
	while (kd_ksym_names_next(&k->names, &w)) {
		if (!kd_ksym_names_equal(&k->names, &w, "_stext"))
			continue;
		for (int s = 0; s <= KD_KALLSYMS_PLACE_RELATIVE; s++) {
			enum kd_kallsyms_scheme scheme = (enum kd_kallsyms_scheme)s;

			if (has_base != (scheme != KD_KALLSYMS_PLACE_RELATIVE) ||
			    address(k, w.index, scheme) != stext)
				continue;
			k->scheme = scheme;
			return 0;
		}
	}
	return kd_fail_msg(err, -EBADMSG,
			   "kallsyms: the table does not agree with SYMBOL(_stext)");
}

static int read_base(struct kd_kallsyms *k, const struct kd_xlat *x,
		     const struct kd_vmcoreinfo *info, struct kd_error *err)
{
	kd_vaddr_t at;
	int r;

	if (kd_vmcoreinfo_symbol(info, "kallsyms_relative_base", &at) < 0)
		return 0;
	r = kd_xlat_read(x, at, &k->base, sizeof(k->base));
	return r < 0 ? kd_fail(err, r, "kallsyms_relative_base") : 0;
}

static int read_offsets(struct kd_kallsyms *k, const struct kd_xlat *x,
			const struct kd_vmcoreinfo *info, struct kd_error *err)
{
	int r = find_part(info, "kallsyms_offsets", &k->place, err);

	if (r < 0)
		return r;
	k->offsets = calloc(k->names.count, sizeof(*k->offsets));
	if (!k->offsets)
		return kd_fail(err, -ENOMEM, "kallsyms_offsets");
	r = kd_xlat_read(x, k->place, k->offsets, k->names.count * sizeof(*k->offsets));
	return r < 0 ? kd_fail(err, r, "kallsyms_offsets") : 0;
}

static int find_parts(const struct kd_vmcoreinfo *info, struct kd_ksym_places *ret,
		      struct kd_error *err)
{
	int r;

	r = find_part(info, "kallsyms_num_syms", &ret->num_syms, err);
	if (r == 0)
		r = find_part(info, "kallsyms_names", &ret->names, err);
	if (r == 0)
		r = find_part(info, "kallsyms_token_table", &ret->token_table, err);
	if (r == 0)
		r = find_part(info, "kallsyms_token_index", &ret->token_index, err);
	return r;
}

int kd_kallsyms_new(const struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		    struct kd_kallsyms **ret, struct kd_error *err)
{
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *k = NULL;
	struct kd_ksym_places places = { 0 };
	int r;

	r = find_parts(info, &places, err);
	if (r < 0)
		return r;
	k = calloc(1, sizeof(*k));
	if (!k)
		return kd_fail(err, -ENOMEM, "kallsyms");
	r = kd_ksym_names_read(&k->names, x, &places, err);
	if (r == 0)
		r = read_offsets(k, x, info, err);
	if (r == 0)
		r = read_base(k, x, info, err);
	if (r == 0)
		r = choose_scheme(k, info, err);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(k);
	return 0;
}

size_t kd_kallsyms_count(const struct kd_kallsyms *k)
{
	return k->names.count;
}

enum kd_kallsyms_scheme kd_kallsyms_scheme(const struct kd_kallsyms *k)
{
	return k->scheme;
}

int kd_kallsyms_find(const struct kd_kallsyms *k, const char *name, kd_vaddr_t *ret)
{
	struct kd_ksym_walk w = { 0 };
	kd_vaddr_t first = 0;
	int found = 0;

	if (!*name || strlen(name) >= KD_KSYM_NAME_SIZE)
		return -EINVAL;
	while (kd_ksym_names_next(&k->names, &w)) {
		kd_vaddr_t addr;

		if (!kd_ksym_names_equal(&k->names, &w, name))
			continue;
		addr = address(k, w.index, k->scheme);
		if (!found)
			first = addr;
		found += !found || addr != first;
	}
	if (!found)
		return -ENODATA;
	*ret = first;
	return found - 1;
}

#define STARTS 256U

static unsigned int slot_of(uint32_t start)
{
	return start * UINT32_C(0x9e3779b1) >> 24;
}

static uint32_t start_of(const char *name)
{
	uint32_t start = 0;

	for (size_t i = 0; i < sizeof(start) && name[i]; i++)
		start |= (uint32_t)(uint8_t)name[i] << 8 * i;
	return start;
}

void kd_kallsyms_find_each(const struct kd_kallsyms *k, const char *const *names,
			   size_t n, bool *found, kd_vaddr_t *ret)
{
	/* most symbols are none of those, and most of these begin with other letters */
	bool starts[STARTS] = { false };
	struct kd_ksym_walk w = { 0 };

	for (size_t i = 0; i < n; i++)
		starts[slot_of(start_of(names[i]))] = true;
	while (kd_ksym_names_next(&k->names, &w)) {
		if (!starts[slot_of(kd_ksym_names_start(&k->names, &w))])
			continue;
		for (size_t i = 0; i < n; i++) {
			if (found[i] || !kd_ksym_names_equal(&k->names, &w, names[i]))
				continue;
			ret[i] = address(k, w.index, k->scheme);
			found[i] = true;
		}
	}
}

int kd_kallsyms_at(const struct kd_kallsyms *k, kd_vaddr_t addr, char *name,
		   uint64_t *ret_offset)
{
	struct kd_ksym_walk w = { 0 }, best = { 0 };
	kd_vaddr_t best_addr = 0;
	bool found = false;

	while (kd_ksym_names_next(&k->names, &w)) {
		kd_vaddr_t a = address(k, w.index, k->scheme);

		if (a > addr || (found && a <= best_addr))
			continue;
		best = w;
		best_addr = a;
		found = true;
	}
	if (!found)
		return -ENODATA;
	(void)kd_ksym_names_expand(&k->names, &best, name);
	if (ret_offset)
		*ret_offset = addr - best_addr;
	return 0;
}

bool kd_kallsyms_next(const struct kd_kallsyms *k, struct kd_kallsyms_entry *e)
{
	struct kd_ksym_walk w = { .next_index = e->next, .next_at = e->next_name };

	if (!kd_ksym_names_next(&k->names, &w))
		return false;
	e->next = w.next_index;
	e->next_name = w.next_at;
	e->addr = address(k, w.index, k->scheme);
	e->type = kd_ksym_names_expand(&k->names, &w, e->name);
	return true;
}
