/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libdwarf's units and entries as plain values: see dwarf-reader.h. Every error of the library
 * is taken for a damaged file; loops are bounded, since references may go anywhere.
 * Called by source-dwarf.c and types-dwarf.c.
 */
#include "makedumpfile/layout/dwarf-reader.h"

#include <dwarf.h>
#include <string.h>

#include "makedumpfile/layout/dwarf-library.h"

/* Most entries below one other: the largest kernel unit has some ten thousands. */
#define MAX_CHILDREN 1000000

struct kd_dwarf {
	Dwarf_Debug debug;
};

/* A guard for what the library hands out: it frees the rest in kd_libdwarf_close(),
 * but a walk over a kernel would pile up gigabytes until then. */
static void die_freep(Dwarf_Die *die)
{
	if (*die)
		dwarf_dealloc_die(*die);
}

static void attribute_freep(Dwarf_Attribute *a)
{
	if (*a)
		dwarf_dealloc_attribute(*a);
}

/* Whether @r is DW_DLV_OK; frees the error where it is one. */
static bool succeeded(struct kd_dwarf *d, int r, Dwarf_Error error)
{
	if (r == DW_DLV_ERROR)
		dwarf_dealloc_error(d->debug, error);
	return r == DW_DLV_OK;
}

int kd_dwarf_new(int fd, struct kd_dwarf **ret, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_dwarf *d = malloc(sizeof(*d));
	int r;

	if (!d)
		return kd_fail(err, -ENOMEM, "DWARF");
	*d = (struct kd_dwarf) { 0 };
	r = kd_libdwarf_open(fd, &d->debug);
	if (r == DW_DLV_NO_ENTRY)
		return kd_fail_msg(err, -ENODATA, "no DWARF debug information");
	if (r != DW_DLV_OK)
		return kd_fail_msg(err, -EBADMSG, "DWARF debug information is damaged");
	*ret = TAKE_PTR(d);
	return 0;
}

void kd_dwarf_free(struct kd_dwarf *d)
{
	if (!d)
		return;
	kd_libdwarf_close(d->debug);
	free(d);
}

static enum kd_die_kind kind_of(Dwarf_Half tag)
{
	switch (tag) {
	case DW_TAG_structure_type:
		return KD_DIE_STRUCT;
	case DW_TAG_union_type:
		return KD_DIE_UNION;
	case DW_TAG_enumeration_type:
		return KD_DIE_ENUM;
	case DW_TAG_enumerator:
		return KD_DIE_ENUMERATOR;
	case DW_TAG_member:
		return KD_DIE_MEMBER;
	case DW_TAG_typedef:
		return KD_DIE_TYPEDEF;
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		return KD_DIE_QUALIFIER;
	case DW_TAG_array_type:
		return KD_DIE_ARRAY;
	case DW_TAG_subrange_type:
		return KD_DIE_RANGE;
	case DW_TAG_pointer_type:
		return KD_DIE_POINTER;
	case DW_TAG_base_type:
		return KD_DIE_BASE;
	case DW_TAG_subroutine_type:
		return KD_DIE_FUNCTION;
	case DW_TAG_variable:
		return KD_DIE_VARIABLE;
	default:
		return KD_DIE_OTHER;
	}
}

static bool attribute(struct kd_dwarf *d, Dwarf_Die die, Dwarf_Half which,
		      Dwarf_Attribute *ret)
{
	Dwarf_Error error = NULL;

	return succeeded(d, dwarf_attr(die, which, ret, &error), error);
}

/* A constant: unsigned forms, signed ones, and those that do not say (data1 …). */
static bool number(struct kd_dwarf *d, Dwarf_Die die, Dwarf_Half which, int64_t *ret)
{
	_cleanup_(attribute_freep) Dwarf_Attribute a = NULL;
	Dwarf_Error error = NULL;
	Dwarf_Unsigned u;
	Dwarf_Signed s;
	Dwarf_Half form;

	if (!attribute(d, die, which, &a) ||
	    !succeeded(d, dwarf_whatform(a, &form, &error), error))
		return false;
	error = NULL;
	if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
		if (!succeeded(d, dwarf_formsdata(a, &s, &error), error))
			return false;
		*ret = (int64_t)s;
		return true;
	}
	if (!succeeded(d, dwarf_formudata(a, &u, &error), error))
		return false;
	*ret = (int64_t)u;
	return true;
}

