/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parser of kdump.conf and its drop-ins: see config.h. Lines become keys and values here;
 * config-keys.c knows what they mean. Unlike kdump-utils', a '#' inside a value is part
 * of it. Trusts nothing. Called by settings.c and the fuzzer.
 */
#include "kdumpd/config/config.h"

#include <string.h>

#include "base/params.h"
#include "base/parse.h"
#include "kdumpd/config/config-keys.h"

#define LINE_SIZE 2048

#define COMPLAIN(r, ...) KD_CONFIG_TELL(r, false, __VA_ARGS__)

void kd_config_init(struct kd_config *config)
{
	*config = (struct kd_config) {
		.path = "/var/crash",
		.collector = "makedumpfile -z -d 31",
		.n_targets = 1, /* KD_TARGET_OF_PATH */
		.final_action = KD_ACTION_REBOOT,
		.failure_action = KD_ACTION_REBOOT,
		.crash_loop_limit = KD_PLAN_CRASHES,
		.sshkey = "/root/.ssh/kdump_id_rsa", /* kdump-utils' */
		.fence = { .port = KD_FENCE_PORT, .interval = KD_FENCE_INTERVAL },
	};
}

/* A comment starts the line or follows white space: "host:/a#b" is one value. */
static void cut_comment(char *line)
{
	for (char *c = line; *c; c++)
		if (*c == '#' && (c == line || c[-1] == ' ' || c[-1] == '\t')) {
			*c = '\0';
			return;
		}
}

/* "\"a b\"" is one quoted text, "\"a\" \"b\"" is not. */
static char *unquote(char *value)
{
	size_t n = strlen(value);

	if (n < 2 || value[0] != '"' || strchr(value + 1, '"') != value + n - 1)
		return value;
	value[n - 1] = '\0';
	return value + 1;
}

static void parse_line(struct kd_config_reader *r, const struct kd_lines *it)
{
	char line[LINE_SIZE];
	char *key, *value;

	if (it->length >= sizeof(line)) {
		COMPLAIN(r, "line longer than %zu bytes", sizeof(line) - 1);
		return;
	}
	memcpy(line, it->line, it->length);
	line[it->length] = '\0';
	for (size_t i = 0; i < it->length; i++)
		if ((unsigned char)line[i] < 0x20 && line[i] != '\t' && line[i] != '\r') {
			COMPLAIN(r, "control character in column %zu", i + 1);
			return;
		}
	cut_comment(line);
	key = kd_strip(line);
	if (!*key)
		return;
	value = key + strcspn(key, " \t");
	if (*value)
		*value++ = '\0';
	kd_config_key(r, key, unquote(kd_strip(value)));
}

void kd_config_reader_init(struct kd_config_reader *reader,
			   struct kd_config_report *report)
{
	*reader = (struct kd_config_reader) { .report = report };
	kd_config_init(&reader->config);
}

void kd_config_read(struct kd_config_reader *reader, const char *file, const char *text,
		    size_t size)
{
	struct kd_lines it = { .rest = text, .left = size };

	reader->n_targets = 0;
	memset(reader->seen, 0, sizeof(reader->seen));
	(void)snprintf(reader->where.file, sizeof(reader->where.file), "%s", file);
	reader->where.line = 0;
	if (size > KD_CONFIG_MAX_SIZE) {
		COMPLAIN(reader, "longer than %d bytes", KD_CONFIG_MAX_SIZE);
		return;
	}
	while (kd_lines_next(&it)) {
		reader->where.line = it.number;
		parse_line(reader, &it);
	}
}

static void complain_at(struct kd_config_reader *r, const struct kd_config_where *where,
			const char *text)
{
	kd_config_complain(r->report, where->file, where->line, /* warning= */ false,
			   "%s", text);
}

static void add_last_resort(struct kd_config_reader *r)
{
	struct kd_config *c = &r->config;

	if (!r->last_resort.source[0])
		return;
	if (c->n_targets < KD_PLAN_TARGETS)
		c->targets[c->n_targets++] = r->last_resort;
	else
		kd_config_complain(r->report, r->last_resort.file, r->last_resort.line,
				   /* warning= */ false,
				   "failure_action: dump_to_rootfs is one more target, "
				   "and there are %d already",
				   KD_PLAN_TARGETS);
}

static void add_dracut_words(struct kd_config_reader *r, char *to, const char *words)
{
	size_t n;

	for (; (n = kd_params_next(&words)) > 0; words += n)
		if (kd_config_add_word(to, KD_CONFIG_WORDS, words, n) < 0) {
			complain_at(r, &r->dracut,
				    "dracut_args: adds more than fits beside extra_bins "
				    "or extra_modules");
			return;
		}
}

void kd_config_finish(struct kd_config_reader *reader, struct kd_config *ret)
{
	struct kd_config *c = &reader->config;

	add_last_resort(reader);
	add_dracut_words(reader, c->extra_modules, reader->dracut_modules);
	add_dracut_words(reader, c->extra_bins, reader->dracut_bins);
	if (c->force_rebuild && c->force_no_rebuild)
		complain_at(reader, &reader->force,
			    "force_rebuild and force_no_rebuild: only one of them can be "
			    "yes");
	*ret = *c;
}

int kd_config_parse(const char *file, const char *text, size_t size,
		    struct kd_config *ret, struct kd_config_report *report,
		    struct kd_error *err)
{
	struct kd_config_reader reader;
	struct kd_config config;
	int r;

	kd_config_reader_init(&reader, report);
	kd_config_read(&reader, file, text, size);
	kd_config_finish(&reader, &config);
	r = kd_config_verdict(report, err);
	if (r >= 0)
		*ret = config;
	return r;
}
