/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that doubles: see growing.h. Trusts nothing about sizes. Called by what unpacks,
 * and by zbi-writer.c.
 */
#include "kexec/image/growing.h"

#include <string.h>

#define FIRST_ROOM 65536u

int kd_growing_reserve(struct kd_growing *g, size_t more)
{
	size_t room = g->room;
	uint8_t *bigger;

	if (more > g->max - g->size)
		return -EFBIG;
	while (room - g->size < more)
		room = room > g->max / 2 ? g->max : MAX(room * 2, (size_t)FIRST_ROOM);
	room = MIN(room, g->max);
	if (room == g->room)
		return 0;
	bigger = realloc(g->data, room);
	if (!bigger)
		return -ENOMEM;
	g->data = bigger;
	g->room = room;
	return 0;
}

int kd_growing_add(struct kd_growing *g, const void *data, size_t size)
{
	int r = kd_growing_reserve(g, size);

	if (r < 0)
		return r;
	if (size)
		memcpy(g->data + g->size, data, size);
	g->size += size;
	return 0;
}

void kd_growing_done(struct kd_growing *g)
{
	size_t max = g->max;

	free(g->data);
	*g = (struct kd_growing) { .max = max };
}
