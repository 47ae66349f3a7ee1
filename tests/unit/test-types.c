/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types out of BTF: members in anonymous ones, paths, modules over their kernel.
 */
#include <bpf/btf.h>

#include "makedumpfile/layout/types.h"
#include "tests/unit/test.h"

static void btf_freep(struct btf **btf)
{
	btf__free(*btf);
}

/* struct outer { long a; union { struct { char b[5]; }; struct inner *c; }; unsigned d:3,
 * e:8; state_t f; struct inner g; }; struct inner { u16 x, y; } */
static void add_types(struct btf *btf)
{
	int inner;

	btf__add_int(btf, "long", 8, BTF_INT_SIGNED); /* 1 */
	btf__add_int(btf, "char", 1, BTF_INT_SIGNED); /* 2 */
	btf__add_int(btf, "unsigned int", 4, 0);      /* 3 */
	btf__add_array(btf, 3, 2, 5);		      /* 4 */
	inner = btf__add_struct(btf, "inner", 4);     /* 5 */
	btf__add_field(btf, "x", 3, 0, 0);
	btf__add_field(btf, "y", 3, 16, 0);
	btf__add_ptr(btf, inner);      /* 6 */
	btf__add_struct(btf, NULL, 5); /* 7 */
	btf__add_field(btf, "b", 4, 0, 0);
	btf__add_union(btf, NULL, 8); /* 8 */
	btf__add_field(btf, NULL, 7, 0, 0);
	btf__add_field(btf, "c", 6, 0, 0);
	btf__add_enum(btf, "state", 4); /* 9 */
	btf__add_enum_value(btf, "STATE_ONE", 1);
	btf__add_enum_value(btf, "STATE_TWO", -2);
	btf__add_typedef(btf, "state_t", 9); /* 10 */
	btf__add_const(btf, 10);	     /* 11 */
	btf__add_struct(btf, "outer", 40);   /* 12 */
	btf__add_field(btf, "a", 1, 0, 0);
	btf__add_field(btf, NULL, 8, 64, 0);
	btf__add_field(btf, "d", 3, 128, 3);
	btf__add_field(btf, "e", 3, 136, 8);
	btf__add_field(btf, "f", 11, 160, 0);
	btf__add_field(btf, "g", inner, 192, 0);
	btf__add_fwd(btf, "hidden", BTF_FWD_STRUCT);		    /* 13 */
	btf__add_ptr(btf, 13);					    /* 14 */
	btf__add_var(btf, "counter", BTF_VAR_GLOBAL_ALLOCATED, 11); /* 15 */
}

static void start(struct test *t, struct btf **btf, struct kd_types **ret)
{
	const void *raw;
	uint32_t size;

	*btf = btf__new_empty();
	add_types(*btf);
	raw = btf__raw_data(*btf, &size);
	CHECK_INT(t, kd_types_from_btf(raw, size, NULL, ret, NULL), 0);
}

static void test_members(struct test *t)
{
	static const struct {
		const char *path;
		int result;
		uint64_t offset;
		enum kd_type_kind kind;
		uint64_t size;
	} cases[] = {
		{ "a", 0, 0, KD_TYPE_INT, 8 },
		{ "b", 0, 8, KD_TYPE_ARRAY, 5 },
		{ "c", 0, 8, KD_TYPE_POINTER, 8 },
		{ "f", 0, 20, KD_TYPE_ENUM, 4 },
		{ "g", 0, 24, KD_TYPE_STRUCT, 4 },
		{ "g.y", 0, 26, KD_TYPE_INT, 4 },
		{ "", 0, 0, KD_TYPE_STRUCT, 40 },
		{ "d", -ENOTSUP, 0, 0, 0 },
		{ "z", -ENODATA, 0, 0, 0 },
		{ "g.z", -ENODATA, 0, 0, 0 },
		/* a path follows no pointer */
		{ "c.x", -ENODATA, 0, 0, 0 },
		{ "a.b", -ENODATA, 0, 0, 0 },
		{ "g..x", -ENODATA, 0, 0, 0 },
	};
	_cleanup_(btf_freep) struct btf *btf = NULL;
	_cleanup_(kd_types_freep) struct kd_types *types = NULL;
	struct kd_type outer, got;
	uint64_t offset;

	start(t, &btf, &types);
	CHECK_INT(t, kd_types_named(types, "struct outer", &outer), 0);
	CHECK_STR(t, outer.name, "outer");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CHECK_INT(t, kd_types_path(types, &outer, cases[i].path, &offset, &got),
			  cases[i].result);
		if (cases[i].result)
			continue;
		CHECK_INT(t, offset, cases[i].offset);
		CHECK_INT(t, got.kind, cases[i].kind);
		CHECK_INT(t, got.size, cases[i].size);
	}
}

