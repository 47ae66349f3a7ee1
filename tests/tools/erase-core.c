/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resolves erase rules in a dump and shows what they come to: notes, the text for the
 * dump, bytes and ranges; and how often a marker is in memory before and after.
 *     erase-core VMCORE RULES [MARKER]
 * Called by tests/reference/erase.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "makedumpfile/erase/resolve.h"
#include "makedumpfile/input.h"

#define CHUNK (1U << 20)

struct counts {
	uint64_t before, after;
};

static void note(void *context, const char *text)
{
	(void)context;
	printf("note: %s\n", text);
}

static uint64_t count(const char *bytes, size_t size, const char *marker)
{
	const char *end = bytes + size;
	uint64_t n = 0;

	while ((bytes = memmem(bytes, (size_t)(end - bytes), marker, strlen(marker)))) {
		bytes++;
		n++;
	}
	return n;
}

/* A marker may lie across two chunks, so that each begins a page before its end. */
static void count_extent(const struct kd_memory *m, const struct kd_extent *e,
			 const struct kd_erase *erase, const char *marker,
			 struct counts *ret)
{
	_cleanup_(kd_freep) char *bytes = malloc(CHUNK);
	uint64_t page = m->page_size;

	for (kd_paddr_t at = kd_align_up(e->start, page); bytes && at + page <= e->end;
	     at += CHUNK - page) {
		size_t size = (size_t)MIN((uint64_t)CHUNK,
					  kd_align_down(e->end - at, page));

		if (kd_memory_read(m, at, bytes, size) < 0)
			continue;
		ret->before += count(bytes, size, marker);
		for (size_t i = 0; i < size; i += page)
			kd_erase_apply(erase, (at + i) / page, bytes + i);
		ret->after += count(bytes, size, marker);
		if (size < CHUNK)
			return;
	}
}

static int run(char *argv[], struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *input = NULL;
	_cleanup_(kd_erase_freep) struct kd_erase *erase = NULL;
	struct kd_erase_request req = { .note = note };
	struct counts counts = { 0 };
	uint64_t bytes;
	size_t n;
	int r;

	r = kd_input_open_at(AT_FDCWD, argv[1], &input, err);
	if (r < 0)
		return r;
	req.memory = input->memory;
	req.info = input->info;
	req.machine = input->machine;
	r = kd_erase_resolve_at(AT_FDCWD, argv[2], &req, &erase, err);
	if (r < 0)
		return r;
	kd_erase_count(erase, &bytes, &n);
	printf("%s%zu ranges, %" PRIu64 " bytes\n", kd_erase_text(erase, NULL), n, bytes);
	for (size_t i = 0; argv[3] && i < input->memory->n_extents; i++)
		count_extent(input->memory, &input->memory->extents[i], erase, argv[3],
			     &counts);
	if (argv[3])
		printf("marker: %" PRIu64 " before, %" PRIu64 " after\n", counts.before,
		       counts.after);
	return 0;
}

int main(int argc, char *argv[])
{
	struct kd_error err = { 0 };

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: erase-core VMCORE RULES [MARKER]\n");
		return 2;
	}
	if (run(argv, &err) == 0)
		return 0;
	fprintf(stderr, "%s\n", err.message);
	return 1;
}
