/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: a flattened stream put in order, as -R does. What the sink has may be no
 * larger than a small disk; a stream that fails must not leave a dump without its mark.
 */
#include <stdlib.h>

#include "makedumpfile/format/dump-mark.h"
#include "makedumpfile/format/flat-rearrange.h"
#include "makedumpfile/sink/sink-limit.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"

#define DISK ((uint64_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_closep) int fd = sample_file(data, size);
	struct kd_flat_counts counts = { 0 };
	struct kd_sink_limit disk;
	struct kd_flat_reader in;
	struct kd_dump_mark mark;
	int r;

	memory_sink_init(&m);
	kd_sink_limit_init(&disk, &m.sink, DISK);
	if (fd < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
	    kd_flat_reader_init(&in, fd, NULL) < 0)
		return 0;
	r = kd_flat_rearrange(&in, &disk.sink, &counts, NULL);
	if (r < 0 && m.size >= KD_DUMP_HEAD_SIZE && kd_dump_mark_find(m.data, &mark) &&
	    !(m.data[mark.offset] & mark.mask))
		abort();
	return 0;
}
