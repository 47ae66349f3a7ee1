/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loops of rules: arrays, chains, lists; trees are in tree.c. See evaluate.h. Trusts
 * nothing in the dump: every walk has a limit, and what cannot be read ends it with an
 * error, for what lies behind would stay in the dump.
 */
#include <inttypes.h>
#include <string.h>

#include "makedumpfile/erase/evaluate.h"
#include "makedumpfile/layout/kernel-list.h"

static bool is_struct(const struct kd_value *v, const char *name)
{
	return v->typed && !v->stars && v->type.kind == KD_TYPE_STRUCT && v->type.name &&
	       strcmp(v->type.name, name) == 0;
}

/* An element of an array; a NULL pointer in one of pointers is passed over. */
static int visit_element(const struct kd_loop *l, const struct kd_value *element)
{
	struct kd_value to;
	int r = 1;

	if (kd_value_is_pointer(element))
		r = kd_value_follow(l->scope, element, &to);
	return r <= 0 ? r : l->each(l->context, element);
}

static int visit_array(const struct kd_loop *l, struct kd_value element, uint64_t size,
		       uint64_t count)
{
	int r = 0;

	if (!size)
		return kd_scope_fail(l->scope, -EINVAL, "elements of unknown size");
	if (count > KD_LIST_MAX)
		return kd_scope_fail(l->scope, -E2BIG, "an array of %" PRIu64 " elements",
				     count);
	for (uint64_t i = 0; i < count && r == 0; i++) {
		r = visit_element(l, &element);
		element.at += size;
	}
	return r;
}

static int loop_array(const struct kd_loop *l, const struct kd_value *array)
{
	struct kd_value element = *array;
	int r = kd_types_describe(array->types, array->type.target, &element.type);

	if (r < 0)
		return kd_scope_fail(l->scope, r, "elements of the array");
	kd_scope_complete(l->scope, &element);
	return visit_array(l, element, element.type.size, array->type.count);
}

/* "count": of a pointer what it points to, of an array its beginning. */
static int loop_count(const struct kd_loop *l, const struct kd_value *over)
{
	struct kd_value element = *over, number;
	int64_t count = (int64_t)l->rule->size;
	int r = 1;

	if (l->rule->size_expr) {
		r = kd_evaluate(l->scope, l->rule->size_expr, &number);
		if (r > 0)
			r = kd_value_number(l->scope, &number, &count);
		if (r < 0)
			return r;
	}
	if (kd_value_is_pointer(over))
		r = kd_value_follow(l->scope, over, &element);
	else if (over->typed && over->type.kind == KD_TYPE_ARRAY)
		r = kd_types_describe(over->types, over->type.target, &element.type);
	else
		return kd_scope_fail(l->scope, -EINVAL, "'count' of no pointer or array");
	if (r < 0 || (r == 0 && kd_value_is_pointer(over)))
		return r;
	if (count < 0)
		return kd_scope_fail(l->scope, -EBADMSG, "a count of %" PRId64, count);
	kd_scope_complete(l->scope, &element);
	return visit_array(l, element,
			   element.stars ? sizeof(uint64_t) : element.type.size,
			   (uint64_t)count);
}

/* @offset: from a node to the start of the element */
static int walk(const struct kd_loop *l, struct kd_list *list, struct kd_value element,
		uint64_t offset)
{
	char text[KD_ERROR_SIZE];
	kd_vaddr_t node;
	int r;

	while ((r = kd_list_next(list, &node)) > 0) {
		element.at = node - offset;
		r = l->each(l->context, &element);
		if (r < 0)
			return r;
	}
	if (r == -ELOOP) {
		(void)snprintf(text, sizeof(text),
			       "%s:%u: the list runs in a circle after %u nodes; all of "
			       "them are erased",
			       l->scope->file, l->rule->line, list->visited);
		l->note(l->context, text);
		return 0;
	}
	if (r < 0)
		return kd_scope_fail(l->scope, r,
				     "the list breaks off after %u nodes: %s",
				     list->visited, strerror(-r));
	return 0;
}

