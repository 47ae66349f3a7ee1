/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ELF core of any bytes: opened, its memory read through both kinds of window, its
 * notes looked at. Trusts vmcore/ to bound everything.
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "base/io.h"
#include "makedumpfile/vmcore/elf-core.h"
#include "tests/fuzz/fuzz.h"

#define WINDOW	    65536
#define MAX_EXTENTS 64

static void touch(const struct kd_memory *m, bool no_map)
{
	struct kd_window w;
	const void *p;
	volatile char sum = 0;

	if (kd_window_init(&w, m, WINDOW, no_map) < 0)
		return;
	for (size_t i = 0; i < m->n_extents && i < MAX_EXTENTS; i++) {
		const struct kd_extent *e = &m->extents[i];

		/* sorted, disjoint, not adjacent: what memory.h promises */
		if (e->start >= e->end || (i && m->extents[i - 1].end >= e->start))
			abort();
		if (kd_window_get(&w, e->start, 1, &p) == 0)
			sum = (char)(sum + *(const char *)p);
		if (kd_window_get(&w, e->end - 1, 1, &p) == 0)
			sum = (char)(sum + *(const char *)p);
		if (kd_window_get(&w, e->end, 1, &p) != -ENXIO)
			abort();
	}
	kd_window_done(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_closep) int fd = memfd_create("fuzz", MFD_CLOEXEC);
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	struct kd_error err = { 0 };
	size_t offset, info_size, notes_size;
	const char *notes;
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || kd_write_full(fd, data, size) < 0 ||
	    kd_vmcore_open_at(AT_FDCWD, path, &core, &err) < 0)
		return 0;
	touch(kd_vmcore_memory(core), false);
	touch(kd_vmcore_memory(core), true);
	notes = kd_vmcore_notes(core, &notes_size);
	if (kd_vmcore_info(core, &offset, &info_size) &&
	    (!notes || offset > notes_size || info_size > notes_size - offset))
		abort();
	return 0;
}
