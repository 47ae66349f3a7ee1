/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: flattened streams by an index. The input is what follows the header of a
 * stream; what is read must be what painting its records one after the other gives, where
 * they lie in the first 64 KiB.
 */
#include <endian.h>

#include "makedumpfile/format/flat-file.h"
#include "makedumpfile/sink/flat-format.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"

#define PAINTED 65536U

/** The start of what the stream stands for; @held: bytes that a record brought. */
struct painting {
	uint8_t bytes[PAINTED];
	bool held[PAINTED];
	uint64_t end;
	bool cut;
};

static void paint_record(struct painting *p, uint64_t offset, const uint8_t *data,
			 size_t size)
{
	for (size_t i = 0; i < size && offset + i < PAINTED; i++) {
		p->bytes[offset + i] = data[i];
		p->held[offset + i] = true;
	}
	p->end = MAX(p->end, offset + size);
}

static void paint(struct painting *p, const uint8_t *data, size_t size)
{
	uint64_t head[2];

	p->cut = true;
	while (size >= sizeof(head)) {
		memcpy(head, data, sizeof(head));
		data += sizeof(head);
		size -= sizeof(head);
		head[0] = be64toh(head[0]);
		head[1] = be64toh(head[1]);
		p->cut = head[0] != KD_FLAT_END || head[1] != KD_FLAT_END;
		if (!p->cut || !size || !head[1] || head[0] > INT64_MAX ||
		    head[1] > INT64_MAX - head[0])
			return;
		head[1] = MIN(head[1], (uint64_t)size);
		paint_record(p, head[0], data, (size_t)head[1]);
		data += head[1];
		size -= (size_t)head[1];
	}
}

static int open_stream(const uint8_t *data, size_t size, struct kd_file_view **ret)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_file_view_freep) struct kd_file_view *file = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_flat_header h = { .signature = KD_FLAT_SIGNATURE,
				    .type = htobe64(KD_FLAT_TYPE),
				    .version = htobe64(KD_FLAT_VERSION) };
	char path[64];

	memory_sink_init(&m);
	(void)memory_sink_put(&m, 0, &h, sizeof(h));
	(void)memory_sink_put(&m, KD_FLAT_HEADER_SIZE - 1, "", 1);
	(void)memory_sink_put(&m, KD_FLAT_HEADER_SIZE, data, size);
	fd = sample_file(m.data, m.size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || kd_file_view_open_at(-EBADF, path, &file, NULL) < 0 ||
	    kd_flat_file_new(file, ret, NULL) < 0)
		return -EIO;
	file = NULL; /* the stream's now */
	return 0;
}

/* In pieces that begin and end anywhere, and every byte by itself. */
static void compare(const struct kd_file_view *v, const struct painting *p, size_t step)
{
	uint8_t got[4096];
	size_t end = (size_t)MIN(p->end, (uint64_t)PAINTED);

	for (size_t at = 0; at < end; at += step) {
		size_t n = MIN(step, end - at);

		if (kd_file_view_read(v, got, n, at) != (ssize_t)n ||
		    memcmp(got, p->bytes + at, n) != 0)
			abort();
		if (kd_file_view_holds(v, at, 1) != p->held[at])
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL;
	_cleanup_(kd_freep) struct painting *p = calloc(1, sizeof(*p));
	uint8_t got[64];

	if (!p || size > PAINTED || open_stream(data, size, &v) < 0)
		return 0;
	paint(p, data, size);
	if (v->size != p->end || kd_flat_file_cut(v) != p->cut)
		abort();
	compare(v, p, 4096);
	compare(v, p, 1 + size % 1021);
	for (unsigned int i = 0; i < 8; i++) {
		uint64_t at = v->size / 8 * i;

		(void)kd_file_view_read(v, got, sizeof(got), at);
		(void)kd_file_view_holds(v, at, v->size - at);
	}
	if (kd_file_view_read(v, got, sizeof(got), v->size) != 0)
		abort();
	return 0;
}
