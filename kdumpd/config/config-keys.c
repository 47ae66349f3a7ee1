/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys: see config-keys.h. One table has every key of kdump-utils and what becomes of it
 * here; most are a kind of value and a member of struct kd_config. Trusts nothing.
 */
#include "kdumpd/config/config-keys.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/params.h"
#include "base/parse.h"
#include "kdumpd/config/config-dracut.h"
#include "kdumpd/digest.h"

#define COMPLAIN(r, ...) KD_CONFIG_TELL(r, false, __VA_ARGS__)
#define WARN(r, ...)	 KD_CONFIG_TELL(r, true, __VA_ARGS__)

#define NUMBER_MAX 1000000

struct key;

typedef void (*set_fn)(struct kd_config_reader *r, const struct key *k,
		       const char *value);

/**
 * @set: reads a value
 * @offset, @size: of the member it is for, where there is one
 * @beside: the capture image does not depend on it
 */
struct key {
	const char *name;
	set_fn set;
	size_t offset, size;
	bool beside;
};

static void *member(struct kd_config_reader *r, const struct key *k)
{
	return (char *)&r->config + k->offset;
}

static void set_text(struct kd_config_reader *r, const struct key *k, const char *value)
{
	if (strlen(value) >= k->size) {
		COMPLAIN(r, "%s: longer than %zu bytes", k->name, k->size - 1);
		return;
	}
	memset(member(r, k), 0, k->size); /* what was there may be longer */
	memcpy(member(r, k), value, strlen(value));
}

static void set_path(struct kd_config_reader *r, const struct key *k, const char *value)
{
	if (value[0] != '/')
		COMPLAIN(r, "%s: expected an absolute path, found \"%.128s\"", k->name,
			 value);
	else
		set_text(r, k, value);
}

/* A program is run as it is: no words behind it, no shell that would split them. */
static void set_program(struct kd_config_reader *r, const struct key *k,
			const char *value)
{
	if (value[0] != '/' || strpbrk(value, " \t"))
		COMPLAIN(r,
			 "%s: expected the absolute path of a program, found \"%.128s\"",
			 k->name, value);
	else
		set_text(r, k, value);
}

int kd_config_add_word(char *words, size_t size, const char *word, size_t length)
{
	size_t used = strlen(words);

	if (used + length + 2 > size)
		return -EFBIG;
	if (used)
		words[used++] = ' ';
	memcpy(words + used, word, length);
	words[used + length] = '\0';
	return 0;
}

static void set_words(struct kd_config_reader *r, const struct key *k, const char *value,
		      bool (*fits)(const char *word, size_t length), const char *expected)
{
	const char *word = value;
	size_t n;

	memset(member(r, k), 0, k->size);
	for (; (n = kd_params_next(&word)) > 0; word += n) {
		if (!fits(word, n)) {
			COMPLAIN(r, "%s: expected %s, found \"%.*s\"", k->name, expected,
				 (int)MIN(n, (size_t)128), word);
			return;
		}
		if (kd_config_add_word(member(r, k), k->size, word, n) < 0) {
			COMPLAIN(r, "%s: longer than %zu bytes", k->name, k->size - 1);
			return;
		}
	}
}

bool kd_config_is_program(const char *word, size_t length)
{
	return length > 1 && word[0] == '/';
}

static void set_programs(struct kd_config_reader *r, const struct key *k,
			 const char *value)
{
	set_words(r, k, value, kd_config_is_program, "absolute paths of programs");
}

bool kd_config_is_module(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)word[i]) && word[i] != '_' &&
		    (word[i] != '-' || i == 0))
			return false;
	return length > 0;
}

static void set_modules(struct kd_config_reader *r, const struct key *k,
			const char *value)
{
	set_words(r, k, value, kd_config_is_module, "names of kernel modules");
}

