/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: salvage of dumps. The input is that of changed-dump.h, with "flat" as its
 * first line then flattened; or a file of any other format as it is. What is saved opens,
 * and nothing in it is wrong.
 */
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "makedumpfile/inspect/salvage.h"
#include "tests/fuzz/changed-dump.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/flatten.h"
#include "tests/unit/sample-dump.h"

#define FLAT	   "flat\n"
/* A file cut short may claim 2^36 frames: bounded, but no input to try many of. */
#define FRAMES_MAX ((uint64_t)1 << 20)

static bool starts_with(const uint8_t *data, size_t size, const char *text)
{
	return size >= strlen(text) && memcmp(data, text, strlen(text)) == 0;
}

static uint64_t number_at(const struct memory_sink *m, size_t offset, size_t size)
{
	uint64_t v = 0;

	if (offset <= m->size && size <= m->size - offset)
		memcpy(&v, m->data + offset, size);
	return v;
}

static bool claims_much(const struct memory_sink *m)
{
	uint64_t block = number_at(m, 428, 4);

	return number_at(m, 440, 4) > FRAMES_MAX ||
	       number_at(m, (size_t)block + 96, 8) > FRAMES_MAX;
}

static void make(struct memory_sink *m, const uint8_t *data, size_t size)
{
	_cleanup_(memory_sink_done) struct memory_sink plain;
	bool flat = starts_with(data, size, FLAT);
	size_t skip = flat ? strlen(FLAT) : 0;

	memory_sink_init(&plain);
	if (starts_with(data, size, ELFMAG) ||
	    starts_with(data, size, KD_FLAT_SIGNATURE)) {
		(void)memory_sink_put(m, 0, data, size);
		return;
	}
	changed_dump(&plain, data + skip, size - skip);
	if (claims_much(&plain))
		return;
	if (flat)
		flatten(m, &plain, /* end= */ true);
	else if (plain.size)
		(void)memory_sink_put(m, 0, plain.data, plain.size);
}

static void check(int fd, const struct kd_salvage_report *report)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	struct kd_kdump_check found;

	if (sample_open(fd, &k, NULL) < 0 || kd_kdump_verify(k, &found, NULL) < 0 ||
	    found.pages != report->counts.saved || found.unreadable)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kd_kdump_verify how = { .threads = 1 };
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_closep) int in = -EBADF, out = memfd_create("out", MFD_CLOEXEC);
	struct kd_salvage_report report;
	char path[64];

	memory_sink_init(&m);
	make(&m, data, size);
	in = sample_file(m.data, m.size);
	if (in < 0 || out < 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", in);
	if (kd_salvage_at(AT_FDCWD, path, out, &how, &report, NULL) == 0 && !report.elf)
		check(out, &report);
	return 0;
}