static void test_names(struct test *t)
{
	_cleanup_(btf_freep) struct btf *btf = NULL;
	_cleanup_(kd_types_freep) struct kd_types *types = NULL;
	struct kd_type got, target;
	int64_t v;

	start(t, &btf, &types);
	CHECK_INT(t, kd_types_named(types, "unsigned int", &got), 0);
	CHECK_INT(t, got.size, 4);
	CHECK(t, !got.is_signed && !got.is_char);
	CHECK_INT(t, kd_types_named(types, "char", &got), 0);
	CHECK(t, got.is_signed && got.is_char);
	CHECK_INT(t, kd_types_named(types, "state_t", &got), 0);
	CHECK_INT(t, got.kind, KD_TYPE_ENUM);
	CHECK_INT(t, kd_types_named(types, "enum state", &got), 0);
	CHECK_INT(t, kd_types_named(types, "union outer", &got), -ENODATA);
	CHECK_INT(t, kd_types_named(types, "outer", &got), -ENODATA);
	CHECK_INT(t, kd_types_variable(types, "counter", &got), 0);
	CHECK_INT(t, got.kind, KD_TYPE_ENUM);
	CHECK_INT(t, kd_types_variable(types, "outer", &got), -ENODATA);
	CHECK_INT(t, kd_types_enumerator(types, NULL, "STATE_TWO", &v), 0);
	CHECK_INT(t, v, -2);
	CHECK_INT(t, kd_types_enumerator(types, "state", "STATE_ONE", &v), 0);
	CHECK_INT(t, v, 1);
	CHECK_INT(t, kd_types_enumerator(types, "other", "STATE_ONE", &v), -ENODATA);
	CHECK_INT(t, kd_types_describe(types, 14, &got), 0);
	CHECK_INT(t, kd_types_describe(types, got.target, &target), 0);
	CHECK_INT(t, target.kind, KD_TYPE_STRUCT);
	CHECK_INT(t, target.size, 0);
	CHECK_INT(t, kd_types_describe(types, 0, &got), 0);
	CHECK_INT(t, got.kind, KD_TYPE_VOID);
	CHECK_INT(t, kd_types_describe(types, 1000, &got), -EBADMSG);
	CHECK_INT(t, kd_types_describe(types, UINT64_C(1) << 32, &got), -EBADMSG);
}

/* A module that has a struct of the same name as the kernel means its own. */
static void test_module(struct test *t)
{
	_cleanup_(btf_freep) struct btf *btf = NULL, *split = NULL;
	_cleanup_(kd_types_freep) struct kd_types *types = NULL, *module = NULL;
	struct kd_type got;
	const void *raw;
	uint32_t size;

	start(t, &btf, &types);
	split = btf__new_empty_split(btf);
	btf__add_struct(split, "inner", 100);
	btf__add_field(split, "own", 1, 0, 0);
	raw = btf__raw_data(split, &size);
	CHECK_INT(t, kd_types_from_btf(raw, size, types, &module, NULL), 0);
	if (!module)
		return;
	CHECK_INT(t, kd_types_named(module, "struct inner", &got), 0);
	CHECK_INT(t, got.size, 100);
	CHECK_INT(t, kd_types_named(module, "struct outer", &got), 0);
	CHECK_INT(t, got.size, 40);
	CHECK_INT(t, kd_types_named(types, "struct inner", &got), 0);
	CHECK_INT(t, got.size, 4);
}

static void test_damage(struct test *t)
{
	_cleanup_(btf_freep) struct btf *btf = NULL;
	_cleanup_(kd_types_freep) struct kd_types *types = NULL;
	struct kd_types *none = NULL;
	struct kd_error err = { 0 };
	const void *raw;
	uint32_t size;

	start(t, &btf, &types);
	raw = btf__raw_data(btf, &size);
	CHECK_INT(t, kd_types_from_btf(raw, size - 1, NULL, &none, &err), -EBADMSG);
	CHECK_INT(t, kd_types_from_btf(raw, 0, NULL, &none, &err), -EBADMSG);
	CHECK_INT(t, kd_types_from_btf("nothing", 7, NULL, &none, &err), -EBADMSG);
	CHECK_INT(t, kd_types_from_btf("nothing", 7, types, &none, &err), -EBADMSG);
	CHECK_INT(t, err.code, -EBADMSG);
	CHECK(t, !none);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "members and paths", test_members },
		{ "names", test_names },
		{ "a module over its kernel", test_module },
		{ "damage", test_damage },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