static void set_bool(struct kd_config_reader *r, const struct key *k, const char *value)
{
	if (kd_parse_bool(value, member(r, k)) < 0)
		COMPLAIN(r, "%s: expected yes or no, found \"%.128s\"", k->name, value);
}

static void set_number(struct kd_config_reader *r, const struct key *k, const char *value)
{
	uint64_t v;

	if (kd_parse_u64(value, &v) < 0 || v > NUMBER_MAX)
		COMPLAIN(r, "%s: expected a number up to %d, found \"%.128s\"", k->name,
			 NUMBER_MAX, value);
	else
		*(uint64_t *)member(r, k) = v;
}

static void set_size(struct kd_config_reader *r, const struct key *k, const char *value)
{
	if (kd_parse_size(value, member(r, k)) < 0)
		COMPLAIN(r, "%s: expected a size (500M, 20G), found \"%.128s\"", k->name,
			 value);
}

static void set_force(struct kd_config_reader *r, const struct key *k, const char *value)
{
	r->force = r->where;
	set_bool(r, k, value);
}

static void set_final_action(struct kd_config_reader *r, const struct key *k,
			     const char *value)
{
	if (kd_action_from_name(value, member(r, k)) < 0)
		COMPLAIN(r, "%s: expected reboot, halt or poweroff, found \"%.128s\"",
			 k->name, value);
}

/* After dump_to_rootfs, and instead of a shell that nobody may ever come to: reboot. */
static void set_failure_action(struct kd_config_reader *r, const struct key *k,
			       const char *value)
{
	enum kd_action *action = member(r, k);

	*action = KD_ACTION_REBOOT;
	r->last_resort = (struct kd_config_target) { .type = KD_TARGET_FS };
	if (strcmp(value, "dump_to_rootfs") == 0) {
		memcpy(r->last_resort.source, KD_TARGET_OF_ROOT,
		       sizeof(KD_TARGET_OF_ROOT));
		memcpy(r->last_resort.file, r->where.file, sizeof(r->last_resort.file));
		r->last_resort.line = r->where.line;
	} else if (strcmp(value, "shell") == 0) {
		WARN(r,
		     "%s: there is no shell in the capture image, the machine will "
		     "reboot; halt leaves the messages on its screen",
		     k->name);
	} else if (kd_action_from_name(value, action) < 0) {
		COMPLAIN(r,
			 "%s: expected reboot, halt, poweroff or dump_to_rootfs, found "
			 "\"%.128s\"",
			 k->name, value);
	}
}

static void set_default(struct kd_config_reader *r, const struct key *k,
			const char *value)
{
	(void)k;
	WARN(r, "default: an old name, write failure_action");
	kd_config_key(r, "failure_action", value);
}

static void set_fence_nodes(struct kd_config_reader *r, const struct key *k,
			    const char *value)
{
	r->config.fence_where = r->where;
	set_words(r, k, value, kd_config_is_node, "names or addresses of nodes");
}

static void set_fence_args(struct kd_config_reader *r, _unused_ const struct key *k,
			   const char *value)
{
	kd_config_fence_args(r, value);
}

static void set_dracut(struct kd_config_reader *r, const struct key *k, const char *value)
{
	(void)k;
	kd_config_dracut(r, value);
}

static void set_obsolete(struct kd_config_reader *r, const struct key *k,
			 const char *value)
{
	(void)value;
	COMPLAIN(r, "%s: obsolete, remove it", k->name);
}

#define TO(m) offsetof(struct kd_config, m), sizeof(((struct kd_config *)NULL)->m)

