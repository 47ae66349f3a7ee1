/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live tables to a plan's: see dm-rewrite.h. Works word by word; a word "8:1" is a device
 * wherever it stands, since no target's grammar has another use for one.
 */
#include "kdumpd/host/dm-rewrite.h"

#include <inttypes.h>
#include <string.h>

#include "base/parse.h"

#define LINE_SIZE 2048
#define MAX_WORDS 256

/** A line's words; the first three are start, length and type. */
struct words {
	char text[LINE_SIZE];
	const char *v[MAX_WORDS];
	size_t n;
};

struct rewrite {
	struct kd_dm_plan *plan;
	const char *description;
	size_t used; /* of plan->table */
};

static int split(const char *line, size_t length, struct words *ret)
{
	char *rest = ret->text, *word;

	if (length >= sizeof(ret->text))
		return -E2BIG;
	memcpy(ret->text, line, length);
	ret->text[length] = '\0';
	ret->n = 0;
	while ((word = strsep(&rest, " "))) {
		if (!word[0])
			continue;
		if (ret->n == MAX_WORDS)
			return -E2BIG;
		ret->v[ret->n++] = word;
	}
	return ret->n < 3 ? -EBADMSG : 0;
}

/* Append a word to a list of them, once. */
static int add_once(char *list, size_t size, const char *word)
{
	size_t used = strlen(list), n = strlen(word);

	for (const char *p = list; *p; p += strspn(p, " ")) {
		size_t length = strcspn(p, " ");

		if (length == n && memcmp(p, word, n) == 0)
			return 0;
		p += length;
	}
	if (used + n + 2 > size)
		return -E2BIG;
	(void)snprintf(list + used, size - used, "%s%s", used ? " " : "", word);
	return 0;
}

static bool is_device(const char *word, struct kd_dm_use *ret)
{
	uint64_t major, minor;
	char text[24], *colon;

	if (strlen(word) >= sizeof(text) || strspn(word, "0123456789:") != strlen(word))
		return false;
	memcpy(text, word, strlen(word) + 1);
	colon = strchr(text, ':');
	if (!colon)
		return false;
	*colon = '\0';
	if (kd_parse_u64(text, &major) < 0 || kd_parse_u64(colon + 1, &minor) < 0 ||
	    major > 0xfff || minor > 0xfffff)
		return false;
	*ret = (struct kd_dm_use) { (unsigned int)major, (unsigned int)minor };
	return true;
}

/* Which of the devices it is; one more when it is new. */
static int use(struct kd_dm_plan *p, const struct kd_dm_use *device)
{
	for (size_t i = 0; i < p->n_uses; i++)
		if (p->uses[i].major == device->major &&
		    p->uses[i].minor == device->minor)
			return (int)i;
	if (p->n_uses == ARRAY_SIZE(p->uses))
		return -E2BIG;
	p->uses[p->n_uses] = *device;
	return (int)p->n_uses++;
}

static int put(struct rewrite *w, const char *separator, const char *word)
{
	size_t room = sizeof(w->plan->table) - w->used;
	int n = snprintf(w->plan->table + w->used, room, "%s%s", separator, word);

	if (n < 0 || (size_t)n >= room)
		return -E2BIG;
	w->used += (size_t)n;
	return 0;
}

static int put_word(struct rewrite *w, const char *word, bool first)
{
	struct kd_dm_use device;
	char text[16];
	int i;

	if (is_device(word, &device)) {
		i = use(w->plan, &device);
		if (i < 0)
			return i;
		(void)snprintf(text, sizeof(text), "{%d}", i);
		word = text;
	}
	return put(w, first ? (w->used ? ";" : "") : " ", word);
}

/* "64:logon:name" */
static int key_bytes(const char *text, uint64_t *ret)
{
	size_t n = strcspn(text, ":");
	char digits[8];

	if (text[n] != ':' || n >= sizeof(digits))
		return -EBADMSG;
	memcpy(digits, text, n);
	digits[n] = '\0';
	return kd_parse_u64(digits, ret) < 0 || *ret > UINT16_MAX ? -EBADMSG : 0;
}

/* "<cipher> <key> <iv offset> <device> <offset> …"; a key of a keyring is
 * ":<size>:<type>:<description>", none is "-". */
static int take_key(struct rewrite *w, struct words *line, char *name, size_t size)
{
	struct kd_dm_plan *p = w->plan;
	const char *key;
	uint64_t bytes;
	int n;

	if (line->n < 5)
		return -EBADMSG;
	n = snprintf(p->cipher, sizeof(p->cipher), "%s", line->v[3]);
	if (n < 0 || (size_t)n >= sizeof(p->cipher))
		return -E2BIG;
	key = line->v[4];
	if (strcmp(key, "-") == 0)
		return 0;
	if (key[0] == ':') {
		if (key_bytes(key + 1, &bytes) < 0)
			return -EBADMSG;
	} else {
		bytes = strlen(key) / 2;
		if (strlen(key) >= sizeof(p->key))
			return -E2BIG;
		memcpy(p->key, key, strlen(key) + 1);
	}
	p->key_size = (size_t)bytes;
	n = snprintf(name, size, ":%zu:user:%s", p->key_size, w->description);
	if (n < 0 || (size_t)n >= size)
		return -E2BIG;
	line->v[4] = name;
	return 0;
}

