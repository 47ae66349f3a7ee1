/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What we know of a kernel's structures: offsets, sizes, lengths, constants and
 * addresses, from the one list in layout-fields.def. A value is there or it is not:
 * code asks kd_layout_has() and never a version. Filled by source-*.c, merged by
 * resolve.c, carried across the crash by layout-file.c; used by pages/ and dmesg.
 */
#pragma once

#include "base/plan.h"
#include "base/types.h"

/* KD_F_<name>, one per line of layout-fields.def */
enum kd_field {
#define KD_FIELD(id, kind, key) KD_F_##id,
#include "makedumpfile/layout/layout-fields.def"
#undef KD_FIELD
	KD_FIELD_COUNT,
};

/** What kind of value a field holds; also its spelling in vmcoreinfo: OFFSET(key). */
enum kd_field_kind {
	KD_KIND_SIZE,
	KD_KIND_OFFSET,
	KD_KIND_LENGTH,
	KD_KIND_NUMBER,
	KD_KIND_SYMBOL,
};

enum kd_source {
	KD_SOURCE_NONE, /* absent: the kernel does not have it, or nobody told us */
	KD_SOURCE_VMCOREINFO,
	KD_SOURCE_BTF,
	KD_SOURCE_DWARF,
	KD_SOURCE_COUNT,
};

/* A structure larger than this is none of those we read. The largest is pglist_data,
 * 170 KiB on a kernel for 1024 nodes, most of it one entry a node and zone. */
#define KD_LAYOUT_MAX_SIZE (4 << 20)

struct kd_layout_value {
	int64_t value;	/* bytes for sizes and offsets; an address for symbols */
	uint8_t source; /* enum kd_source */
};

/** @build_id in hex, "" when unknown. Plain data: copy it freely. */
struct kd_layout {
	char release[KD_RELEASE_SIZE];
	char build_id[KD_BUILD_ID_HEX];
	struct kd_layout_value values[KD_FIELD_COUNT];
};

static inline bool kd_layout_has(const struct kd_layout *l, enum kd_field f)
{
	return l->values[f].source != KD_SOURCE_NONE;
}

/** The value, 0 when absent: ask kd_layout_has() where 0 means something. */
static inline int64_t kd_layout_get(const struct kd_layout *l, enum kd_field f)
{
	return l->values[f].value;
}

/** "page.flags" for KD_F_PAGE_FLAGS; the key as vmcoreinfo spells it. */
const char *kd_field_key(enum kd_field f);
enum kd_field_kind kd_field_kind(enum kd_field f);
/** "OFFSET" for KD_KIND_OFFSET. */
const char *kd_field_kind_name(enum kd_field_kind kind);

/** "vmcoreinfo", "btf", "dwarf"; "none" for KD_SOURCE_NONE. */
const char *kd_source_name(enum kd_source source);
/** The source of that name, "none" excepted. Returns 0 or -EINVAL. */
int kd_source_from_name(const char *name, enum kd_source *ret);

/** Make absent what cannot be true: sizes of 0 or beyond KD_LAYOUT_MAX_SIZE, members
 *  of struct page that begin behind its end. Returns how many values went. Readers of
 *  raw struct pages still check that a member's last byte is inside. */
size_t kd_layout_drop_nonsense(struct kd_layout *l);
