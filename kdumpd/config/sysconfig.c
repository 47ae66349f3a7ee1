/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parser of /etc/sysconfig/kdump: see sysconfig.h. Keys that steer kexec-tools, dracut
 * or kdump-utils' own log mean nothing here and pass; others are refused by name.
 * Trusts nothing. Called by the daemon and kdumpctl.
 */
#include "kdumpd/config/sysconfig.h"

#include <string.h>

#include "base/parse.h"

struct key {
	const char *name;
	size_t offset, size; /* size 0: has no meaning here */
};

#define FIELD(n, f)                                              \
	{                                                        \
		n, offsetof(struct kd_sysconfig, f),             \
			sizeof(((struct kd_sysconfig *)NULL)->f) \
	}
#define NO_MEANING(n)   \
	{               \
		n, 0, 0 \
	}

static const struct key keys[] = {
	FIELD("KDUMP_KERNELVER", kernel_version),
	FIELD("KDUMP_COMMANDLINE", commandline),
	FIELD("KDUMP_COMMANDLINE_REMOVE", remove),
	FIELD("KDUMP_COMMANDLINE_APPEND", append),
	FIELD("KEXEC_ARGS", kexec_args),
	NO_MEANING("MKDUMPRD_ARGS"),
	NO_MEANING("KDUMP_BOOTDIR"),
	NO_MEANING("KDUMP_IMG"),
	NO_MEANING("KDUMP_IMG_EXT"),
	NO_MEANING("KDUMP_STDLOGLVL"),
	NO_MEANING("KDUMP_SYSLOGLVL"),
	NO_MEANING("KDUMP_KMSGLOGLVL"),
	NO_MEANING("FADUMP_COMMANDLINE_APPEND"),
	NO_MEANING("VMCORE_CREATION_NOTIFICATION"),
};

/* Take quotes off in place. -EINVAL for what only a shell could make sense of. */
static int unquote(char *value)
{
	char quote = value[0];
	size_t n = strlen(value);

	if (quote == '"' || quote == '\'') {
		if (n < 2 || value[n - 1] != quote)
			return -EINVAL;
		value[n - 1] = '\0';
		memmove(value, value + 1, n - 1);
		if (strchr(value, quote))
			return -EINVAL;
	} else if (strpbrk(value, " \t\"';&|<>()")) {
		return -EINVAL;
	}
	return quote != '\'' && strpbrk(value, "$`\\") ? -EINVAL : 0;
}

/** @file: for messages */
struct parser {
	struct kd_sysconfig values;
	struct kd_config_report *report;
	const char *file;
	unsigned int line;
};

#define COMPLAIN(p, ...)                                                            \
	kd_config_complain((p)->report, (p)->file, (p)->line, /* warning= */ false, \
			   __VA_ARGS__)

static void handle(struct parser *p, const char *name, char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct key *k = &keys[i];

		if (strcmp(k->name, name) != 0)
			continue;
		if (k->size == 0)
			return;
		if (unquote(value) < 0)
			COMPLAIN(p,
				 "%s: expected a plain or quoted text, it is "
				 "not run by a shell",
				 name);
		else if (strlen(value) >= k->size)
			COMPLAIN(p, "%s: longer than %zu bytes", name, k->size - 1);
		else
			memcpy((char *)&p->values + k->offset, value, strlen(value) + 1);
		if (k->offset == offsetof(struct kd_sysconfig, append))
			p->values.has_append = true;
		return;
	}
	COMPLAIN(p, "unknown variable \"%.64s\"", name);
}

static void parse_line(struct parser *p, const struct kd_lines *it)
{
	char line[KD_SYSCONFIG_VALUE + 64];
	char *text, *equals;

	if (it->length >= sizeof(line)) {
		COMPLAIN(p, "line longer than %zu bytes", sizeof(line) - 1);
		return;
	}
	memcpy(line, it->line, it->length);
	line[it->length] = '\0';
	text = kd_strip(line);
	if (!*text || *text == '#')
		return;
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 && *c != '\t') {
			COMPLAIN(p, "control character");
			return;
		}
	equals = strchr(text, '=');
	if (!equals) {
		COMPLAIN(p, "expected NAME=\"value\", found \"%.64s\"", text);
		return;
	}
	*equals = '\0';
	handle(p, text, equals + 1);
}

int kd_sysconfig_parse(const char *file, const char *text, size_t size,
		       struct kd_sysconfig *ret, struct kd_config_report *report,
		       struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct parser p = { .report = report, .file = file };
	int r;

	if (size > KD_CONFIG_MAX_SIZE)
		COMPLAIN(&p, "longer than %d bytes", KD_CONFIG_MAX_SIZE);
	else
		while (kd_lines_next(&it)) {
			p.line = it.number;
			parse_line(&p, &it);
		}
	r = kd_config_verdict(report, err);
	if (r < 0)
		return r;
	*ret = p.values;
	return 0;
}
