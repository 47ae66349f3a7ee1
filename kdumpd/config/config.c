/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parser of kdump.conf: see config.h. One table names every key kdump-utils knows and
 * what becomes of it here. Unlike kdump-utils', a '#' inside a value is part of it.
 * Trusts nothing. Called by the daemon, kdumpctl and the fuzzer.
 */
#include "kdumpd/config/config.h"

#include <string.h>

#include "base/parse.h"

#define LINE_SIZE 2048

enum key_kind {
	KEY_PATH,
	KEY_COLLECTOR,
	KEY_FINAL_ACTION,
	KEY_FAILURE_ACTION,
	KEY_DEFAULT, /* failure_action's old name */
	KEY_AUTO_RESET,
	KEY_TARGET,
	KEY_UNSUPPORTED,
	KEY_UNSUPPORTED_TARGET,
	KEY_OBSOLETE, /* kdump-utils refuses it too */
};

struct key {
	const char *name;
	enum key_kind kind;
};

static const struct key keys[] = {
	{ "path", KEY_PATH },
	{ "core_collector", KEY_COLLECTOR },
	{ "final_action", KEY_FINAL_ACTION },
	{ "failure_action", KEY_FAILURE_ACTION },
	{ "default", KEY_DEFAULT },
	{ "auto_reset_crashkernel", KEY_AUTO_RESET },
	{ "ext2", KEY_TARGET },
	{ "ext3", KEY_TARGET },
	{ "ext4", KEY_TARGET },
	{ "xfs", KEY_TARGET },
	{ "btrfs", KEY_UNSUPPORTED_TARGET },
	{ "minix", KEY_UNSUPPORTED_TARGET },
	{ "virtiofs", KEY_UNSUPPORTED_TARGET },
	{ "raw", KEY_UNSUPPORTED_TARGET },
	{ "nfs", KEY_UNSUPPORTED_TARGET },
	{ "ssh", KEY_UNSUPPORTED_TARGET },
	{ "sshkey", KEY_UNSUPPORTED },
	{ "kdump_pre", KEY_UNSUPPORTED },
	{ "kdump_post", KEY_UNSUPPORTED },
	{ "kdump_emergency", KEY_UNSUPPORTED },
	{ "extra_bins", KEY_UNSUPPORTED },
	{ "extra_modules", KEY_UNSUPPORTED },
	{ "dracut_args", KEY_UNSUPPORTED },
	{ "fence_kdump_args", KEY_UNSUPPORTED },
	{ "fence_kdump_nodes", KEY_UNSUPPORTED },
	{ "force_rebuild", KEY_UNSUPPORTED },
	{ "force_no_rebuild", KEY_UNSUPPORTED },
	{ "net", KEY_OBSOLETE },
	{ "options", KEY_OBSOLETE },
	{ "link_delay", KEY_OBSOLETE },
	{ "disk_timeout", KEY_OBSOLETE },
	{ "debug_mem_level", KEY_OBSOLETE },
	{ "blacklist", KEY_OBSOLETE },
};

/** @seen: line each key was given at, 0 for not yet; @target_line likewise */
struct parser {
	struct kd_config config;
	struct kd_config_report *report;
	unsigned int line;
	unsigned int seen[ARRAY_SIZE(keys)];
	unsigned int target_line, failure_line;
};

void kd_config_init(struct kd_config *config)
{
	*config = (struct kd_config) {
		.path = "/var/crash",
		.collector = "makedumpfile -z -d 31",
		.final_action = KD_ACTION_REBOOT,
		.failure_action = KD_ACTION_REBOOT,
	};
}

#define COMPLAIN(p, ...) kd_config_complain((p)->report, (p)->line, false, __VA_ARGS__)
#define WARN(p, ...)	 kd_config_complain((p)->report, (p)->line, true, __VA_ARGS__)

static void set_string(struct parser *p, char *to, size_t size, const char *name,
		       const char *value)
{
	if (strlen(value) >= size)
		COMPLAIN(p, "%s: longer than %zu bytes", name, size - 1);
	else
		memcpy(to, value, strlen(value) + 1);
}

static void set_path(struct parser *p, const char *value)
{
	if (value[0] != '/')
		COMPLAIN(p, "path: expected an absolute path, found \"%s\"", value);
	else
		set_string(p, p->config.path, sizeof(p->config.path), "path", value);
}

static void set_action(struct parser *p, const char *name, const char *value,
		       bool failure, enum kd_action *to)
{
	if (kd_action_from_name(value, to) >= 0)
		return;
	if (failure &&
	    (strcmp(value, "shell") == 0 || strcmp(value, "dump_to_rootfs") == 0))
		COMPLAIN(p, "%s: %s is not supported yet", name, value);
	else
		COMPLAIN(p, "%s: expected reboot, halt or poweroff, found \"%s\"", name,
			 value);
}