static const struct key keys[] = {
	{ "path", set_path, TO(path), false },
	{ "core_collector", set_text, TO(collector), false },
	{ "final_action", set_final_action, TO(final_action), false },
	{ "failure_action", set_failure_action, TO(failure_action), false },
	{ "default", set_default, 0, 0, false },
	{ "crash_loop_limit", set_number, TO(crash_loop_limit), false },
	{ "sshkey", set_path, TO(sshkey), false },
	{ "kdump_pre", set_program, TO(pre), false },
	{ "kdump_post", set_program, TO(post), false },
	{ "kdump_emergency", set_program, TO(emergency), false },
	{ "extra_bins", set_programs, TO(extra_bins), false },
	{ "extra_modules", set_modules, TO(extra_modules), false },
	{ "dracut_args", set_dracut, 0, 0, false },
	{ "force_rebuild", set_force, TO(force_rebuild), true },
	{ "force_no_rebuild", set_force, TO(force_no_rebuild), true },
	{ "keep_dumps", set_number, TO(keep.count), true },
	{ "keep_bytes", set_size, TO(keep.bytes), true },
	{ "keep_days", set_number, TO(keep.days), true },
	{ "keep_free", set_size, TO(keep.free), true },
	{ "metrics_file", set_path, TO(metrics_file), true },
	{ "auto_reset_crashkernel", set_bool, TO(auto_reset_crashkernel), true },
	{ "fence_kdump_args", set_fence_args, TO(fence), false },
	{ "fence_kdump_nodes", set_fence_nodes, TO(fence_nodes), false },
	/* kdump-utils refuses these too */
	{ "net", set_obsolete, 0, 0, false },
	{ "options", set_obsolete, 0, 0, false },
	{ "link_delay", set_obsolete, 0, 0, false },
	{ "disk_timeout", set_obsolete, 0, 0, false },
	{ "debug_mem_level", set_obsolete, 0, 0, false },
	{ "blacklist", set_obsolete, 0, 0, false },
};
static_assert(ARRAY_SIZE(keys) <= KD_CONFIG_KEYS, "a line for each key");

const char *kd_config_key_name(size_t i)
{
	for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
		if (keys[k].set != set_obsolete && i-- == 0)
			return keys[k].name;
	return NULL;
}

void kd_config_add_target(struct kd_config_reader *r, const char *key, const char *value)
{
	struct kd_config *c = &r->config;
	struct kd_config_target target;
	struct kd_error err = { 0 };

	if (kd_config_target_parse(key, value, &target, &err) < 0) {
		COMPLAIN(r, "%s", err.message);
		return;
	}
	for (size_t i = 0; i < r->n_targets; i++)
		if (strcmp(c->targets[i].source, target.source) == 0) {
			COMPLAIN(r, "%s: %s is a target already in line %u", key, value,
				 c->targets[i].line);
			return;
		}
	if (r->n_targets == KD_PLAN_TARGETS) {
		COMPLAIN(r, "%s: more than %d targets", key, KD_PLAN_TARGETS);
		return;
	}
	memcpy(target.file, r->where.file, sizeof(target.file));
	target.line = r->where.line;
	c->targets[r->n_targets++] = target;
	c->n_targets = r->n_targets;
}

void kd_config_key(struct kd_config_reader *r, const char *name, const char *value)
{
	if (kd_config_target_key(name)) {
		if (value[0])
			kd_config_add_target(r, name, value);
		else
			COMPLAIN(r, "%s: expected a value", name);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (r->seen[i])
			COMPLAIN(r, "%s: already set in line %u", name, r->seen[i]);
		r->seen[i] = r->where.line;
		if (value[0])
			keys[i].set(r, &keys[i], value);
		else
			COMPLAIN(r, "%s: expected a value", name);
		return;
	}
	COMPLAIN(r, "unknown key \"%.64s\"; kdump.conf(5) lists those there are", name);
}

/* Members hold nothing behind their texts: see set_text(). */
void kd_config_digest(const struct kd_config *config, struct kd_digest *digest)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].size && !keys[i].beside)
			kd_digest_add(digest, keys[i].name,
				      (const char *)config + keys[i].offset,
				      keys[i].size);
	kd_digest_adds(digest, "omit_modules", config->omit_modules);
	for (size_t i = 0; i < config->n_targets; i++)
		kd_digest_adds(digest, config->targets[i].fstype,
			       config->targets[i].source);
}
