/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: the reader of kdump-compressed files. The input is that of changed-dump.h.
 */
#include "tests/fuzz/changed-dump.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/sample-dump.h"

#define PAGES_MAX 2048

static void use(const struct kd_kdump *k)
{
	const struct kd_memory *m = kd_kdump_memory(k);
	struct kd_kdump_check found;
	uint64_t step = m->n_extents / 16 + 1;
	uint8_t bytes[64];
	size_t size;

	(void)kd_kdump_machine(k);
	(void)kd_kdump_notes(k, &size);
	(void)kd_kdump_info_text(k, &size);
	for (size_t i = 0; i < m->n_extents; i += step) {
		(void)m->ops->read(m, m->extents[i].start, bytes, sizeof(bytes));
		(void)m->ops->read(m, m->extents[i].end - 64, bytes, sizeof(bytes));
	}
	/* a file that is mostly claims would keep the engine from trying others */
	if (kd_kdump_facts(k)->n_kept <= PAGES_MAX)
		(void)kd_kdump_verify(k, &found, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;

	memory_sink_init(&m);
	changed_dump(&m, data, size);
	fd = sample_file(m.data, m.size);
	if (fd >= 0 && sample_open(fd, &k, NULL) == 0)
		use(k);
	return 0;
}
