/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of fields as tables, and what can be said of a layout without asking
 * anyone: see layout.h. Trusts nothing about values. Called by sources and readers.
 */
#include "makedumpfile/layout/layout.h"

#include <string.h>

static const struct {
	const char *key;
	enum kd_field_kind kind;
} fields[KD_FIELD_COUNT] = {
#define KD_FIELD(id, field_kind, field_key) \
	[KD_F_##id] = { field_key, KD_KIND_##field_kind },
#include "makedumpfile/layout/layout-fields.def"
#undef KD_FIELD
};

static const char *const kind_names[] = {
	[KD_KIND_SIZE] = "SIZE",     [KD_KIND_OFFSET] = "OFFSET",
	[KD_KIND_LENGTH] = "LENGTH", [KD_KIND_NUMBER] = "NUMBER",
	[KD_KIND_SYMBOL] = "SYMBOL",
};

static const char *const source_names[KD_SOURCE_COUNT] = {
	[KD_SOURCE_NONE] = "none",
	[KD_SOURCE_VMCOREINFO] = "vmcoreinfo",
	[KD_SOURCE_BTF] = "btf",
	[KD_SOURCE_DWARF] = "dwarf",
};

const char *kd_field_key(enum kd_field f)
{
	return fields[f].key;
}

enum kd_field_kind kd_field_kind(enum kd_field f)
{
	return fields[f].kind;
}

const char *kd_field_kind_name(enum kd_field_kind kind)
{
	return kind_names[kind];
}

const char *kd_source_name(enum kd_source source)
{
	return source_names[source];
}

int kd_source_from_name(const char *name, enum kd_source *ret)
{
	for (size_t i = KD_SOURCE_NONE + 1; i < KD_SOURCE_COUNT; i++)
		if (strcmp(source_names[i], name) == 0) {
			*ret = (enum kd_source)i;
			return 0;
		}
	return -EINVAL;
}

static bool makes_sense(const struct kd_layout *l, enum kd_field f)
{
	int64_t v = kd_layout_get(l, f), size = kd_layout_get(l, KD_F_PAGE_SIZEOF);

	switch (fields[f].kind) {
	case KD_KIND_SIZE:
		return v > 0 && v <= KD_LAYOUT_MAX_SIZE;
	case KD_KIND_LENGTH:
		return v > 0 && v <= UINT32_MAX;
	case KD_KIND_OFFSET:
		if (v < 0 || v > KD_LAYOUT_MAX_SIZE)
			return false;
		if (strncmp(fields[f].key, "page.", strlen("page.")) != 0)
			return true;
		/* the byte-sized ones may be the last */
		return !kd_layout_has(l, KD_F_PAGE_SIZEOF) || v < size;
	case KD_KIND_NUMBER:
	case KD_KIND_SYMBOL:
		break;
	}
	return true;
}

size_t kd_layout_drop_nonsense(struct kd_layout *l)
{
	size_t n = 0;

	/* SIZE(page) comes first in the list: the offsets are judged by it */
	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		enum kd_field f = (enum kd_field)i;

		if (!kd_layout_has(l, f) || makes_sense(l, f))
			continue;
		l->values[f] = (struct kd_layout_value) { 0 };
		n++;
	}
	return n;
}
