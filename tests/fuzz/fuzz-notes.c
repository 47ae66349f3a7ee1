/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notes of any bytes: the walk ends and stays inside, VMCOREINFO's place is inside.
 */
#include <stdlib.h>

#include "makedumpfile/vmcore/notes.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kd_notes it = { .data = data, .size = size };
	const uint8_t *end = data + size;
	size_t offset, info_size;

	while (kd_notes_next(&it)) {
		const uint8_t *desc = it.desc;

		if (it.at > size || (const uint8_t *)it.name + it.name_size > end ||
		    desc < data || desc + it.desc_size > end)
			abort();
		(void)kd_notes_is(&it, "CORE", 1);
	}
	if (kd_notes_find_vmcoreinfo(data, size, &offset, &info_size) == 0 &&
	    (offset > size || info_size > size - offset))
		abort();
	return 0;
}
