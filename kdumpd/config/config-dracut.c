/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options of dracut: see config-dracut.h. Words are split as a shell does it with plain
 * quotes; nothing is expanded. An option's value is behind '=' or the next word. Trusts
 * nothing.
 */
#include "kdumpd/config/config-dracut.h"

#include <string.h>

#include "base/params.h"

#define COMPLAIN(r, ...) KD_CONFIG_TELL(r, false, __VA_ARGS__)
#define WARN(r, ...)	 KD_CONFIG_TELL(r, true, __VA_ARGS__)

/* The next word without its quotes. Returns false at the end, and for a word that is too
 * long, which then is the last. */
static bool next_word(const char **text, char *ret, size_t size)
{
	const char *c = *text + strspn(*text, " \t");
	size_t n = 0;
	char quote = 0;

	if (!*c)
		return false;
	for (; *c && (quote || !strchr(" \t", *c)); c++) {
		if (quote ? *c == quote : *c == '"' || *c == '\'')
			quote = quote ? 0 : *c;
		else if (n + 1 < size)
			ret[n++] = *c;
		else
			return false;
	}
	ret[n] = '\0';
	*text = c;
	return true;
}

static void add_words(struct kd_config_reader *r, const char *option, const char *value,
		      char words[static KD_CONFIG_WORDS],
		      bool (*fits)(const char *word, size_t length))
{
	size_t n;

	for (; (n = kd_params_next(&value)) > 0; value += n)
		if (!fits(value, n))
			COMPLAIN(r, "dracut_args: %s: what is \"%.*s\"?", option,
				 (int)MIN(n, (size_t)128), value);
		else if (kd_config_add_word(words, KD_CONFIG_WORDS, value, n) < 0)
			COMPLAIN(r, "dracut_args: %s: more than %d bytes in all", option,
				 KD_CONFIG_WORDS - 1);
}

static void add_modules(struct kd_config_reader *r, const char *option, const char *value)
{
	add_words(r, option, value, r->dracut_modules, kd_config_is_module);
}

static void omit_modules(struct kd_config_reader *r, const char *option,
			 const char *value)
{
	add_words(r, option, value, r->config.omit_modules, kd_config_is_module);
}

static void add_programs(struct kd_config_reader *r, const char *option,
			 const char *value)
{
	add_words(r, option, value, r->dracut_bins, kd_config_is_program);
}

/* "DEVICE FOLDER TYPE [OPTIONS [FREQ [PASS]]]", a line of fstab. */
static void add_mount(struct kd_config_reader *r, const char *option, const char *value)
{
	char source[KD_PLAN_STRING], folder[KD_PLAN_STRING], type[32],
		options[KD_PLAN_STRING] = "";

	if (!next_word(&value, source, sizeof(source)) ||
	    !next_word(&value, folder, sizeof(folder)) ||
	    !next_word(&value, type, sizeof(type))) {
		COMPLAIN(r, "dracut_args: %s: expected \"device folder type\"", option);
		return;
	}
	if (strcmp(type, "nfs4") == 0)
		type[3] = '\0';
	if (!kd_config_target_key(type)) {
		COMPLAIN(r,
			 "dracut_args: %s: \"%s\" is no target; kdump.conf(5) lists "
			 "those there are",
			 option, type);
		return;
	}
	if (next_word(&value, options, sizeof(options)) &&
	    strcmp(options, "defaults") != 0)
		WARN(r, "dracut_args: %s: its options \"%.64s\" are not used", option,
		     options);
	kd_config_add_target(r, type, source);
}

static const struct option {
	const char *name;
	void (*take)(struct kd_config_reader *r, const char *option, const char *value);
} options[] = {
	{ "--add-drivers", add_modules },
	{ "--force-drivers", add_modules },
	{ "--omit-drivers", omit_modules },
	{ "--install", add_programs },
	{ "-I", add_programs },
	{ "--mount", add_mount },
};

static const struct option *find(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strlen(options[i].name) == length &&
		    memcmp(options[i].name, word, length) == 0)
			return &options[i];
	return NULL;
}

void kd_config_dracut(struct kd_config_reader *r, const char *text)
{
	char word[KD_CONFIG_WORDS], value[KD_CONFIG_WORDS];
	const struct option *option;
	size_t n;

	r->dracut = r->where;
	r->dracut_modules[0] = r->dracut_bins[0] = '\0';
	memset(r->config.omit_modules, 0, sizeof(r->config.omit_modules));
	while (next_word(&text, word, sizeof(word))) {
		if (word[0] != '-')
			continue; /* the value of an option that was passed over */
		n = strcspn(word, "=");
		option = find(word, n);
		if (!option)
			WARN(r,
			     "dracut_args: %.*s means nothing here: dracut does not "
			     "build this image",
			     (int)MIN(n, (size_t)64), word);
		else if (word[n])
			option->take(r, option->name, word + n + 1);
		else if (next_word(&text, value, sizeof(value)))
			option->take(r, option->name, value);
		else
			COMPLAIN(r, "dracut_args: %s: expected a value", option->name);
	}
	if (text[strspn(text, " \t")])
		COMPLAIN(r, "dracut_args: a word of more than %d bytes",
			 KD_CONFIG_WORDS - 1);
}
