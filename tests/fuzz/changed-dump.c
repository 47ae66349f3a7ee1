/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps that were changed: see changed-dump.h. Called by the targets of readers.
 */
#include "tests/fuzz/changed-dump.h"

#include "base/parse.h"
#include "tests/unit/sample-dump.h"

#define GOOD_MAX ((size_t)64 << 10)
#define FRAMES	 24 /* each kind of page; a machine more would only be slower */

bool changed_dump_number(char **rest, uint64_t *ret)
{
	char *word = strsep(rest, " ");

	return word && kd_parse_u64(word, ret) == 0;
}

void changed_dump_line(struct memory_sink *m, char *line)
{
	uint64_t offset, value, size;

	if (strncmp(line, "cut ", 4) == 0) {
		if (kd_parse_u64(line + 4, &size) == 0 && size < m->size)
			m->size = size;
		return;
	}
	if (!changed_dump_number(&line, &offset) || !changed_dump_number(&line, &value) ||
	    !changed_dump_number(&line, &size))
		return;
	if (size <= sizeof(value) && offset <= m->size && size <= m->size - offset)
		memcpy(m->data + offset, &value, size);
}

void changed_dump_lines(const char *text, size_t size,
			void (*use)(void *context, char *line), void *context)
{
	struct kd_lines it = { .rest = text, .left = size };

	while (kd_lines_next(&it)) {
		char line[128];

		if (it.length >= sizeof(line))
			continue;
		memcpy(line, it.line, it.length);
		line[it.length] = '\0';
		use(context, line);
	}
}

static void change(void *context, char *line)
{
	changed_dump_line(context, line);
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

void changed_dump(struct memory_sink *m, const uint8_t *data, size_t size)
{
	if (size > CHANGED_DUMP_MAX)
		return;
	if (size >= 8 && memcmp(data, "KDUMP   ", 8) == 0) {
		(void)memory_sink_put(m, 0, data, size);
		return;
	}
	put_good(m);
	changed_dump_lines((const char *)data, size, change, m);
}