static void remove_word(struct words *line, size_t i)
{
	memmove(&line->v[i], &line->v[i + 1], (line->n - i - 1) * sizeof(line->v[0]));
	line->n--;
}

/* A count, and as many words behind it, that begin at @at. */
static int counted(const struct words *line, size_t at, uint64_t *ret)
{
	if (at >= line->n || kd_parse_u64(line->v[at], ret) < 0 ||
	    *ret > line->n - at - 1)
		return -EBADMSG;
	return 0;
}

/* "<n> <features…> <n> <handler…> <groups> <first> { <selector> <n> <arguments…> … }":
 * nobody will bring a path back, so none is waited for. @count: room for a word. */
static int take_multipath(struct kd_dm_plan *p, struct words *line, char *count,
			  size_t size)
{
	uint64_t features, handler;
	size_t at;
	int r = counted(line, 3, &features);

	for (size_t i = 4; r >= 0 && i < 4 + features; i++)
		if (strcmp(line->v[i], "queue_if_no_path") == 0) {
			remove_word(line, i);
			(void)snprintf(count, size, "%" PRIu64, --features);
			line->v[3] = count;
			break;
		}
	at = 4 + (size_t)features;
	if (r >= 0)
		r = counted(line, at, &handler);
	if (r < 0)
		return r;
	if (handler > 0)
		(void)snprintf(p->handler, sizeof(p->handler), "%s", line->v[at + 1]);
	/* a selector is the one word of a group that is no number and no device */
	for (size_t i = at + 1 + (size_t)handler; i < line->n; i++)
		if (strspn(line->v[i], "0123456789:") != strlen(line->v[i])) {
			r = add_once(p->selectors, sizeof(p->selectors), line->v[i]);
			if (r < 0)
				return r;
		}
	return 0;
}

/* Put @word at @at, before what is there. */
static int insert_word(struct words *line, size_t at, const char *word)
{
	if (line->n == MAX_WORDS)
		return -E2BIG;
	memmove(&line->v[at + 1], &line->v[at], (line->n - at) * sizeof(line->v[0]));
	line->v[at] = word;
	line->n++;
	return 0;
}

/* "<metadata> <data> <block size> <low water> <n> <features…>": nobody will extend a full
 * pool, so it is to say so at once, not after 60 s. @count: room for a word. */
static int take_pool(struct words *line, char *count, size_t size)
{
	static const char feature[] = "error_if_no_space";
	uint64_t features = 0;
	int r;

	if (line->n < 7)
		return -EBADMSG;
	r = line->n == 7 ? insert_word(line, 7, count) : counted(line, 7, &features);
	if (r < 0)
		return r;
	for (size_t i = 8; i < 8 + features; i++)
		if (strcmp(line->v[i], feature) == 0)
			return 0;
	(void)snprintf(count, size, "%" PRIu64, features + 1);
	line->v[7] = count;
	return insert_word(line, 8, feature);
}

static int rewrite_line(struct rewrite *w, struct words *line)
{
	char name[KD_PLAN_STACK_NAME + 32], count[24];
	int r;

	r = add_once(w->plan->kinds, sizeof(w->plan->kinds), line->v[2]);
	if (r >= 0 && strcmp(line->v[2], "crypt") == 0)
		r = take_key(w, line, name, sizeof(name));
	else if (r >= 0 && strcmp(line->v[2], "multipath") == 0)
		r = take_multipath(w->plan, line, count, sizeof(count));
	else if (r >= 0 && strcmp(line->v[2], "thin-pool") == 0)
		r = take_pool(line, count, sizeof(count));
	for (size_t i = 0; r >= 0 && i < line->n; i++)
		r = put_word(w, line->v[i], i == 0);
	return r;
}

int kd_dm_rewrite(const char *live, const char *description, struct kd_dm_plan *ret,
		  struct kd_error *err)
{
	struct rewrite w = { .plan = ret, .description = description };
	struct words line;
	int r = 0;

	*ret = (struct kd_dm_plan) { .n_uses = 0 };
	for (size_t n; r >= 0 && *live; live += n + (live[n] == ';')) {
		n = strcspn(live, ";");
		r = split(live, n, &line);
		if (r >= 0)
			r = rewrite_line(&w, &line);
		explicit_bzero(line.text, sizeof(line.text));
	}
	if (r >= 0 && ret->kinds[0] == '\0')
		r = -EBADMSG;
	if (r == -E2BIG)
		return kd_fail_msg(err, r,
				   "its device-mapper table is too long for a plan");
	return r < 0 ? kd_fail(err, r, "device-mapper table") : 0;
}
