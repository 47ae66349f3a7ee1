/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loops of rules over red-black trees (include/linux/rbtree_types.h): see evaluate.h.
 * Trusts nothing in the dump: a tree deeper than a balanced one of all memory, or with
 * more nodes than the limit, is corrupt.
 */
#include <inttypes.h>
#include <string.h>

#include "makedumpfile/erase/evaluate.h"
#include "makedumpfile/layout/kernel-list.h"

/* twice the binary logarithm of the nodes at most, and one level on each side */
#define MAX_HEIGHT 64

/** @left, @right: offsets in struct rb_node; @todo: subtrees not visited yet */
struct tree {
	const struct kd_loop *loop;
	uint64_t left, right;
	uint32_t visited;
	size_t n;
	kd_vaddr_t todo[MAX_HEIGHT];
};

static int push(struct tree *t, kd_vaddr_t at)
{
	uint64_t node;
	int r;

	r = kd_xlat_read(kd_kernel_view_xlat(t->loop->scope->view), at, &node,
			 sizeof(node));
	if (r < 0)
		return kd_scope_fail(t->loop->scope, r,
				     "the tree breaks off after %u nodes: %s", t->visited,
				     strerror(-r));
	if (!node)
		return 0;
	if (t->n == MAX_HEIGHT || t->visited == KD_LIST_MAX)
		return kd_scope_fail(t->loop->scope, -EBADMSG,
				     "the tree makes no sense after %u nodes",
				     t->visited);
	t->todo[t->n++] = node;
	return 0;
}

static int find_links(struct tree *t, const struct kd_value *root)
{
	struct kd_type node, link;
	int r;

	r = kd_types_named(root->types, "struct rb_node", &node);
	if (r == 0)
		r = kd_types_path(root->types, &node, "rb_left", &t->left, &link);
	if (r == 0)
		r = kd_types_path(root->types, &node, "rb_right", &t->right, &link);
	return r < 0 ? kd_scope_fail(t->loop->scope, r, "struct rb_node is not known")
		     : 0;
}

int kd_loop_tree(const struct kd_loop *l, const struct kd_value *root,
		 const struct kd_value *container, uint64_t offset)
{
	struct kd_value at = *root, element = *container;
	struct tree t = { .loop = l };
	struct kd_value top;
	int r = 1;

	if (kd_value_is_pointer(root))
		r = kd_value_follow(l->scope, root, &at);
	if (r > 0 && at.type.name && strcmp(at.type.name, "rb_root_cached") == 0)
		r = kd_value_member(l->scope, &at, "rb_root", &at);
	if (r > 0)
		r = kd_value_member(l->scope, &at, "rb_node", &top);
	if (r <= 0)
		return r;
	r = find_links(&t, root);
	if (r == 0)
		r = push(&t, top.at);
	while (r == 0 && t.n) {
		kd_vaddr_t node = t.todo[--t.n];

		t.visited++;
		element.at = node - offset;
		r = l->each(l->context, &element);
		if (r == 0)
			r = push(&t, node + t.left);
		if (r == 0)
			r = push(&t, node + t.right);
	}
	return r;
}