static uint64_t unsigned_or_0(struct kd_dwarf *d, Dwarf_Die die, Dwarf_Half which)
{
	int64_t v;

	return number(d, die, which, &v) && v > 0 ? (uint64_t)v : 0;
}

static uint64_t reference(struct kd_dwarf *d, Dwarf_Die die, Dwarf_Half which)
{
	_cleanup_(attribute_freep) Dwarf_Attribute a = NULL;
	Dwarf_Error error = NULL;
	Dwarf_Off offset;

	if (!attribute(d, die, which, &a) ||
	    !succeeded(d, dwarf_global_formref(a, &offset, &error), error))
		return 0;
	return offset;
}

static const char *name_of(struct kd_dwarf *d, Dwarf_Die die)
{
	Dwarf_Error error = NULL;
	char *name;

	return succeeded(d, dwarf_diename(die, &name, &error), error) ? name : "";
}

/* In bits. Overflow leads to an offset that makes no sense, which callers check. */
static uint64_t member_place(struct kd_dwarf *d, Dwarf_Die die)
{
	return unsigned_or_0(d, die, DW_AT_data_member_location) * 8 +
	       unsigned_or_0(d, die, DW_AT_data_bit_offset);
}

static uint64_t range_length(struct kd_dwarf *d, Dwarf_Die die)
{
	int64_t v;

	if (number(d, die, DW_AT_count, &v))
		return v > 0 ? (uint64_t)v : 0;
	/* the highest index: of an empty array it is -1, or absent */
	if (!number(d, die, DW_AT_upper_bound, &v) || v < 0 || v >= INT64_MAX)
		return 0;
	return (uint64_t)v + 1;
}

static enum kd_die_encoding encoding_of(struct kd_dwarf *d, Dwarf_Die die)
{
	switch (unsigned_or_0(d, die, DW_AT_encoding)) {
	case DW_ATE_signed:
	case DW_ATE_signed_char:
		return KD_DIE_SIGNED;
	case DW_ATE_float:
		return KD_DIE_FLOAT;
	default:
		return KD_DIE_UNSIGNED;
	}
}

/* What every walk needs. Returns false for an entry that cannot be read. */
static bool identify(struct kd_dwarf *d, Dwarf_Die die, struct kd_die *ret)
{
	Dwarf_Error error = NULL;
	Dwarf_Off offset;
	Dwarf_Half tag;

	if (!succeeded(d, dwarf_tag(die, &tag, &error), error))
		return false;
	error = NULL;
	if (!succeeded(d, dwarf_dieoffset(die, &offset, &error), error))
		return false;
	*ret = (struct kd_die) { .kind = kind_of(tag), .offset = offset, .name = "" };
	return true;
}

static bool describe(struct kd_dwarf *d, Dwarf_Die die, struct kd_die *ret)
{
	Dwarf_Error error = NULL;
	Dwarf_Bool declared = false;

	if (!identify(d, die, ret))
		return false;
	ret->name = name_of(d, die);
	ret->type = reference(d, die, DW_AT_type);
	ret->origin = reference(d, die, DW_AT_specification);
	ret->size = unsigned_or_0(d, die, DW_AT_byte_size);
	if (succeeded(d, dwarf_hasattr(die, DW_AT_declaration, &declared, &error), error))
		ret->declared = declared;
	if (ret->kind == KD_DIE_MEMBER) {
		ret->at = member_place(d, die);
		ret->bits = unsigned_or_0(d, die, DW_AT_bit_size);
	} else if (ret->kind == KD_DIE_ENUMERATOR) {
		if (!number(d, die, DW_AT_const_value, &ret->value))
			return false;
	} else if (ret->kind == KD_DIE_RANGE) {
		ret->length = range_length(d, die);
	} else if (ret->kind == KD_DIE_BASE) {
		ret->encoding = encoding_of(d, die);
	}
	return true;
}

