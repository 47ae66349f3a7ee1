/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expressions of rules over a dead kernel's memory: see evaluate.h. Trusts the parser
 * for their depth and nothing in the dump.
 */
#include "makedumpfile/erase/evaluate.h"

static int evaluate_name(const struct kd_scope *s, const char *name, struct kd_value *ret)
{
	const struct kd_variable *v = kd_scope_variable(s, name);
	int r;

	if (v) {
		*ret = v->value;
		return !v->null;
	}
	r = kd_scope_symbol(s, name, ret);
	if (r == -ENODATA && !(s->err && s->err->code))
		return kd_scope_fail(s, r, "no symbol '%s' in the dump", name);
	return r < 0 ? r : 1;
}

static int evaluate_cast(const struct kd_scope *s, const struct kd_expr *e,
			 struct kd_value *ret)
{
	struct kd_value v;
	int r = kd_evaluate(s, e->of, &v);

	if (r <= 0)
		return r;
	r = kd_scope_type(s, e->name, &v.types, &v.type);
	if (r < 0)
		return kd_scope_fail(s, r, "no type '%s' in the dump", e->name);
	v.stars = e->stars;
	v.typed = true;
	*ret = v;
	return 1;
}

/* "(struct s:m)pointer" and "(struct s:m)member" alike: what is at hand is the member. */
static int evaluate_container(const struct kd_scope *s, const struct kd_expr *e,
			      struct kd_value *ret)
{
	struct kd_value v;
	struct kd_type member;
	uint64_t offset;
	int r = kd_evaluate(s, e->of, &v);

	if (r > 0 && kd_value_is_pointer(&v))
		r = kd_value_follow(s, &v, &v);
	if (r <= 0)
		return r;
	r = kd_scope_type(s, e->name, &v.types, &v.type);
	if (r < 0)
		return kd_scope_fail(s, r, "no type '%s' in the dump", e->name);
	r = kd_types_path(v.types, &v.type, e->member, &offset, &member);
	if (r < 0)
		return kd_scope_fail(s, r, "%s has no member '%s'", e->name, e->member);
	v.at -= offset;
	v.stars = 0;
	v.typed = true;
	*ret = v;
	return 1;
}

int kd_evaluate(const struct kd_scope *s, const struct kd_expr *e, struct kd_value *ret)
{
	struct kd_value of;
	int r;

	switch (e->kind) {
	case KD_EXPR_NAME:
		return evaluate_name(s, e->name, ret);
	case KD_EXPR_CAST:
		return evaluate_cast(s, e, ret);
	case KD_EXPR_CONTAINER:
		return evaluate_container(s, e, ret);
	case KD_EXPR_MEMBER:
		r = kd_evaluate(s, e->of, &of);
		return r <= 0 ? r : kd_value_member(s, &of, e->name, ret);
	}
	return -EINVAL;
}

int kd_evaluate_operand(const struct kd_scope *s, const struct kd_operand *o,
			int64_t *ret)
{
	struct kd_value v;
	int r;

	if (!o->expr) {
		*ret = o->number;
		return 1;
	}
	/* "KEY_IS_POSITIVE": where no variable has the name, an enumerator may */
	if (o->expr->kind == KD_EXPR_NAME && !o->address &&
	    !kd_scope_variable(s, o->expr->name) &&
	    kd_types_enumerator(kd_kernel_view_types(s->view), NULL, o->expr->name,
				ret) == 0)
		return 1;
	r = kd_evaluate(s, o->expr, &v);
	if (r <= 0)
		return r;
	if (o->address) {
		*ret = (int64_t)v.at;
		return 1;
	}
	r = kd_value_number(s, &v, ret);
	return r < 0 ? r : 1;
}

int kd_evaluate_exists(const struct kd_scope *s, const struct kd_rule *rule)
{
	const struct kd_types *types;
	struct kd_type type, member;
	struct kd_value v;
	uint64_t offset;
	int r;

	if (!rule->type) {
		r = kd_scope_symbol(s, rule->name, &v);
		return r == 0 ? 1 : r == -ENODATA ? 0 : r;
	}
	r = kd_scope_type(s, rule->type, &types, &type);
	if (r == 0 && rule->member)
		r = kd_types_path(types, &type, rule->member, &offset, &member);
	return r == 0 ? 1 : r == -ENODATA ? 0 : kd_scope_fail(s, r, "%s", rule->type);
}
