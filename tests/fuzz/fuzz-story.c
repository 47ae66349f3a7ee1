/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rehearsal's console of any bytes: what is kept of it ends, stays printable, and does
 * not depend on the pieces it came in.
 */
#include <stdlib.h>
#include <string.h>

#include "kdumpd/rehearse/story.h"
#include "tests/fuzz/fuzz.h"

static void printable(const char *text, size_t size)
{
	size_t n = strnlen(text, size);

	if (n == size)
		abort();
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kd_story whole, pieces;

	memset(&whole, 0, sizeof(whole));
	memset(&pieces, 0, sizeof(pieces));
	kd_story_feed(&whole, (const char *)data, size, 1);
	for (size_t i = 0; i < size; i++)
		kd_story_feed(&pieces, (const char *)data + i, 1, 1);
	if (memcmp(&whole, &pieces, sizeof(whole)) != 0)
		abort();
	for (size_t i = 0; i < whole.n_phases; i++) {
		printable(whole.phases[i].name, sizeof(whole.phases[i].name));
		printable(whole.phases[i].text, sizeof(whole.phases[i].text));
	}
	printable(whole.panic, sizeof(whole.panic));
	printable(whole.final, sizeof(whole.final));
	return 0;
}
