/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug information as plain values: compilation units, and entries named by their
 * offset. Hides libdwarf, which only dwarf*.c include. Trusts the file no further than
 * libdwarf does: visits, names and nesting are bounded. Used by source-dwarf.c and
 * types-dwarf.c; never part of the capture image.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

struct kd_dwarf;

/** DW_TAG_*: what an entry is, as far as we care. */
enum kd_die_kind {
	KD_DIE_OTHER,
	KD_DIE_STRUCT,
	KD_DIE_UNION,
	KD_DIE_ENUM,
	KD_DIE_ENUMERATOR,
	KD_DIE_MEMBER,
	KD_DIE_TYPEDEF,
	KD_DIE_QUALIFIER, /* const, volatile, restrict, atomic */
	KD_DIE_ARRAY,
	KD_DIE_RANGE, /* one dimension of an array */
	KD_DIE_POINTER,
	KD_DIE_BASE,
	KD_DIE_FUNCTION, /* the type of one */
	KD_DIE_VARIABLE,
};

/** DW_AT_encoding of a base type. */
enum kd_die_encoding {
	KD_DIE_UNSIGNED,
	KD_DIE_SIGNED,
	KD_DIE_FLOAT,
};

/**
 * One entry. What it does not have is 0, which is never a valid offset.
 *
 * @offset:    its name for kd_dwarf_die(), kd_dwarf_children()
 * @name:      "" when it has none; borrowed, lives as long as the reader
 * @declared:  only declared here: size and members are elsewhere
 * @size:      bytes
 * @at:        members: where it begins in its structure, in bits
 * @bits:      members: width of a bit field, 0 for whole ones
 * @type:      offset of its type's entry
 * @origin:    variables: offset of the declaration that has name and type
 * @value:     enumerators
 * @length:    ranges: number of elements, 0 when open
 * @encoding:  base types: enum kd_die_encoding
 */
struct kd_die {
	enum kd_die_kind kind;
	uint64_t offset;
	const char *name;
	bool declared;
	uint64_t size;
	uint64_t at;
	uint64_t bits;
	uint64_t type;
	uint64_t origin;
	int64_t value;
	uint64_t length;
	enum kd_die_encoding encoding;
};

/** @return: false ends the walk. Top-level walks fill in kind, offset and name alone. */
typedef bool (*kd_die_visit)(void *context, const struct kd_die *entry);

/**
 * Open the debug information of an ELF file.
 *
 * @fd:  borrowed for the life of @ret
 * @ret: owned by the caller, kd_dwarf_free()
 * Errors: -ENODATA when the file has none, -EBADMSG, -ENOMEM.
 */
int kd_dwarf_new(int fd, struct kd_dwarf **ret, struct kd_error *err);
void kd_dwarf_free(struct kd_dwarf *d);
KD_DEFINE_GUARD(struct kd_dwarf, kd_dwarf_free)

/**
 * The top-level types and variables of the next compilation unit written in C.
 *
 * @kinds: bits 1 << enum kd_die_kind of those to visit
 * Returns 1, 0 behind the last unit, -EBADMSG when the units cannot be followed.
 */
int kd_dwarf_next_unit(struct kd_dwarf *d, unsigned int kinds, kd_die_visit visit,
		       void *context);

/** The entry at @offset. -EBADMSG when there is none. */
int kd_dwarf_die(struct kd_dwarf *d, uint64_t offset, struct kd_die *ret);

/** Visit the entries below @offset. 0, -EBADMSG. */
int kd_dwarf_children(struct kd_dwarf *d, uint64_t offset, kd_die_visit visit,
		      void *context);

/** The entry that @offset stands for behind typedefs and qualifiers. -EBADMSG. */
int kd_dwarf_resolve(struct kd_dwarf *d, uint64_t offset, struct kd_die *ret);

/** The element count of the first dimension of array @offset (behind typedefs), and
 *  the type of its elements. -ENODATA when it is no array of known length. */
int kd_dwarf_array(struct kd_dwarf *d, uint64_t offset, uint64_t *ret_length,
		   uint64_t *ret_type);

/**
 * Member @name of structure or union @offset, through unnamed inner ones.
 *
 * @ret: its entry, with @at counted from the beginning of the outermost
 * Errors: -ENODATA when there is none, -EBADMSG.
 */
int kd_dwarf_member(struct kd_dwarf *d, uint64_t offset, const char *name,
		    struct kd_die *ret);
