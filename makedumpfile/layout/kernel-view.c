/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dead kernel with names: see kernel-view.h. Puts kallsyms, BTF and DWARF together;
 * modules are kernel-modules.c. Trusts nothing in the dump: sizes are bounded before
 * anything is allocated.
 */
#include "makedumpfile/layout/kernel-view-private.h"

int kd_kernel_read_btf(const struct kd_xlat *x, kd_vaddr_t at, uint64_t size,
		       const struct kd_types *base, struct kd_types **ret,
		       struct kd_error *err)
{
	_cleanup_(kd_freep) void *data = NULL;
	int r;

	if (!size || size > KD_TYPES_BTF_MAX)
		return kd_fail(err, -EBADMSG, "BTF of %llu bytes",
			       (unsigned long long)size);
	data = malloc(size);
	if (!data)
		return kd_fail(err, -ENOMEM, "BTF");
	r = kd_xlat_read(x, at, data, size);
	if (r < 0)
		return kd_fail(err, r, "BTF");
	return kd_types_from_btf(data, size, base, ret, err);
}

/* Between these two symbols of the linker's (include/asm-generic/vmlinux.lds.h). */
static int read_kernel_btf(struct kd_kernel_view *v, struct kd_error *err)
{
	kd_vaddr_t start, stop;

	if (kd_kallsyms_find(v->symbols, "__start_BTF", &start) < 0 ||
	    kd_kallsyms_find(v->symbols, "__stop_BTF", &stop) < 0)
		return kd_fail_msg(err, -ENODATA,
				   "the dump has no BTF; give a vmlinux (-x)");
	return kd_kernel_read_btf(v->x, start, stop - start, /* base= */ NULL, &v->btf,
				  err);
}

int kd_kernel_view_new(const struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		       const struct kd_types *dwarf, struct kd_kernel_view **ret,
		       struct kd_error *err)
{
	_cleanup_(kd_kernel_view_freep) struct kd_kernel_view *v = NULL;
	int r;

	v = calloc(1, sizeof(*v));
	if (!v)
		return kd_fail(err, -ENOMEM, "symbols");
	v->x = x;
	v->dwarf = dwarf;
	r = kd_kallsyms_new(x, info, &v->symbols, err);
	if (r < 0)
		return r;
	r = read_kernel_btf(v, err);
	if (r < 0 && (!dwarf || r == -ENOMEM))
		return r;
	if (r < 0)
		kd_error_reset(err);
	*ret = TAKE_PTR(v);
	return 0;
}

void kd_kernel_view_free(struct kd_kernel_view *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->n_modules; i++)
		kd_types_free(v->modules[i].types);
	free(v->modules);
	kd_types_free(v->btf);
	kd_kallsyms_free(v->symbols);
	free(v);
}

const struct kd_xlat *kd_kernel_view_xlat(const struct kd_kernel_view *v)
{
	return v->x;
}

const struct kd_types *kd_kernel_view_types(const struct kd_kernel_view *v)
{
	return v->dwarf ? v->dwarf : v->btf;
}

int kd_kernel_view_symbol(const struct kd_kernel_view *v, const char *name,
			  kd_vaddr_t *ret)
{
	return kd_kallsyms_find(v->symbols, name, ret);
}
