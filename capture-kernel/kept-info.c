/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcoreinfo kept since the system was armed: see kept-info.h. Trusts no byte of either;
 * called in children only.
 */
#include "capture-kernel/kept-info.h"

#include <string.h>

#include "base/io.h"
#include "makedumpfile/vmcore/utsname.h"

#define KEPT_NAME "kdump/vmcoreinfo"

static bool is_intact(const struct kd_vmcore *core, const char *kept, size_t size)
{
	size_t offset, own_size, notes_size;
	const char *notes = kd_vmcore_notes(core, &notes_size);

	return kd_vmcore_info(core, &offset, &own_size) && own_size >= size &&
	       memcmp(notes + offset, kept, size) == 0;
}

static bool is_of(const struct kd_vmcore *core, const struct kd_vmcoreinfo *kept)
{
	const char *release = kd_vmcoreinfo_string(kept, "OSRELEASE");
	char utsname[KD_UTSNAME_SIZE];
	struct kd_xlat xlat;

	return release && *release &&
	       kd_xlat_init(&xlat, kd_vmcore_memory(core), kd_vmcore_machine(core), kept,
			    /* err= */ NULL) >= 0 &&
	       kd_utsname_read(&xlat, kept, release, utsname);
}

void kd_kept_info_use(int root_fd, struct kd_vmcore *core)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *kept = NULL;
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;

	if (kd_read_file_at(root_fd, KEPT_NAME, KD_VMCOREINFO_MAX, &text, &size,
			    /* err= */ NULL) < 0)
		return;
	if (is_intact(core, text, size) ||
	    kd_vmcoreinfo_new(text, size, &kept, /* err= */ NULL) < 0)
		return;
	if (is_of(core, kept))
		(void)kd_vmcore_replace_info(core, text, size, /* err= */ NULL);
}
