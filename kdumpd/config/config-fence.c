/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options of fence_kdump_send: see config-fence.h. Words as getopt_long(3) takes them: a
 * short option's value is behind it or the next word, a long one's behind '=' or the next
 * word. Trusts nothing.
 */
#include "kdumpd/config/config-fence.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/params.h"
#include "base/parse.h"
#include "kdumpd/config/config-keys.h"

#define COMPLAIN(r, ...) KD_CONFIG_TELL(r, false, __VA_ARGS__)

#define WORD_SIZE    64
#define SECONDS_MAX  86400
#define MESSAGES_MAX 1000000

static void set_family(struct kd_config_reader *r, const char *value)
{
	static const struct {
		const char *name;
		int family;
	} families[] = {
		{ "auto", AF_UNSPEC },
		{ "ipv4", AF_INET },
		{ "ipv6", AF_INET6 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (strcasecmp(families[i].name, value) == 0) {
			r->config.fence.family = families[i].family;
			return;
		}
	COMPLAIN(r, "fence_kdump_args: -f: expected auto, ipv4 or ipv6, found \"%s\"",
		 value);
}

/* Numbers: @family has a function of its own. */
static const struct option {
	char letter;
	const char *name;
	unsigned int min, max;
	size_t offset;
} options[] = {
	{ 'p', "ipport", 1, 65535, offsetof(struct kd_config_fence, port) },
	{ 'i', "interval", 1, SECONDS_MAX, offsetof(struct kd_config_fence, interval) },
	{ 'c', "count", 0, MESSAGES_MAX, offsetof(struct kd_config_fence, count) },
	{ 'f', "family", 0, 0, 0 },
};

static void set(struct kd_config_reader *r, const struct option *o, const char *value)
{
	unsigned int number;
	uint64_t v;

	if (o->letter == 'f') {
		set_family(r, value);
		return;
	}
	if (kd_parse_u64(value, &v) < 0 || v < o->min || v > o->max) {
		COMPLAIN(r,
			 "fence_kdump_args: -%c: expected a number from %u to %u, found "
			 "\"%s\"",
			 o->letter, o->min, o->max, value);
		return;
	}
	number = (unsigned int)v;
	memcpy((char *)&r->config.fence + o->offset, &number, sizeof(number));
}

static bool next_word(const char **text, char ret[static WORD_SIZE])
{
	size_t n = kd_params_next(text);

	if (!n)
		return false;
	(void)snprintf(ret, WORD_SIZE, "%.*s", (int)MIN(n, (size_t)WORD_SIZE), *text);
	*text += n;
	return true;
}

/* "-p", "-p7410", "--ipport", "--ipport=7410". *ret_value: NULL when the next word is it */
static const struct option *find(const char *word, const char **ret_value)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];
		size_t n = strlen(o->name);

		if (word[0] == '-' && word[1] == o->letter) {
			*ret_value = word[2] ? word + 2 : NULL;
			return o;
		}
		if (strncmp(word, "--", 2) == 0 && strncmp(word + 2, o->name, n) == 0 &&
		    (!word[2 + n] || word[2 + n] == '=')) {
			*ret_value = word[2 + n] ? word + 3 + n : NULL;
			return o;
		}
	}
	return NULL;
}

/* How much it prints is of no use where nobody reads. */
static bool is_verbose(const char *word)
{
	return strncmp(word, "-v", 2) == 0 || strncmp(word, "--verbose", 9) == 0;
}

void kd_config_fence_args(struct kd_config_reader *r, const char *text)
{
	char word[WORD_SIZE], next[WORD_SIZE];

	r->config.fence = (struct kd_config_fence) { .port = KD_FENCE_PORT,
						     .interval = KD_FENCE_INTERVAL };
	while (next_word(&text, word)) {
		const char *value = NULL;
		const struct option *o = find(word, &value);

		if (!o && is_verbose(word))
			continue;
		if (!o)
			COMPLAIN(r,
				 "fence_kdump_args: \"%s\" is no option of "
				 "fence_kdump_send: -p, -f, -c and -i are",
				 word);
		else if (value)
			set(r, o, value);
		else if (next_word(&text, next))
			set(r, o, next);
		else
			COMPLAIN(r, "fence_kdump_args: %s: expected a value", word);
	}
}

bool kd_config_is_node(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)word[i]) && !strchr("-_.:%", word[i]))
			return false;
	return length > 0 && word[0] != '-';
}
