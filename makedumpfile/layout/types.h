/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of a kernel's types, whoever knows it: BTF out of the dump
 * (types-btf.c) or DWARF of a vmlinux (types-dwarf.c). One struct kd_types is one
 * kernel image or one module. Trusts its implementations to bound what they read; a
 * path is followed here, within limits. Called by erase/; host side only.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

struct kd_types;

/** Names one type inside of one struct kd_types; 0 is void. BTF: the type's number;
 *  DWARF: the entry's offset. */
typedef uint64_t kd_type_id;

enum kd_type_kind {
	KD_TYPE_VOID,
	KD_TYPE_INT, /* characters and booleans too */
	KD_TYPE_ENUM,
	KD_TYPE_FLOAT,
	KD_TYPE_POINTER,
	KD_TYPE_ARRAY,
	KD_TYPE_STRUCT,
	KD_TYPE_UNION,
	KD_TYPE_FUNCTION,
	KD_TYPE_TYPEDEF, /* asked for in kd_types_find() alone, never an answer */
};

/**
 * One type, typedefs and qualifiers stripped.
 *
 * @id:     of what is left after stripping
 * @size:   bytes; 0 for void, functions and declarations without a body
 * @count:  ARRAY: elements, 0 for "[]"; STRUCT, UNION: members; else 0
 * @target: POINTER: what it points to; ARRAY: its elements. Arrays of arrays nest
 * @is_signed: INT and ENUM
 * @is_char: INT whose name is "char", of which strings are made
 * @name:    without "struct"; "" or NULL for one without. Borrowed from the types
 */
struct kd_type {
	kd_type_id id;
	enum kd_type_kind kind;
	uint64_t size;
	uint64_t count;
	kd_type_id target;
	bool is_signed;
	bool is_char;
	const char *name;
};

/**
 * One member of a struct or union.
 *
 * @name:       "" for an anonymous one; borrowed from the types
 * @bit_offset: from the start of the struct; a multiple of 8 but for bit fields
 * @bit_size:   of a bit field, else 0
 */
struct kd_type_member {
	const char *name;
	kd_type_id type;
	uint64_t bit_offset;
	unsigned int bit_size;
};

/**
 * What an implementation does. All return 0, -ENODATA for what is not known, -EBADMSG
 * for what makes no sense, -ENOMEM; outputs are set only on success.
 *
 * @find:       a type by its name, without "struct"; a definition is preferred to a
 *              declaration. @kind is INT, ENUM, STRUCT, UNION or TYPEDEF
 * @variable:   type of a global or static variable; of several, the first
 * @describe:   typedefs and qualifiers stripped; any @id an answer contained
 * @member:     the @i-th member of the STRUCT or UNION @id, 0 <= i < its count
 * @enumerator: value of @name in any enum, or in the one called @type unless NULL
 */
struct kd_types_ops {
	int (*find)(const struct kd_types *t, enum kd_type_kind kind, const char *name,
		    kd_type_id *ret);
	int (*variable)(const struct kd_types *t, const char *name, kd_type_id *ret);
	int (*describe)(const struct kd_types *t, kd_type_id id, struct kd_type *ret);
	int (*member)(const struct kd_types *t, kd_type_id id, uint64_t i,
		      struct kd_type_member *ret);
	int (*enumerator)(const struct kd_types *t, const char *type, const char *name,
			  int64_t *ret);
	void (*free)(struct kd_types *t);
};

/** Embedded first in each implementation. @source: "BTF", "DWARF"; for messages. */
struct kd_types {
	const struct kd_types_ops *ops;
	const char *source;
};

static inline void kd_types_free(struct kd_types *t)
{
	if (t)
		t->ops->free(t);
}
KD_DEFINE_GUARD(struct kd_types, kd_types_free)

/** Returns as the implementation's describe(). */
int kd_types_describe(const struct kd_types *t, kd_type_id id, struct kd_type *ret);

/**
 * A type as C spells it: "struct key", "union u", "enum e", else a typedef or a base
 * type: "size_t", "unsigned long". No pointers, no arrays.
 * Returns 0, -ENODATA, -EBADMSG.
 */
int kd_types_named(const struct kd_types *t, const char *spelling, struct kd_type *ret);

/**
 * Where @name is in @in, a struct or union; anonymous members are looked into.
 * @ret: bit_offset counts from the start of @in
 * Returns 0; -ENODATA for no such member, also when @in has no members at all, -EBADMSG
 * when members nest deeper or are more than a kernel has.
 */
int kd_types_member(const struct kd_types *t, const struct kd_type *in, const char *name,
		    struct kd_type_member *ret);

/**
 * "rb.root.next" in @in: members of members, without following a pointer.
 *
 * @ret_offset: bytes from the start of @in
 * Returns 0, -ENODATA, -EBADMSG; -ENOTSUP for a bit field.
 */
int kd_types_path(const struct kd_types *t, const struct kd_type *in, const char *path,
		  uint64_t *ret_offset, struct kd_type *ret);

/** Value of @name in any enum, or in @type unless NULL. 0, -ENODATA. */
int kd_types_enumerator(const struct kd_types *t, const char *type, const char *name,
			int64_t *ret);

/** Type of a global variable. BTF knows it of per-CPU ones alone: -ENODATA. */
int kd_types_variable(const struct kd_types *t, const char *name, struct kd_type *ret);

/** More BTF than this is no kernel's. */
#define KD_TYPES_BTF_MAX (64U << 20)

/**
 * Types out of BTF.
 * @base: NULL for a kernel image; the kernel's own for a module (split BTF). It must be
 *        a kd_types of BTF, too, and outlive *ret
 * @data: copied
 * Errors: -EBADMSG when it is no BTF, -EINVAL when @base is not of BTF, -ENOMEM.
 */
int kd_types_from_btf(const void *data, size_t size, const struct kd_types *base,
		      struct kd_types **ret, struct kd_error *err);
