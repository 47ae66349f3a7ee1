/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdump.conf and drop-ins of any bytes, the files parted by a line of "---": a file that
 * says nothing changes nothing, and what the last one says is what counts.
 */
#include <stdlib.h>
#include <string.h>

#include "kdumpd/config/config.h"
#include "tests/fuzz/fuzz.h"

#define PARTING "---\n"

static void read_all(const char *text, size_t size, bool twice,
		     struct kd_config_report *report, struct kd_config *ret)
{
	struct kd_config_reader reader;
	const char *end;

	kd_config_report_init(report);
	kd_config_reader_init(&reader, report);
	do {
		end = memmem(text, size, PARTING, strlen(PARTING));
		kd_config_read(&reader, "f", text, end ? (size_t)(end - text) : size);
		if (twice)
			kd_config_read(&reader, "e", "# nothing\n", 10);
		size -= end ? (size_t)(end - text) + strlen(PARTING) : size;
		text = end ? end + strlen(PARTING) : text;
	} while (end);
	kd_config_finish(&reader, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kd_config_report report, other;
	const char *text = (const char *)data, *last = text, *next;
	static struct kd_config all, again, alone;
	size_t left = size;

	read_all(text, size, /* twice= */ false, &report, &all);
	read_all(text, size, /* twice= */ true, &other, &again);
	if (report.n != other.n || report.errors != other.errors)
		abort();
	if (report.errors)
		return 0;
	if (memcmp(&all, &again, sizeof(all)) != 0 || all.n_targets == 0 ||
	    all.n_targets > KD_PLAN_TARGETS || all.path[0] != '/')
		abort();

	while ((next = memmem(last, left, PARTING, strlen(PARTING)))) {
		left -= (size_t)(next - last) + strlen(PARTING);
		last = next + strlen(PARTING);
	}
	read_all(last, left, /* twice= */ false, &other, &alone);
	if (other.errors == 0 && alone.targets[0].source[0] &&
	    strcmp(alone.targets[0].source, KD_TARGET_OF_ROOT) != 0 &&
	    strcmp(alone.targets[0].source, all.targets[0].source) != 0)
		abort();
	return 0;
}
