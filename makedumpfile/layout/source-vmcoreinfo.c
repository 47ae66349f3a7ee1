/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A layout from vmcoreinfo: see source.h. Trusts no line: each value is parsed and
 * bounded by itself, so one bad line costs one field. Called on both sides of a crash.
 */
#include <string.h>

#include "makedumpfile/layout/source.h"

static int look_up(const struct kd_vmcoreinfo *info, enum kd_field f, int64_t *ret)
{
	const char *key = kd_field_key(f);
	uint64_t v = 0;
	int r = -EINVAL;

	switch (kd_field_kind(f)) {
	case KD_KIND_SIZE:
		r = kd_vmcoreinfo_size(info, key, &v);
		break;
	case KD_KIND_OFFSET:
		r = kd_vmcoreinfo_offset(info, key, &v);
		break;
	case KD_KIND_LENGTH:
		r = kd_vmcoreinfo_length(info, key, &v);
		break;
	case KD_KIND_SYMBOL:
		r = kd_vmcoreinfo_symbol(info, key, &v);
		break;
	case KD_KIND_NUMBER:
		return kd_vmcoreinfo_number(info, key, ret);
	}
	if (r == 0)
		*ret = (int64_t)v;
	return r;
}

static void copy_string(const struct kd_vmcoreinfo *info, const char *key, char *ret,
			size_t size)
{
	const char *value = kd_vmcoreinfo_string(info, key);

	/* half a build ID would match nothing: none is better */
	if (value && strlen(value) < size)
		memcpy(ret, value, strlen(value) + 1);
}

size_t kd_layout_from_vmcoreinfo(const struct kd_vmcoreinfo *info, struct kd_layout *ret)
{
	size_t bad = 0;

	*ret = (struct kd_layout) { 0 };
	copy_string(info, "OSRELEASE", ret->release, sizeof(ret->release));
	copy_string(info, "BUILD-ID", ret->build_id, sizeof(ret->build_id));
	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		int64_t value;
		int r = look_up(info, (enum kd_field)i, &value);

		if (r == 0)
			ret->values[i] = (struct kd_layout_value) {
				.value = value, .source = KD_SOURCE_VMCOREINFO
			};
		else if (r != -ENODATA)
			bad++;
	}
	return bad + kd_layout_drop_nonsense(ret);
}
