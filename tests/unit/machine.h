/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A synthetic machine out of an mkvmcore script, opened: what the tests of pages/, dmesg
 * and the façade start from.
 */
#pragma once

#include <fcntl.h>

#include "makedumpfile/layout/source.h"
#include "makedumpfile/vmcore/xlat.h"
#include "tests/tools/mkvmcore/mkvmcore.h"
#include "tests/unit/test.h"

struct machine {
	int fd;
	struct kd_vmcore *core;
	const struct kd_vmcoreinfo *info;
	const struct kd_memory *memory;
	struct kd_layout layout;
	struct kd_xlat xlat;
};

static inline void machine_done(struct machine *m)
{
	kd_vmcore_free(m->core);
	m->fd = kd_close(m->fd);
}

/* Build and open; a test cannot go on without. */
static inline void machine_init(struct machine *m, const char *script)
{
	struct kd_error err = { 0 };
	char path[32];

	*m = (struct machine) { .fd = -EBADF };
	m->fd = mkvmcore_memfd(script, path, sizeof(path), &err);
	if (m->fd < 0 || kd_vmcore_open_at(AT_FDCWD, path, &m->core, &err) < 0) {
		printf("Bail out! %s\n", err.message);
		exit(1);
	}
	m->memory = kd_vmcore_memory(m->core);
	m->info = kd_vmcore_info(m->core, NULL, NULL);
	if (!m->info)
		return;
	(void)kd_layout_from_vmcoreinfo(m->info, &m->layout);
	/* page tables are not to be found where a test takes the keys away */
	(void)kd_xlat_init(&m->xlat, m->memory, kd_vmcore_machine(m->core), m->info,
			   NULL);
}
