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
	KEY_UNSUPPORTED,
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

/**
 * @seen: line each key was given at, 0 for not yet; @failure_line likewise, for its two
 *        names
 * @n_targets: those of this file
 */
struct parser {
	struct kd_config config;
	struct kd_config_report *report;
	const char *file;
	unsigned int line;
	unsigned int seen[ARRAY_SIZE(keys)];
	unsigned int failure_line;
	size_t n_targets;
};

void kd_config_init(struct kd_config *config)
{
	*config = (struct kd_config) {
		.path = "/var/crash",
		.collector = "makedumpfile -z -d 31",
		.n_targets = 1, /* KD_TARGET_OF_PATH */
		.final_action = KD_ACTION_REBOOT,
		.failure_action = KD_ACTION_REBOOT,
	};
}

#define TELL(p, warning, ...) \
	kd_config_complain((p)->report, (p)->file, (p)->line, warning, __VA_ARGS__)
#define COMPLAIN(p, ...) TELL(p, false, __VA_ARGS__)
#define WARN(p, ...)	 TELL(p, true, __VA_ARGS__)

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

static void set_final_action(struct parser *p, const char *name, const char *value)
{
	if (kd_action_from_name(value, &p->config.final_action) < 0)
		COMPLAIN(p, "%s: expected reboot, halt or poweroff, found \"%s\"", name,
			 value);
}

/* After dump_to_rootfs, and instead of a shell that nobody may ever come to: reboot. */
static void set_failure_action(struct parser *p, const char *name, const char *value)
{
	struct kd_config *c = &p->config;

	if (p->failure_line)
		COMPLAIN(p, "%s: failure_action is already set in line %u", name,
			 p->failure_line);
	p->failure_line = p->line;
	c->failure_action = KD_ACTION_REBOOT;
	c->last_resort = (struct kd_config_target) { .type = KD_TARGET_FS };
	if (strcmp(value, "dump_to_rootfs") == 0) {
		memcpy(c->last_resort.source, KD_TARGET_OF_ROOT,
		       sizeof(KD_TARGET_OF_ROOT));
		(void)snprintf(c->last_resort.file, sizeof(c->last_resort.file), "%s",
			       p->file);
		c->last_resort.line = p->line;
	} else if (strcmp(value, "shell") == 0) {
		WARN(p,
		     "%s: there is no shell in the capture image, the machine will "
		     "reboot; halt leaves the messages on its screen",
		     name);
	} else if (kd_action_from_name(value, &c->failure_action) < 0) {
		COMPLAIN(p,
			 "%s: expected reboot, halt, poweroff or dump_to_rootfs, found "
			 "\"%s\"",
			 name, value);
	}
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

static void set_target(struct parser *p, const char *name, const char *value)
{
	struct kd_config *c = &p->config;
	struct kd_config_target target;
	struct kd_error err = { 0 };

	if (kd_config_target_parse(name, value, &target, &err) < 0) {
		COMPLAIN(p, "%s", err.message);
		return;
	}
	for (size_t i = 0; i < p->n_targets; i++)
		if (strcmp(c->targets[i].source, target.source) == 0) {
			COMPLAIN(p, "%s: %s is a target already in line %u", name, value,
				 c->targets[i].line);
			return;
		}
	if (p->n_targets == KD_PLAN_TARGETS) {
		COMPLAIN(p, "%s: more than %d targets", name, KD_PLAN_TARGETS);
		return;
	}
	(void)snprintf(target.file, sizeof(target.file), "%s", p->file);
	target.line = p->line;
	c->targets[p->n_targets++] = target;
	c->n_targets = p->n_targets;
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
		set_final_action(p, k->name, value);
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
	case KEY_UNSUPPORTED:
		COMPLAIN(p, "%s: not supported yet", k->name);
		break;
	case KEY_OBSOLETE:
		COMPLAIN(p, "%s: obsolete, remove it", k->name);
		break;
	}
}

static void handle(struct parser *p, const char *name, const char *value)
{
	if (kd_config_target_key(name)) {
		if (!value[0])
			COMPLAIN(p, "%s: expected a value", name);
		else
			set_target(p, name, value);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (p->seen[i])
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

/* What only the whole configuration shows. */
static void finish(struct parser *p)
{
	struct kd_config *c = &p->config;

	if (!c->last_resort.source[0])
		return;
	if (c->n_targets < KD_PLAN_TARGETS)
		c->targets[c->n_targets++] = c->last_resort;
	else
		kd_config_complain(p->report, c->last_resort.file, c->last_resort.line,
				   /* warning= */ false,
				   "failure_action: dump_to_rootfs is one more target, "
				   "and there are %d already",
				   KD_PLAN_TARGETS);
}

int kd_config_parse(const char *file, const char *text, size_t size,
		    struct kd_config *ret, struct kd_config_report *report,
		    struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct parser p = { .report = report, .file = file };
	int r;

	kd_config_init(&p.config);
	if (size > KD_CONFIG_MAX_SIZE) {
		COMPLAIN(&p, "longer than %d bytes", KD_CONFIG_MAX_SIZE);
		return kd_config_verdict(report, err);
	}
	while (kd_lines_next(&it)) {
		p.line = it.number;
		parse_line(&p, &it);
	}
	finish(&p);
	r = kd_config_verdict(report, err);
	if (r < 0)
		return r;
	*ret = p.config;
	return 0;
}
