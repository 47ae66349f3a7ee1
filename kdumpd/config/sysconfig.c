/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parser of /etc/sysconfig/kdump: see sysconfig.h. Keys that steer kexec-tools, dracut
 * or kdump-utils' own log mean nothing here and pass; others are refused by name.
 * Trusts nothing. Called by the daemon and kdumpctl.
 */
#include "kdumpd/config/sysconfig.h"

#include <string.h>

#include "kdumpd/config/assignment.h"
#include "kdumpd/config/import.h"

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
	FIELD("KDUMP_BOOTDIR", boot_dir),
	FIELD("KDUMP_IMG", image),
	FIELD("KDUMP_IMG_EXT", image_suffix),
	NO_MEANING("MKDUMPRD_ARGS"),
	NO_MEANING("KDUMP_STDLOGLVL"),
	NO_MEANING("KDUMP_SYSLOGLVL"),
	NO_MEANING("KDUMP_KMSGLOGLVL"),
	NO_MEANING("FADUMP_COMMANDLINE_APPEND"),
	NO_MEANING("VMCORE_CREATION_NOTIFICATION"),
};

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
		if (kd_assignment_unquote(value) < 0)
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
	if (!kd_import_is_suse(name))
		COMPLAIN(p, "unknown variable \"%.64s\"", name);
	else if (!p->values.append_to_ours)
		kd_config_complain(p->report, p->file, p->line, /* warning= */ true,
				   "%.64s and what else only openSUSE's kdump knows "
				   "means nothing here: `kdumpctl import` makes a "
				   "kdump.conf of it",
				   name);
	p->values.append_to_ours |= kd_import_is_suse(name);
}

static void parse_line(struct parser *p, const struct kd_lines *it)
{
	char line[KD_SYSCONFIG_VALUE + 64], *value;
	struct kd_error err = { 0 };
	const char *name;
	int r;

	r = kd_assignment_split(it, line, sizeof(line), &name, &value, &err);
	if (r < 0)
		COMPLAIN(p, "%s", err.message);
	else if (r > 0)
		handle(p, name, value);
}

/* What kdump-utils ships says nothing but "look for it". */
static void drop_usual_image(struct kd_sysconfig *s)
{
	if (!s->boot_dir[0] && !s->image_suffix[0] && strcmp(s->image, "vmlinuz") == 0)
		s->image[0] = '\0';
}

void kd_sysconfig_read(const char *file, const char *text, size_t size,
		       struct kd_sysconfig *ret, struct kd_config_report *report)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct parser p = { .report = report, .file = file };

	if (size > KD_CONFIG_MAX_SIZE)
		COMPLAIN(&p, "longer than %d bytes", KD_CONFIG_MAX_SIZE);
	else
		while (kd_lines_next(&it)) {
			p.line = it.number;
			parse_line(&p, &it);
		}
	if (p.values.boot_dir[0] && p.values.boot_dir[0] != '/')
		kd_config_complain(report, file, 0, /* warning= */ false,
				   "KDUMP_BOOTDIR: expected an absolute path, found "
				   "\"%.128s\"",
				   p.values.boot_dir);
	if (strchr(p.values.image, '/') || strchr(p.values.image_suffix, '/'))
		kd_config_complain(report, file, 0, /* warning= */ false,
				   "KDUMP_IMG: expected a file's name without its "
				   "folder, which KDUMP_BOOTDIR names");
	drop_usual_image(&p.values);
	*ret = p.values;
}
