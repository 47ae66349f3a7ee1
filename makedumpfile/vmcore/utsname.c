/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * utsname of a dead kernel: see utsname.h. One that was read at an offset of another
 * kernel made dumps that nothing opened (libkdumpfile issue 36), hence the checks.
 */
#include "makedumpfile/vmcore/utsname.h"

#include <string.h>

bool kd_utsname_plausible(const char utsname[static KD_UTSNAME_SIZE], const char *release)
{
	for (size_t i = 0; i < KD_UTSNAME_SIZE / KD_UTS_FIELD; i++) {
		const char *field = utsname + i * KD_UTS_FIELD;
		size_t length = strnlen(field, KD_UTS_FIELD);

		if (length == KD_UTS_FIELD)
			return false;
		for (size_t c = 0; c < length; c++)
			if (field[c] < 0x20 || field[c] > 0x7e)
				return false;
	}
	if (strcmp(utsname + KD_UTS_SYSNAME * KD_UTS_FIELD, "Linux") != 0)
		return false;
	return !release[0] ||
	       strcmp(utsname + KD_UTS_RELEASE * KD_UTS_FIELD, release) == 0;
}

bool kd_utsname_read(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
		     const char *release, char ret[static KD_UTSNAME_SIZE])
{
	kd_vaddr_t at;
	uint64_t offset;

	if (kd_vmcoreinfo_symbol(info, "init_uts_ns", &at) < 0 ||
	    kd_vmcoreinfo_offset(info, "uts_namespace.name", &offset) < 0)
		return false;
	return kd_xlat_read(xlat, at + offset, ret, KD_UTSNAME_SIZE) == 0 &&
	       kd_utsname_plausible(ret, release);
}
