/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the console: see story.h. Pid 1's lines are "kdumpd: phase <name>: <text>"
 * (capture-kernel/console.c), somewhere behind the kernel's time stamps. Called by
 * rehearse.c.
 */
#include "kdumpd/rehearse/story.h"

#include <stdio.h>
#include <string.h>

#include "base/parse.h"

#define NAME  "kdumpd: "
#define PHASE "phase "
#define PANIC "Kernel panic - not syncing: "

static void copy(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from);
	for (; *to; to++)
		if ((unsigned char)*to < 0x20 || *to == 0x7f)
			*to = '?';
}

static struct kd_story_phase *phase_of(struct kd_story *s, const char *name)
{
	struct kd_story_phase *p;

	for (size_t i = 0; i < s->n_phases; i++)
		if (strcmp(s->phases[i].name, name) == 0)
			return &s->phases[i];
	if (s->n_phases == KD_STORY_PHASES)
		return NULL;
	p = &s->phases[s->n_phases++];
	copy(p->name, sizeof(p->name), name);
	return p;
}

/* "started, 9131 of 36524 KiB for buffers" */
static void take_memory(struct kd_story *s, const char *text)
{
	const char *of = strstr(text, " of ");
	char number[24];
	uint64_t kib;
	size_t n;

	if (!of || !strstr(of, " KiB for buffers"))
		return;
	of += 4;
	n = strcspn(of, " ");
	if (n >= sizeof(number))
		return;
	memcpy(number, of, n);
	number[n] = '\0';
	if (kd_parse_u64(number, &kib) >= 0 && kib < UINT64_MAX / 1024)
		s->available = kib * 1024;
}

static void take_phase(struct kd_story *s, char *name)
{
	struct kd_story_phase *p;
	char *text = strstr(name, ": ");

	if (!text || (size_t)(text - name) >= sizeof(p->name))
		return;
	*text = '\0';
	text += 2;
	if (strcmp(name, "final") == 0) {
		copy(s->final, sizeof(s->final), text);
		return;
	}
	p = phase_of(s, name);
	if (!p)
		return;
	if (strncmp(text, "started", 7) == 0) {
		take_memory(s, text);
		return;
	}
	if (strncmp(text, "done in ", 8) == 0)
		p->done = true;
	if (!strstr(text, " % (")) /* progress */
		copy(p->text, sizeof(p->text), text);
}

static void take_line(struct kd_story *s, uint64_t now_ms)
{
	char *at;

	s->line[s->used] = '\0';
	at = strstr(s->line, PANIC);
	if (at && !s->panic[0])
		copy(s->panic, sizeof(s->panic), at + strlen(PANIC));
	at = strstr(s->line, NAME);
	at = at ? strstr(at, PHASE) : NULL; /* "Error: " may stand between */
	if (!at)
		return;
	if (!s->first_ms)
		s->first_ms = MAX(now_ms, UINT64_C(1)); /* 0 stands for not yet */
	s->last_ms = now_ms;
	take_phase(s, at + strlen(PHASE));
}

void kd_story_feed(struct kd_story *s, const char *data, size_t size, uint64_t now_ms)
{
	for (size_t i = 0; i < size; i++) {
		if (data[i] == '\n') {
			take_line(s, now_ms);
			s->used = 0;
		} else if (data[i] != '\r' && data[i] != '\0' &&
			   s->used + 1 < sizeof(s->line)) {
			s->line[s->used++] = data[i];
		}
	}
}

const struct kd_story_phase *kd_story_phase(const struct kd_story *s, const char *name)
{
	for (size_t i = 0; i < s->n_phases; i++)
		if (strcmp(s->phases[i].name, name) == 0)
			return &s->phases[i];
	return NULL;
}

bool kd_story_done(const struct kd_story *s, const char *name)
{
	const struct kd_story_phase *p = kd_story_phase(s, name);

	return p && p->done;
}
