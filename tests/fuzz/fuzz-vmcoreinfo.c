/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMCOREINFO of any bytes, through every typed look-up and into a layout.
 */
#include "makedumpfile/layout/resolve.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	struct kd_layout l, again;
	uint32_t page_size;

	if (kd_vmcoreinfo_new((const char *)data, size, &info, NULL) < 0)
		return 0;
	if (kd_vmcoreinfo_page_size(info, &page_size) == 0 &&
	    !kd_is_power_of_2(page_size))
		abort();
	(void)kd_layout_from_vmcoreinfo(info, &l);
	(void)kd_layout_matches(&l, info);
	again = l;
	/* a layout never disagrees with itself, and holds no more nonsense */
	if (kd_resolve_merge(&again, &l, NULL) != 0 || kd_layout_drop_nonsense(&l) != 0)
		abort();
	return 0;
}
