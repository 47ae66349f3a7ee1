/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of rules to symbols and types: see scope.h. Trusts nothing in the dump, and takes
 * what cannot be looked for as an error, not as absent. Called by evaluate.c and loop.c.
 */
#include "makedumpfile/erase/scope.h"

#include <stdarg.h>
#include <string.h>

#define SPELLING_SIZE 160

int kd_scope_fail(const struct kd_scope *s, int code, const char *fmt, ...)
{
	char text[KD_ERROR_SIZE];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* what a layer below said is put behind, not thrown away */
	if (s->err && s->err->code)
		return kd_fail(s->err, code, "%s:%u: %s", s->file, s->line, text);
	return kd_fail_msg(s->err, code, "%s:%u: %s", s->file, s->line, text);
}

const struct kd_variable *kd_scope_variable(const struct kd_scope *s, const char *name)
{
	for (const struct kd_variable *v = s->variables; v; v = v->next)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static const struct kd_known_name *find_known(const struct kd_scope *s, const char *name,
					      bool type)
{
	for (size_t i = 0; i < MIN(s->known->n, (size_t)KD_KNOWN_NAMES); i++) {
		const struct kd_known_name *k = &s->known->names[i];

		if (k->type == type && k->module == s->module &&
		    strcmp(k->name, name) == 0)
			return k;
	}
	return NULL;
}

/* The oldest goes when there are too many: rules have a handful of names. */
static void remember(const struct kd_scope *s, const char *name, bool type, int result,
		     const struct kd_value *v)
{
	struct kd_known_name *k = &s->known->names[s->known->n % KD_KNOWN_NAMES];

	if (strlen(name) >= sizeof(k->name) || (result < 0 && result != -ENODATA))
		return;
	*k = (struct kd_known_name) {
		.module = s->module, .type = type, .result = result, .value = *v
	};
	memcpy(k->name, name, strlen(name) + 1);
	s->known->n++;
}

/*
 * Until 6.14 on x86_64 the address of a per-CPU variable is an offset, and elsewhere that
 * of its initial value: neither is the variable.
 */
static bool is_percpu(const struct kd_scope *s, kd_vaddr_t at)
{
	kd_vaddr_t start, end;

	return kd_kernel_view_symbol(s->view, "__per_cpu_start", &start) >= 0 &&
	       kd_kernel_view_symbol(s->view, "__per_cpu_end", &end) >= 0 &&
	       at >= start && at < end;
}

static int symbol_in(const struct kd_scope *s, struct kd_module *m, const char *name,
		     struct kd_value *ret)
{
	const struct kd_types *types = kd_kernel_view_types(s->view);
	int r;

	r = m ? kd_module_symbol(s->view, m, name, &ret->at)
	      : kd_kernel_view_symbol(s->view, name, &ret->at);
	if (r == -ENODATA || r == -EINVAL)
		return -ENODATA;
	if (r < 0)
		return kd_scope_fail(s, r, "the symbols of %s cannot be read: %s",
				     m ? m->name : "the kernel", strerror(-r));
	if (r > 0)
		return kd_scope_fail(s, -ENOTUNIQ, "there are %d symbols '%s'", r + 1,
				     name);
	if (!m && is_percpu(s, ret->at))
		return kd_scope_fail(s, -ENOTSUP, "'%s' is a per-CPU variable", name);
	if (m && kd_module_types(s->view, m, &types, NULL) < 0)
		types = kd_kernel_view_types(s->view);
	ret->types = types;
	ret->typed = kd_types_variable(types, name, &ret->type) == 0;
	return 0;
}

static int look_up_symbol(const struct kd_scope *s, const char *name,
			  struct kd_value *ret)
{
	struct kd_module *modules;
	size_t n = 0;
	int r = -ENODATA;

	if (s->module)
		r = symbol_in(s, s->module, name, ret);
	if (r == -ENODATA)
		r = symbol_in(s, NULL, name, ret);
	if (r != -ENODATA)
		return r;
	/* a symbol that cannot be looked for is not one that is not there */
	r = kd_kernel_view_modules(s->view, &modules, &n, NULL);
	if (r < 0)
		return kd_scope_fail(s, -EIO, "modules cannot be read: %s", strerror(-r));
	r = -ENODATA;
	for (size_t i = 0; i < n && r == -ENODATA; i++)
		r = symbol_in(s, &modules[i], name, ret);
	return r;
}

/* Types of a module contain the kernel's, by BTF's own rules. */
static int type_in(const struct kd_scope *s, struct kd_module *m, const char *spelling,
		   const struct kd_types **ret_types, struct kd_type *ret)
{
	const struct kd_types *types = kd_kernel_view_types(s->view);
	struct kd_type type;
	int r;

	if (m && kd_module_types(s->view, m, &types, NULL) < 0)
		return -ENODATA;
	r = kd_types_named(types, spelling, &type);
	if (r < 0)
		return r;
	if ((type.kind == KD_TYPE_STRUCT || type.kind == KD_TYPE_UNION) && !type.size)
		return -ENODATA;
	*ret_types = types;
	*ret = type;
	return 0;
}

static int look_up_type(const struct kd_scope *s, const char *spelling,
			const struct kd_types **ret_types, struct kd_type *ret)
{
	struct kd_module *modules;
	size_t n = 0;
	int r = -ENODATA;

	if (s->module)
		r = type_in(s, s->module, spelling, ret_types, ret);
	if (r < 0)
		r = type_in(s, NULL, spelling, ret_types, ret);
	if (r < 0 && kd_kernel_view_modules(s->view, &modules, &n, NULL) < 0)
		n = 0;
	for (size_t i = 0; i < n && r < 0; i++)
		r = type_in(s, &modules[i], spelling, ret_types, ret);
	return r < 0 ? -ENODATA : 0;
}

/* What a name was found to be, or not to be, the first time. */
static int look_up(const struct kd_scope *s, const char *name, bool type,
		   struct kd_value *ret)
{
	const struct kd_known_name *known = find_known(s, name, type);
	struct kd_value v = { 0 };
	int r;

	if (known) {
		v = known->value;
		r = known->result;
	} else {
		r = type ? look_up_type(s, name, &v.types, &v.type)
			 : look_up_symbol(s, name, &v);
		remember(s, name, type, r, &v);
	}
	if (r == 0)
		*ret = v;
	return r;
}

int kd_scope_symbol(const struct kd_scope *s, const char *name, struct kd_value *ret)
{
	return look_up(s, name, /* type= */ false, ret);
}

int kd_scope_type(const struct kd_scope *s, const char *spelling,
		  const struct kd_types **ret_types, struct kd_type *ret)
{
	struct kd_value v = { 0 };
	int r = look_up(s, spelling, /* type= */ true, &v);

	if (r < 0)
		return r;
	*ret_types = v.types;
	*ret = v.type;
	return 0;
}

void kd_scope_complete(const struct kd_scope *s, struct kd_value *v)
{
	char spelling[SPELLING_SIZE];
	int n;

	if (v->type.size || v->type.count || !v->type.name || !*v->type.name ||
	    (v->type.kind != KD_TYPE_STRUCT && v->type.kind != KD_TYPE_UNION))
		return;
	n = snprintf(spelling, sizeof(spelling), "%s %s",
		     v->type.kind == KD_TYPE_STRUCT ? "struct" : "union", v->type.name);
	if (n > 0 && (size_t)n < sizeof(spelling))
		(void)kd_scope_type(s, spelling, &v->types, &v->type);
}
