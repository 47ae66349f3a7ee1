/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: the reader of kdump-compressed files. Input that starts with the
 * format's signature is the file; any other is a text that changes a good one: lines
 * "<offset> <value> <bytes>" put a little-endian number there, "cut <size>" shortens
 * it. Numbers are decimal or 0x….
 */
#include <fcntl.h>
#include <stdio.h>

#include "base/parse.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"

#define FILE_MAX  ((size_t)1 << 20)
#define GOOD_MAX  ((size_t)64 << 10)
#define PAGES_MAX 2048
#define FRAMES	  24 /* each kind of page; a machine more would only be slower */

static bool next_number(char **rest, uint64_t *ret)
{
	char *word = strsep(rest, " ");

	return word && kd_parse_u64(word, ret) == 0;
}

static void change(struct memory_sink *m, char *line)
{
	uint64_t offset, value, size;

	if (strncmp(line, "cut ", 4) == 0) {
		if (kd_parse_u64(line + 4, &size) == 0 && size < m->size)
			m->size = size;
		return;
	}
	if (!next_number(&line, &offset) || !next_number(&line, &value) ||
	    !next_number(&line, &size))
		return;
	if (size <= sizeof(value) && offset <= m->size && size <= m->size - offset)
		memcpy(m->data + offset, &value, size);
}

static void change_all(struct memory_sink *m, const char *text, size_t size)
{
	struct kd_lines it = { .rest = text, .left = size };

	while (kd_lines_next(&it)) {
		char line[128];

		if (it.length >= sizeof(line))
			continue;
		memcpy(line, it.line, it.length);
		line[it.length] = '\0';
		change(m, line);
	}
}

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

/* The good dump is written once: doing so takes longer than all that is done to it. */
static void put_good(struct memory_sink *m)
{
	static uint8_t good[GOOD_MAX];
	static size_t good_size;
	_cleanup_(memory_sink_done) struct memory_sink first;
	struct sample s;

	memory_sink_init(&first);
	if (!good_size) {
		sample_init_frames(&s, FRAMES);
		if (sample_write(&s, &first.sink, NULL) < 0 || first.size > GOOD_MAX)
			abort();
		memcpy(good, first.data, first.size);
		good_size = first.size;
	}
	(void)memory_sink_put(m, 0, good, good_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;

	memory_sink_init(&m);
	if (size > FILE_MAX)
		return 0;
	if (size >= 8 && memcmp(data, "KDUMP   ", 8) == 0) {
		(void)memory_sink_put(&m, 0, data, size);
	} else {
		put_good(&m);
		change_all(&m, (const char *)data, size);
	}
	fd = sample_file(m.data, m.size);
	if (fd >= 0 && sample_open(fd, &k, NULL) == 0)
		use(k);
	return 0;
}
