/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file for -i of any bytes, beside a dump that names its kernel, and beside none.
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "base/io.h"
#include "makedumpfile/layout/extra.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char own[] = "OSRELEASE=6.1.0\nBUILD-ID=0123\nSIZE(page)=64\n";
	_cleanup_(kd_closep) int fd = memfd_create("text", MFD_CLOEXEC);
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	struct kd_extra_files files = { .dir_fd = AT_FDCWD };
	struct kd_remarks remarks = { 0 };
	struct kd_extra extra;
	char path[32];

	if (fd < 0 || kd_pwrite_full(fd, data, size, 0) < 0 ||
	    kd_vmcoreinfo_new(own, sizeof(own) - 1, &info, NULL) < 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	files.vmcoreinfo = path;
	if (kd_extra_load(&files, NULL, &extra, &remarks, NULL) == 0)
		kd_extra_done(&extra);
	if (kd_extra_load(&files, info, &extra, &remarks, NULL) < 0)
		return 0;
	/* what is taken is of this kernel, as far as it says so */
	if (kd_layout_has(&extra.layout, KD_F_MEM_SECTION) ||
	    !kd_layout_matches(&extra.layout, info))
		abort();
	kd_extra_done(&extra);
	return 0;
}
