/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BTF of any bytes: look-ups end and stay inside.
 */
#include <string.h>

#include "makedumpfile/layout/types.h"
#include "tests/fuzz/fuzz.h"

static void look_at(const struct kd_types *t, kd_type_id id)
{
	struct kd_type type, at;
	struct kd_type_member m;
	uint64_t offset;

	if (kd_types_describe(t, id, &type) < 0)
		return;
	(void)kd_types_member(t, &type, "a", &m);
	(void)kd_types_path(t, &type, "a.a.b", &offset, &at);
	if (type.kind != KD_TYPE_STRUCT && type.kind != KD_TYPE_UNION)
		return;
	for (uint64_t i = 0; i < type.count && i < 16; i++)
		if (t->ops->member(t, type.id, i, &m) == 0 && strlen(m.name) > 1U << 20)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_types_freep) struct kd_types *t = NULL;
	struct kd_type type;
	int64_t value;

	if (kd_types_from_btf(data, size, NULL, &t, NULL) < 0)
		return 0;
	for (kd_type_id id = 0; id < 64; id++)
		look_at(t, id);
	(void)kd_types_named(t, "struct s", &type);
	(void)kd_types_named(t, "u", &type);
	(void)kd_types_variable(t, "v", &type);
	(void)kd_types_enumerator(t, NULL, "e", &value);
	return 0;
}