static void set_failure_action(struct parser *p, const char *name, const char *value)
{
	if (p->failure_line)
		COMPLAIN(p, "%s: failure_action is already set in line %u", name,
			 p->failure_line);
	p->failure_line = p->line;
	set_action(p, name, value, /* failure= */ true, &p->config.failure_action);
}

static void set_auto_reset(struct parser *p, const char *value)
{
	bool on;

	if (kd_parse_bool(value, &on) < 0)
		COMPLAIN(p, "auto_reset_crashkernel: expected yes or no, found \"%s\"",
			 value);
	else if (on)
		WARN(p, "auto_reset_crashkernel: crashkernel= is not changed on updates "
			"yet");
}

static bool is_device(const char *value)
{
	static const char *const prefixes[] = { "/dev/", "UUID=", "LABEL=", "PARTUUID=",
						"PARTLABEL=" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (strncmp(value, prefixes[i], strlen(prefixes[i])) == 0 &&
		    value[strlen(prefixes[i])])
			return true;
	return false;
}

static void set_target(struct parser *p, const char *name, const char *value)
{
	if (p->target_line)
		COMPLAIN(p, "%s: a second target, the first is in line %u", name,
			 p->target_line);
	p->target_line = p->line;
	if (!is_device(value) || strpbrk(value, " \t")) {
		COMPLAIN(p,
			 "%s: expected a device (/dev/…, UUID=… or LABEL=…), found "
			 "\"%s\"",
			 name, value);
		return;
	}
	set_string(p, p->config.fstype, sizeof(p->config.fstype), name, name);
	set_string(p, p->config.device, sizeof(p->config.device), name, value);
}

static void set_key(struct parser *p, const struct key *k, const char *value)
{
	switch (k->kind) {
	case KEY_PATH:
		set_path(p, value);
		break;
	case KEY_COLLECTOR:
		set_string(p, p->config.collector, sizeof(p->config.collector), k->name,
			   value);
		break;
	case KEY_FINAL_ACTION:
		set_action(p, k->name, value, /* failure= */ false,
			   &p->config.final_action);
		break;
	case KEY_DEFAULT:
		WARN(p, "default: an old name, write failure_action");
		set_failure_action(p, k->name, value);
		break;
	case KEY_FAILURE_ACTION:
		set_failure_action(p, k->name, value);
		break;
	case KEY_AUTO_RESET:
		set_auto_reset(p, value);
		break;
	case KEY_TARGET:
		set_target(p, k->name, value);
		break;
	case KEY_UNSUPPORTED:
	case KEY_UNSUPPORTED_TARGET:
		COMPLAIN(p, "%s: not supported yet", k->name);
		break;
	case KEY_OBSOLETE:
		COMPLAIN(p, "%s: obsolete, remove it", k->name);
		break;
	}
}

static void handle(struct parser *p, const char *name, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (p->seen[i] && keys[i].kind != KEY_TARGET)
			COMPLAIN(p, "%s: already set in line %u", name, p->seen[i]);
		p->seen[i] = p->line;
		if (!value[0])
			COMPLAIN(p, "%s: expected a value", name);
		else
			set_key(p, &keys[i], value);
		return;
	}
	COMPLAIN(p, "unknown key \"%.64s\"; kdump.conf(5) lists those there are", name);
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

static void parse_line(struct parser *p, const struct kd_lines *it)
{
	char line[LINE_SIZE];
	char *key, *value;
	size_t n;

	if (it->length >= sizeof(line)) {
		COMPLAIN(p, "line longer than %zu bytes", sizeof(line) - 1);
		return;
	}
	memcpy(line, it->line, it->length);
	line[it->length] = '\0';
	for (size_t i = 0; i < it->length; i++)
		if ((unsigned char)line[i] < 0x20 && line[i] != '\t' && line[i] != '\r') {
			COMPLAIN(p, "control character in column %zu", i + 1);
			return;
		}
	cut_comment(line);
	key = kd_strip(line);
	if (!*key)
		return;
	value = key + strcspn(key, " \t");
	if (*value)
		*value++ = '\0';
	value = kd_strip(value);
	n = strlen(value);
	if (n >= 2 && value[0] == '"' && value[n - 1] == '"') {
		value[n - 1] = '\0';
		value++;
	}
	handle(p, key, value);
}

int kd_config_parse(const char *file, const char *text, size_t size,
		    struct kd_config *ret, struct kd_config_report *ret_report,
		    struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct parser p = { .report = ret_report };
	int r;

	kd_config_init(&p.config);
	ret_report->n = ret_report->errors = 0;
	if (size > KD_CONFIG_MAX_SIZE) {
		COMPLAIN(&p, "longer than %d bytes", KD_CONFIG_MAX_SIZE);
		return kd_config_verdict(file, ret_report, err);
	}
	while (kd_lines_next(&it)) {
		p.line = it.number;
		parse_line(&p, &it);
	}
	r = kd_config_verdict(file, ret_report, err);
	if (r < 0)
		return r;
	*ret = p.config;
	return 0;
}
