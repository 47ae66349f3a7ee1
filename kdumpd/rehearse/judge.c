/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came of a rehearsal: see kd_rehearsal_judge() in rehearse.h. Trusts no text of the
 * story to say more than it does. Called by rehearse.c and its test.
 */
#include <inttypes.h>
#include <stdio.h>

#include "kdumpd/rehearse/rehearse.h"

bool kd_rehearsal_judge(const struct kd_rehearsal *r, char why[KD_ERROR_SIZE])
{
	/* In a capture's order. What reads the dead kernel is not among them. */
	static const struct {
		const char *name;
		bool disk;
	} phases[] = {
		{ "mounts", false },  { "sysctl", false }, { "plan", false },
		{ "modules", false }, { "device", true },  { "target", true },
		{ "outcome", true },  { "release", true },
	};
	const struct kd_story *s = &r->story;
	bool disk = r->driver[0];

	why[0] = '\0';
	if (s->panic[0])
		(void)snprintf(why, KD_ERROR_SIZE, "the capture kernel panicked: %s",
			       s->panic);
	else if (!s->first_ms)
		(void)snprintf(why, KD_ERROR_SIZE,
			       "the capture kernel did not come as far as pid 1; its "
			       "machine ran for %" PRIu64 " ms",
			       r->total_ms);
	for (size_t i = 0; !why[0] && i < ARRAY_SIZE(phases); i++) {
		const struct kd_story_phase *p = kd_story_phase(s, phases[i].name);

		if (phases[i].disk && !disk)
			continue;
		if (!p || !p->done)
			(void)snprintf(why, KD_ERROR_SIZE, "phase %s: %s", phases[i].name,
				       p && p->text[0] ? p->text
						       : "did not come to its end");
	}
	if (!why[0] && s->available && s->available < r->needed)
		(void)snprintf(why, KD_ERROR_SIZE,
			       "%" PRIu64 " KiB were free when a dump would begin, "
			       "%" PRIu64 " are needed",
			       s->available >> 10, r->needed >> 10);
	if (!why[0] && !s->final[0])
		(void)snprintf(why, KD_ERROR_SIZE, "it did not come to its end");
	if (!why[0] && !disk)
		(void)snprintf(why, KD_ERROR_SIZE, "the target was not rehearsed: %s",
			       r->no_disk);
	return !why[0];
}