/* The first child of *die, or its next sibling, in its stead; frees it. */
static bool step(struct kd_dwarf *d, Dwarf_Die *die, bool down)
{
	_cleanup_(die_freep) Dwarf_Die from = TAKE_PTR(*die);
	Dwarf_Error error = NULL;
	int r;

	r = down ? dwarf_child(from, die, &error)
		 : dwarf_siblingof_b(d->debug, from, /* is_info= */ true, die, &error);
	return succeeded(d, r, error);
}

/* Rust calls its own types "page", and has the kernel's under other rules; units of dwz
 * name no language. */
static bool is_c(struct kd_dwarf *d, Dwarf_Die unit)
{
	int64_t language;

	if (!number(d, unit, DW_AT_language, &language))
		return true;
	return language == DW_LANG_C || language == DW_LANG_C89 ||
	       language == DW_LANG_C99 || language == DW_LANG_C11 || language == 0x2c;
}

static int next_header(struct kd_dwarf *d)
{
	Dwarf_Unsigned length, type_offset, next;
	Dwarf_Half version, address, width, extension, type;
	Dwarf_Error error = NULL;
	Dwarf_Sig8 signature;
	Dwarf_Off abbrev;
	int r;

	r = dwarf_next_cu_header_d(d->debug, /* is_info= */ true, &length, &version,
				   &abbrev, &address, &width, &extension, &signature,
				   &type_offset, &next, &type, &error);
	if (r == DW_DLV_NO_ENTRY)
		return 0;
	return succeeded(d, r, error) ? 1 : -EBADMSG;
}

int kd_dwarf_next_unit(struct kd_dwarf *d, unsigned int kinds, kd_die_visit visit,
		       void *context)
{
	_cleanup_(die_freep) Dwarf_Die die = NULL;
	Dwarf_Error error = NULL;
	struct kd_die entry;
	bool more;
	int r;

	r = next_header(d);
	if (r <= 0)
		return r;
	/* without an entry to start from: the unit's own */
	if (!succeeded(d, dwarf_siblingof_b(d->debug, NULL, true, &die, &error), error))
		return -EBADMSG;
	if (!is_c(d, die))
		return 1;
	more = step(d, &die, /* down= */ true);
	for (unsigned int n = 0; more && n < MAX_CHILDREN; n++) {
		if (identify(d, die, &entry) && (kinds & 1U << entry.kind)) {
			entry.name = name_of(d, die);
			if (!visit(context, &entry))
				break;
		}
		more = step(d, &die, /* down= */ false);
	}
	return 1;
}

int kd_dwarf_die(struct kd_dwarf *d, uint64_t offset, struct kd_die *ret)
{
	_cleanup_(die_freep) Dwarf_Die die = NULL;
	Dwarf_Error error = NULL;
	struct kd_die entry;

	if (!offset ||
	    !succeeded(d, dwarf_offdie_b(d->debug, offset, true, &die, &error), error) ||
	    !describe(d, die, &entry))
		return -EBADMSG;
	*ret = entry;
	return 0;
}

int kd_dwarf_children(struct kd_dwarf *d, uint64_t offset, kd_die_visit visit,
		      void *context)
{
	_cleanup_(die_freep) Dwarf_Die die = NULL;
	Dwarf_Error error = NULL;
	struct kd_die entry;
	bool more;

	if (!offset ||
	    !succeeded(d, dwarf_offdie_b(d->debug, offset, true, &die, &error), error))
		return -EBADMSG;
	more = step(d, &die, /* down= */ true);
	for (unsigned int n = 0; more && n < MAX_CHILDREN; n++) {
		if (describe(d, die, &entry) && !visit(context, &entry))
			break;
		more = step(d, &die, /* down= */ false);
	}
	return 0;
}
