/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rehearsed capture kernel wrote to its console, made into a story: which phases
 * came to their end, when, with how much memory left, or what ended them. Pure, of bytes;
 * trusts nothing in them. Called by rehearse.c and the fuzzer.
 */
#pragma once

#include "base/types.h"

#define KD_STORY_PHASES 24
#define KD_STORY_LINE	512

/** @text: the last it said that is no progress; @done: it said "done" */
struct kd_story_phase {
	char name[16];
	char text[160];
	bool done;
};

/**
 * @first_ms:  when pid 1 said its first word, since the machine was started; 0 before that
 * @last_ms:   when it said its last one
 * @available: bytes free when a dump would begin; 0 while not known
 * @panic:     the kernel's last words; "" for none
 * @final:     how it ended, in pid 1's words; "" while it did not
 * @line, @used: private: a line that is not whole yet
 */
struct kd_story {
	struct kd_story_phase phases[KD_STORY_PHASES];
	size_t n_phases;
	uint64_t first_ms, last_ms;
	uint64_t available;
	char panic[160];
	char final[64];
	char line[KD_STORY_LINE];
	size_t used;
};

/** Take more of the console, in pieces of any size. @now_ms: since the machine's start */
void kd_story_feed(struct kd_story *story, const char *data, size_t size,
		   uint64_t now_ms);

/** The phase of that name; NULL when it did not begin. */
const struct kd_story_phase *kd_story_phase(const struct kd_story *story,
					    const char *name);

/** Whether phase @name came to a good end. */
bool kd_story_done(const struct kd_story *story, const char *name);
