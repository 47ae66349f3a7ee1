/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules of a dead kernel: the list, their symbols, their types; see kernel-view.h.
 * Offsets come from the kernel's own types. Trusts nothing in the dump: lists and tables
 * have limits.
 */
#include <elf.h>
#include <string.h>

#include "makedumpfile/layout/kernel-list.h"
#include "makedumpfile/layout/kernel-view-private.h"

#define MAX_MODULE_SYMBOLS (1U << 20)

/* Offset of "member.path" in a structure of the kernel image. */
static int offset_of(const struct kd_kernel_view *v, const char *structure,
		     const char *path, uint64_t *ret, struct kd_error *err)
{
	const struct kd_types *types = kd_kernel_view_types(v);
	struct kd_type type, member;
	int r;

	r = kd_types_named(types, structure, &type);
	if (r == 0)
		r = kd_types_path(types, &type, path, ret, &member);
	/* -ENODATA stands for what was asked for, not for the way to it */
	r = r == -ENODATA ? -ENOTSUP : r;
	return r < 0 ? kd_fail(err, r, "%s.%s", structure, path) : 0;
}

/* The list at symbol @head. */
static int start_list(const struct kd_kernel_view *v, const char *head,
		      struct kd_list *ret, struct kd_error *err)
{
	kd_vaddr_t at;
	int r;

	r = kd_kallsyms_find(v->symbols, head, &at);
	if (r < 0)
		return kd_fail_msg(err, -ENOTSUP, "no symbol '%s' in the dump", head);
	r = kd_list_head(ret, v->x, at, /* next_offset= */ 0);
	return r < 0 ? kd_fail(err, r, "list '%s'", head) : 0;
}

static int add_module(struct kd_kernel_view *v, kd_vaddr_t at, uint64_t name,
		      struct kd_error *err)
{
	struct kd_module m = { .address = at }, *modules;
	int r;

	if (v->n_modules == KD_MODULES_MAX)
		return kd_fail(err, -E2BIG, "modules");
	r = kd_xlat_read(v->x, at + name, m.name, sizeof(m.name) - 1);
	if (r < 0)
		return kd_fail(err, r, "module %zu", v->n_modules);
	modules = reallocarray(v->modules, v->n_modules + 1, sizeof(*modules));
	if (!modules)
		return kd_fail(err, -ENOMEM, "modules");
	v->modules = modules;
	v->modules[v->n_modules++] = m;
	return 0;
}

static int read_modules(struct kd_kernel_view *v, struct kd_error *err)
{
	uint64_t list, name;
	struct kd_list l;
	kd_vaddr_t node;
	int r;

	r = start_list(v, "modules", &l, err);
	if (r == 0)
		r = offset_of(v, "struct module", "list", &list, err);
	if (r == 0)
		r = offset_of(v, "struct module", "name", &name, err);
	if (r < 0)
		return r;
	while ((r = kd_list_next(&l, &node)) > 0) {
		r = add_module(v, node - list, name, err);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return kd_fail(err, r, "modules");
	v->has_modules = true;
	return 0;
}

/* modprobe(8) takes '-' for '_', and so do people */
static bool same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
			return false;
	return *a == *b;
}

int kd_kernel_view_modules(struct kd_kernel_view *v, struct kd_module **ret,
			   size_t *ret_n, struct kd_error *err)
{
	kd_vaddr_t at;
	int r = 0;

	/* a kernel without modules has no such function either, but one whose symbol table
	 * leaves variables out has (no CONFIG_KALLSYMS_ALL) */
	if (kd_kallsyms_find(v->symbols, "modules", &at) < 0 &&
	    kd_kallsyms_find(v->symbols, "find_module", &at) < 0)
		v->has_modules = true;
	if (!v->has_modules) {
		free(v->modules);
		v->modules = NULL;
		v->n_modules = 0;
		r = read_modules(v, err);
	}
	if (r < 0)
		return r;
	*ret = v->modules;
	*ret_n = v->n_modules;
	return 0;
}

int kd_kernel_view_module(struct kd_kernel_view *v, const char *name,
			  struct kd_module **ret, struct kd_error *err)
{
	struct kd_module *modules;
	size_t n;
	int r;

	r = kd_kernel_view_modules(v, &modules, &n, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		if (!same_name(modules[i].name, name))
			continue;
		*ret = &modules[i];
		return 0;
	}
	return -ENODATA;
}

/* struct mod_kallsyms (include/linux/module.h) */
struct symbol_table {
	kd_vaddr_t symbols;
	kd_vaddr_t strings;
	uint32_t count;
};

static int find_table(const struct kd_kernel_view *v, const struct kd_module *m,
		      struct symbol_table *ret)
{
	uint64_t symtab, num, strtab;
	int r;