static int loop_via(const struct kd_loop *l, const struct kd_value *over)
{
	const char *member = l->rule->member ? l->rule->member : "next";
	struct kd_value first = *over;
	struct kd_type next, target;
	struct kd_list list;
	uint64_t offset;
	int r = 1;

	if (kd_value_is_pointer(over))
		r = kd_value_follow(l->scope, over, &first);
	if (r <= 0)
		return r;
	if (!first.typed || first.stars || first.type.kind != KD_TYPE_STRUCT)
		return kd_scope_fail(l->scope, -EINVAL,
				     "no array, and no struct with a member '%s'",
				     member);
	r = kd_types_path(first.types, &first.type, member, &offset, &next);
	if (r == 0 && next.kind != KD_TYPE_POINTER)
		r = -EINVAL;
	if (r == 0)
		r = kd_types_describe(first.types, next.target, &target);
	if (r == 0 && target.id != first.type.id)
		r = -EINVAL;
	if (r < 0)
		return kd_scope_fail(l->scope, r, "'%s' is no pointer to struct %s",
				     member, first.type.name ? first.type.name : "");
	kd_list_chain(&list, kd_kernel_view_xlat(l->scope->view), first.at, offset);
	return walk(l, &list, first, /* offset= */ 0);
}

/* "head.next" and "head.prev" stand for the list at head, in that direction. */
static int find_head(const struct kd_loop *l, const struct kd_value *over,
		     kd_vaddr_t *ret, uint64_t *ret_next)
{
	const struct kd_expr *e = l->rule->expr;
	struct kd_value head = *over;
	int r = 1;

	*ret_next = 0;
	if (kd_value_is_pointer(over) && e->kind == KD_EXPR_MEMBER) {
		r = kd_evaluate(l->scope, e->of, &head);
		if (r > 0 && kd_value_is_pointer(&head))
			r = kd_value_follow(l->scope, &head, &head);
		if (r > 0 && is_struct(&head, "list_head")) {
			*ret = head.at;
			*ret_next = over->at - head.at;
			return 1;
		}
		head = *over;
	}
	if (r > 0 && kd_value_is_pointer(&head))
		r = kd_value_follow(l->scope, &head, &head);
	if (r <= 0)
		return r;
	if (!is_struct(&head, "list_head") && !is_struct(&head, "hlist_head"))
		return kd_scope_fail(l->scope, -EINVAL, "'within' of no list_head");
	*ret = head.at;
	return 1;
}

/* "within S:m": the type of the elements, and where in them the node is. */
static int find_container(const struct kd_loop *l, struct kd_value *ret, uint64_t *ret_at)
{
	struct kd_value element = { .typed = true };
	struct kd_type node;
	int r;

	r = kd_scope_type(l->scope, l->rule->type, &element.types, &element.type);
	if (r < 0)
		return kd_scope_fail(l->scope, r, "no type '%s' in the dump",
				     l->rule->type);
	r = kd_types_path(element.types, &element.type, l->rule->member, ret_at, &node);
	if (r < 0)
		return kd_scope_fail(l->scope, r, "%s has no member '%s'", l->rule->type,
				     l->rule->member);
	*ret = element;
	return 0;
}

static int loop_within(const struct kd_loop *l, const struct kd_value *over)
{
	const struct kd_xlat *x = kd_kernel_view_xlat(l->scope->view);
	struct kd_value element;
	uint64_t offset, next;
	struct kd_list list;
	kd_vaddr_t head = 0;
	int r;

	r = find_container(l, &element, &offset);
	if (r < 0)
		return r;
	r = find_head(l, over, &head, &next);
	if (r <= 0)
		return r;
	/* hlist_head.first and hlist_node.next are the first of their structures */
	r = kd_list_head(&list, x, head, next);
	if (r < 0)
		return kd_scope_fail(l->scope, r, "the head of the list cannot be read");
	return walk(l, &list, element, offset);
}

static int loop_tree(const struct kd_loop *l, const struct kd_value *over)
{
	struct kd_value element;
	uint64_t offset;
	int r = find_container(l, &element, &offset);

	return r < 0 ? r : kd_loop_tree(l, over, &element, offset);
}

int kd_loop_run(const struct kd_loop *l)
{
	struct kd_value over;
	int r = kd_evaluate(l->scope, l->rule->expr, &over);

	if (r <= 0)
		return r;
	if (!over.typed)
		return kd_scope_fail(l->scope, -ENODATA,
				     "%s does not tell the type of what is looped over; "
				     "write (struct s)symbol, or give -x",
				     over.types->source);
	switch (l->rule->loop) {
	case KD_LOOP_COUNT:
		return loop_count(l, &over);
	case KD_LOOP_WITHIN:
		return loop_within(l, &over);
	case KD_LOOP_TREE:
		return loop_tree(l, &over);
	case KD_LOOP_PLAIN:
	case KD_LOOP_VIA:
		break;
	}
	/* as in the original, 'via' behind an array means nothing */
	if (!over.stars && over.type.kind == KD_TYPE_ARRAY)
		return loop_array(l, &over);
	return loop_via(l, &over);
}
