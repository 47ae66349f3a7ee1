/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: a core_collector line; and the same words as a command line, which has
 * files and every option.
 */
#include <string.h>

#include "makedumpfile/options.h"

#define WORDS 100

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct kd_dump_options *o)
{
	if (!o->n_levels || o->n_levels > KD_DUMP_LEVELS ||
	    o->levels[o->n_levels - 1] > KD_EXCLUDE_ALL || o->n_files > KD_DUMP_FILES ||
	    o->message_level > KD_MESSAGE_ALL || !kd_codec_find(o->codec))
		abort();
}

static void collector(const char *line)
{
	struct kd_dump_options o;
	struct kd_error err = { 0 };

	if (kd_options_parse_collector(line, &o, &err) < 0)
		return;
	check(&o);
	if (o.mode != KD_MODE_DUMP || o.flattened || o.split || o.n_files || o.work_dir ||
	    o.vmlinux || o.vmcoreinfo || o.erase_config)
		abort();
}

static void command(char *line)
{
	char *argv[WORDS], *save = NULL;
	struct kd_dump_options o;
	struct kd_error err = { 0 };
	int argc = 0;

	for (char *word = strtok_r(line, " \n", &save); word && argc < WORDS;
	     word = strtok_r(NULL, " \n", &save))
		argv[argc++] = word;
	if (kd_options_parse(argc, argv, &o, &err) < 0) {
		if (!err.message[0])
			abort();
		return;
	}
	check(&o);
	if (o.mode == KD_MODE_DUMP && !o.input)
		abort();
	if (o.mode == KD_MODE_DUMP && !o.dry_run && !o.flattened && !o.output)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_freep) char *line = malloc(size + 1);

	if (!line)
		return 0;
	memcpy(line, data, size);
	line[size] = '\0';
	collector(line);
	command(line);
	return 0;
}