	r = offset_of(v, "struct module", "core_kallsyms.symtab", &symtab, NULL);
	if (r == 0)
		r = offset_of(v, "struct module", "core_kallsyms.num_symtab", &num, NULL);
	if (r == 0)
		r = offset_of(v, "struct module", "core_kallsyms.strtab", &strtab, NULL);
	if (r == 0)
		r = kd_xlat_read(v->x, m->address + symtab, &ret->symbols,
				 sizeof(ret->symbols));
	if (r == 0)
		r = kd_xlat_read(v->x, m->address + num, &ret->count, sizeof(ret->count));
	if (r == 0)
		r = kd_xlat_read(v->x, m->address + strtab, &ret->strings,
				 sizeof(ret->strings));
	if (r == 0 && ret->count > MAX_MODULE_SYMBOLS)
		r = -EBADMSG;
	return r;
}

/* Whether the string at @at is @name, its NUL included. */
static bool string_is(const struct kd_xlat *x, kd_vaddr_t at, const char *name)
{
	char text[KD_KSYM_NAME_SIZE];
	size_t n = strlen(name) + 1;

	return n <= sizeof(text) && kd_xlat_read(x, at, text, n) == 0 &&
	       memcmp(text, name, n) == 0;
}

int kd_module_symbol(const struct kd_kernel_view *v, const struct kd_module *m,
		     const char *name, kd_vaddr_t *ret)
{
	struct symbol_table t;
	kd_vaddr_t first = 0;
	int found = 0, r;

	r = find_table(v, m, &t);
	for (uint32_t i = 1; r == 0 && i < t.count; i++) {
		Elf64_Sym s;

		r = kd_xlat_read(v->x, t.symbols + i * sizeof(s), &s, sizeof(s));
		if (r < 0 || s.st_shndx == SHN_UNDEF ||
		    !string_is(v->x, t.strings + s.st_name, name))
			continue;
		if (!found)
			first = s.st_value;
		found += !found || s.st_value != first;
	}
	if (r < 0)
		return r;
	if (!found)
		return -ENODATA;
	*ret = first;
	return found - 1;
}

/* A node of btf_modules (struct btf_module, kernel/bpf/btf.c). */
struct node_layout {
	uint64_t list, module, btf, data, size;
};

static int read_node(struct kd_kernel_view *v, const struct node_layout *o,
		     kd_vaddr_t node, struct kd_module *m, struct kd_error *err)
{
	kd_vaddr_t module, btf, data;
	uint32_t size;
	int r;

	r = kd_xlat_read(v->x, node - o->list + o->module, &module, sizeof(module));
	if (r < 0 || module != m->address)
		return r;
	r = kd_xlat_read(v->x, node - o->list + o->btf, &btf, sizeof(btf));
	if (r == 0)
		r = kd_xlat_read(v->x, btf + o->data, &data, sizeof(data));
	if (r == 0)
		r = kd_xlat_read(v->x, btf + o->size, &size, sizeof(size));
	if (r == 0)
		r = kd_kernel_read_btf(v->x, data, size, v->btf, &m->types, err);
	return r < 0 ? r : 1;
}

static int find_types(struct kd_kernel_view *v, struct kd_module *m, struct kd_error *err)
{
	struct node_layout o;
	struct kd_list l;
	kd_vaddr_t node;
	int r;

	r = start_list(v, "btf_modules", &l, err);
	if (r == 0)
		r = offset_of(v, "struct btf_module", "list", &o.list, err);
	if (r == 0)
		r = offset_of(v, "struct btf_module", "module", &o.module, err);
	if (r == 0)
		r = offset_of(v, "struct btf_module", "btf", &o.btf, err);
	if (r == 0)
		r = offset_of(v, "struct btf", "data", &o.data, err);
	if (r == 0)
		r = offset_of(v, "struct btf", "data_size", &o.size, err);
	if (r < 0)
		return r;
	while ((r = kd_list_next(&l, &node)) > 0) {
		r = read_node(v, &o, node, m, err);
		if (r != 0)
			return r < 0 ? kd_fail(err, r, "BTF of module %s", m->name) : 0;
	}
	return r;
}

int kd_module_types(struct kd_kernel_view *v, struct kd_module *m,
		    const struct kd_types **ret, struct kd_error *err)
{
	int r;

	if (!m->types && !m->has_no_types && v->btf) {
		r = find_types(v, m, err);
		if (r < 0)
			return r;
		m->has_no_types = !m->types;
	}
	if (!m->types)
		return kd_fail_msg(err, -ENODATA, "module %s has no BTF", m->name);
	*ret = m->types;
	return 0;
}
