/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values in a dead kernel's memory: pointers followed, members found, numbers read; see
 * scope.h. Trusts nothing in the dump. Called by evaluate.c and loop.c.
 */
#include <inttypes.h>
#include <string.h>

#include "makedumpfile/erase/scope.h"

bool kd_value_is_pointer(const struct kd_value *v)
{
	return v->typed && (v->stars || v->type.kind == KD_TYPE_POINTER);
}

static int read_at(const struct kd_scope *s, kd_vaddr_t at, void *buf, size_t size)
{
	int r = kd_xlat_read(kd_kernel_view_xlat(s->view), at, buf, size);

	if (r == 0)
		return 0;
	return kd_scope_fail(s, r, "memory at 0x%" PRIx64 " cannot be read: %s", at,
			     strerror(-r));
}

int kd_value_follow(const struct kd_scope *s, const struct kd_value *v,
		    struct kd_value *ret)
{
	struct kd_value to = *v;
	uint64_t at;
	int r;

	r = read_at(s, v->at, &at, sizeof(at));
	if (r < 0)
		return r;
	if (!at)
		return 0;
	to.at = at;
	if (v->stars)
		to.stars--;
	else
		r = kd_types_describe(v->types, v->type.target, &to.type);
	if (r < 0)
		return kd_scope_fail(s, r, "a pointer to nothing that is known");
	kd_scope_complete(s, &to);
	*ret = to;
	return 1;
}

int kd_value_number(const struct kd_scope *s, const struct kd_value *v, int64_t *ret)
{
	bool number = v->typed &&
		      (v->type.kind == KD_TYPE_INT || v->type.kind == KD_TYPE_ENUM);
	uint64_t bits = 0;
	unsigned int shift;
	size_t size;
	int r;

	if (kd_value_is_pointer(v))
		size = sizeof(bits);
	else if (number && v->type.size && v->type.size <= sizeof(bits))
		size = v->type.size;
	else
		return kd_scope_fail(s, -EINVAL,
				     v->typed ? "not a number"
					      : "a number of unknown type");
	r = read_at(s, v->at, &bits, size);
	if (r < 0)
		return r;
	shift = (unsigned int)(sizeof(bits) - size) * 8;
	if (number && v->type.is_signed)
		*ret = (int64_t)(bits << shift) >> shift;
	else
		*ret = (int64_t)bits;
	return 0;
}

int kd_value_member(const struct kd_scope *s, const struct kd_value *v, const char *name,
		    struct kd_value *ret)
{
	struct kd_value in = *v;
	struct kd_type_member m;
	int r;

	if (!v->typed)
		return kd_scope_fail(s, -ENODATA,
				     "%s does not tell the type of what has '.%s'; write "
				     "((struct s)symbol).%s, or give -x",
				     v->types ? v->types->source : "the dump", name,
				     name);
	if (kd_value_is_pointer(v)) {
		r = kd_value_follow(s, v, &in);
		if (r <= 0)
			return r;
	}
	kd_scope_complete(s, &in);
	if (in.stars)
		return kd_scope_fail(s, -ENODATA, "a pointer has no member '%s'", name);
	r = kd_types_member(in.types, &in.type, name, &m);
	if (r < 0)
		return kd_scope_fail(s, r, "%s%s has no member '%s'",
				     in.type.kind == KD_TYPE_UNION ? "union " : "struct ",
				     in.type.name && *in.type.name ? in.type.name : "(…)",
				     name);
	if (m.bit_size || m.bit_offset % 8)
		return kd_scope_fail(s, -ENOTSUP, "'%s' is a bit field", name);
	in.at += m.bit_offset / 8;
	r = kd_types_describe(in.types, m.type, &in.type);
	if (r < 0)
		return kd_scope_fail(s, r, "member '%s'", name);
	kd_scope_complete(s, &in);
	*ret = in;
	return 1;
}
